/**
 * The results that threads hold when they leave a block: as bytes from a worker thread to the calling
 * thread, as they are from the calling thread itself, and their collection there.
 *
 * A thread leaves a block for good, or because the block is stalled. What it held then may still become
 * final, so it goes along with its incarnation; where its reads come from is looked up once the block
 * is done.
 *
 * What a final result read and wrote is in the block's shared memory already, so it is not encoded a
 * second time (`inMemory`); with a trace or an access list, of a stalled block, and of an account that ends,
 * it is. The rest of it a worker thread encodes at once: later the calling thread waits for it.
 *
 * Owns: the encoding, and which of several results of a transaction counts.
 */
import { deserialize, serialize } from "node:v8";
import { ByteReader, ByteWriter } from "../access-log/bytes";
import { invariant } from "../errors/base-error";
import { PRE_STATE_ORIGIN } from "../state/read-set";
import type { BlockTask } from "./block-joiner";
import type { HeldResult } from "./block-participant";
import { resultInMemory, takeReads, withFinalReads } from "./final-outcome";
import type { InvalidTransaction } from "./invalid-transaction";
import { encodedLogs, type TransactionOutcome, withEncodedLogs } from "./outcome";
import { decodeOutcome, decodeResult, encodeOutcome, encodeResult } from "./outcome-codec";
import type { BlockReceipts } from "./published-receipts";
import type { ReceiptBodies } from "./receipt-bodies";
import type { SharedBlock } from "./shared-block";
import type { TransactionExecution } from "./transaction-processing";

/** The result of one incarnation, if it becomes final. */
export type IncarnationOutcome =
  | HeldExecution
  | EncodedExecution
  | { readonly ok: null; readonly failure: unknown };

type HeldExecution =
  | (TransactionExecution & { readonly inMemory?: false })
  /** the block's memory has what it read and wrote */
  | { readonly ok: true; readonly inMemory: true; readonly outcome: TransactionOutcome };

/** The same, encoded: see EncodedResults. */
interface EncodedExecution {
  readonly ok: true;
  readonly encoded: true;
  /** place of the first byte, and that after the last one */
  readonly start: number;
  readonly end: number;
}

/** What a worker thread makes of its results in a block, whether or not they become final. */
export class EncodedResults {
  readonly #writer = new ByteWriter(32 * 1024);

  /** As `withoutSets`. */
  hold(outcome: TransactionOutcome): HeldExecution | EncodedExecution {
    if (endsAccount(outcome)) {
      return { ok: true, outcome };
    }
    const start = this.#writer.length;
    encodeResult(this.#writer, outcome);
    return { ok: true, encoded: true, start, end: this.#writer.length };
  }

  copyTo(target: ByteWriter, { start, end }: EncodedExecution): void {
    target.copy(this.#writer, start, end);
  }
}

/** The execution, without the access sets if the block's memory has all that they say. */
export function withoutSets(
  block: SharedBlock,
  index: number,
  outcome: TransactionOutcome,
): HeldExecution {
  return endsAccount(outcome)
    ? { ok: true, outcome }
    : {
        ok: true,
        inMemory: true,
        outcome: resultInMemory(block, index, outcome, encodedLogs(outcome)),
      };
}

const FORM = { error: 0, complete: 1, inMemory: 2 } as const;

/** Encodes what the thread holds of latest incarnations. Throws an execution's failure that is final. */
export function encodeHeldResults(
  block: SharedBlock,
  held: ReadonlyMap<number, HeldResult<IncarnationOutcome>>,
  { trace, blockAccessList }: Pick<BlockTask, "trace" | "blockAccessList">,
  encoded: EncodedResults,
): Uint8Array {
  const writer = new ByteWriter(32 * 1024);
  const isPlain = block.scheduler.isDone && !trace && !blockAccessList;
  for (const [index, incarnation, execution] of latest(block, held)) {
    writer.varint(index);
    writer.varint(incarnation);
    if (!execution.ok) {
      writer.u8(FORM.error);
      writer.lengthPrefixed(serialize(execution.error));
    } else if ("encoded" in execution) {
      writer.u8(FORM.inMemory);
      encoded.copyTo(writer, execution);
    } else if (execution.inMemory || (isPlain && !endsAccount(execution.outcome))) {
      writer.u8(FORM.inMemory);
      encodeResult(writer, execution.outcome);
    } else {
      writer.u8(FORM.complete);
      encodeOutcome(writer, withoutOrigins(execution.outcome));
    }
  }
  return writer.bytes();
}

/** A result in the thread that made it. */
export type OwnResult = readonly [index: number, incarnation: number, execution: HeldExecution];

/** As `encodeHeldResults`, for the calling thread. */
export function ownResults(
  block: SharedBlock,
  held: ReadonlyMap<number, HeldResult<IncarnationOutcome>>,
): OwnResult[] {
  const own: OwnResult[] = [];
  for (const [index, incarnation, execution] of latest(block, held)) {
    invariant(!("encoded" in execution), "the calling thread encodes nothing");
    own.push([index, incarnation, execution]);
  }
  return own;
}

/** What of a thread's results is of latest incarnations. */
function* latest(
  { scheduler }: SharedBlock,
  held: ReadonlyMap<number, HeldResult<IncarnationOutcome>>,
): Generator<
  readonly [index: number, incarnation: number, execution: HeldExecution | EncodedExecution]
> {
  const isFinal = scheduler.isDone;
  for (const [index, { incarnation, result }] of held) {
    if (scheduler.incarnation(index) !== incarnation || !scheduler.hasExecuted(index)) {
      continue; // repeated by another thread, or to be repeated
    }
    if (result.ok !== null) {
      yield [index, incarnation, result];
    } else if (isFinal) {
      throw result.failure;
    } // else a state that never was: see `HeldResults.final`
  }
}

/** Origins are those of the final order in the end; until then they may be predictions. */
function withoutOrigins(outcome: TransactionOutcome): TransactionOutcome {
  const reads = outcome.reads.map((read) => ({ ...read, origin: PRE_STATE_ORIGIN }));
  return withEncodedLogs(outcome, encodedLogs(outcome), {
    reads,
    writes: outcome.writes,
    trace: outcome.trace,
  });
}

/** Published writes also say what the end implies: see VersionWrites.writeSet. */
function endsAccount({ writes }: TransactionOutcome): boolean {
  return writes.writes.some((write) => write.kind === "existence" && !write.exists);
}

interface Collected {
  readonly incarnation: number;
  readonly execution: HeldExecution;
}

/** What the threads of one block have reported. */
export class HeldResults {
  readonly #block: SharedBlock;
  readonly #trace: boolean;
  readonly #results: (Collected | undefined)[] = [];

  constructor(block: SharedBlock, trace: boolean) {
    this.#block = block;
    this.#trace = trace;
  }

  /**
   * What a worker thread encoded.
   * @param receipts of the block if it is done
   */
  add(results: Uint8Array, receipts: BlockReceipts | null): void {
    const reader = new ByteReader(results);
    while (reader.remaining > 0) {
      const index = reader.varint();
      const incarnation = reader.varint();
      const form = reader.u8();
      const execution: HeldExecution =
        form === FORM.error
          ? // what encodeHeldResults serialized
            { ok: false, error: deserialize(reader.lengthPrefixed()) as InvalidTransaction }
          : form === FORM.inMemory
            ? {
                ok: true,
                inMemory: true,
                outcome: resultInMemory(
                  this.#block,
                  index,
                  decodeResult(reader),
                  bodiesOf(receipts),
                ),
              }
            : { ok: true, outcome: decodeOutcome(reader) };
      this.#collect(index, { incarnation, execution });
    }
  }

  /** What this thread holds. */
  addOwn(results: readonly OwnResult[]): void {
    for (const [index, incarnation, execution] of results) {
      this.#collect(index, { incarnation, execution });
    }
  }

  /**
   * The final results by transaction index, once the block is done: every read has the origin of the
   * final order, which does not depend on when the incarnation ran. A transaction whose execution failed
   * on what it read before a stall, and was never repeated, has none.
   */
  final(): (TransactionExecution | undefined)[] {
    const { scheduler } = this.#block;
    return this.#results.map((result, index) => {
      if (result === undefined || result.incarnation !== scheduler.incarnation(index)) {
        return undefined;
      }
      invariant(
        scheduler.status(index) === "validated",
        () => `transaction ${index} is not validated at the end of the block`,
      );
      const { execution } = result;
      if (!execution.ok) {
        return execution;
      }
      const { outcome } = execution;
      if (!execution.inMemory) {
        return { ok: true, outcome: withFinalReads(this.#block, index, outcome, this.#trace) };
      }
      if (outcome.status === 0) {
        takeReads(outcome);
      }
      return execution;
    });
  }

  #collect(index: number, result: Collected): void {
    invariant(
      this.#results[index]?.incarnation !== result.incarnation,
      () => `transaction ${index} has two results of incarnation ${result.incarnation}`,
    );
    this.#results[index] = result;
  }
}

function bodiesOf(receipts: BlockReceipts | null): ReceiptBodies {
  invariant(receipts !== null, "results that are in the memory of a block that is not done");
  return receipts.bodies;
}
