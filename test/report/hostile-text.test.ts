/**
 * Names that come from contracts, tests and labels are shown letter by letter: whatever is in them,
 * no output has other structure than it would have with harmless ones.
 */
import { expect } from "chai";
import fc from "fast-check";
import { checkReport } from "../../src/report/check";
import { compareSnapshots, gasByRow } from "../../src/report/comparison";
import { NO_FILTERS } from "../../src/report/filters";
import { renderCheck, renderComparison } from "../../src/report/renderers/check-text";
import { githubAnnotations, withoutCommands } from "../../src/report/renderers/github-annotations";
import { renderJson } from "../../src/report/renderers/json";
import { renderMarkdown } from "../../src/report/renderers/markdown";
import { code, prose } from "../../src/report/renderers/markdown/escape";
import { renderSarif } from "../../src/report/renderers/sarif";
import { renderTerminal } from "../../src/report/renderers/terminal";
import type { Report } from "../../src/report/report";
import { snapshotOf } from "../../src/report/snapshot";
import { parseSnapshot, renderSnapshot } from "../../src/report/snapshot-file";
import { HandMadeContract, oneByOne, updates } from "../helpers/hand-made-log";
import { BUY, handMadeReport } from "../helpers/hand-made-report";
import { propertyParameters } from "../helpers/properties";

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<!-- -->",
  "</details></summary>",
  "&lt;b&gt;",
  "**bold** _it_ ~~no~~",
  "]}(",
  "[link](https://evil.example)",
  "![image](https://evil.example/x.png)",
  "https://evil.example www.evil.example a@evil.example",
  "@everyone #1 GH-1",
  "a | b | c",
  "a\\| b \\",
  "``` code `` `",
  "line\nbreak\r\nand\u2028more",
  "\u001b[31mred\u001b[0m\u001b]0;title\u0007",
  "\u009b2J\u202eright to left\u200b",
  "::error file=a.sol,line=1::pwned",
  "::warning::pwned%0A::error::pwned",
  "##[error]pwned",
  "a%0Ab%25",
  "{0} {{1}} [x](1)",
  "$(touch /tmp/x) `id` $HOME",
  "= formula",
  "# heading",
  "- item",
  "1. item",
  "| - | - |",
  "__proto__",
  "constructor",
  "-",
];

const RULES = {
  thresholds: { P: 0.5, alpha: 0.5, S: 2, newHotSlots: 0 },
  tolerance: { absolute: 0, relative: 0 },
  minCalls: 2,
  minGas: 0,
};

/** Three calls that wait on one variable; contract, variable, key, label and reasons are the name. */
function reportNamed(name: string): Report {
  const contract = new HandMadeContract(name);
  const keyed = contract.slot(name, name);
  const blocks = oneByOne(
    ["a", "b", "c"].map((from) => ({
      from,
      gas: 10,
      call: {
        contract,
        fn: BUY,
        touches: [updates(contract.slot(`${name}2`), 0n, 5n), updates(keyed, 0n, 7n)],
      },
    })),
  ).map((block) => ({ ...block, observed: { mode: "sequential" as const, fallback: name } }));
  const filters = {
    ...NO_FILTERS,
    excludeContracts: [`x${name}`],
    excludeSlots: [{ slot: `x${name}`, reason: name }],
  };
  const report = handMadeReport(blocks, [contract], [BUY], { filters: NO_FILTERS }, name);
  const named = {
    ...report,
    filters: handMadeReport(blocks, [contract], [BUY], { filters }).filters,
  };
  // what a detector says has names in it, and so has the place
  const findings = [
    {
      id: "D1" as const,
      label: "fixable" as const,
      confidence: "high" as const,
      message: `${name} is written by 3 transactions`,
      remedy: "split it, c[uint160(msg.sender) % 16]",
      caution: "a view sums up {parts}",
      slot: { contract: name, variable: name },
      functions: [{ contract: name, signature: BUY }],
      transactions: 3,
      speedUpBefore: 1,
      speedUpIfFixed: 3,
      perChain: report.findings.findings[0]?.perChain ?? {
        version: "waits" as const,
        value: "waits" as const,
        accountLocks: "waits" as const,
        deltaAware: "free" as const,
        accessList: "free" as const,
      },
      locations: [`contracts/${name}.sol:12`],
    },
  ];
  return { ...named, findings: { ...report.findings, findings } };
}

function outputs(name: string) {
  const report = reportNamed(name);
  const after = snapshotOf(report, RULES);
  const rows = after.rows.map((row) => ({ ...row, parallelism: 1, hot: [name] }));
  const before = { ...after, rows };
  const comparison = compareSnapshots(before, after, gasByRow(report));
  const check = checkReport(report, before, RULES);
  return {
    report,
    after,
    markdown: renderMarkdown(report, { comparison, check, baseline: name }),
    sarif: renderSarif(report, (source) => source),
    annotations: githubAnnotations(report, (source) => source),
    terminal: renderTerminal(report, { columns: 80, color: false }),
    check: renderCheck(check, name),
    comparison: renderComparison(comparison),
  };
}

/** What is left of Markdown when everything that is shown as code is taken out. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/`[^`\n]*`/g, "CODE")
    .replace(/<code>[^<\n]*(<!-- -->[^<\n]*)*<\/code>/g, "CODE");
}

const HARMLESS = outputs("Harmless");
const TAGS = /<\/?[a-z!][^>]*>/gi;

function expectNothingChanged(name: string): void {
  const { report, after, markdown, sarif, annotations, terminal, check, comparison } =
    outputs(name);

  // JSON: the very names, as data
  expect(JSON.parse(renderJson(report))).to.deep.equal(JSON.parse(JSON.stringify(report)));
  for (const text of [renderJson(report), sarif]) {
    expect(text.replaceAll("\n", "")).to.not.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }

  // snapshot: one line a function
  const snapshot = renderSnapshot(after);
  expect(snapshot.split("\n")).to.have.length(3);
  expect(parseSnapshot(snapshot, "x").rows).to.deep.equal(after.rows);

  // Markdown: the same lines, the same tags, the same cells
  const bare = withoutCode(markdown);
  const harmless = withoutCode(HARMLESS.markdown);
  expect(bare.split("\n").length, markdown).to.equal(harmless.split("\n").length);
  expect(bare.match(TAGS), markdown).to.deep.equal(harmless.match(TAGS));
  const cells = (text: string) =>
    text.split("\n").map((line) => (line.startsWith("|") ? line.split("|").length : 0));
  expect(cells(bare), markdown).to.deep.equal(cells(harmless));
  expect(bare).to.not.match(/@\w|(^|[^\\&])#\d|:\/\/|www\.\w/);

  // the terminal and logs: the same lines but for wrapping, no control characters
  for (const text of [terminal, check, comparison]) {
    expect(text.replaceAll("\n", "")).to.not.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
  expect(check.split("\n").length).to.equal(HARMLESS.check.split("\n").length);
  expect(comparison.split("\n").length).to.equal(HARMLESS.comparison.split("\n").length);

  // workflow commands: one a finding, on one line, with the same properties
  expect(annotations).to.have.length(1);
  const [annotation = ""] = annotations;
  expect(annotation).to.not.match(/[\r\n]/);
  const [, properties = "", message = ""] = /^::warning ([^:]*)::(.*)$/.exec(annotation) ?? [];
  expect(properties.split(",").map((property) => property.split("=")[0])).to.deep.equal([
    "file",
    "line",
    "title",
  ]);
  expect(decodeURIComponent(message.replace(/%(?!25|0A|0D)/g, "%25"))).to.be.a("string");

  // SARIF: one result, whose message can be no link and has no placeholder
  const [run] = JSON.parse(sarif).runs;
  expect(run.results).to.have.length(1);
  const [result] = run.results;
  expect(result.message.text.replace(/\{\{|\}\}/g, "brace")).to.not.match(/[{}]|(^|[^\\])\]\(/);
  expect(result.locations[0].physicalLocation.artifactLocation.uri).to.match(
    /^[A-Za-z0-9\-._~!'()*%/]+$/,
  );
}

describe("hostile names", () => {
  for (const name of HOSTILE) {
    it(`${JSON.stringify(name)} changes nothing in any output`, () => expectNothingChanged(name));
  }

  it("nor does any other text", () => {
    const pieces = fc.constantFrom(
      ..."|`\\*_[]()<>&#@!~{}%:=\n\r\u001b -.+\"'$a1",
      "::",
      "##[",
      "www.",
      "://",
      "\\|",
    );
    const text = fc
      .array(pieces, { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(""))
      .filter((name) => name.trim() !== "");
    fc.assert(fc.property(text, expectNothingChanged), propertyParameters({ numRuns: 150 }));
  });

  it("as code and as prose, Markdown shows what was there", () => {
    expect(code("a|b")).to.equal("<code>a&#124;b</code>");
    expect(code("balances[*]")).to.equal("`balances[*]`");
    expect(code("")).to.equal("<code></code>");
    expect(code("x".repeat(500)).length).to.be.below(210);
    expect(prose("a_b < c & d|e [x](y) #1 @me http://x")).to.equal(
      "a\\_b &lt; c &amp; d\\|e \\[x\\](y) \\#&#8203;1 @&#8203;me http:&#8203;//x",
    );
  });

  it("between the commands that stop commands, no name can start them again", () => {
    const text = withoutCommands("::error::x\nplain");
    const [first = "", ...rest] = text.trimEnd().split("\n");
    const token = first.replace("::stop-commands::", "");
    expect(token).to.match(/^[0-9a-f]{32}$/);
    expect(rest).to.deep.equal(["::error::x", "plain", `::${token}::`]);
    expect(withoutCommands("x")).to.not.equal(withoutCommands("x"));
  });
});
