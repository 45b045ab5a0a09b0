/** Steps of random sequences, as data: what they mean is decided when they are taken (random.test.ts). */
import fc from "fast-check";
import { bytesToHex } from "../../../src/state/bytes";
import { assemble } from "../../helpers/assembler";
import { caller, deployCode, PROGRAMS } from "../../helpers/bytecode";
import type { Request } from "./pair";

export const SENDERS = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
  "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc",
] as const;

const at = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;
const code = (source: string): string => bytesToHex(assemble(source)).slice(2);
const COUNTER = at(0xc001);

/** Put at c001, c002, … before each sequence. */
const PROGRAMS_IN_ORDER: readonly string[] = [
  PROGRAMS.counter,
  PROGRAMS.writer,
  PROGRAMS.reader,
  PROGRAMS.revertReason,
  PROGRAMS.revertCustom,
  PROGRAMS.revertPanic,
  PROGRAMS.revertEmpty,
  PROGRAMS.invalid,
  PROGRAMS.undefinedOpcode,
  PROGRAMS.stackUnderflow,
  PROGRAMS.badJump,
  PROGRAMS.destroy,
  PROGRAMS.endless,
  caller(COUNTER),
  caller(at(0xc004)),
  // makes a contract that destroys itself when called, calls it, and makes another that fails
  code(
    `0x6133ff60005260026000f3 0x0 MSTORE 0xb 0x15 CALLVALUE CREATE
     0x0 SWAP1 0x0 0x0 0x0 0x0 0x0 0x0 SWAP1 POP POP 0x60006000fd 0x0 MSTORE 0x5 0x1b 0x0 CREATE STOP`,
  ),
  // pays half of what it is given to the counter
  code(`0x0 0x0 0x0 0x0 0x1 ${COUNTER} 0xc350 CALL STOP`),
  // BLOCKHASH of the block before the last one, COINBASE's balance and BASEFEE-less environment, stored
  code("0x1 BLOCKHASH 0x0 SSTORE COINBASE BALANCE 0x1 SSTORE GASPRICE 0x2 SSTORE STOP"),
];

export const CONTRACTS: readonly { readonly address: string; readonly code: string }[] =
  PROGRAMS_IN_ORDER.map((program, index) => ({ address: at(0xc001 + index), code: program }));

const EF_CODE = "0x60ef60005360016000f3";
const INIT_CODES = [
  `0x${deployCode(PROGRAMS.counter).slice(2)}`,
  deployCode(PROGRAMS.destroy),
  "0x60006000fd",
  "0xfe",
  "0x33ff",
  EF_CODE,
  "0x6160016000f3",
] as const;

const sender = fc.constantFrom(...SENDERS);
const hex = (maximum: number): fc.Arbitrary<string> =>
  fc.nat(maximum).map((value) => `0x${value.toString(16)}`);
const word = (value: number): string => value.toString(16).padStart(64, "0");
const contract = fc.constantFrom(...CONTRACTS.map(({ address }) => address));
const account = fc.oneof(sender, contract, fc.constant(at(0xdead)));
const slot = fc.nat(3).map((index) => `0x${word(index)}`);
const block = fc.oneof(fc.constantFrom("latest", "pending", "earliest"), hex(12));

// No fee below every base fee: with automine on, the stock network mines for ever for such a transaction.
const fees = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record({ gasPrice: fc.constantFrom("0xb2d05e00", "0x12a05f200") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      maxFeePerGas: fc.constantFrom("0xb2d05e00", "0x12a05f200"),
      maxPriorityFeePerGas: hex(2_000_000_000),
    }),
  },
);

const accessList = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.record({ address: account, storageKeys: fc.array(slot, { maxLength: 2 }) }), {
        maxLength: 2,
      })
      .map((list) => ({ accessList: list })),
  },
);

/** `to`: undefined = a creation. */
const call = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      to: account,
      data: fc.constantFrom("0x", `0x${word(5)}${word(7)}`, `0x${word(1)}`),
      gas: fc.constantFrom("0x5208", "0x186a0", "0x30d40", "0x7a120", "0x1"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        data: fc.constantFrom(...INIT_CODES),
        gas: fc.constantFrom("0x30d40", "0xd000"),
      })
      // the reference engine names the want of gas first, where code is refused in any case
      .map((fields) => (fields.data === EF_CODE ? { ...fields, gas: "0x30d40" } : fields)),
  },
);

const authorization = fc.record({
  signer: fc.nat(2),
  address: fc.oneof(contract, fc.constant(at(0))),
  nonce: fc.bigInt(0n, 4n),
  anyChain: fc.boolean(),
});

const transaction = fc.record({
  from: fc.oneof({ weight: 12, arbitrary: sender }, { weight: 1, arbitrary: contract }),
  call,
  value: fc.oneof(hex(3), fc.constant("0xffffffffffffffffffffffff")),
  nonce: fc.option(hex(6), { freq: 8, nil: undefined }),
  fees,
  accessList,
});

/** A request that needs nothing from the steps before it. */
const request = fc.oneof<fc.Arbitrary<Request>[]>(
  fc.constant<Request>(["evm_mine"]),
  fc.constant<Request>(["evm_mine"]),
  fc.tuple(fc.constant("hardhat_mine"), hex(12), hex(60)),
  fc.tuple(fc.constant("evm_setAutomine"), fc.boolean()),
  fc.constant<Request>(["evm_snapshot"]),
  fc.constant<Request>(["evm_snapshot"]),
  fc.tuple(fc.constant("evm_revert"), hex(24)),
  fc.tuple(
    fc.constant("hardhat_setBalance"),
    account,
    hex(2 ** 30).map((n) => `${n}00000000`),
  ),
  fc.tuple(fc.constant("hardhat_setNonce"), account, hex(9)),
  fc.tuple(fc.constant("hardhat_setCode"), account, fc.constantFrom("0x", `0x${PROGRAMS.counter}`)),
  fc.tuple(fc.constant("hardhat_setStorageAt"), contract, hex(3), slot),
  fc.tuple(fc.constant("hardhat_setNextBlockBaseFeePerGas"), hex(2_000_000_000)),
  fc.tuple(fc.constant("hardhat_setPrevRandao"), slot),
  fc.tuple(fc.constant("hardhat_setCoinbase"), account),
  fc.tuple(fc.constant("hardhat_setMinGasPrice"), hex(2_000_000_000)),
  fc.tuple(fc.constant("evm_setBlockGasLimit"), fc.constantFrom("0x61a80", "0x3938700", "0xc350")),
  fc.tuple(fc.constant("hardhat_impersonateAccount"), contract),
  fc.tuple(fc.constant("hardhat_stopImpersonatingAccount"), contract),
  fc.constant<Request>(["eth_newBlockFilter"]),
  fc.constant<Request>(["eth_newPendingTransactionFilter"]),
  fc.constant<Request>(["eth_newFilter", { fromBlock: "0x0" }]),
  fc.tuple(
    fc.constantFrom("eth_getFilterChanges", "eth_getFilterLogs", "eth_uninstallFilter"),
    hex(6),
  ),
  fc.tuple(fc.constant("eth_getBlockByNumber"), block, fc.boolean()),
  fc.constant<Request>(["eth_pendingTransactions"]),
  fc.constant<Request>(["eth_getLogs", { fromBlock: "0x0" }]),
  fc.tuple(fc.constant("eth_feeHistory"), hex(8), block, fc.constant([10, 50, 90])),
  fc.tuple(
    fc.constantFrom("eth_getBalance", "eth_getTransactionCount", "eth_getCode"),
    account,
    block,
  ),
  fc.tuple(fc.constant("eth_getStorageAt"), contract, hex(3), block),
  fc.tuple(fc.constant("eth_getProof"), account, fc.array(slot, { maxLength: 2 }), block),
  fc.tuple(
    fc.constantFrom("eth_call", "eth_estimateGas", "debug_traceCall"),
    fc.tuple(sender, call).map(([from, fields]) => ({ from, ...fields })),
    block,
  ),
);

export const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("send" as const), transaction }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delegate" as const),
      from: sender,
      to: account,
      authorizations: fc.array(authorization, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("request" as const), request }) },
  // about one of the transactions so far
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("transaction" as const),
      method: fc.constantFrom(
        "hardhat_dropTransaction",
        "eth_getTransactionByHash",
        "eth_getTransactionReceipt",
        "debug_traceTransaction",
      ),
      index: fc.nat(30),
    }),
  },
  // seconds after the latest block, or before it
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("mineAt" as const),
      ahead: fc.integer({ min: -1, max: 5000 }),
    }),
  },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
