/** An outcome with all that it has as fields of its own: some are made when they are looked at. */
import type { TransactionOutcome } from "../../src/execution/outcome";

export function plainOutcome(outcome: TransactionOutcome): TransactionOutcome {
  const { logs, reads, writes } = outcome;
  return { ...outcome, logs, reads, writes };
}
