/** How to read this: each term once. */
import { SERIAL_MEANINGS, VERDICT_MEANINGS, VERDICT_WORDS } from "../../../words";
import { type Child, h } from "../dom";
import type { Model } from "../model";
import { pageTitle, section } from "../parts";
import { CAUSES, KINDS } from "./matrix";

function terms(rows: readonly (readonly [string, Child])[]): HTMLElement {
  return h(
    "dl",
    { class: "terms" },
    rows.map(([term, meaning]) => h("div", {}, h("dt", {}, term), h("dd", {}, meaning))),
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function help({ report }: Model): HTMLElement[] {
  const { lanes } = report.metrics;
  return [
    pageTitle(
      "How to read this",
      h(
        "p",
        { class: "lead" },
        "The report says what the recorded reads and writes allow. How a chain schedules transactions is not observed.",
      ),
    ),
    section(
      "The numbers",
      terms([
        [
          "Conflict",
          "A transaction reads what an earlier one in its window wrote. A sender's own nonce and the fees are not counted.",
        ],
        [
          "Window",
          "The transactions that are compared with each other: consecutive ones, or the blocks as they were mined. Deployments are in none.",
        ],
        [
          "Critical path",
          "The heaviest chain of transactions that wait for one another, in gas. No number of lanes is quicker.",
        ],
        ["Speed-up at most", "All gas divided by the gas of the critical path."],
        [
          `Speed-up on ${lanes} lanes`,
          `What a schedule with ${lanes} transactions at a time reaches.`,
        ],
        [
          "Parallelism P",
          "0% if the calls run one after the other, 100% if only the largest of them limits. It can be compared between runs of different length.",
        ],
        [
          "Scaling α",
          "How the longest chain grows with the number of calls: 0 not at all, 1 with each call.",
        ],
        ["Waiting", "The share of transactions that conflict with an earlier one."],
        [
          "If fixed",
          "The speed-up bound before and after, if nobody waited for the variable. In a list of steps each assumes the earlier ones.",
        ],
      ]),
    ),
    section(
      "Verdicts",
      terms([
        ...Object.entries(VERDICT_WORDS).map(
          ([verdict, word]) =>
            [word, sentence(VERDICT_MEANINGS[verdict as keyof typeof VERDICT_MEANINGS])] as const, // its own key
        ),
        ["serial, fixable", sentence(SERIAL_MEANINGS.fixable)],
        ["serial, inherent", sentence(SERIAL_MEANINGS.inherent)],
      ]),
    ),
    section(
      "Two functions",
      terms(Object.values(KINDS).map(({ text, meaning }) => [text, sentence(meaning)])),
      h("h3", {}, "Causes"),
      h(
        "ul",
        {},
        Object.values(CAUSES).map((cause) => h("li", {}, sentence(cause))),
      ),
    ),
    section(
      "What a write does",
      terms([
        ["silent", "It puts the old value back."],
        ["append", "It makes a dynamic array longer."],
        ["delta", "It adds or takes off an amount whatever the value is, shown by the recording."],
        ["overwrite", "Everything else."],
      ]),
    ),
    section(
      "Keys",
      terms([
        ["/", "Goes to the search."],
        ["Arrow keys, Enter", "Move over the heat map and choose a cell."],
        ["Ctrl and the mouse wheel", "Enlarge the schedule."],
      ]),
    ),
  ];
}
