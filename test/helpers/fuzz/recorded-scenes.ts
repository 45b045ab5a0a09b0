/** Whole blocks by the rules of Amsterdam, with system calls around them, for comparisons of access lists. */
import { blobGasLimit, blobGasOf } from "../../../src/execution/blob-gas";
import {
  BUILDER_DEPOSITS_ADDRESS,
  BUILDER_EXITS_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../../../src/execution/block-requests";
import { BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS } from "../../../src/execution/block-start";
import { EthereumjsEngine } from "../../../src/execution/engine/ethereumjs-engine";
import { forkRules } from "../../../src/execution/fork-rules";
import type { BlockEnvironment, Withdrawal } from "../../../src/execution/transaction";
import type { Address, Hex } from "../../../src/state/hex";
import { assemble } from "../assembler";
import type { BlockScene } from "../recorded-block";
import type { ReferenceTransaction } from "../reference-transaction";
import { amsterdamProgram } from "./amsterdam-programs";
import { SILENT } from "./authorities";
import { withBlobs } from "./blobs";
import { compareDrafts } from "./block-comparison";
import type { PrecompileSample } from "./precompile-samples";
import type { Random } from "./random";
import { CONTRACTS } from "./scene";

/** mainnet's contracts (EIP-4788, EIP-2935) */
export const BEACON_ROOTS_CODE: Hex =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500";
export const HISTORY_CODE: Hex =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

/** mainnet's contract of withdrawal requests (EIP-7002) */
const WITHDRAWAL_REQUESTS_CODE: Hex =
  "0x3373fffffffffffffffffffffffffffffffffffffffe1460cb5760115f54807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff146101f457600182026001905f5b5f82111560685781019083028483029004916001019190604d565b909390049250505036603814608857366101f457346101f4575f5260205ff35b34106101f457600154600101600155600354806003026004013381556001015f35815560010160203590553360601b5f5260385f601437604c5fa0600101600355005b6003546002548082038060101160df575060105b5f5b8181146101835782810160030260040181604c02815460601b8152601401816001015481526020019060020154807fffffffffffffffffffffffffffffffff00000000000000000000000000000000168252906010019060401c908160381c81600701538160301c81600601538160281c81600501538160201c81600401538160181c81600301538160101c81600201538160081c81600101535360010160e1565b910180921461019557906002556101a0565b90505f6002555f6003555b5f54807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff14156101cd57505f5b6001546002828201116101e25750505f6101e8565b01600290035b5f555f600155604c025ff35b5f5ffd";

const HELPER: Address = "0xc0de000000000000000000000000000000000008";
/** Counts in slot 0, pays a wei to nobody, makes a contract; with a word of calldata it takes that back again. */
const HELPER_CODE = assemble(
  `0x0 SLOAD 0x1 ADD 0x0 SSTORE 0x3 0x4 SSTORE
   0x0 0x0 0x0 0x0 0x1 0xab5e000000000000000000000000000000000007 0x0 CALL POP
   0x0 0x0 0x0 CREATE POP CALLDATASIZE 0x3e JUMPI STOP JUMPDEST 0x0 0x0 REVERT`,
);

/**
 * Contracts that give requests: they count, clear, look at others, and call the helper. runBlock runs them in no
 * block, so that contracts of random code would see another one.
 */
const REQUEST_CODES: readonly string[] = [
  "0x0 SLOAD 0x1 ADD 0x0 SSTORE 0x7 0x0 MSTORE 0x1 0x1f RETURN",
  "0x0 0x0 SSTORE 0x5 0x1 SSTORE 0x0 0x1 SSTORE 0x0 0x0 RETURN",
  `${CONTRACTS[0]} BALANCE POP 0x0 0x0 0x0 0x0 0x0 ${HELPER} GAS CALL POP 0x0 0x0 RETURN`,
  `0x0 0x0 0x20 0x0 0x1 ${HELPER} 0x7a120 CALL POP 0x2 SLOAD 0x3 SSTORE 0x0 0x0 RETURN`,
  `0x0 0x0 0x20 0x0 ${HELPER} 0x7a120 DELEGATECALL POP 0x0 0x0 RETURN`,
];

export async function recordedScene(
  random: Random,
  samples: readonly PrecompileSample[],
): Promise<BlockScene> {
  const program = withBlobs(random, amsterdamProgram(random, samples, 12));
  const { state } = program;
  const code = (): Uint8Array | Hex =>
    random.once(3) ? WITHDRAWAL_REQUESTS_CODE : assemble(random.pick(REQUEST_CODES));
  for (const address of [
    WITHDRAWAL_REQUESTS_ADDRESS,
    CONSOLIDATION_REQUESTS_ADDRESS,
    BUILDER_DEPOSITS_ADDRESS,
    BUILDER_EXITS_ADDRESS,
  ]) {
    state.set(address, { nonce: 1n, balance: BigInt(random.below(3)), code: code() });
  }
  state.set(HELPER, { nonce: 1n, balance: 2n, code: HELPER_CODE });
  if (!random.once(4)) {
    state.set(BEACON_ROOTS_ADDRESS, { nonce: 1n, code: BEACON_ROOTS_CODE });
    state.set(HISTORY_STORAGE_ADDRESS, { nonce: 1n, code: HISTORY_CODE });
  }
  const environment = { ...program.environment, gasLimit: 1_000_000_000n };
  const { transactions } = await compareDrafts(new EthereumjsEngine(), [], {
    ...program,
    environment,
  });
  const withdrawals = random.times(
    random.below(4),
    (index): Withdrawal => ({
      index: BigInt(index),
      validatorIndex: 7n,
      address: random.pick([...SILENT, ...CONTRACTS, environment.coinbase]),
      amount: BigInt(random.below(3)),
    }),
  );
  const fitting = withinBlobGas(transactions, environment);
  return { state, environment, transactions: fitting, withdrawals };
}

/** Those before the first whose blobs have no room: runBlock takes more of them where it does not validate. */
function withinBlobGas(
  transactions: readonly ReferenceTransaction[],
  { rules }: BlockEnvironment,
): readonly ReferenceTransaction[] {
  const limit = blobGasLimit(forkRules(rules));
  let sum = 0n;
  const first = transactions.findIndex((transaction) => {
    sum += blobGasOf(transaction);
    return sum > limit;
  });
  return first === -1 ? transactions : transactions.slice(0, first);
}
