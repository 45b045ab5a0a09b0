/** ethereumjs' error texts in our words (outcome.ts, Halt). */
import { EVMError } from "@ethereumjs/evm";
import type { Halt } from "../outcome";

const TEXT = EVMError.errorMessages;

/** Errors that are missing here come from precompiles only. */
const REASONS: ReadonlyMap<string, string> = new Map([
  [TEXT.OUT_OF_GAS, "OutOfGas"],
  [TEXT.CODESTORE_OUT_OF_GAS, "CodeStoreOutOfGas"],
  [TEXT.CODESIZE_EXCEEDS_MAXIMUM, "CodeSizeExceeded"],
  [TEXT.STACK_UNDERFLOW, "StackUnderflow"],
  [TEXT.STACK_OVERFLOW, "StackOverflow"],
  [TEXT.INVALID_JUMP, "InvalidJump"],
  [TEXT.INVALID_OPCODE, "InvalidOpcode"],
  [TEXT.OUT_OF_RANGE, "OutOfRange"],
  [TEXT.STATIC_STATE_CHANGE, "StaticStateChange"],
  [TEXT.INTERNAL_ERROR, "InternalError"],
  [TEXT.CREATE_COLLISION, "CreateCollision"],
  [TEXT.REFUND_EXHAUSTED, "RefundExhausted"],
  [TEXT.VALUE_OVERFLOW, "ValueOverflow"],
  [TEXT.INSUFFICIENT_BALANCE, "InsufficientBalance"],
  [TEXT.INVALID_BYTECODE_RESULT, "InvalidCode"],
  [TEXT.INITCODE_SIZE_VIOLATION, "InitCodeSizeExceeded"],
]);

const PRECOMPILE_FAILED: Halt = { kind: "halt", reason: "PrecompileFailed" };
/** Errors of a call to a precompile that are not the precompile's own. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  TEXT.OUT_OF_GAS,
  TEXT.INSUFFICIENT_BALANCE,
  TEXT.VALUE_OVERFLOW,
]);

/** @param isPrecompile no code ran, so nothing can have reverted: ethereumjs says so of most inputs that are refused */
export function haltOf({ error }: EVMError, isPrecompile: boolean): Halt {
  if (isPrecompile && !OF_THE_CALL.has(error)) {
    return PRECOMPILE_FAILED;
  }
  if (error === TEXT.REVERT) {
    return { kind: "revert", reason: "Revert" };
  }
  // the text of an invalid jump goes on with its place
  const text = error.startsWith(TEXT.INVALID_JUMP) ? TEXT.INVALID_JUMP : error;
  return { kind: "halt", reason: REASONS.get(text) ?? "PrecompileFailed" };
}

/** Frontier leaves a contract without code, and succeeds, if the deposit cannot be paid. */
export function isUnpaidCodeDeposit(error: EVMError): boolean {
  return error.error === TEXT.CODESTORE_OUT_OF_GAS;
}
