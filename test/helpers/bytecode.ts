/** Hand-assembled contracts for tests: small programs and the init code that deploys them. */

/** Init code that deploys `runtime` (hex without 0x): CODECOPY what follows its own 12 bytes. */
export function deployCode(runtime: string): string {
  const length = (runtime.length / 2).toString(16).padStart(4, "0");
  // PUSH2 length, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN (no PUSH0: works before Shanghai)
  return `0x61${length}80600c6000396000f3${runtime}`;
}

/** A program that reverts with these bytes (hex without 0x). */
export function reverting(data: string): string {
  const length = (data.length / 2).toString(16).padStart(2, "0");
  // PUSH1 length, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 length, PUSH1 0, REVERT, data
  return `60${length}600c60003960${length}6000fd${data}`;
}

const word = (value: bigint | number): string => value.toString(16).padStart(64, "0");

/** ABI encoding of Error(string) with at most 32 characters. */
export function errorString(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  return `08c379a0${word(32)}${word(bytes.length)}${bytes.toString("hex").padEnd(64, "0")}`;
}

/** ABI encoding of Panic(uint256). */
export function panic(code: number): string {
  return `4e487b71${word(code)}`;
}

export const PROGRAMS = {
  stop: "00",
  /** adds 1 to slot 0, logs it with topics 0xaa and the caller, returns it */
  counter: `${"6000546001018060005580600052"}${"33"}60aa60206000a2${"5060206000f3"}`,
  /** returns slot calldata[0] */
  reader: "60003554600052602060 00f3".replaceAll(" ", ""),
  /** stores calldata[32] at slot calldata[0] */
  writer: "60203560003555 00".replaceAll(" ", ""),
  /** returns BASEFEE, GASPRICE, NUMBER, TIMESTAMP, PREVRANDAO, COINBASE, GASLIMIT, CHAINID, SELFBALANCE, CALLER, ORIGIN, CALLVALUE */
  environment: [
    ["48", 0],
    ["3a", 1],
    ["43", 2],
    ["42", 3],
    ["44", 4],
    ["41", 5],
    ["45", 6],
    ["46", 7],
    ["47", 8],
    ["33", 9],
    ["32", 10],
    ["34", 11],
  ]
    .map(([opcode, slot]) => `${opcode}61${(Number(slot) * 32).toString(16).padStart(4, "0")}52`)
    .join("")
    .concat("6101806000f3"),
  revertEmpty: "60006000fd",
  revertReason: reverting(errorString("no")),
  revertPanic: reverting(panic(0x11)),
  revertUnknownPanic: reverting(panic(0x77)),
  revertCustom: reverting(`deadbeef${word(7)}`),
  revertByte: reverting("12"),
  invalid: "fe",
  undefinedOpcode: "0c",
  stackUnderflow: "01",
  badJump: "600056",
  /** jumps in a circle */
  endless: "5b600056",
  /** needs more gas than it uses: reverts unless GAS > 200000 at its start */
  gasHungry: "62030d405a11600a57fe5b00",
  /** SELFDESTRUCT to the caller */
  destroy: "33ff",
} as const;

/** A program that calls `address` with all gas and no data, and returns whether it went well. */
export function caller(address: string): string {
  return `600060006000600060 0073${address.slice(2)}5af1600052602060 00f3`.replaceAll(" ", "");
}

export type ProgramName = keyof typeof PROGRAMS;
