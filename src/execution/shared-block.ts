/**
 * Everything that the threads of one block share.
 *
 * Owns: which shared structures there are, how they hang together, how big they are made. Does not
 * own: what they do.
 *
 * `BlockMemory` is the calling thread's side: it keeps the buffers from block to block, makes them
 * bigger when a block needed more, and hands out a `SharedBlockBuffers` that a worker thread opens
 * with `openSharedBlock`.
 */
import { PlaceList } from "../state/packed-writes";
import type { StateReader } from "../state/state-reader";
import { AbortLog } from "./abort-log";
import { BlockGate } from "./block-gate";
import type { SharedBufferName } from "./capacity-exceeded";
import { Contention, contentionWords } from "./contention";
import { LocationTable, locationTableBytes } from "./location-table";
import { MultiVersionMemory } from "./multi-version-memory";
import { PublishedReceipts, receiptWords } from "./published-receipts";
import { ReadLog } from "./read-log";
import { Scheduler } from "./scheduler";
import { schedulerBytes } from "./scheduler-words";
import { GasUses, gasUseWords } from "./settlement";
import { arenaBytes, SharedArena } from "./shared-arena";
import { Validator } from "./validation";
import { VersionWrites } from "./version-writes";

/** Structured-clonable; the same buffers serve many blocks. */
export interface SharedBlockBuffers {
  /** number of transactions */
  readonly size: number;
  /**
   * where the arena keeps one word per transaction (writes, then reads), the list of aborts, the groups of
   * contention.ts, what is needed to settle (settlement.ts), and the receipts (published-receipts.ts)
   */
  readonly directory: number;
  readonly scheduler: SharedArrayBuffer;
  readonly locations: SharedArrayBuffer;
  readonly arena: SharedArrayBuffer;
}

/** The same, opened by one thread. */
export interface SharedBlock {
  readonly size: number;
  readonly scheduler: Scheduler;
  readonly memory: MultiVersionMemory;
  readonly writes: VersionWrites;
  /** of what is settled; in this thread's own memory */
  readonly places: PlaceList;
  readonly reads: ReadLog;
  readonly validator: Validator;
  readonly aborts: AbortLog;
  readonly contention: Contention;
  readonly gasUses: GasUses;
  readonly receipts: PublishedReceipts;
  readonly gate: BlockGate;
}

export function openSharedBlock(buffers: SharedBlockBuffers, preState: StateReader): SharedBlock {
  const arena = new SharedArena(buffers.arena);
  const table = new LocationTable(buffers.locations, arena);
  return assemble(buffers, { arena, table, places: new PlaceList() }, preState);
}

/** Starting sizes; tests make them small to see what happens when they do not suffice. */
export interface BlockMemoryLimits {
  /** locations, a power of two, at least 256 */
  readonly locations: number;
  /** 32-bit words */
  readonly arenaWords: number;
  /** Never grown beyond: 32-bit words. */
  readonly maximumArenaWords: number;
}

export const DEFAULT_LIMITS: BlockMemoryLimits = {
  locations: 1 << 16,
  arenaWords: 1 << 21,
  maximumArenaWords: 1 << 28,
};

/** words of the arena that a transaction is expected to need; a block that needs more falls back once */
const EXPECTED_WORDS = 4096;

/** What serves many blocks. */
interface KeptMemory extends OpenMemory {
  readonly shared: Omit<SharedBlockBuffers, "size" | "directory">;
}

/** What one thread has of it. */
interface OpenMemory {
  readonly arena: SharedArena;
  readonly table: LocationTable;
  /**
   * Goes with the arena: packed writes point into both, and whoever asks for them after the arena's reset
   * is told that they are gone (final-outcome.ts). A new arena has a new list, because the writes in an old
   * one that nobody resets can still be asked for.
   */
  readonly places: PlaceList;
}

export class BlockMemory {
  #locations: number;
  #arenaWords: number;
  readonly #maximumArenaWords: number;
  #kept: KeptMemory | null = null;

  constructor(limits: BlockMemoryLimits = DEFAULT_LIMITS) {
    this.#locations = limits.locations;
    this.#arenaWords = limits.arenaWords;
    this.#maximumArenaWords = limits.maximumArenaWords;
  }

  /** Fresh structures for a block of `size` transactions. The block before must be over. */
  begin(
    size: number,
    preState: StateReader,
  ): { readonly buffers: SharedBlockBuffers; readonly block: SharedBlock } {
    const kept = this.#prepare(size);
    const { shared, arena, table, places } = kept;
    arena.reset();
    table.reset();
    places.clear();
    const directory = arena.allocate(directoryWords(size));
    const buffers = { ...shared, size, directory };
    const block = assemble(buffers, kept, preState);
    block.scheduler.reset();
    return { buffers, block };
  }

  /** Doubles what was too small, for the next block. */
  grow(buffer: SharedBufferName): void {
    if (buffer === "locations") {
      this.#locations *= 2;
    }
    // The arena holds the records of the locations too.
    this.#arenaWords = Math.min(this.#arenaWords * 2, this.#maximumArenaWords);
    this.discard();
  }

  /** Forgets the buffers: a thread that was not seen to leave may still write to them. */
  discard(): void {
    this.#kept = null;
  }

  #prepare(size: number): KeptMemory {
    const words = Math.min(
      Math.max(this.#arenaWords, size * EXPECTED_WORDS),
      this.#maximumArenaWords,
    );
    const kept = this.#kept;
    if (
      kept !== null &&
      kept.shared.scheduler.byteLength >= schedulerBytes(size) &&
      kept.shared.arena.byteLength >= arenaBytes(words)
    ) {
      return kept;
    }
    // Untouched pages of a buffer cost nothing: the system hands them out when written to.
    const shared = {
      scheduler: new SharedArrayBuffer(schedulerBytes(Math.max(1024, size * 2))),
      locations: new SharedArrayBuffer(locationTableBytes(this.#locations)),
      arena: new SharedArrayBuffer(arenaBytes(words)),
    };
    const arena = new SharedArena(shared.arena);
    const table = new LocationTable(shared.locations, arena);
    this.#kept = { shared, arena, table, places: new PlaceList() };
    return this.#kept;
  }
}

function assemble(
  buffers: SharedBlockBuffers,
  { arena, table, places }: OpenMemory,
  preState: StateReader,
): SharedBlock {
  const { size, directory } = buffers;
  const gasUsesAt = evenAfter(directory + size * 2 + 1 + contentionWords(size));
  const scheduler = new Scheduler(buffers.scheduler, size);
  const memory = new MultiVersionMemory(arena, table);
  const reads = new ReadLog(arena, table, directory + size);
  return {
    size,
    scheduler,
    gate: new BlockGate(buffers.scheduler, scheduler),
    memory,
    writes: new VersionWrites(arena, table, directory),
    places,
    reads,
    validator: new Validator(memory, reads, preState),
    aborts: new AbortLog(arena, directory + size * 2),
    contention: new Contention(arena, directory + size * 2 + 1, size),
    gasUses: new GasUses(arena, gasUsesAt),
    receipts: new PublishedReceipts(arena, gasUsesAt + gasUseWords(size), size),
  };
}

function directoryWords(size: number): number {
  return evenAfter(size * 2 + 1 + contentionWords(size)) + gasUseWords(size) + receiptWords(size);
}

/** The directory begins at an even place: what is even in it is so in the arena. */
function evenAfter(words: number): number {
  return words + (words & 1);
}
