/**
 * A failed execution as Hardhat 2 throws it: an error named "Error" without a code, with the return
 * data, the transaction's hash and the entries of a Solidity stack trace.
 *
 * Owns: shape. Does not own: the entries of traces that only Hardhat's tracer can make.
 */
import type { Hash, Hex } from "../../state/hex";
import type { Dialect } from "../dialect";

/** Entry of a stack trace; `type` is Hardhat's StackTraceEntryType. */
export interface StackTraceEntry {
  readonly type: number;
  readonly [property: string]: unknown;
}

/** The types that need no source code. */
export const StackTraceEntryType = {
  PrecompileError: 3,
  UnrecognizedCreateError: 17,
  UnrecognizedContractError: 18,
  ContractTooLargeError: 21,
} as const;

export class SolidityError extends Error {
  readonly stackTrace: readonly StackTraceEntry[];
  /** return data */
  readonly data: Hex;
  /** of a call: as the dialect has it */
  readonly transactionHash: Hash | null | undefined;

  constructor(
    message: string,
    failure: {
      readonly stackTrace: readonly StackTraceEntry[];
      readonly data: Hex;
      /** null for a call */
      readonly transactionHash: Hash | null;
    },
    dialect: Dialect,
  ) {
    super(message);
    this.stackTrace = failure.stackTrace;
    this.data = failure.data;
    this.transactionHash = failure.transactionHash ?? dialect.transactionHashOfCalls;
    if (dialect.revertErrorName !== this.name) {
      this.name = dialect.revertErrorName;
    }
    if (dialect.revertCode !== undefined) {
      Object.defineProperty(this, "code", { value: dialect.revertCode, enumerable: true });
    }
  }
}
