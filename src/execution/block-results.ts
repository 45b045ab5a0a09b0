/**
 * What a block's threads have given, as the executor's answer.
 *
 * Owns: the order of places in the block, the cause among several failures. Does not own: results
 * (held-results.ts).
 */
import type { ObservedExecution } from "../access-log/block-record";
import { invariant } from "../errors/base-error";
import { BlockCapacity } from "./block-capacity";
import type { BlockExecution, BlockInput } from "./block-executor";
import type { BlockReport } from "./block-joiner";
import type { OwnPart } from "./calling-thread";
import type { TransactionOutcome } from "./outcome";
import type { SharedBlock } from "./shared-block";
import type { TransactionExecution } from "./transaction-processing";

/** The reports' cause: the failure that made the others leave, not theirs. */
export function firstFailure(
  reports: readonly (BlockReport | OwnPart)[],
): Extract<BlockReport, { readonly ok: false }> | null {
  const failures = reports.flatMap((report) => (report.ok ? [] : [report]));
  return failures.find((report) => report.cause) ?? failures[0] ?? null;
}

/** Lets the transactions take their places one after the other, like the sequential executor. */
export function inOrder(
  input: BlockInput,
  results: readonly (TransactionExecution | undefined)[],
): Pick<BlockExecution, "outcomes" | "stopped"> {
  const capacity = new BlockCapacity(input.environment, input.gasAvailable);
  const outcomes: TransactionOutcome[] = [];
  for (let index = 0; index < input.transactions.length; index++) {
    const transaction = input.transactions[index];
    invariant(transaction !== undefined, "a block's transactions are numbered without gaps");
    const full = capacity.check(transaction);
    if (full !== null) {
      return { outcomes, stopped: { index, error: full } };
    }
    const result = results[index];
    invariant(result !== undefined, () => `transaction ${index} has no result`);
    if (!result.ok) {
      return { outcomes, stopped: { index, error: result.error } };
    }
    capacity.take(result.outcome);
    outcomes.push(result.outcome);
  }
  return { outcomes };
}

export function observe(
  { scheduler, aborts, memory }: SharedBlock,
  executed: number,
): Pick<ObservedExecution, "incarnations" | "aborts"> {
  return {
    incarnations: Array.from({ length: executed }, (_, index) => scheduler.incarnation(index) + 1),
    aborts: aborts
      .list(memory.locations)
      .filter(({ transactionIndex }) => transactionIndex < executed),
  };
}
