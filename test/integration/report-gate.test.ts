/**
 * Reports as a team's CI uses them: baselines and the check, outputs, the report after the tests,
 * shards that are merged; each by the command that a user types.
 *
 * The contract has two versions. In the good one each buyer has an entry of its own: no two of the
 * calls conflict, P = 1. In the contended one all add to one total: a chain of all calls, P = 0.
 */
import { strict as assert } from "node:assert";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Report } from "../../src/report/report";
import { linkPackage, type ProjectCopy, ROOT, type Run, withProjectCopy } from "./project-copy";

const CALLS = 12;

function sale(statement: string): string {
  return `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Sale {
  uint256 public total;
  mapping(address => uint256) public bought;
  mapping(string => uint256) public votes;
  function buy(uint256 amount) external {
    ${statement}
  }
  function vote(string calldata name) external {
    votes[name] += 1;
  }
}`;
}

const GOOD = sale("bought[msg.sender] += amount;");
const CONTENDED = sale("total += amount;");

/** Sends one call from each of CALLS users. */
const LOAD = `
  const { ethers } = require("hardhat");
  module.exports = async (call) => {
    const users = (await ethers.getSigners()).slice(0, ${CALLS});
    const sale = await ethers.deployContract("Sale");
    for (const user of users) await call(sale.connect(user));
  };
`;
const BUYERS = `require("./load")((sale) => sale.buy(3n));`;

/** Names that would be commands, markup or escape sequences if they were not shown as names. */
const HOSTILE =
  "x\\n::error file=a.sol::pwned%0A::warning::\\u001b[31m| <img src=x> | `a` @everyone ##[error]";
const VOTERS = `require("./load")((sale) => sale.vote("${HOSTILE}"));`;

function testFile(title: string, call: string, failures = 0): string {
  return `const load = require("../load");
    it("${title}", () => load((sale) => sale.${call}));
    ${'it("fails", () => { throw new Error("on purpose"); });'.repeat(failures)}`;
}

function ended(run: Run, code: number): Run {
  assert.equal(run.code, code, `exit code ${run.code}\n${run.stdout}\n${run.stderr}`);
  return run;
}

describe("reports in CI, end to end", function () {
  this.timeout(300_000);

  let project: ProjectCopy;
  let release: () => void = () => undefined;
  let finished: Promise<void> = Promise.resolve();

  function write(name: string, text: string): void {
    writeFileSync(join(project.directory, name), text);
  }

  function read(name: string): string {
    return readFileSync(join(project.directory, name), "utf8");
  }

  /** The project with other options of the report. */
  function configure(report: object): void {
    write(
      "hardhat.config.ts",
      read("plain.config.ts").replace(
        "solidity: {",
        `parallel: { report: ${JSON.stringify(report)} }, solidity: {`,
      ),
    );
  }

  /** Reports on a script of the project's. */
  function report(...parameters: string[]): Promise<Run> {
    return project.hardhat("parallel-report", "--script", "buyers.js", ...parameters);
  }

  before(async () => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
    await new Promise<void>((ready, reject) => {
      finished = withProjectCopy("counter", linkPackage, async (copy) => {
        project = copy;
        // two workers whatever the machine has
        write(
          "plain.config.ts",
          read("hardhat.config.ts").replace("solidity: {", "mocha: { jobs: 2 }, solidity: {"),
        );
        for (const directory of ["contracts", "test", "scripts"]) {
          rmSync(join(copy.directory, directory), { recursive: true });
          mkdirSync(join(copy.directory, directory));
        }
        write("contracts/Sale.sol", GOOD);
        write("load.js", LOAD);
        write("buyers.js", BUYERS);
        write("voters.js", VOTERS);
        ready();
        await new Promise<void>((done) => {
          release = done;
        });
      });
      finished.catch(reject);
    });
  });

  after(async () => {
    release();
    await finished;
  });

  describe("the check", () => {
    it("without a baseline is a notice, and passes", async () => {
      const run = ended(await report("--check", "--json", "good.json"), 0);
      assert.match(run.stderr, /there is no baseline \.parallel-snapshot: only the thresholds/);
      assert.match(run.stdout, /Check passed: 1 function checked, thresholds only\./);
    });

    it("--update writes one sorted line a function, and the same code passes", async () => {
      const run = ended(await report("--update"), 0);
      assert.match(run.stdout, /Baseline written to .*\.parallel-snapshot: 1 of 1 functions\n/);
      assert.match(
        read(".parallel-snapshot"),
        /^# hardhat-parallel snapshot 1, window=64, source=buyers\.js\ncontracts\/Sale\.sol:Sale:buy\(uint256\) P=1\.00 alpha=0\.00 hot=-\n$/,
      );
      const check = ended(await report("--check"), 0);
      assert.match(check.stdout, /Check passed: 1 function checked, against \.parallel-snapshot\./);
    });

    it("fails on the contended version, and names function and variable", async () => {
      write("contracts/Sale.sol", CONTENDED);
      const run = ended(
        await report(
          "--check",
          "--json",
          "bad.json",
          "--markdown",
          "bad.md",
          "--sarif",
          "bad.sarif",
        ),
        101,
      );
      assert.match(
        run.stdout,
        /Check failed: 1 function is worse .*\n {2}Sale\.buy\(uint256\): P was 1\.00, is 0\.00; α was 0\.00, is 1\.00; waits on Sale\.total, before on nothing\n/,
      );
      const markdown = read("bad.md");
      assert.match(markdown, /❌ \*\*Check failed/);
      assert.match(
        markdown,
        /\| `Sale\.buy\(uint256\)` \| 1\.00 → \*\*0\.00\*\* ⚠️ \| 0\.00 → \*\*1\.00\*\* ⚠️ \| – → `Sale\.total` \|/,
      );
      // `total += amount;` is in line 8 of the contract
      const [{ results }] = JSON.parse(read("bad.sarif")).runs;
      assert.equal(results.length, 1);
      const { artifactLocation, region } = results[0].locations[0].physicalLocation;
      assert.deepEqual([artifactLocation.uri, region.startLine], ["contracts/Sale.sol", 8]);
    });

    it("thresholds and accepted variables are the config's", async () => {
      configure({ baseline: "none", thresholds: { P: 0.5 } });
      const run = ended(await report("--check"), 101);
      assert.match(
        run.stdout,
        /Sale\.buy\(uint256\): P is 0\.00, at least 0\.50 is asked for; waits on Sale\.total\n/,
      );
      configure({
        check: true,
        thresholds: { P: 0.5 },
        excludeSlots: [
          { slot: "Sale.total", reason: "an auditor wants it" },
          { slot: "Sale.gone", reason: "of old" },
        ],
      });
      const accepted = ended(await report(), 0);
      assert.match(accepted.stdout, /Check passed/);
      assert.match(accepted.stdout, /Accepted \(Sale\.total: an auditor wants it\)/);
      assert.match(accepted.stderr, /nothing in this run is named by Sale\.gone/);
      configure({});
    });

    it("a baseline that is damaged, or of another run, is refused with a code of its own", async () => {
      const before = read(".parallel-snapshot");
      write(".parallel-snapshot", before.replace("hot=-", "hot"));
      assert.match(
        ended(await report("--check"), 102).stderr,
        /HHP420.*\.parallel-snapshot.*line 2/,
      );
      write(".parallel-snapshot", before.replace("window=64", "window=mined"));
      assert.match(
        ended(await report("--check"), 102).stderr,
        /HHP422.*the window was mined and is 64/,
      );
      write(".parallel-snapshot", before);
      assert.match(
        ended(await report("--check", "--update"), 102).stderr,
        /HHP130.*--update.*--check/,
      );
    });
  });

  describe("parallel-report:diff", () => {
    function diff(...parameters: string[]): Promise<Run> {
      return project.hardhat("parallel-report:diff", ...parameters);
    }

    it("says what changed, and ends with the code of a failed check if it is for the worse", async () => {
      const worse = ended(await diff("good.json", "bad.json", "--markdown", "diff.md"), 101);
      assert.match(
        worse.stdout,
        /^1 function changed, 0 did not, 0 new, 0 not measured any more\.$/m,
      );
      assert.match(
        worse.stdout,
        /Sale\.buy\(uint256\): P 1\.00 → 0\.00; α 0\.00 → 1\.00; waits on nothing → Sale\.total/,
      );
      assert.match(read("diff.md"), /Changed since `good\.json`/);
      ended(await diff("bad.json", "good.json"), 0);
      // a snapshot can be on either side
      ended(await diff(".parallel-snapshot", "bad.json"), 101);
      assert.match(
        ended(await diff("good.json", ".parallel-snapshot"), 0).stdout,
        /0 functions changed/,
      );
    });

    it("files that are no reports are refused with a code of their own", async () => {
      write("text.json", "hello");
      write("future.json", read("good.json").replace('"version": 1', '"version": 2'));
      for (const [file, message] of [
        ["text.json", /HHP424: text\.json is not a report: it is not JSON/],
        ["future.json", /HHP425: future\.json is a report of version 2/],
        ["absent.json", /HHP423: cannot read .*absent\.json: ENOENT/],
      ] as const) {
        assert.match(ended(await diff(file, "good.json"), 102).stderr, message);
      }
    });
  });

  describe("outputs", () => {
    it("one that cannot be written does not keep the others from being, and has its code", async () => {
      const run = ended(
        await report("--no-compile", "--json", "absent/report.json", "--markdown", "other.md"),
        103,
      );
      assert.match(run.stderr, /HHP402: cannot write the report .*absent\/report\.json/);
      assert.match(read("other.md"), /^<!-- hardhat-parallel -->/);
      assert.deepEqual(
        readdirSync(project.directory).filter((name) => name.endsWith(".tmp")),
        [],
      );
    });

    it("in GitHub Actions there is a summary, annotations, and no name is a command", async () => {
      const environment = {
        GITHUB_ACTIONS: "true",
        GITHUB_STEP_SUMMARY: join(project.directory, "summary.md"),
        GITHUB_WORKSPACE: join(project.directory, ".."),
      };
      write("summary.md", "# Of a step before\n");
      const run = ended(
        await project.hardhatWith(
          environment,
          ...["parallel-report", "--no-compile", "--script", "voters.js", "--markdown", "evil.md"],
        ),
        0,
      );
      assert.match(run.stdout, /votes\[\*\]/);
      const lines = run.stdout.split("\n").map((line) => line.trim());
      const commands = lines.filter((line) => line.startsWith("::"));
      const [stop = "", end, ...annotations] = commands;
      assert.match(stop, /^::stop-commands::[0-9a-f]{32}$/);
      assert.equal(end, `::${stop.replace("::stop-commands::", "")}::`);
      for (const annotation of annotations) {
        assert.match(annotation, /^::warning file=counter\/contracts\/Sale\.sol,line=\d+,title=/);
      }
      assert.match(read("summary.md"), /^# Of a step before\n\n<!-- hardhat-parallel -->\n/);
      assert.equal(
        read("summary.md").split("<!-- hardhat-parallel -->\n")[1],
        read("evil.md").split("<!-- hardhat-parallel -->\n")[1],
      );
      assert.doesNotMatch(read("evil.md"), /<img/);
    });
  });

  describe("after hardhat test", () => {
    before(() => {
      write("test/a.js", testFile("buys", "buy(1n)"));
      write("test/b.js", testFile("votes", 'vote("x")'));
    });

    const NAMES = /^ {2}buy +12[\s\S]*^ {2}vote +12|^ {2}vote +12[\s\S]*^ {2}buy +12/m;

    it("PARALLEL_REPORT=1 shows the report after mocha's own output", async () => {
      const run = ended(await project.hardhatWith({ PARALLEL_REPORT: "1" }, "test"), 0);
      assert.match(run.stdout, /2 passing[\s\S]*Parallel report: 24 transactions of test/);
      assert.match(run.stdout, NAMES);
      const plain = ended(await project.hardhat("test", "--no-compile"), 0);
      assert.doesNotMatch(plain.stdout + plain.stderr, /Parallel report/);
    });

    it("mocha's workers are merged", async () => {
      configure({ enabled: true, json: "workers.json" });
      const run = ended(await project.hardhat("test", "--no-compile", "--parallel"), 0);
      assert.match(run.stdout, /2 passing[\s\S]*Parallel report: 24 transactions of test/);
      assert.match(run.stdout, NAMES);
      const { recording }: Report = JSON.parse(read("workers.json"));
      assert.equal(recording.logs, 3); // the third is of the process that started the workers
    });

    it("the exit code is the tests'; the check's only if they pass", async () => {
      configure({ enabled: true, check: true, baseline: "none", thresholds: { P: 0.5 } });
      const unchecked = ended(await project.hardhat("test", "--no-compile"), 101);
      assert.match(unchecked.stdout, /2 passing[\s\S]*Check failed: \d functions? (is|are) worse/);
      write("test/c.js", testFile("buys", "buy(1n)", 3));
      const failing = ended(await project.hardhat("test", "--no-compile"), 3);
      assert.match(failing.stdout, /3 failing[\s\S]*Check failed/);
      rmSync(join(project.directory, "test/c.js"));
      configure({ enabled: true, json: "absent/x.json" });
      const unwritable = ended(await project.hardhat("test", "--no-compile"), 103);
      assert.match(unwritable.stderr, /hardhat-parallel: HHP402/);
      configure({});
    });

    it("where nothing can be recorded the tests run, and a line says why there is no report", async () => {
      const on = { PARALLEL_REPORT: "1" };
      for (const [environment, parameters, message] of [
        [
          { PARALLEL: "0" },
          ["test", "--no-compile"],
          /no report: the environment has PARALLEL=0\./,
        ],
        [{}, ["coverage"], /no report: solidity-coverage is running/],
        [
          {},
          ["test", "--no-compile", "--grep", "nothing"],
          /no report: the tests sent no transactions/,
        ],
      ] as const) {
        if (parameters[0] === "coverage") {
          write("hardhat.config.ts", `${read("plain.config.ts")}\nimport "solidity-coverage";`);
        }
        const run = ended(await project.hardhatWith({ ...on, ...environment }, ...parameters), 0);
        assert.match(run.stderr, message);
        assert.doesNotMatch(run.stdout, /Parallel report/);
        configure({});
      }
    });
  });

  describe("shards", () => {
    it("recordings are merged into the report of one run", async () => {
      ended(await project.hardhat("compile", "--force", "--quiet"), 0);
      const record = (shard: string, file: string) =>
        project.hardhat("parallel-report", "--no-compile", "--record", `shards/${shard}`, file);
      assert.match(
        ended(await record("1", "test/a.js"), 0).stdout,
        /Recording kept in .*shards\/1/,
      );
      ended(await record("2", "test/b.js"), 0);
      const merge = (...parameters: string[]) =>
        project.hardhat("parallel-report:merge", "--no-compile", ...parameters);
      const merged = ended(await merge("--json", "merged.json", "shards"), 0);
      assert.match(merged.stdout, /Parallel report: 24 transactions of test/);
      // mocha's workers, a chain each, as the shards have one each
      ended(
        await project.hardhat(
          "parallel-report",
          "--no-compile",
          "--parallel",
          "--json",
          "one.json",
        ),
        0,
      );
      const [one, both] = ["one.json", "merged.json"].map((name): Report => JSON.parse(read(name)));
      const comparable = (whole: Report | undefined) => ({
        ...whole,
        // which log comes first is chance, and with it the example of a pair
        matrix: whole?.matrix.map(({ slots: _, ...pair }) => pair),
        // and the process that starts mocha's workers has a log of its own, without a block
        recording: null,
        observed: null,
      });
      assert.deepEqual(comparable(both), comparable(one));
      ended(await merge("--json", "again.json", "shards/2", "shards/1"), 0);
      assert.equal(read("again.json"), read("merged.json"));
    });

    it("what is no recording, given twice, or used before is refused", async () => {
      const merge = (...parameters: string[]) =>
        project.hardhat("parallel-report:merge", "--no-compile", ...parameters);
      assert.match(ended(await merge("merged.json"), 102).stderr, /HHP136.*it is not a recording/);
      assert.match(ended(await merge("contracts"), 102).stderr, /HHP136.*no recording in it/);
      assert.match(ended(await merge("absent"), 102).stderr, /HHP136.*ENOENT/);
      assert.match(ended(await merge("shards", "shards/1"), 102).stderr, /HHP136.*given as/);
      const used = await project.hardhat("parallel-report", "--no-compile", "--record", "shards/1");
      assert.match(ended(used, 102).stderr, /HHP135.*shards\/1 already holds recordings/);
      const [log = ""] = readdirSync(join(project.directory, "shards/1"));
      const path = `shards/1/${log}`;
      chmodSync(join(project.directory, path), 0o644);
      writeFileSync(join(project.directory, path), "not a recording");
      assert.match(ended(await merge(path), 102).stderr, /HHP301/);
    });
  });
});
