/**
 * Records the call frames of one execution and which frame touched which location first.
 *
 * Owns: building a TransactionTrace. Does not own: when frames begin and end (the engine says).
 * Accesses that no opcode made (fees, nonce, authorizations) belong to frame 0 with pc -1.
 */
import {
  type Frame,
  type FrameAccess,
  MAX_PREIMAGE,
  type TransactionTrace,
} from "../access-log/block-record";
import { invariant } from "../errors/base-error";
import { bytesToHex } from "../state/bytes";
import type { Address, Hash, Hex } from "../state/hex";
import { type Location, locationKey } from "../state/location";

export const EMPTY_TRACE: TransactionTrace = {
  frames: [],
  accesses: [],
  preimages: [],
  transient: [],
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class FrameTrace {
  readonly #frames: Mutable<Frame>[] = [];
  /** Indices of the frames that are open, outermost first. */
  readonly #open: number[] = [];
  readonly #accesses: Mutable<FrameAccess>[] = [];
  readonly #accessOfFrame = new Map<string, Mutable<FrameAccess>>();
  readonly #preimages = new Map<Hash, Hex>();
  readonly #transient = new Map<string, { readonly address: Address; readonly slot: bigint }>();
  #pc = -1;
  /** The accesses made before the first frame, as they were then. */
  #beforeFrames: readonly FrameAccess[] = [];

  enter(frame: Omit<Frame, "gasUsed" | "success" | "parent">): void {
    if (this.#frames.length === 0) {
      this.#beforeFrames = this.#accesses.map((access) => ({ ...access }));
    }
    const parent = this.#open.at(-1) ?? -1;
    this.#open.push(this.#frames.length);
    this.#frames.push({ ...frame, parent, gasUsed: 0n, success: false });
    this.#pc = -1;
  }

  exit(gasUsed: bigint, success: boolean): void {
    const frame = this.#frames[this.#open.pop() ?? -1];
    invariant(frame !== undefined, "a call frame ends that never began");
    frame.gasUsed = gasUsed;
    frame.success = success;
    this.#pc = -1;
  }

  /** Forgets the frames and what they touched: the message begins again. */
  restart(): void {
    if (this.#frames.length === 0) {
      return; // it ended before its first frame: all accesses are those of before
    }
    this.#open.length = 0;
    this.#frames.length = 0;
    this.#accesses.length = 0;
    this.#accessOfFrame.clear();
    for (const access of this.#beforeFrames) {
      const copy = { ...access };
      this.#accesses.push(copy);
      this.#accessOfFrame.set(`0:${locationKey(copy.location)}`, copy);
    }
    this.#preimages.clear();
    this.#transient.clear();
    this.#pc = -1;
  }

  at(pc: number): void {
    this.#pc = pc;
  }

  access(location: Location, kind: "read" | "write"): void {
    const frame = this.#open.at(-1) ?? 0;
    const key = `${frame}:${locationKey(location)}`;
    let access = this.#accessOfFrame.get(key);
    if (access === undefined) {
      access = { frame, location, read: false, write: false, readPc: -1, writePc: -1 };
      this.#accessOfFrame.set(key, access);
      this.#accesses.push(access);
    }
    if (kind === "read" && !access.read) {
      access.read = true;
      access.readPc = this.#pc;
    } else if (kind === "write" && !access.write) {
      access.write = true;
      access.writePc = this.#pc;
    }
  }

  preimage(hash: Hash, preimage: Uint8Array): void {
    if (preimage.length <= MAX_PREIMAGE && !this.#preimages.has(hash)) {
      this.#preimages.set(hash, bytesToHex(preimage));
    }
  }

  transient(address: Address, slot: bigint): void {
    const key = `${address}:${slot.toString(16)}`;
    if (!this.#transient.has(key)) {
      this.#transient.set(key, { address, slot });
    }
  }

  /** The finished trace; the recorder is not used after. */
  finish(): TransactionTrace {
    invariant(this.#open.length === 0, "a call frame is still open at the end of the transaction");
    return {
      frames: this.#frames,
      accesses: this.#accesses,
      preimages: [...this.#preimages].map(([hash, preimage]) => ({ hash, preimage })),
      transient: [...this.#transient.values()],
    };
  }
}
