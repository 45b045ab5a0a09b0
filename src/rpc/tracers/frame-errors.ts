/** How tracers of calls name what ended a frame. */
import type { Halt } from "../../execution/outcome";
import { panicCode, reasonString } from "../revert-reason";

/** What Hardhat's engine calls our reasons, where it has another name. */
const ENGINE_NAMES: ReadonlyMap<string, string> = new Map([
  ["CodeStoreOutOfGas", "OutOfGas"],
  ["InvalidOpcode", "InvalidFEOpcode"],
  ["UndefinedOpcode", "OpcodeNotFound"],
  ["InsufficientBalance", "OutOfFunds"],
  ["PrecompileFailed", "PrecompileError"],
  ["StaticStateChange", "StateChangeDuringStaticCall"],
  ["InvalidCode", "CreateContractStartingWithEF"],
  ["CodeSizeExceeded", "CreateContractSizeLimit"],
  ["InitCodeSizeExceeded", "CreateInitCodeSizeLimit"],
  ["ValueOverflow", "OverflowPayment"],
  ["OutOfRange", "OutOfOffset"],
]);

/** The engine's name for the reason why a frame ended. */
export function instructionResult({ reason }: Halt): string {
  return ENGINE_NAMES.get(reason) ?? reason;
}

/** geth's words where the stock tracer has them; else it shows its engine's name for the reason. */
const GETH_WORDS: ReadonlyMap<string, string> = new Map([
  ["OutOfGas", "out of gas"],
  ["CodeStoreOutOfGas", "out of gas"],
  ["InvalidOpcode", "invalid opcode: INVALID"],
  ["UndefinedOpcode", "invalid opcode"],
  ["InvalidJump", "invalid jump destination"],
  ["InsufficientBalance", "insufficient balance for transfer"],
  ["PrecompileFailed", "precompiled failed"],
]);

export function frameError({ kind, reason }: Halt): string {
  return kind === "revert"
    ? "execution reverted"
    : (GETH_WORDS.get(reason) ?? ENGINE_NAMES.get(reason) ?? reason);
}

/** OpenEthereum's words, likewise. */
const FLAT_WORDS: ReadonlyMap<string, string> = new Map([
  ["OutOfGas", "Out of gas"],
  ["CodeStoreOutOfGas", "Out of gas"],
  ["InvalidOpcode", "Bad instruction"],
  ["UndefinedOpcode", "Bad instruction"],
  ["InvalidJump", "Bad jump destination"],
  ["StackOverflow", "Out of stack"],
  ["InsufficientBalance", "Insufficient balance for transfer"],
  ["PrecompileFailed", "Built-in failed"],
]);

export function flatError({ kind, reason }: Halt): string {
  return kind === "revert"
    ? "Reverted"
    : (FLAT_WORDS.get(reason) ?? ENGINE_NAMES.get(reason) ?? reason);
}

/** geth's words for Solidity's panic codes. */
const PANICS: ReadonlyMap<bigint, string> = new Map([
  [0x00n, "generic panic"],
  [0x01n, "assert(false)"],
  [0x11n, "arithmetic underflow or overflow"],
  [0x12n, "division or modulo by zero"],
  [0x21n, "enum overflow"],
  [0x22n, "invalid encoded storage byte array accessed"],
  [0x31n, "out-of-bounds array access; popping on an empty array"],
  [0x32n, "out-of-bounds access of an array or bytesN"],
  [0x41n, "out of memory"],
  [0x51n, "uninitialized function"],
]);

/** What a revert says in Error(string) or Panic(uint256); undefined = nothing. */
export function revertText(returnData: Uint8Array): string | undefined {
  const text = reasonString(returnData);
  if (text !== null) {
    return text === "" ? undefined : text;
  }
  const code = panicCode(returnData);
  return code === null
    ? undefined
    : (PANICS.get(code) ?? `unknown panic code: 0x${code.toString(16)}`);
}
