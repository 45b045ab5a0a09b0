/**
 * The results that a thread holds when it leaves a block, as bytes for the calling thread, and their
 * collection there.
 *
 * A thread leaves a block for good, or because the block is stalled. What it held then may still become
 * final, so it goes along with its incarnation; where its reads come from is looked up once the block
 * is done, by the thread that holds the result then.
 *
 * Owns: the encoding, and which of several results of a transaction counts.
 */
import { deserialize, serialize } from "node:v8";
import { ByteReader, ByteWriter } from "../access-log/bytes";
import { invariant } from "../errors/base-error";
import type { HeldResult } from "./block-participant";
import type { InvalidTransaction } from "./invalid-transaction";
import type { TransactionOutcome } from "./outcome";
import { decodeOutcome, encodeOutcome } from "./outcome-codec";
import type { SharedBlock } from "./shared-block";
import type { TransactionExecution } from "./transaction-processing";

/** The result of one incarnation, if it becomes final. */
export type IncarnationOutcome =
  | TransactionExecution
  | { readonly ok: null; readonly failure: unknown };

/** Encodes what the thread holds of latest incarnations. Throws an execution's failure that is final. */
export function encodeHeldResults(
  { scheduler, validator }: SharedBlock,
  held: ReadonlyMap<number, HeldResult<IncarnationOutcome>>,
): Uint8Array {
  const writer = new ByteWriter(64 * 1024);
  for (const [index, { incarnation, result }] of held) {
    if (scheduler.incarnation(index) !== incarnation || !scheduler.hasExecuted(index)) {
      continue; // repeated by another thread, or to be repeated
    }
    const isFinal = scheduler.isDone;
    invariant(
      !isFinal || scheduler.status(index) === "validated",
      `transaction ${index} is not validated at the end of the block`,
    );
    if (result.ok === null) {
      if (isFinal) {
        throw result.failure;
      }
      continue; // a state that never was: see `HeldResults.final`
    }
    writer.varint(index);
    writer.varint(incarnation);
    writer.bool(result.ok);
    if (result.ok) {
      const origins = isFinal ? validator.finalOrigins(index) : null;
      encodeOutcome(
        writer,
        origins === null ? result.outcome : withOrigins(result.outcome, origins),
      );
    } else {
      writer.lengthPrefixed(serialize(result.error));
    }
  }
  return writer.bytes();
}

interface Collected {
  readonly incarnation: number;
  readonly execution: TransactionExecution;
  /** reported when the block was done */
  readonly isFinal: boolean;
}

/** What the threads of one block have reported. */
export class HeldResults {
  readonly #block: SharedBlock;
  readonly #results: (Collected | undefined)[] = [];

  constructor(block: SharedBlock) {
    this.#block = block;
  }

  add(bytes: Uint8Array): void {
    const isFinal = this.#block.scheduler.isDone;
    const reader = new ByteReader(bytes);
    while (reader.remaining > 0) {
      const index = reader.varint();
      const incarnation = reader.varint();
      invariant(
        this.#results[index]?.incarnation !== incarnation,
        `transaction ${index} has two results of incarnation ${incarnation}`,
      );
      const execution: TransactionExecution = reader.bool()
        ? { ok: true, outcome: decodeOutcome(reader) }
        : // what encodeHeldResults serialized
          { ok: false, error: deserialize(reader.lengthPrefixed()) as InvalidTransaction };
      this.#results[index] = { incarnation, execution, isFinal };
    }
  }

  /**
   * The final results by transaction index, once the block is done: every read has the origin of the
   * final order, which does not depend on when the incarnation ran. A transaction whose execution failed
   * on what it read before a stall, and was never repeated, has none.
   */
  final(): (TransactionExecution | undefined)[] {
    const { scheduler, validator } = this.#block;
    return this.#results.map((result, index) => {
      if (result === undefined || result.incarnation !== scheduler.incarnation(index)) {
        return undefined;
      }
      invariant(
        scheduler.status(index) === "validated",
        `transaction ${index} is not validated at the end of the block`,
      );
      const { execution, isFinal } = result;
      return execution.ok && !isFinal
        ? { ok: true, outcome: withOrigins(execution.outcome, validator.finalOrigins(index)) }
        : execution;
    });
  }
}

/** The transaction that wrote last below, in its only surviving incarnation. */
function withOrigins(outcome: TransactionOutcome, origins: readonly number[]): TransactionOutcome {
  return {
    ...outcome,
    reads: outcome.reads.map((read, i) => ({
      ...read,
      origin: { transactionIndex: origins[i] ?? -1, incarnation: 0 },
    })),
  };
}
