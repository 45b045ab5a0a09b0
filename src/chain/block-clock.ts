/**
 * Time on the chain: the timestamp that the next block takes.
 *
 * timestamp = the caller's | the one set for the next block | now + offset; one second is added where
 * that equals the parent's (unless blocks may share a timestamp). An explicit timestamp moves the
 * offset with it, so time runs on from there.
 *
 * Owns: the offset and the timestamp set for the next block. Does not own: the parent.
 */
import { ChainError } from "./chain-error";

/** Where time comes from; replaced in tests. */
export interface TimeSource {
  /** seconds since the Unix epoch */
  now(): bigint;
  /** ms, never going backwards, from any origin */
  elapsed(): number;
}

export const SYSTEM_TIME: TimeSource = {
  now: () => BigInt(Math.floor(Date.now() / 1000)),
  elapsed: () => performance.now(),
};

export interface ClockSnapshot {
  readonly offset: bigint;
  readonly nextTimestamp: bigint | null;
  /** `TimeSource.elapsed` at the snapshot */
  readonly takenAt: number;
}

export interface BlockTime {
  /** seconds */
  readonly timestamp: bigint;
  /** The offset after the block is committed. */
  readonly offset: bigint;
}

export class BlockClock {
  readonly #source: TimeSource;
  readonly #allowSameTimestamp: boolean;
  /** seconds added to the source's time */
  #offset: bigint;
  #nextTimestamp: bigint | null = null;

  constructor(source: TimeSource, offset: bigint, allowSameTimestamp: boolean) {
    this.#source = source;
    this.#offset = offset;
    this.#allowSameTimestamp = allowSameTimestamp;
  }

  /**
   * The time of a block on top of a parent with timestamp `parent`; nothing changes until `commit`.
   * Throws ChainError TimestampLowerThanPrevious for an explicit one before the parent's.
   */
  next(parent: bigint, explicit?: bigint): BlockTime {
    const wanted = explicit ?? this.#nextTimestamp;
    if (explicit !== undefined && explicit < parent) {
      throw new ChainError({
        kind: "TimestampLowerThanPrevious",
        proposed: explicit,
        previous: parent,
      });
    }
    const now = this.#source.now();
    const timestamp = wanted ?? now + this.#offset;
    const collides = timestamp === parent && !this.#allowSameTimestamp;
    const offset = wanted === null ? this.#offset + (collides ? 1n : 0n) : wanted - now;
    return { timestamp: collides ? timestamp + 1n : timestamp, offset };
  }

  /** A block with this time is now part of the chain. */
  commit(time: BlockTime): void {
    this.#offset = time.offset;
    this.#nextTimestamp = null;
  }

  /** Sets the next block's timestamp. Throws ChainError for one that `parent` does not allow. */
  setNext(timestamp: bigint, parent: bigint): void {
    if (timestamp < parent) {
      throw new ChainError({
        kind: "TimestampLowerThanPrevious",
        proposed: timestamp,
        previous: parent,
      });
    }
    if (timestamp === parent && !this.#allowSameTimestamp) {
      throw new ChainError({ kind: "TimestampEqualsPrevious", proposed: timestamp });
    }
    this.#nextTimestamp = timestamp;
  }

  /** Adds seconds; returns the total offset. */
  increase(seconds: bigint): bigint {
    this.#offset += seconds;
    return this.#offset;
  }

  snapshot(): ClockSnapshot {
    return {
      offset: this.#offset,
      nextTimestamp: this.#nextTimestamp,
      takenAt: this.#source.elapsed(),
    };
  }

  /**
   * Restores a snapshot as the stock network does: it adds the seconds since the snapshot to the
   * offset (it should take them off), so after a revert time runs ahead by twice the elapsed time.
   */
  restore(snapshot: ClockSnapshot): void {
    const seconds = Math.floor((this.#source.elapsed() - snapshot.takenAt) / 1000);
    this.#offset = snapshot.offset + BigInt(seconds);
    this.#nextTimestamp = snapshot.nextTimestamp;
  }
}
