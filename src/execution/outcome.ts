/**
 * What executing one transaction gave: everything a receipt, a commit and the access log need.
 * Plain data; equal, field by field, for the sequential and the parallel executor.
 */
import type { TransactionTrace } from "../access-log/block-record";
import type { Address, Hash, Hex } from "../state/hex";
import type { ReadSet } from "../state/read-set";
import type { WriteSet } from "../state/write-set";

export interface Log {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Hex;
}

/**
 * Why an execution halted, in the yellow paper's and the EIPs' terms; `reason` is the engine's short name
 * (`OutOfGas`, `InvalidOpcode`, `StackUnderflow`, `StackOverflow`, `InvalidJump`, `CreateCollision`,
 * `CodeSizeExceeded`, `InitCodeSizeExceeded`, `InvalidCode` (0xEF), `StaticStateChange`, `PrecompileFailed`, …).
 */
export interface Halt {
  readonly kind: "revert" | "halt";
  /** "Revert" for kind revert. */
  readonly reason: string;
}

export interface TransactionOutcome {
  readonly status: 0 | 1;
  /** Absent if status is 1. */
  readonly halt?: Halt;
  /** gas charged: after refund, calldata floor (EIP-7623) applied. */
  readonly gasUsed: bigint;
  /** gas consumed before the refund. */
  readonly gasBeforeRefund: bigint;
  /** gas: 21000, calldata, access list, authorizations, creation. */
  readonly intrinsicGas: bigint;
  readonly blobGasUsed: bigint;
  /** wei per gas actually paid */
  readonly effectiveGasPrice: bigint;
  readonly returnData: Uint8Array;
  readonly logs: readonly Log[];
  /** Set for a creation transaction, also for a failed one. */
  readonly createdAddress: Address | null;
  readonly reads: ReadSet;
  readonly writes: WriteSet;
  readonly trace: TransactionTrace;
  /** Calldata of every call to the console address, in order, reverted frames included; absent = none. */
  readonly consoleLogs?: readonly Uint8Array[];
}
