/** What must not be overlooked when reading the numbers: the same sentences in every format. */
import type { Report } from "../report";
import { plainText } from "./plain-text";
import { count, fallbackSentences, plural, speedUpNumber } from "./words";

export function remarkTexts(report: Report): string[] {
  const { workload, conflicts, recording, withSenderOrder, comparingValues, metrics } = report;
  const texts: string[] = [];
  if (conflicts.senderOnlyPairs > 0 && metrics.parallelism !== null) {
    const pairs =
      conflicts.senderOnlyPairs === 1
        ? "1 pair of transactions has"
        : `${count(conflicts.senderOnlyPairs)} pairs of transactions have`;
    const bound = speedUpNumber(withSenderOrder.speedUpBound);
    const effect =
      bound === speedUpNumber(metrics.speedUpBound)
        ? ""
        : ` Kept in their sender's order, the transactions reach ${bound}x at most; with more senders they would not wait.`;
    texts.push(
      `Not held against the contracts: ${pairs} only the sender in common (its nonce).${effect}`,
    );
  }
  const onValues = speedUpNumber(comparingValues.speedUpBound);
  if (onValues !== speedUpNumber(metrics.speedUpBound)) {
    texts.push(
      `Chains that compare values instead of versions do not wait for a write that puts the old value back (a reentrancy guard): there the speed-up is at most ${onValues}x.`,
    );
  }
  if (conflicts.feeOnlyPairs > 0) {
    texts.push(
      `Not held against the contracts: ${plural(conflicts.feeOnlyPairs, "pair")} of transactions with only a balance in common that a fee changed.`,
    );
  }
  if (workload.window.single > 0 && metrics.parallelism !== null) {
    texts.push(
      `${plural(workload.window.single, "window holds", "windows hold")} one transaction only: left out of the numbers above, for there is nothing to compare.`,
    );
  }
  if (workload.untraced > 0) {
    texts.push(
      `${plural(workload.untraced, "transaction was", "transactions were")} recorded without calls and count for no function.`,
    );
  }
  const { hiddenContracts, hiddenFunctions, acceptedSlots } = report.filters;
  if (hiddenContracts + hiddenFunctions > 0) {
    texts.push(
      `Left out, as the config says: ${plural(hiddenContracts, "contract")} and ${plural(hiddenFunctions, "function")}. Their transactions count in the numbers of the run.`,
    );
  }
  const accepted = acceptedSlots.filter(({ waitedOn }) => waitedOn);
  if (accepted.length > 0) {
    texts.push(
      `Accepted, as the config says: ${accepted.map(({ slot, reason }) => `${plainText(slot)} (${plainText(reason)})`).join(", ")}.`,
    );
  }
  if (recording.forked === true) {
    texts.push(
      "The run was on a fork: what it read of the forked chain was there before it, and contracts without a source in the project are named by their addresses. The numbers are of this run's load, not of that chain's.",
    );
  }
  if (!recording.complete) {
    texts.push(
      "The recording is incomplete: the run was interrupted, its last blocks are missing.",
    );
  }
  if (recording.droppedBlocks > 0) {
    texts.push(
      `${plural(recording.droppedTransactions, "transaction")} of ${plural(recording.droppedBlocks, "block")} are missing: the recording had reached its size limit.`,
    );
  }
  texts.push(...fallbackSentences(report, plainText));
  return texts;
}
