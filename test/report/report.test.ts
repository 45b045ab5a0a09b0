import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { AccessLogReader } from "../../src/access-log/access-log-reader";
import { AccessLogWriter } from "../../src/access-log/access-log-writer";
import { collectWorkload } from "../../src/analysis/workload-builder";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import { buildReport, type ReportOptions } from "../../src/report/build-report";
import { renderJson } from "../../src/report/renderers/json";
import { renderMarkdown } from "../../src/report/renderers/markdown";
import { renderTerminal, terminalOptions } from "../../src/report/renderers/terminal";
import type { Report } from "../../src/report/report";
import { reportOnLogs } from "../../src/report/report-logs";
import { writeReportFile } from "../../src/report/write-file";
import {
  type HandMadeBlock,
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  oneByOne,
  updates,
} from "../helpers/hand-made-log";

const COUNTER = new HandMadeContract("Counter");
const INCREMENT = "increment()";
const RECORDING: Report["recording"] = {
  logs: 1,
  complete: true,
  droppedBlocks: 0,
  droppedTransactions: 0,
};

const NO_BLOCKS = { blocksParallel: 0, blocksInThread: 0, blocksSequential: 0, fallbacks: [] };

function reportOn(
  blocks: readonly HandMadeBlock[],
  options: Partial<ReportOptions> = {},
  contracts: readonly HandMadeContract[] = [COUNTER],
  recording = RECORDING,
): Report {
  return buildReport(
    collectWorkload(handMadeLog(blocks)),
    handMadeNaming(contracts, [INCREMENT]),
    {
      tool: "hardhat-parallel",
      toolVersion: "0.1.0",
      chainId: 31337n,
      hardforks: ["prague"],
      source: "test",
      recording,
    },
    { window: 64, ...options },
  );
}

function increment(from: string, contract = COUNTER): HandMadeTransaction {
  return {
    from,
    gas: 10,
    call: { contract, fn: INCREMENT, touches: [updates(contract.slot("count"))] },
  };
}

const TWO = oneByOne([increment("u1"), increment("u2")]);
const PLAIN = { columns: 80, color: false };

function lines(report: Report): string[] {
  return renderTerminal(report, PLAIN).trimEnd().split("\n");
}

describe("report", () => {
  it("a run without transactions is an error that says why", () => {
    for (const [blocks, reason] of [
      [[], "the run mined no block"],
      [[{ transactions: [] }], "every block of the run is empty (1)"],
      [
        oneByOne([{ ...increment("u1"), deploys: true }]),
        "every transaction of the run deploys a contract (1)",
      ],
    ] as [HandMadeBlock[], string][]) {
      expect(() => reportOn(blocks)).to.throw(
        `${ERRORS.REPORT_EMPTY.code}: no transactions were recorded: ${reason}`,
      );
    }
  });

  it("always ends with transactions, windows, senders, unresolved slots, where they ran, and the root check", () => {
    expect(lines(reportOn(TWO)).slice(-7)).to.deep.equal([
      "transactions      2",
      "windows           1 of up to 64 consecutive transactions",
      "senders           2; senders and keys as recorded",
      "unresolved slots  0 of 1",
      "executed          2 blocks in the calling thread (too few transactions, or one",
      "                  thread)",
      "parallel state root = sequential state root: yes (2 of 2 blocks checked)",
    ]);
  });

  it("names the block whose roots differ", () => {
    const [first, second] = TWO;
    if (first === undefined || second === undefined) {
      throw new Error("two blocks");
    }
    const rootCheck = {
      parallel: `0x${"1".repeat(64)}`,
      sequential: `0x${"2".repeat(64)}`,
    } as const;
    const report = reportOn([first, { ...second, rootCheck }]);
    expect(report.rootCheck).to.deep.equal({
      blocks: 2,
      checkedBlocks: 2,
      equalBlocks: 1,
      answer: "no",
      firstUnequalBlock: "2",
    });
    expect(lines(report).at(-1)).to.equal(
      "parallel state root = sequential state root: no: block 2 differs (1 of 2 checked blocks equal)",
    );
  });

  it("says so where no root was checked", () => {
    const report = reportOn(TWO.map((block) => ({ ...block, rootCheck: null })));
    expect(lines(report).at(-1)).to.equal(
      "parallel state root = sequential state root: not checked",
    );
  });

  it("says how transactions were grouped", () => {
    expect(lines(reportOn(TWO, { window: 1 })).join("\n")).to.include(
      "windows           2 of up to 1 consecutive transaction\n",
    );
    expect(
      lines(
        reportOn([{ transactions: [increment("u1"), increment("u2")] }], { window: "mined" }),
      ).join("\n"),
    ).to.include("windows           1 block as mined, at most 2 transactions each\n");
  });

  it("one transaction per window: says that nothing can be compared, and what to do", () => {
    const text = lines(reportOn(TWO, { window: "mined" })).join(" ");
    expect(text).to.include("Nothing can be compared");
    expect(text).to.include("--window 64");
    expect(text).to.not.include("Speed-up at most");
  });

  it("without conflicts there is nothing to fix", () => {
    const other = new HandMadeContract("Counter", "b");
    const text = lines(
      reportOn(oneByOne([increment("u1"), increment("u2", other)]), {}, [COUNTER, other]),
    ).join("\n");
    expect(text).to.include("No transaction waits for another: nothing to fix.");
  });

  it("counts unresolved slots and calls and shows some", () => {
    const slot = COUNTER.slot("?1");
    const report = reportOn(
      oneByOne([
        {
          from: "u1",
          gas: 1,
          call: { contract: COUNTER, fn: "unknown()", touches: [updates(slot)] },
        },
      ]),
    );
    expect(report.unresolved.slots).to.equal(1);
    expect(report.unresolved.calls).to.equal(1);
    expect(report.unresolved.examples).to.have.length(1);
    expect(lines(report).join("\n")).to.match(/unresolved slots\s+1 of 1 \(Counter\.slot 0x/);
  });

  it("what is missing from the recording is said", () => {
    const text = lines(
      reportOn(TWO, {}, [COUNTER], {
        logs: 1,
        complete: false,
        droppedBlocks: 2,
        droppedTransactions: 3,
      }),
    ).join(" ");
    expect(text).to.include("The recording is incomplete");
    expect(text).to.include("3 transactions of 2 blocks are missing");
  });

  it("a run on a fork is said to be one", () => {
    const text = (forked: boolean) =>
      lines(reportOn(TWO, {}, [COUNTER], { ...RECORDING, ...(forked ? { forked } : {}) })).join(
        " ",
      );
    expect(text(true)).to.include("The run was on a fork");
    expect(text(false)).not.to.include("fork");
  });

  it("blocks that fell back to sequential execution are said, with the reason", () => {
    const report = reportOn(
      TWO.map((block) => ({
        ...block,
        observed: { mode: "sequential" as const, fallback: "a worker died" },
      })),
    );
    expect(report.observed.fallbacks).to.deep.equal([{ reason: "a worker died", blocks: 2 }]);
    expect(lines(report).join(" ")).to.include("2 blocks ran sequentially: a worker died.");
  });

  it("where blocks were executed is said at any width, in Markdown with the reasons", () => {
    const modes = ["parallel", "inThread", "inThread", "sequential"] as const;
    const report = reportOn(
      modes.map((mode, index) => ({
        transactions: [increment(`u${index}`)],
        observed: { mode, ...(mode === "sequential" ? { fallback: "a *worker* died" } : {}) },
      })),
    );
    const executed =
      "1 block on threads, 2 blocks in the calling thread (too few transactions, or one thread), 1 block one after the other";
    for (const columns of [80, 120]) {
      const text = renderTerminal(report, { ...PLAIN, columns });
      expect(text.split("\n").filter((line) => line.length > columns)).to.deep.equal([]);
      const words = text.replace(/\s+/g, " ");
      expect(words, `${columns} columns`).to.include(`executed ${executed} parallel state root`);
    }
    const markdown = renderMarkdown(report);
    expect(markdown).to.include(`\nExecuted: ${executed}.<br>\n`);
    expect(markdown).to.include("\n1 block ran sequentially: a \\*worker\\* died.<br>\n");
    const unexecuted = { ...report, observed: { ...report.observed, ...NO_BLOCKS } };
    expect(renderTerminal(unexecuted, PLAIN)).not.to.match(/^executed/m);
    expect(renderMarkdown(unexecuted)).not.to.include("Executed:");
  });

  it("escape sequences and control characters in names change nothing on a terminal", () => {
    const evil = new HandMadeContract("Evil\u001b[31m\u0007\r\nName\u202e\u009b2J");
    const slot = evil.slot("va\u001b]0;title\u0007r", "k\u001b[2J\u200b");
    const report = reportOn(
      ["u1", "u2"].map((from) => ({
        transactions: [
          { from, gas: 10, call: { contract: evil, fn: INCREMENT, touches: [updates(slot)] } },
        ],
        observed: { fallback: "bad\u001b[5mnews" },
      })),
      {},
      [evil],
    );
    const text = renderTerminal(report, PLAIN);
    // line breaks are the only control characters left; nothing of Unicode's format class
    expect(text.replaceAll("\n", "")).to.not.match(/[\p{Cc}\p{Cf}]/u);
    expect(text).to.include("EvilName");
    expect(JSON.parse(renderJson(report))).to.deep.equal(report);
  });

  it("the same log gives the same bytes", () => {
    const text = (): string => renderJson(reportOn(TWO)) + renderTerminal(reportOn(TWO), PLAIN);
    expect(text()).to.equal(text());
  });

  it("no line is wider than the terminal, for any names", () => {
    const long = new HandMadeContract(`Very${"Long".repeat(30)}Name`);
    const slot = long.slot(`some${"Very".repeat(40)}LongVariable`, "key".repeat(50));
    const report = reportOn(
      oneByOne(
        ["u1", "u2", "u3"].map((from) => ({
          from,
          gas: 10,
          call: { contract: long, fn: INCREMENT, touches: [updates(slot)] },
        })),
      ),
      {},
      [long],
    );
    for (const columns of [80, 100, 120]) {
      for (const line of renderTerminal(report, { columns, color: false }).split("\n")) {
        expect([...line].length, line).to.be.at.most(columns);
      }
    }
  });
});

describe("terminal options", () => {
  it("a terminal's own width and colour", () => {
    expect(terminalOptions({ isTTY: true, columns: 93 }, {})).to.deep.equal({
      columns: 93,
      color: true,
    });
  });

  it("a pipe has no colour and 120 columns unless COLUMNS says otherwise", () => {
    expect(terminalOptions({}, {})).to.deep.equal({ columns: 120, color: false });
    expect(terminalOptions({}, { COLUMNS: "72" }).columns).to.equal(72);
    expect(terminalOptions({}, { COLUMNS: "wide" }).columns).to.equal(120);
  });

  it("NO_COLOR wins, FORCE_COLOR colours a pipe, a dumb terminal has none", () => {
    const terminal = { isTTY: true, columns: 80 };
    expect(terminalOptions(terminal, { NO_COLOR: "1", FORCE_COLOR: "1" }).color).to.equal(false);
    expect(terminalOptions({}, { FORCE_COLOR: "1" }).color).to.equal(true);
    expect(terminalOptions({}, { FORCE_COLOR: "0" }).color).to.equal(false);
    expect(terminalOptions(terminal, { TERM: "dumb" }).color).to.equal(false);
  });
});

describe("report from logs and to files", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-report-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  async function log(name: string, blocks: readonly HandMadeBlock[]): Promise<AccessLogReader> {
    const path = join(directory, name);
    const writer = new AccessLogWriter(path, {
      format: 1,
      tool: "hardhat-parallel",
      toolVersion: "0.1.0",
      chainId: 31337n,
      source: "test",
    });
    handMadeLog(blocks).forEach((block) => {
      writer.append(block);
    });
    await writer.close();
    return AccessLogReader.open(path);
  }

  it("logs of several processes are chains of their own: nothing conflicts across them", async () => {
    const logs = [await log("a", TWO), await log("b", TWO)];
    let seen = 0;
    const report = await reportOnLogs({
      logs,
      contracts: [],
      window: 64,
      onBlock: (blocks) => {
        seen = blocks;
      },
    });
    expect(seen).to.equal(4);
    expect(report.recording).to.deep.equal({ ...RECORDING, logs: 2 });
    expect(report.workload.window.count).to.equal(2);
    expect(report.conflicts.pairs).to.equal(2);
    expect(report.tool).to.deep.equal({ name: "hardhat-parallel", version: "0.1.0" });
    expect(report.network).to.deep.equal({ chainId: "31337", hardforks: ["prague"] });
  });

  it("no log at all is an empty run", async () => {
    const error = await reportOnLogs({ logs: [], contracts: [], window: 64 }).catch(
      (reason: unknown) => reason,
    );
    expect(isParallelError(error, ERRORS.REPORT_EMPTY)).to.equal(true);
  });

  it("an incomplete log makes an incomplete report", async () => {
    await log("a", TWO);
    const whole = readFileSync(join(directory, "a"));
    writeFileSync(join(directory, "cut"), whole.subarray(0, whole.length - 20));
    const cut = await AccessLogReader.open(join(directory, "cut"), { allowIncomplete: true });
    const report = await reportOnLogs({ logs: [cut], contracts: [], window: 64 });
    expect(report.recording.complete).to.equal(false);
  });

  it("a report file is written whole, replacing an older one", async () => {
    const path = join(directory, "report.json");
    await writeReportFile(path, "old");
    await writeReportFile(path, "new");
    expect(readFileSync(path, "utf8")).to.equal("new");
    expect(readdirSync(directory)).to.deep.equal(["report.json"]);
  });

  it("a path that cannot be written is named, and nothing is left behind", async () => {
    mkdirSync(join(directory, "taken"));
    for (const path of [join(directory, "absent", "r.json"), join(directory, "taken")]) {
      const error = await writeReportFile(path, "text").catch((reason: unknown) => reason);
      expect(isParallelError(error, ERRORS.REPORT_UNWRITABLE)).to.equal(true);
    }
    expect(readdirSync(directory)).to.deep.equal(["taken"]);
  });
});
