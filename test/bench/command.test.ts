/** The benchmark as a command: what it prints and writes, and its exit code. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "../../bench/bench";
import { PEERS } from "../../bench/peer-list";

const ROOT = join(__dirname, "..", "..");
const HOOK = join(ROOT, "scripts", "typescript-hook.cjs");
const ON_FAKE_PEERS = join(__dirname, "command-on-fake-peers.ts");

/** The part of the results file that is read here. */
interface Results {
  readonly rounds: number;
  readonly machine: { readonly node: string };
  readonly tables: readonly {
    readonly workload: string;
    readonly rows: readonly { readonly id: string; readonly wall: number }[];
  }[];
  readonly results: readonly { readonly workload: string; readonly gasUsed: string }[];
  readonly goals: readonly { readonly workload: string; readonly reached: boolean | null }[];
}

describe("the benchmark's options", () => {
  it("are five rounds of all blocks and all peers by default", () => {
    const { rounds, names, withRealBlocks, entries, json } = parse([]);
    expect(names).to.deep.equal([
      ...["transfers", "keccak", "arithmetic", "swaps-1", "swaps-8", "swaps-64"],
      ...["mint", "nft", "mixed"],
    ]);
    expect(entries).to.deep.equal(PEERS);
    expect({ rounds, withRealBlocks, json }).to.deep.equal({
      ...{ rounds: 5, withRealBlocks: true, json: undefined },
    });
  });

  it("choose blocks and peers by name, and refuse other words", () => {
    const { names, withRealBlocks, entries } = parse(["--only", "nft,mint", "--peers", "anvil"]);
    expect(names).to.deep.equal(["nft", "mint"]);
    expect(withRealBlocks).to.equal(false);
    expect(entries.map(({ id }) => id)).to.deep.equal(["anvil"]);
    expect(() => parse(["--only", "swaps"])).to.throw('--only: no workload "swaps"');
    expect(() => parse(["--peers", "geth"])).to.throw('no peer "geth"');
    expect(() => parse(["--rounds", "1.5"])).to.throw("--rounds: expected a whole number");
  });
});

describe("the benchmark's command", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-test-"));
  });

  after(() => rmSync(directory, { recursive: true, force: true }));

  function run(file: string, ...parameters: string[]): SpawnSyncReturns<string> {
    const started = spawnSync(process.execPath, ["-r", HOOK, file, ...parameters], {
      cwd: directory,
      encoding: "utf8",
    });
    if (started.error !== undefined) {
      throw started.error;
    }
    return started;
  }

  function written(file: string): Results {
    return JSON.parse(readFileSync(join(directory, file), "utf8")); // see Results
  }

  it("ends with 1 where a goal is missed, and writes what it found", () => {
    const { status, stdout, stderr } = run(
      ON_FAKE_PEERS,
      JSON.stringify({ "default-1": 1_500, "default-2": 2_000, anvil: 5_000 }),
      ...["--rounds", "3", "--only", "mint,keccak", "--json", "results.json"],
      ...["--peers", "default-1,default-2,hardhat3,anvil"],
    );
    expect(status, stderr).to.equal(1);
    expect(stdout.slice(stdout.indexOf("\nGoals"))).to.equal(
      `
Goals (wall time; medians of the rounds' ratios)
not measured transfers: default-2 at least 6 times as fast as hardhat2
not measured keccak: default-2 at least 10 times as fast as hardhat2
not measured arithmetic: default-2 at least 50 times as fast as hardhat2
reached keccak: default-2 is 2.50 times as fast as anvil, goal 1, 2.50 by CPU time of all threads
not measured arithmetic: default-2 at least 1 times as fast as anvil
MISSED  mint: default-2 is 0.75 times as fast as default-1, goal 0.95, 0.75 by CPU time of all threads
not measured nft: default-2 at least 0.95 times as fast as default-1
not measured swaps-1: default-2 at least 0.95 times as fast as default-1
MISSED  keccak: default-2 is 0.75 times as fast as default-1, goal 1.7, 0.75 by CPU time of all threads
not measured arithmetic: default-2 at least 1.7 times as fast as default-1
not measured transfers: default-2 at least 1.4 times as fast as default-1
`,
    );
    expect(stdout.split("stock Hardhat 3: left out: not installed")).to.have.length(3);
    const { rounds, machine, tables, results, goals } = written("results.json");
    expect([rounds, machine.node]).to.deep.equal([3, process.version]);
    const rows = [
      ["default-1", 1_500],
      ["default-2", 2_000],
      ["anvil", 5_000],
    ];
    expect(
      tables.map(({ workload, rows }) => [workload, rows.map(({ id, wall }) => [id, wall])]),
    ).to.deep.equal([
      ["mint", rows],
      ["keccak", rows],
    ]);
    expect(results.map(({ workload, gasUsed }) => [workload, gasUsed])).to.deep.equal([
      ["mint", "10500000"],
      ["keccak", "10500000"],
    ]);
    expect(
      goals.flatMap(({ workload, reached }) => (reached === null ? [] : [[workload, reached]])),
    ).to.deep.equal([
      ["keccak", true],
      ["mint", false],
      ["keccak", false],
    ]);
    expect(goals).to.have.length(11);
  });

  it("ends with 0 where all are reached that were measured", () => {
    const walls = { "default-1": 1_500, "default-2": 1_000, hardhat2: 6_000 };
    const { status, stdout, stderr } = run(
      ON_FAKE_PEERS,
      ...[JSON.stringify(walls), "--rounds", "1", "--only", "transfers"],
      ...["--peers", "default-1,default-2,hardhat2"],
    );
    expect(status, stderr).to.equal(0);
    expect(stdout.match(/^reached transfers: /gm)).to.have.length(2);
  });

  it("starts as bench.ts, and says why a peer does not take part", () => {
    // no process of a peer is started: anvil cannot take mainnet blocks, whether they are there or not
    const { status, stdout, stderr } = run(
      join(ROOT, "bench", "bench.ts"),
      ...["--rounds", "1", "--only", "real-blocks", "--peers", "anvil", "--json", "anvil.json"],
    );
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(
      /\nanvil: left out: JSON-RPC has no way|\nreal-blocks: left out: no blocks in /,
    );
    expect(written("anvil.json").goals.map(({ reached }) => reached)).to.deep.equal(
      Array(11).fill(null),
    );
  });

  for (const file of ["bench.ts", "growth.ts"]) {
    it(`refuses what it cannot do: ${file}`, () => {
      const { status, stderr } = run(join(ROOT, "bench", file), "--rounds", "0");
      expect(status).to.equal(1);
      expect(stderr).to.contain("--rounds: expected a whole number of at least 1, got 0");
    });
  }
});
