/** What was measured, under which rules, and what must not be concluded from it. */

import { basisWords } from "../../../redrawn-words";
import { remarkTexts } from "../../../remarks";
import { exponentWords, SCENARIO_COLUMNS, scenarioRows } from "../../../scenario-words";
import { count, percent, plural, rootCheckWords, speedUpNumber, windowWords } from "../../../words";
import { type Child, h, name } from "../dom";
import type { Model } from "../model";
import { pageTitle, section } from "../parts";
import { table } from "../table";

export function workload(model: Model): (HTMLElement | null)[] {
  return [
    pageTitle(
      "Workload and caveats",
      h(
        "p",
        { class: "lead" },
        "The speed-ups are properties of the contracts under the workload that ran. They are no forecast for a chain.",
      ),
    ),
    what(model),
    caveats(model),
    scenario(model),
    otherRules(model),
    redrawn(model),
    observed(model),
    caps(model),
  ];
}

function list(rows: readonly (readonly [string, Child])[]): HTMLElement {
  return h(
    "dl",
    { class: "pairs" },
    rows.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))),
  );
}

function uncalledRow(model: Model): (readonly [string, Child])[] {
  const { uncalled } = model.report;
  if (uncalled === undefined) {
    return [];
  }
  const { functions, ofFunctions, examples } = uncalled;
  const names = examples.map((reference) => h("li", {}, name(model.nameOf(reference))));
  return [
    [
      "Functions not called",
      [
        `${count(functions)} of ${count(ofFunctions)} that change state, of the contracts that were called`,
        functions === 0 ? null : h("ul", {}, names),
        functions > examples.length ? `and ${count(functions - examples.length)} more` : null,
      ],
    ],
  ];
}

function what(model: Model): HTMLElement {
  const { report } = model;
  const { workload: run, network, unresolved, tool, conflicts } = report;
  const apart = [
    run.deployments > 0 ? `${plural(run.deployments, "deployment")} set apart` : "",
    run.failed > 0 ? `${count(run.failed)} reverted` : "",
    run.plainTransfers > 0 ? plural(run.plainTransfers, "plain transfer") : "",
    run.untraced > 0 ? `${count(run.untraced)} recorded without calls` : "",
  ].filter((text) => text !== "");
  return section(
    "What was measured",
    list([
      ["Ran", h("bdi", {}, run.source)],
      [
        "Transactions",
        `${count(run.transactions)}${apart.length > 0 ? ` (${apart.join(", ")})` : ""}`,
      ],
      ["Blocks", count(run.blocks)],
      ["Windows", windowWords(report)],
      ["Senders", `${count(run.senders)}, as recorded`],
      ["Keys", "as recorded"],
      [
        "Weight",
        run.gasMode === "total"
          ? "gas before refunds"
          : "gas before refunds, without intrinsic gas",
      ],
      ["Conflicts", `${plural(conflicts.pairs, "pair")} of transactions`],
      [
        "Unresolved slots",
        [
          `${count(unresolved.slots)} of ${count(unresolved.ofSlots)}`,
          unresolved.examples.length > 0
            ? h(
                "ul",
                {},
                unresolved.examples.map((text) => h("li", {}, h("code", {}, text))),
              )
            : null,
        ],
      ],
      ...(unresolved.calls > 0 ? [["Unresolved calls", count(unresolved.calls)] as const] : []),
      ...uncalledRow(model),
      ["Network", `chain ${network.chainId}, ${network.hardforks.join(", ")}`],
      ["State roots", rootCheckWords(report)],
      ["Made by", `${tool.name} ${tool.version}`],
    ]),
  );
}

function caveats({ report }: Model): HTMLElement {
  return section(
    "Caveats",
    h(
      "ul",
      {},
      h(
        "li",
        {},
        "This is theoretical parallelism: what the recorded reads and writes allow. How a chain schedules transactions is not observed, and its conflict rules may differ.",
      ),
      h(
        "li",
        {},
        report.workload.window.mode === "mined"
          ? "Only transactions that were mined in one block are compared."
          : `Tests send one transaction per block, which would make everything look parallel. So ${plural(report.workload.window.mode, "consecutive transaction")} are put into a window; only transactions of one window are compared.`,
      ),
      h(
        "li",
        {},
        "The senders and keys are those of the run. Few senders, or one test account for everything, make calls meet that would not meet for users of their own.",
      ),
      h(
        "li",
        {},
        "A function that no two transactions of a window called is not measured; what is said of it then follows from its footprint.",
      ),
      h("li", {}, "A sender's own nonce and the fees are not counted as the contracts' conflicts."),
      remarkTexts(report).map((text) => h("li", {}, text)),
    ),
  );
}

function otherRules({ report }: Model): HTMLElement | null {
  const { metrics, withSenderOrder, comparingValues, comparisons } = report;
  if (metrics.parallelism === null) {
    return null;
  }
  const { optimistic } = comparisons;
  return section(
    "Under other rules",
    h(
      "p",
      {},
      "The same transactions where chains have other rules. Which rule a chain has, and at what cost, is not part of this report.",
    ),
    list([
      [
        "As reported",
        `at most ${speedUpNumber(metrics.speedUpBound)}×, ${speedUpNumber(metrics.speedUp)}× on ${plural(metrics.lanes, "lane")}: any write of what was read makes wait`,
      ],
      [
        "Senders in order",
        `at most ${speedUpNumber(withSenderOrder.speedUpBound)}×: transactions of one sender wait for each other`,
      ],
      [
        "Values compared",
        `at most ${speedUpNumber(comparingValues.speedUpBound)}×: a write that puts the old value back makes nobody wait`,
      ],
      [
        "Amounts that are added commute",
        `at most ${speedUpNumber(metrics.speedUpBound * comparisons.deltaDividend)}×: ${speedUpNumber(comparisons.deltaDividend)} times as much`,
      ],
      [
        "Whole accounts locked",
        `at most ${speedUpNumber(metrics.speedUpBound / comparisons.granularityPenalty)}×: the longest chain is ${speedUpNumber(comparisons.granularityPenalty)} times as long`,
      ],
      [
        "Conflicts not known beforehand",
        `${speedUpNumber(optimistic.speedUp)}× on ${plural(optimistic.lanes, "lane")}, with ${plural(optimistic.reexecutions, "execution")} in vain (${percent(optimistic.wastedGasShare)} of the gas)`,
      ],
      [
        "Largest group that hangs together",
        `${percent(metrics.groupConflictRate)} of the gas; ${percent(metrics.independentShare)} of the transactions have no conflict at all`,
      ],
    ]),
  );
}

function scenario({ report: { scenario: ran, metrics } }: Model): HTMLElement | null {
  if (ran === undefined) {
    return null;
  }
  const numbers = SCENARIO_COLUMNS.map((title, column) => ({
    title,
    cell: (row: readonly string[]) => row[column] ?? "",
    numeric: true,
    heading: column === 0,
  }));
  return section(
    "With more and more users",
    h(
      "p",
      {},
      h("bdi", {}, ran.name),
      ` (seed ${ran.seed}): each run as one block, speed-up on ${plural(metrics.lanes, "lane")}.`,
    ),
    table({
      caption: "Runs of the scenario",
      columns: numbers,
      rows: scenarioRows(ran, "×"),
    }),
    h("p", {}, exponentWords(ran)),
  );
}

function redrawn({ report: { redrawn: run } }: Model): HTMLElement | null {
  if (run === undefined) {
    return null;
  }
  const senders =
    run.senders === "distinct" ? "each call by a user of its own" : "users as recorded";
  return section(
    "If the recorded calls came otherwise",
    h(
      "p",
      {},
      `${senders}, keys ${run.keys === "as-is" ? "as recorded" : run.keys} (seed ${run.seed}), windows of ${plural(run.window, "call")}: speed-up at most ${speedUpNumber(run.speedUpBound)}×, ${speedUpNumber(run.speedUp)}× on ${plural(run.lanes, "lane")}, parallelism ${percent(run.parallelism)}. ${basisWords(run)}.`,
    ),
    run.standIns + run.unknownKeys > 0
      ? h(
          "p",
          { class: "muted" },
          `${plural(run.standIns, "call")} stood in for by another of the same function, ${plural(run.unknownKeys, "key")} of unknown source left as recorded.`,
        )
      : null,
  );
}

function observed({ report: { observed: seen } }: Model): HTMLElement {
  return section(
    "How the recording was executed",
    h(
      "p",
      { class: "muted" },
      "Observed; it may differ from run to run and enters no number above.",
    ),
    list([
      ["Blocks on several threads", count(seen.blocksParallel)],
      ["Blocks in the calling thread", count(seen.blocksInThread)],
      ["Blocks one after the other", count(seen.blocksSequential)],
      ["Executions repeated", count(seen.reexecutions)],
      ...seen.fallbacks.map(
        ({ reason, blocks }) => [plural(blocks, "block"), h("bdi", {}, reason)] as const,
      ),
    ]),
  );
}

function caps({ details, report }: Model): HTMLElement | null {
  if (details === null) {
    return section(
      "What is not in this file",
      h("p", {}, "It was made without details: no schedule, no examples, no values, no sources."),
    );
  }
  const texts = [
    details.schedule.windowsLeftOut > 0
      ? `${plural(details.schedule.windowsLeftOut, "window")} of the schedule, with ${plural(details.schedule.transactionsLeftOut, "transaction")}`
      : "",
    details.pairsLeftOut > 0
      ? `examples of ${plural(details.pairsLeftOut, "pair")} of functions`
      : "",
    report.slots.length > details.variables.length
      ? `uses and values of ${plural(report.slots.length - details.variables.length, "variable")}`
      : "",
    details.code.linesLeftOut > 0 ? `${plural(details.code.linesLeftOut, "line")} of sources` : "",
  ].filter((text) => text !== "");
  return texts.length === 0
    ? null
    : section(
        "What is not in this file",
        h(
          "ul",
          {},
          texts.map((text) => h("li", {}, text)),
        ),
      );
}
