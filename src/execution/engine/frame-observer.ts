/**
 * Frames as a call tracer sees them: every attempt to enter one is told, also those that fail before
 * any code runs for want of balance or depth. In the order of execution; synchronous.
 */
import type { FrameKind } from "../../access-log/block-record";
import type { Address } from "../../state/hex";
import type { Halt, Log } from "../outcome";

export interface EnteredFrame {
  readonly kind: FrameKind | "selfdestruct";
  readonly from: Address;
  /** account whose code is called, or the heir of a SELFDESTRUCT; null for a creation */
  readonly to: Address | null;
  /** wei; for a delegate call what its caller was given */
  readonly value: bigint;
  /** calldata or init code */
  readonly input: Uint8Array;
  /** gas, with the stipend of a call that sends value */
  readonly gas: bigint;
}

export interface LeftFrame {
  readonly gasUsed: bigint;
  /** return data, revert data or the code of a new contract */
  readonly output: Uint8Array;
  readonly halt?: Halt;
  /** set for a creation that got as far as to have an address */
  readonly createdAddress?: Address;
}

export interface FrameObserver {
  enter(frame: EnteredFrame): void;
  /** Ends the innermost frame that was entered. */
  exit(end: LeftFrame): void;
  /** A log of the innermost frame; it stands only if no frame around it fails. */
  log(log: Log): void;
}
