/**
 * The access log's data: what one block did, plain and serialisable. The analysis reads nothing
 * else, so one recording answers every later question.
 *
 * Derived parts (final read and write sets, gas, frames) are deterministic: equal for any worker
 * count. Parts named `observed` are not: they may vary from run to run.
 *
 * Owns: the shape. Does not own: the bytes (codec.ts) and the file (access-log-file.ts).
 */

import type { Address, Hash, Hex } from "../state/hex";
import type { Location } from "../state/location";
import type { Read } from "../state/read-set";
import type { Write } from "../state/write-set";

export type FrameKind = "call" | "staticcall" | "delegatecall" | "callcode" | "create" | "create2";

/** One call frame, in the order of entry; frame 0 is the transaction's own message. */
export interface Frame {
  /** index of the calling frame, -1 for frame 0 */
  readonly parent: number;
  readonly depth: number;
  readonly kind: FrameKind;
  readonly caller: Address;
  /** account whose code runs (init code: the new account) */
  readonly codeAddress: Address;
  /** hash of the code that runs; for creations the hash of the init code */
  readonly codeHash: Hash;
  /** account whose storage the frame reads and writes */
  readonly storageOwner: Address;
  /** wei */
  readonly value: bigint;
  /** calldata, cut at `MAX_FRAME_INPUT` bytes; empty for creations */
  readonly input: Hex;
  readonly inputLength: number;
  /** gas used by the frame and its children */
  readonly gasUsed: bigint;
  readonly success: boolean;
}

/** bytes of calldata kept per frame */
export const MAX_FRAME_INPUT = 1024;

/** First access of a kind to a location by a frame; `pc` is the opcode's position in the running code, -1 if the access was not made by an opcode. */
export interface FrameAccess {
  readonly frame: number;
  readonly location: Location;
  readonly read: boolean;
  readonly write: boolean;
  readonly readPc: number;
  readonly writePc: number;
}

export interface TransactionTrace {
  readonly frames: readonly Frame[];
  readonly accesses: readonly FrameAccess[];
  /** keccak256 preimages of at most MAX_PREIMAGE bytes hashed by the contract code (KECCAK256 opcode). */
  readonly preimages: readonly { readonly hash: Hash; readonly preimage: Hex }[];
  /** Transient storage touched (EIP-1153): never a conflict, listed for naming. */
  readonly transient: readonly { readonly address: Address; readonly slot: bigint }[];
}

/** bytes */
export const MAX_PREIMAGE = 4096;

/** A written location with its value before and after the transaction (balance: exact only if it was read exactly, else null). */
export interface WriteRecord {
  readonly write: Write;
  readonly before: bigint | Hash | boolean | null;
}

export interface TransactionRecord {
  readonly transactionIndex: number;
  readonly hash: Hash;
  readonly type: number;
  readonly from: Address;
  readonly to: Address | null;
  readonly createdAddress: Address | null;
  readonly nonce: bigint;
  readonly value: bigint;
  readonly status: 0 | 1;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  readonly gasBeforeRefund: bigint;
  readonly intrinsicGas: bigint;
  readonly reads: readonly Read[];
  readonly writes: readonly WriteRecord[];
  readonly trace: TransactionTrace;
  /** Code deployed by this transaction (hash of runtime code by address), for attribution. */
  readonly deployed: readonly {
    readonly address: Address;
    readonly codeHash: Hash;
    readonly code: Hex;
  }[];
}

/** How the block was executed: observed, not derived. */
export interface ObservedExecution {
  /** `parallel`: on worker threads; `inThread`: too small to pay for threads; `sequential`: the oracle or a fallback. */
  readonly mode: "parallel" | "inThread" | "sequential";
  readonly workers: number;
  /** executions of each transaction, by index (1 = never aborted) */
  readonly incarnations: readonly number[];
  /** one entry per abort: who was aborted, on which location, by which writer (-1 unknown) */
  readonly aborts: readonly {
    readonly transactionIndex: number;
    readonly writer: number;
    readonly location: Location;
  }[];
  readonly milliseconds: number;
  /** Why a block meant for threads ran sequentially, if it did. */
  readonly fallback?: string;
}

export interface BlockRecord {
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly coinbase: Address;
  readonly hardfork: string;
  /** gas */
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  /**
   * Counts discontinuities of the chain (revert to a snapshot, reset): blocks of different segments
   * do not follow on each other and are never put in one window.
   */
  readonly segment: number;
  /** Name of the test during which the block was mined, where a test runner told us. */
  readonly section?: string;
  readonly transactions: readonly TransactionRecord[];
  readonly observed: ObservedExecution;
  /** The check "parallel = sequential" on this block: null where it was not made. */
  readonly rootCheck: { readonly parallel: Hash; readonly sequential: Hash } | null;
}

/** First record of a log. */
export interface RunHeader {
  readonly format: 1;
  readonly tool: string;
  readonly toolVersion: string;
  readonly chainId: bigint;
  /** free text: what was run (`test`, a script's name, a scenario) */
  readonly source: string;
}
