/** Blocks and transactions as tests write them down: what is missing has a harmless value. */
import type {
  BlockEnvironment,
  ExecutionRules,
  TransactionInput,
} from "../../src/execution/transaction";
import type { Address, Hash } from "../../src/state/hex";

export const COINBASE: Address = "0xc01bba5ec01bba5ec01bba5ec01bba5ec01bba5e";
const PARENT_HASH: Hash = `0x${"22".repeat(32)}`;
export const ZERO_HASH: Hash = `0x${"00".repeat(32)}`;

/** Forks in order, with the features a test environment has to know. */
const LONDON_ON = [
  "london",
  "arrowGlacier",
  "grayGlacier",
  "paris",
  "shanghai",
  "cancun",
  "prague",
  "osaka",
  "bpo1",
  "bpo2",
  "amsterdam",
];
const CANCUN_ON = LONDON_ON.slice(LONDON_ON.indexOf("cancun"));
const OSAKA_ON = LONDON_ON.slice(LONDON_ON.indexOf("osaka"));

export function rules(hardfork: string, changes: Partial<ExecutionRules> = {}): ExecutionRules {
  return {
    chainId: 1n,
    hardfork,
    allowUnlimitedContractSize: false,
    transactionGasCap: OSAKA_ON.includes(hardfork) ? 16_777_216n : null,
    ...changes,
  };
}

export function environment(
  hardfork: string,
  changes: Partial<BlockEnvironment> = {},
): BlockEnvironment {
  return {
    rules: rules(hardfork),
    number: 1_000n,
    timestamp: 1_700_000_000n,
    coinbase: COINBASE,
    gasLimit: 30_000_000n,
    baseFeePerGas: LONDON_ON.includes(hardfork) ? 7n : null,
    difficulty: 0n,
    prevRandao: `0x${"11".repeat(32)}`,
    excessBlobGas: CANCUN_ON.includes(hardfork) ? 0n : null,
    parentBeaconBlockRoot: CANCUN_ON.includes(hardfork) ? ZERO_HASH : null,
    parentHash: PARENT_HASH,
    blockHashes: new Map([[999n, PARENT_HASH]]),
    ...changes,
  };
}

/** A legacy transaction with a gas price of 10 wei. */
export function transaction(
  from: Address,
  changes: Partial<TransactionInput> = {},
): TransactionInput {
  return {
    type: 0,
    hash: ZERO_HASH,
    from,
    to: null,
    nonce: 0n,
    gasLimit: 1_000_000n,
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: 10n,
    value: 0n,
    data: new Uint8Array(0),
    accessList: [],
    blobVersionedHashes: [],
    maxFeePerBlobGas: 0n,
    authorizationList: [],
    ...changes,
  };
}
