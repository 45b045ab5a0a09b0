/** Remarks, then the lines that end every report: what was measured, and whether it may be trusted. */
import { padEnd, plainText, shorten, width, wrap } from "../plain-text";
import { count, plural, rootCheckWords, speedUpNumber, windowWords } from "../words";
import type { Page } from "./page";

/** What must not be overlooked when reading the numbers. */
export function remarks({ report, columns, colors }: Page): string[] {
  const { workload, conflicts, recording, observed, withSenderOrder, comparingValues, metrics } =
    report;
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
  for (const { reason, blocks } of observed.fallbacks) {
    texts.push(`${plural(blocks, "block")} ran sequentially: ${plainText(reason)}.`);
  }
  return texts.flatMap((text) =>
    wrap(text, columns - 2).map((line, index) =>
      colors.yellow(index === 0 ? `! ${line}` : `  ${line}`),
    ),
  );
}

export function footer({ report, columns, colors }: Page): string[] {
  const { workload, unresolved } = report;
  const apart = [
    workload.deployments > 0 ? `${plural(workload.deployments, "deployment")} set apart` : "",
    workload.failed > 0 ? `${count(workload.failed)} reverted` : "",
    workload.plainTransfers > 0 ? plural(workload.plainTransfers, "plain transfer") : "",
  ].filter((text) => text !== "");
  const unresolvedExamples = unresolved.examples.slice(0, 3).map(plainText).join(", ");
  const facts: [string, string][] = [
    [
      "transactions",
      count(workload.transactions) + (apart.length > 0 ? ` (${apart.join(", ")})` : ""),
    ],
    ["windows", windowWords(report)],
    ["senders", count(workload.senders)],
    [
      "unresolved slots",
      `${count(unresolved.slots)} of ${count(unresolved.ofSlots)}${unresolved.slots > 0 ? ` (${unresolvedExamples}${unresolved.slots > 3 ? ", …" : ""})` : ""}`,
    ],
    ...(unresolved.calls > 0
      ? ([["unresolved calls", count(unresolved.calls)]] satisfies [string, string][])
      : []),
  ];
  const labelWidth = Math.max(...facts.map(([label]) => width(label)));
  const answer = rootCheckWords(report);
  const paint =
    report.rootCheck.answer === "yes"
      ? colors.green
      : report.rootCheck.answer === "no"
        ? colors.red
        : colors.yellow;
  return [
    ...facts.map(
      ([label, value]) =>
        `${colors.dim(padEnd(label, labelWidth))}  ${shorten(value, columns - labelWidth - 2)}`,
    ),
    paint(answer),
  ];
}
