/**
 * What an assertion is about: one transaction, or a batch (of mineBatch, or a list of mined
 * transactions). A promise of either will do.
 */
import type { NamedAccess, NamedConflict } from "../analysis/named-conflicts";
import type { RunMetrics } from "../analysis/run-metrics";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { examine } from "../project/examine";
import type { Batch } from "../project/mine-batch";
import { transactionHash } from "../project/transaction-hash";
import type { Hash } from "../state/hex";

/** Transactions with what they did to each other; places are those of the list. */
export interface Subject {
  readonly hashes: readonly Hash[];
  readonly functions: readonly (string | null)[];
  readonly conflicts: readonly NamedConflict[];
  accesses(index: number): readonly NamedAccess[];
  metrics(lanes: number): Pick<RunMetrics, "parallelism" | "speedUp">;
}

/** Examines transactions; writer and reader of a conflict are places in the list. */
export async function examineList(hashes: readonly Hash[]): Promise<Subject> {
  const { named, places } = await examine(hashes);
  const listed = new Map(places.map((place, i) => [place, i]));
  return {
    hashes,
    functions: places.map((place) => named.functions[place] ?? null),
    conflicts: named.conflicts.map((conflict) => ({
      ...conflict,
      writer: listed.get(conflict.writer) ?? -1,
      reader: listed.get(conflict.reader) ?? -1,
    })),
    accesses: (index) => named.accesses(places[index] ?? -1),
    metrics: (lanes) => named.metrics(lanes),
  };
}

/** @throws ParallelError ASSERTION_SUBJECT, and what `examine` throws */
export async function transactionSubject(value: unknown, assertion: string): Promise<Hash> {
  const subject = await value;
  if (isBatch(subject) || Array.isArray(subject)) {
    throw wrongSubject(assertion, "one transaction", subject);
  }
  return transactionHash(subject);
}

/** @throws ParallelError ASSERTION_SUBJECT, and what `examine` throws */
export async function batchSubject(value: unknown, assertion: string): Promise<Subject> {
  const subject = await value;
  if (isBatch(subject)) {
    return {
      hashes: subject.transactions.map(({ hash }) => hash),
      functions: subject.transactions.map((transaction) => transaction.function),
      conflicts: subject.conflicts,
      accesses: (index) => subject.transactions[index]?.accesses ?? [],
      metrics: (lanes) => ({
        parallelism: subject.parallelism,
        speedUp: subject.speedup(lanes),
      }),
    };
  }
  if (!Array.isArray(subject)) {
    throw wrongSubject(assertion, "a batch", subject);
  }
  return examineList((await Promise.all(subject)).map(transactionHash));
}

function isBatch(value: unknown): value is Batch {
  return (
    typeof value === "object" &&
    value !== null &&
    "transactions" in value &&
    "conflicts" in value &&
    "speedup" in value
  );
}

function wrongSubject(assertion: string, expected: string, actual: unknown): ParallelError {
  return new ParallelError(ERRORS.ASSERTION_SUBJECT, {
    assertion,
    expected,
    actual: Array.isArray(actual)
      ? `a list of ${actual.length}`
      : isBatch(actual)
        ? "a batch"
        : typeof actual === "object"
          ? "one object"
          : (JSON.stringify(actual) ?? String(actual)),
  });
}
