/** The first view: is it parallel, if not why, and what to do. */
import { answerOf } from "../../../answer";
import { remarkTexts } from "../../../remarks";
import { count, percent, plural, rootCheckWords, speedUpNumber, windowWords } from "../../../words";
import { fixChart } from "../charts/fix-chart";
import { h, name } from "../dom";
import { contractTable, functionTable } from "../function-table";
import { type Model, shownContract } from "../model";
import {
  facts,
  findingCard,
  fixSlots,
  listed,
  pageTitle,
  section,
  slotLink,
  verdictChip,
} from "../parts";

/** Functions on the summary; all are on their own page. */
const FUNCTIONS_SHOWN = 12;
const FINDINGS_SHOWN = 3;
const CONTRACTS_SHOWN = 8;

const TONES = { parallel: "good", partly: "mixed", serial: "bad", unmeasured: "none" } as const;

export function summary(model: Model): (HTMLElement | null)[] {
  const { report } = model;
  const { workload } = report;
  return [
    pageTitle(
      "Is it parallel?",
      h(
        "p",
        { class: "lead" },
        `${plural(workload.transactions, "transaction")} of `,
        h("bdi", {}, workload.source),
        `, ${plural(workload.senders, "sender")}, windows: ${windowWords(report)}`,
      ),
    ),
    answerBlock(model),
    headlineNumbers(model),
    remarks(model),
    functionsSection(model),
    section("By contract", contractTable(model)),
    fixesSection(model),
    findingsSection(model),
    trust(model),
  ];
}

function answerBlock(model: Model): HTMLElement {
  const answer = answerOf(model.report);
  const { finding } = answer;
  return h(
    "section",
    { class: `answer ${TONES[answer.kind]}`, "aria-label": "The answer" },
    h(
      "p",
      { class: "answer-main" },
      h("strong", {}, `${answer.short}: `),
      `${answer.isIt}. ${answer.speedUp}`,
    ),
    byContract(model),
    h(
      "dl",
      {},
      answer.why === ""
        ? null
        : h(
            "div",
            {},
            h("dt", {}, answer.kind === "parallel" ? "What is left" : "Why not"),
            h(
              "dd",
              {},
              answer.fix === null
                ? answer.why
                : [whyCount(answer.why), fixSlots(model, answer.fix), "."],
            ),
          ),
      h(
        "div",
        {},
        h("dt", {}, "What to do first"),
        h(
          "dd",
          {},
          h("bdi", {}, answer.todo),
          finding?.locations[0] === undefined ? null : [" ", h("code", {}, finding.locations[0])],
        ),
      ),
    ),
  );
}

/** The answer for each contract, most gas first. */
function byContract({ report: { contracts } }: Model): HTMLElement | null {
  const more = contracts.length - CONTRACTS_SHOWN;
  return contracts.length < 2
    ? null
    : h(
        "ul",
        { class: "by-contract", "aria-label": "By contract" },
        contracts
          .slice(0, CONTRACTS_SHOWN)
          .map((contract) =>
            h("li", {}, name(shownContract(contract.name)), " ", verdictChip(contract)),
          ),
        more > 0 ? h("li", { class: "muted" }, `and ${more} more`) : null,
      );
}

/** `63 transactions wait on `: the names follow as links. */
function whyCount(why: string): string {
  return why.slice(0, why.indexOf(" on ") + 4);
}

function headlineNumbers({ report }: Model): HTMLElement | null {
  const { metrics } = report;
  const { parallelism } = metrics;
  if (parallelism === null) {
    return null;
  }
  return facts([
    {
      label: "Speed-up at most",
      value: `${speedUpNumber(metrics.speedUpBound)}×`,
      meaning:
        "with any number of lanes: all gas divided by the gas of the longest chain that waits",
    },
    {
      label: `Speed-up on ${plural(metrics.lanes, "lane")}`,
      value: `${speedUpNumber(metrics.speedUp)}×`,
      meaning: `with ${plural(metrics.lanes, "transaction")} at a time`,
    },
    {
      label: "Parallelism",
      value: percent(parallelism),
      meaning: "0%: one after the other, 100%: all at once",
      tone: parallelism >= 0.9 ? "good" : parallelism <= 0.1 ? "bad" : "mixed",
    },
    {
      label: "Waiting",
      value: percent(metrics.conflictRatio),
      meaning: "of transactions read what an earlier one in their window wrote",
    },
  ]);
}

function remarks({ report }: Model): HTMLElement | null {
  const texts = remarkTexts(report);
  return texts.length === 0
    ? null
    : h(
        "ul",
        { class: "remarks", "aria-label": "To be kept in mind" },
        texts.map((text) => h("li", {}, text)),
      );
}

function functionsSection(model: Model): HTMLElement {
  const rank = { serial: 0, keyBound: 1, parallel: 2, unmeasured: 3 };
  const gas = ({ row }: Model["functions"][number]): number =>
    row.metrics.gas + row.metrics.alone.gas;
  const rows = model.functions
    .filter(({ row }) => row.direct > 0 || row.verdict === "serial" || row.verdict === "keyBound")
    .sort((a, b) => rank[a.row.verdict] - rank[b.row.verdict] || gas(b) - gas(a));
  const hidden = model.functions.length - Math.min(rows.length, FUNCTIONS_SHOWN);
  return section(
    "Verdict by function",
    functionTable(model, rows.slice(0, FUNCTIONS_SHOWN), "Functions, those that wait first"),
    hidden > 0
      ? h(
          "p",
          {},
          h("a", { href: "#/functions" }, `All ${plural(model.functions.length, "function")}`),
          ", those included that no transaction called itself",
        )
      : null,
  );
}

function fixesSection(model: Model): HTMLElement | null {
  const { report } = model;
  if (report.metrics.parallelism === null || report.fixes.length === 0) {
    return null;
  }
  return section(
    "What to fix first",
    h(
      "p",
      {},
      "Each step assumes the earlier ones. Variables that only help together are one step.",
    ),
    h(
      "div",
      { class: "split" },
      fixChart(model),
      h(
        "ol",
        { class: "fixes" },
        report.fixes.map((fix) =>
          h(
            "li",
            {},
            listed(
              fix.slots.map((slot) => slotLink(model, slot)),
              4,
            ),
            h(
              "span",
              { class: "muted" },
              `: speed-up ${speedUpNumber(fix.speedUpBefore)} → ${speedUpNumber(fix.speedUpAfter)}${fix.slots.length > 1 ? " if fixed together" : " if fixed"}`,
            ),
          ),
        ),
      ),
    ),
  );
}

function findingsSection(model: Model): HTMLElement | null {
  const { findings } = model.report.findings;
  if (findings.length === 0) {
    return null;
  }
  const [first, rest] = [findings.slice(0, FINDINGS_SHOWN), findings.slice(FINDINGS_SHOWN)];
  return section(
    "What to change",
    first.map((finding) => findingCard(model, finding)),
    rest.length === 0
      ? null
      : h(
          "details",
          {},
          h("summary", {}, plural(rest.length, "further finding")),
          rest.map((finding) => findingCard(model, finding)),
        ),
  );
}

function trust({ report }: Model): HTMLElement {
  const { unresolved } = report;
  const { answer } = report.rootCheck;
  return section(
    "Can it be trusted?",
    h(
      "ul",
      { class: "checks" },
      h("li", { class: answer === "yes" ? "ok" : "not-ok" }, rootCheckWords(report)),
      h(
        "li",
        { class: unresolved.slots === 0 ? "ok" : "not-ok" },
        `unresolved slots: ${count(unresolved.slots)} of ${count(unresolved.ofSlots)}`,
      ),
      h(
        "li",
        { class: report.recording.complete ? "ok" : "not-ok" },
        report.recording.complete ? "the recording is complete" : "the recording is incomplete",
      ),
    ),
    h(
      "p",
      { class: "muted" },
      "Theoretical parallelism: what the recorded reads and writes allow. How a chain schedules transactions is not observed. ",
      h("a", { href: "#/workload" }, "Workload and caveats"),
    ),
  );
}
