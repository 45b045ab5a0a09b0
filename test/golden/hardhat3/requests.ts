/**
 * What was asked of Hardhat 3's stock network (record.mjs), in order: one network per group.
 *
 * `$N` in a parameter stands for the result of the group's request N, `$N.field` for a field of it.
 */
import { bytesToHex } from "../../../src/state/bytes";
import { assemble } from "../../helpers/assembler";
import {
  caller,
  deployCode,
  errorString,
  PROGRAMS,
  panic,
  reverting,
} from "../../helpers/bytecode";
import { BEYOND_HARDHAT2, REQUESTS } from "../../integration/rpc-parity/odd-requests";

export type GoldenRequest = readonly [method: string, ...params: readonly unknown[]];

export interface GoldenGroup {
  readonly hardfork: string;
  readonly requests: readonly GoldenRequest[];
}

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const C = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
const GAS = "0x7a120";

/** Collects a group: requests that need times get them, so that hashes are the same in every run. */
class Group {
  readonly requests: GoldenRequest[] = [];
  #time = 1_700_000_000;

  ask(method: string, ...params: readonly unknown[]): string {
    this.requests.push([method, ...params]);
    return `$${this.requests.length - 1}`;
  }

  timed(method: string, ...params: readonly unknown[]): string {
    this.#time += 12;
    this.ask("evm_setNextBlockTimestamp", this.#time);
    return this.ask(method, ...params);
  }

  send(fields: object): string {
    return this.timed("eth_sendTransaction", {
      from: A,
      gas: GAS,
      maxFeePerGas: "0xb2d05e00",
      maxPriorityFeePerGas: "0x3b9aca00",
      ...fields,
    });
  }

  /** Puts code at an address of one's own choice. */
  code(address: string, runtime: string): string {
    this.ask("hardhat_setCode", address, `0x${runtime}`);
    return address;
  }
}

const at = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;
const code = (source: string): string => bytesToHex(assemble(source)).slice(2);
const BASE = 0xc0de00;

/** Addresses of the programs that others call. */
const COUNTER = at(BASE + 1);
const REVERTER = at(BASE + 2);
const INVALID = at(BASE + 3);
const ENDLESS = at(BASE + 4);
const DESTROYER = at(BASE + 5);
const CUSTOM = at(BASE + 6);
const UNDERFLOW = at(BASE + 7);
const BAD_JUMP = at(BASE + 8);
const LOGGING_REVERTER = at(BASE + 9);
const WRITER = at(BASE + 10);

const helpers: Readonly<Record<string, string>> = {
  [COUNTER]: PROGRAMS.counter,
  [REVERTER]: PROGRAMS.revertReason,
  [INVALID]: PROGRAMS.invalid,
  [ENDLESS]: PROGRAMS.endless,
  [DESTROYER]: PROGRAMS.destroy,
  [CUSTOM]: PROGRAMS.revertCustom,
  [UNDERFLOW]: PROGRAMS.stackUnderflow,
  [BAD_JUMP]: PROGRAMS.badJump,
  [LOGGING_REVERTER]: code("0xaa 0x0 0x0 LOG1 0x0 0x0 REVERT"),
  [WRITER]: code("0x7 0x7 SSTORE"),
};

const plainCall = (kind: "CALL" | "CALLCODE", to: string, value = "0x0", gas = "0xc350"): string =>
  `0x0 0x0 0x0 0x0 ${value} ${to} ${gas} ${kind} POP`;
const thinCall = (kind: "DELEGATECALL" | "STATICCALL", to: string, input = "0x0"): string =>
  `0x20 0x0 ${input} 0x0 ${to} 0xc350 ${kind} POP`;

/** Programs to trace, by name. */
export const TRACED: Readonly<Record<string, string>> = {
  storage: PROGRAMS.counter,
  reverting: PROGRAMS.revertReason,
  "custom error": PROGRAMS.revertCustom,
  panic: PROGRAMS.revertPanic,
  "unknown panic": PROGRAMS.revertUnknownPanic,
  "revert without data": PROGRAMS.revertEmpty,
  "undefined opcode": PROGRAMS.undefinedOpcode,
  invalid: PROGRAMS.invalid,
  underflow: PROGRAMS.stackUnderflow,
  "bad jump": PROGRAMS.badJump,
  "calls of every kind": code(
    [
      plainCall("CALL", COUNTER),
      plainCall("CALLCODE", COUNTER, "0x1"),
      thinCall("DELEGATECALL", COUNTER),
      thinCall("STATICCALL", COUNTER),
      plainCall("CALL", B, "0x3"),
      "0xbb 0x20 0x0 LOG1 0x20 0x0 RETURN",
    ].join(" "),
  ),
  "failing calls": code(
    [
      plainCall("CALL", REVERTER),
      plainCall("CALL", INVALID),
      plainCall("CALL", ENDLESS, "0x0", "0x32"),
      plainCall("CALL", CUSTOM),
      plainCall("CALL", UNDERFLOW),
      plainCall("CALL", BAD_JUMP),
      plainCall("CALL", LOGGING_REVERTER),
      thinCall("STATICCALL", WRITER),
      "0xcc 0x0 0x0 LOG1 STOP",
    ].join(" "),
  ),
  precompiles: code(
    [
      thinCall("STATICCALL", "0x4", "0x20"),
      plainCall("CALL", "0x2"),
      plainCall("CALL", "0x9"),
      "STOP",
    ].join(" "),
  ),
  creations: code(
    [
      // an empty contract; one whose init code reverts; one by CREATE2
      "0x0 0x0 0x0 CREATE POP",
      "0x60006000fd 0x0 MSTORE 0x5 0x1b 0x0 CREATE POP",
      "0x600160005360016000f3 0x0 MSTORE 0x2a 0xa 0x16 0x1 CREATE2 POP STOP",
    ].join(" "),
  ),
  "more value than there is": code(`${plainCall("CALL", B, "0xffffffffffffffffffffffff")} STOP`),
  destruction: code(`${plainCall("CALL", DESTROYER, "0x2")} STOP`),
  "reads of other accounts": code(
    `${B} BALANCE POP ${COUNTER} EXTCODESIZE POP 0x5 SLOAD POP 0x1 0x6 SSTORE 0x0 0x6 SSTORE STOP`,
  ),
  "memory and hash": code("0xaa 0x40 MSTORE 0x40 0x0 KECCAK256 0x1 SSTORE 0x1 SLOAD STOP"),
};

const PANIC_CODES = [0x00, 0x01, 0x12, 0x21, 0x22, 0x31, 0x32, 0x41, 0x51, 0x99] as const;

const STRUCT_LOGGERS: readonly object[] = [
  {},
  { enableMemory: true, enableReturnData: true },
  { disableStorage: true, disableStack: true, disableMemory: true },
];

const NAMED_TRACERS: readonly object[] = [
  { tracer: "callTracer" },
  { tracer: "callTracer", tracerConfig: { withLog: true } },
  { tracer: "callTracer", tracerConfig: { onlyTopCall: true, withLog: true } },
  { tracer: "prestateTracer" },
  { tracer: "prestateTracer", tracerConfig: { diffMode: true } },
  { tracer: "4byteTracer" },
  { tracer: "flatCallTracer" },
  { tracer: "noopTracer" },
  {
    tracer: "muxTracer",
    tracerConfig: { callTracer: {}, "4byteTracer": null, noopTracer: null, prestateTracer: {} },
  },
];

function traces(): GoldenGroup {
  const group = new Group();
  for (const [address, runtime] of Object.entries(helpers)) {
    group.code(address, runtime);
  }
  Object.values(TRACED).forEach((runtime, index) => {
    const to = group.code(at(BASE + 0x100 + index), runtime);
    group.ask("hardhat_setBalance", to, "0x64");
    group.ask("hardhat_setStorageAt", to, "0x0", `0x${"00".repeat(31)}05`);
    const data = `0x12345678${"00".repeat(31)}01`;
    for (const config of [...STRUCT_LOGGERS, ...NAMED_TRACERS]) {
      group.ask("debug_traceCall", { from: A, to, gas: GAS, data, value: "0x1" }, "latest", config);
    }
    group.send({ to, data, value: "0x1" });
    const block = group.ask("eth_getBlockByNumber", "latest", false);
    for (const config of [{}, ...NAMED_TRACERS]) {
      group.ask("debug_traceTransaction", `${block}.transactions.0`, config);
    }
  });
  for (const transaction of [
    { from: A, to: B, value: "0x5" },
    { from: A, to: B },
    { from: A, to: at(0xdead), value: "0x5" },
    { from: A, to: at(4), data: "0x1234" },
    { from: A, data: deployCode(PROGRAMS.counter) },
    { from: A, data: "0x" },
    { from: A, data: "0xfe" },
    { from: A, data: `0x${reverting(errorString("no"))}`, value: "0x1" },
    { from: A, data: "0x60ef60005360016000f3" },
    ...PANIC_CODES.map((panicCode) => ({ from: A, data: `0x${reverting(panic(panicCode))}` })),
    { from: A, to: COUNTER, gas: "0x5500" },
    {
      from: A,
      to: COUNTER,
      accessList: [
        { address: C, storageKeys: [`0x${"00".repeat(32)}`] },
        { address: COUNTER, storageKeys: [`0x${"00".repeat(31)}09`] },
      ],
    },
  ]) {
    for (const config of NAMED_TRACERS) {
      group.ask("debug_traceCall", { gas: GAS, ...transaction }, "latest", config);
    }
  }
  group.ask("debug_traceCall", { from: A, to: B }, "latest", { tracer: "nonsense" });
  group.ask("debug_traceCall", { from: A, to: B }, "latest", {
    tracer: "callTracer",
    tracerConfig: { onlyTopCall: 5 },
  });
  group.ask("debug_traceCall", { from: A, to: B }, "latest", { tracer: 5 });
  group.ask("debug_traceCall", { from: A, to: B }, "latest", { tracerConfig: {} });
  group.ask("debug_traceCall", { from: A, to: B }, "latest", {
    tracer: "callTracer",
    stateOverrides: {},
  });
  group.ask("debug_traceTransaction", `0x${"ab".repeat(32)}`, { tracer: "callTracer" });
  return { hardfork: "osaka", requests: group.requests };
}

function failures(hardfork: string): GoldenGroup {
  const group = new Group();
  for (const name of [
    "revertEmpty",
    "revertReason",
    "revertPanic",
    "revertUnknownPanic",
    "revertCustom",
    "revertByte",
    "invalid",
    "undefinedOpcode",
    "stackUnderflow",
    "badJump",
    "endless",
    "counter",
  ] as const) {
    const to = group.code(at(BASE + group.requests.length), PROGRAMS[name]);
    const legacy = { from: A, to, gas: "0x30d40", gasPrice: "0xb2d05e00" };
    group.ask("eth_call", legacy);
    group.ask("eth_estimateGas", legacy);
    group.timed("eth_sendTransaction", legacy);
    group.ask("eth_getBlockByNumber", "latest", true);
  }
  const inner = group.code(at(BASE + 0x50), caller(at(BASE + 1)));
  group.ask("eth_estimateGas", { from: A, to: inner });
  group.code(at(BASE + 0x51), PROGRAMS.gasHungry);
  group.ask("eth_estimateGas", { from: A, to: at(BASE + 0x51) });
  // an inner call runs out of gas, and the outer does not mind
  group.code(ENDLESS, PROGRAMS.endless);
  group.code(at(BASE + 0x52), code(`${plainCall("CALL", ENDLESS, "0x0", "0x32")} STOP`));
  group.ask("eth_estimateGas", { from: A, to: at(BASE + 0x52) });
  group.ask("eth_call", { from: A, to: at(BASE + 0x52) });
  for (const [to, data] of [
    [9, "0x12"],
    [6, `0x${"ff".repeat(64)}`],
  ] as const) {
    group.ask("eth_call", { from: A, to: at(to), data });
    group.timed("eth_sendTransaction", {
      from: A,
      to: at(to),
      data,
      gas: "0x30d40",
      gasPrice: "0xb2d05e00",
    });
  }
  group.ask("eth_call", { from: A, to: at(2), gas: "0x5230", data: "0x12" });
  for (const creation of [
    { data: "0x60006000fd" },
    { data: "0xfe" },
    { data: "0x5b600056", gas: "0xd000" },
    { data: "0x6160016000f3", gas: "0x989680" },
  ]) {
    group.ask("eth_call", { from: A, gas: GAS, ...creation });
    group.timed("eth_sendTransaction", { from: A, gas: GAS, gasPrice: "0xb2d05e00", ...creation });
  }
  group.ask("eth_getBalance", A, "safe");
  group.ask("hardhat_setPrevRandao", `0x${"12".repeat(32)}`);
  group.ask("eth_call", { to: B, authorizationList: [] });
  group.ask("eth_call", { to: B, blobHashes: [] });
  return { hardfork, requests: group.requests };
}

function logs(): GoldenGroup {
  const group = new Group();
  const to = group.code(COUNTER, PROGRAMS.counter);
  group.ask("eth_newFilter", { fromBlock: "0x0" });
  const hash = group.send({ to });
  group.ask("eth_getTransactionReceipt", hash);
  group.ask("eth_getLogs", { fromBlock: "0x0" });
  group.ask("eth_getFilterChanges", "0x1");
  group.ask("eth_getTransactionByHash", hash);
  group.ask("eth_getBlockByNumber", "latest", true);
  for (const method of [
    "hardhat_getStackTraceFailuresCount",
    "eth_mining",
    "net_listening",
    "net_peerCount",
    "hardhat_reset",
    "hardhat_addCompilationResult",
    "hardhat_metadata",
    "web3_clientVersion",
  ]) {
    group.ask(method);
  }
  return { hardfork: "osaka", requests: group.requests };
}

/**
 * Odd parameters: all of the parity suite's, but for those that depend on the clock, and transactions
 * that Hardhat completes with gas and fees before they reach the network.
 */
const CLOCK = /^evm_(mine|increaseTime|setIntervalMining)$|^hardhat_mine$/;

function parameters(): GoldenGroup {
  const requests = [...Object.values(REQUESTS), BEYOND_HARDHAT2]
    .flat()
    .filter(([method]) => !CLOCK.test(method))
    .filter(([method, given, ...others]) => {
      const isWhole = typeof given === "object" && given !== null && "gas" in given;
      return method !== "eth_sendTransaction" || (isWhole && others.length === 0);
    })
    // the parser of Hardhat 3 finds a wrong option only at the end of all options
    .filter((request) => !JSON.stringify(request).includes('"disableStorage":1'));
  return { hardfork: "osaka", requests };
}

export const GROUPS: Readonly<Record<string, GoldenGroup>> = {
  traces: traces(),
  "failures (london)": failures("london"),
  "failures (osaka)": failures("osaka"),
  logs: logs(),
  parameters: parameters(),
};
