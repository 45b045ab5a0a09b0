/**
 * Outcomes of a block that is done, with the access sets that its shared memory holds.
 *
 * Owns: when they are taken from there: at the first question, since most are never asked for. The
 * memory serves the next block too: whoever asks later than its start is told that it is gone. The
 * reads of a failed transaction, which explain the failure, and of a traced one are taken at once.
 */
import { invariant } from "../errors/base-error";
import type { Hash } from "../state/hex";
import { type PackedWrites, PlaceList } from "../state/packed-writes";
import type { ReadSet } from "../state/read-set";
import type { Write, WriteSet } from "../state/write-set";
import { decodeLogs, type EncodedLogs, encodeLogs } from "./encoded-logs";
import { EMPTY_TRACE } from "./frame-trace";
import {
  encodedLogs,
  type LazyParts,
  type Log,
  type OutcomeResult,
  type TransactionOutcome,
  withEncodedLogs,
  withLazyParts,
} from "./outcome";
import { logsOfBody, type ReceiptBodies } from "./receipt-bodies";
import type { SharedBlock } from "./shared-block";

/** The outcome of a transaction whose access sets the block's memory has. @param logs or bodies with them */
export function resultInMemory(
  block: SharedBlock,
  index: number,
  result: OutcomeResult,
  logs: EncodedLogs | ReceiptBodies,
): TransactionOutcome {
  return withLazyParts(result, new PartsInMemory(block, index, logs), EMPTY_TRACE);
}

/** Takes the outcome's reads out of the block's memory now, in the final order: it keeps them. */
export function takeReads(outcome: TransactionOutcome): ReadSet {
  return outcome.reads;
}

/** The outcome with the origins that its reads have in the final order. */
export function withFinalReads(
  block: SharedBlock,
  index: number,
  outcome: TransactionOutcome,
  trace: boolean,
): TransactionOutcome {
  if (trace || outcome.status === 0) {
    const reads = withOrigins(block, index, outcome.reads);
    return withEncodedLogs(outcome, encodedLogs(outcome), {
      reads,
      writes: outcome.writes,
      trace: outcome.trace,
    });
  }
  return withLazyParts(outcome, new PartsInHand(block, index, outcome), outcome.trace);
}

/** Both sets come from the block's memory, the logs from their encoding. */
class PartsInMemory implements LazyParts {
  readonly #block: SharedBlock;
  readonly #index: number;
  readonly #generation: number;
  readonly #encoded: EncodedLogs | ReceiptBodies;
  #logs: readonly Log[] | null = null;
  #reads: ReadSet | null = null;
  #writes: WriteSet | null = null;

  constructor(block: SharedBlock, index: number, encoded: EncodedLogs | ReceiptBodies) {
    this.#block = block;
    this.#index = index;
    this.#generation = block.memory.generation;
    this.#encoded = encoded;
  }

  logs(): readonly Log[] {
    const encoded = this.#encoded;
    this.#logs ??= "list" in encoded ? decodeLogs(encoded.list) : logsOfBody(encoded, this.#index);
    return this.#logs;
  }

  encodedLogs(): EncodedLogs {
    return "list" in this.#encoded ? this.#encoded : encodeLogs(this.logs());
  }

  reads(): ReadSet {
    if (this.#reads === null) {
      requireSameBlock(this.#block, this.#generation);
      const origins = this.#block.validator.finalOrigins(this.#index);
      this.#reads = this.#block.reads.readSet(this.#index, origins);
    }
    return this.#reads;
  }

  writes(): WriteSet {
    this.#writes ??= writesInMemory(this.#block, this.#index);
    return this.#writes;
  }
}

/** All is there; only the origins of the reads come from the block's memory. */
class PartsInHand implements LazyParts {
  readonly #block: SharedBlock;
  readonly #index: number;
  readonly #generation: number;
  readonly #own: TransactionOutcome;
  #writes: WriteSet | null = null;
  #reads: ReadSet | null = null;

  constructor(block: SharedBlock, index: number, own: TransactionOutcome) {
    this.#block = block;
    this.#index = index;
    this.#generation = block.memory.generation;
    this.#own = own;
  }

  logs(): readonly Log[] {
    return this.#own.logs;
  }

  encodedLogs(): EncodedLogs {
    return encodedLogs(this.#own);
  }

  reads(): ReadSet {
    if (this.#reads === null) {
      requireSameBlock(this.#block, this.#generation);
      this.#reads = withOrigins(this.#block, this.#index, this.#own.reads);
    }
    return this.#reads;
  }

  writes(): WriteSet {
    this.#writes ??= new WritesInMemory(this.#block, this.#index, null, () => this.#own.writes);
    return this.#writes;
  }
}

/**
 * What a transaction of a block that is done wrote; to be asked for before the next block begins.
 * @param packed the same as words, if that is there already
 */
export function writesInMemory(
  block: SharedBlock,
  index: number,
  packed: PackedWrites | null = null,
): WriteSet {
  const { writes, memory } = block;
  const { generation } = memory;
  return new WritesInMemory(block, index, packed, () => {
    requireSameBlock(block, generation);
    return writes.writeSet(index, (hash) => memory.codeBytes(hash));
  });
}

/** Writes that lie in the block's memory as words: few ask for more than to have them applied. */
class WritesInMemory implements WriteSet {
  readonly #block: SharedBlock;
  readonly #index: number;
  readonly #generation: number;
  readonly #packed: PackedWrites | null;
  readonly #decode: () => WriteSet;
  #decoded: WriteSet | null = null;

  constructor(
    block: SharedBlock,
    index: number,
    packed: PackedWrites | null,
    decode: () => WriteSet,
  ) {
    this.#block = block;
    this.#index = index;
    this.#generation = block.memory.generation;
    this.#packed = packed;
    this.#decode = decode;
  }

  get writes(): readonly Write[] {
    return this.#set.writes;
  }

  get codes(): ReadonlyMap<Hash, Uint8Array> {
    return this.#set.codes;
  }

  packed(): PackedWrites | null {
    requireSameBlock(this.#block, this.#generation);
    return this.#packed ?? this.#block.writes.packed(this.#index, new PlaceList());
  }

  get #set(): WriteSet {
    this.#decoded ??= this.#decode();
    return this.#decoded;
  }
}

// Fields to whoever compares write sets field by field.
for (const name of ["writes", "codes"] as const satisfies (keyof WriteSet)[]) {
  Object.defineProperty(WritesInMemory.prototype, name, { enumerable: true });
}

/** The transaction that wrote last below, in its only surviving incarnation. */
function withOrigins({ validator }: SharedBlock, index: number, reads: ReadSet): ReadSet {
  const origins = validator.finalOrigins(index);
  return reads.map((read, i) => ({
    ...read,
    origin: { transactionIndex: origins[i] ?? -1, incarnation: 0 },
  }));
}

function requireSameBlock({ memory }: SharedBlock, generation: number): void {
  invariant(
    memory.generation === generation,
    "a transaction's access sets are asked for after the next block began",
  );
}
