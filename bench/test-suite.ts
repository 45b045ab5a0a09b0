/**
 * npm run bench:tests [-- --rounds 5 --json FILE --profile DIRECTORY]
 *
 * Ordinary tests (fixture-projects/real-contracts/bench) by `hardhat test` on the stock network and on
 * ours, interleaved round by round: whole processes, Hardhat's start included. Two suites: 500 tests of
 * which 30 % see a revert, and the 350 others by themselves, as a revert costs ours a replay on stock.
 * Ratios are medians over rounds of times measured side by side. `--profile` runs each once more under
 * `node --cpu-prof` and leaves the profiles in the directory.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { median, medianRatio } from "./statistics";

const ROOT = resolve(__dirname, "..");
const PROJECT = join(ROOT, "fixture-projects", "real-contracts");
const HARDHAT = join(ROOT, "node_modules", "hardhat", "internal", "cli", "bootstrap.js");
const FILE = "bench/ordinary-tests.ts";
/** of stock's CPU and wall time */
const GOAL = 1;

interface Suite {
  readonly name: string;
  readonly tests: number;
  readonly environment: NodeJS.ProcessEnv;
}

interface NetworkChoice {
  readonly name: string;
  readonly environment: NodeJS.ProcessEnv;
}

const SUITES: readonly Suite[] = [
  { name: "500 ordinary tests, 30 % of them with a revert", tests: 500, environment: {} },
  { name: "350 ordinary tests without reverts", tests: 350, environment: { REVERTS: "0" } },
];

const STOCK: NetworkChoice = { name: "stock", environment: { PARALLEL: "0" } };
const OURS: NetworkChoice = { name: "ours, fast engine", environment: { ENGINE: "fast" } };
const NETWORKS: readonly NetworkChoice[] = [
  STOCK,
  OURS,
  { name: "ours, ethereumjs engine", environment: { ENGINE: "ethereumjs" } },
];

interface Sample {
  /** ms, of the whole process */
  readonly wall: number;
  /** ms, of all its threads */
  readonly cpu: number;
  /** ms, of the tests alone */
  readonly tests: number;
}

interface Row {
  readonly suite: string;
  readonly network: string;
  /** medians, ms */
  readonly wall: number;
  readonly cpu: number;
  readonly tests: number;
  /** medians of the rounds' ratios to stock */
  readonly ratios: Sample;
  readonly samples: readonly Sample[];
}

function hardhat(
  environment: NodeJS.ProcessEnv,
  nodeArguments: readonly string[],
  ...parameters: string[]
): void {
  execFileSync(process.execPath, [...nodeArguments, HARDHAT, ...parameters], {
    cwd: PROJECT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function measure(suite: Suite, network: NetworkChoice, directory: string): Sample {
  const results = join(directory, "results.json");
  const usage = join(directory, "usage.json");
  hardhat(
    { ...suite.environment, ...network.environment, RESULTS: results, USAGE: usage },
    ["--require", join(__dirname, "report-usage.cjs")],
    "test",
    "--no-compile",
    FILE,
  );
  const { stats }: { stats: { passes: number; failures: number; duration: number } } = JSON.parse(
    readFileSync(results, "utf8"),
  ); // mocha's JSON reporter
  if (stats.passes !== suite.tests) {
    throw new Error(`${stats.passes} of ${suite.tests} tests passed, ${stats.failures} failed`);
  }
  const used: { wall: number; cpu: number } = JSON.parse(readFileSync(usage, "utf8"));
  return { ...used, tests: stats.duration };
}

/** One sample of each network per round, the first round (a warm-up) not counted. */
function measureRounds(suite: Suite, rounds: number): readonly Sample[][] {
  const samples = NETWORKS.map((): Sample[] => []);
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-bench-"));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [i, network] of NETWORKS.entries()) {
        const sample = measure(suite, network, directory);
        if (round > 0) {
          samples[i]?.push(sample);
        }
        process.stderr.write(
          `${round === 0 ? "warm-up" : `round ${round}`} ${network.name}: ${sample.cpu.toFixed(0)} ms of CPU\n`,
        );
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return samples;
}

function rowsOf(suite: Suite, samples: readonly Sample[][]): readonly Row[] {
  return NETWORKS.map((network, i) => {
    const own = samples[i] ?? [];
    const of = (key: keyof Sample) => own.map((sample) => sample[key]);
    const ratio = (key: keyof Sample) =>
      medianRatio(
        of(key),
        (samples[NETWORKS.indexOf(STOCK)] ?? []).map((sample) => sample[key]),
      );
    return {
      suite: suite.name,
      network: network.name,
      wall: median(of("wall")),
      cpu: median(of("cpu")),
      tests: median(of("tests")),
      ratios: { wall: ratio("wall"), cpu: ratio("cpu"), tests: ratio("tests") },
      samples: own,
    };
  });
}

function print(suite: Suite, rows: readonly Row[], rounds: number): void {
  process.stdout.write(`\n${suite.name}, medians of ${rounds} rounds, ms\n`);
  process.stdout.write(
    `${"".padEnd(26)}${["wall", "CPU", "tests", "wall/stock", "CPU/stock", "tests/stock"].map((title) => title.padStart(12)).join("")}\n`,
  );
  for (const { network, wall, cpu, tests, ratios } of rows) {
    const numbers = [wall, cpu, tests].map((value) => value.toFixed(0).padStart(12));
    const relative = [ratios.wall, ratios.cpu, ratios.tests].map((value) =>
      `${value.toFixed(2)}x`.padStart(12),
    );
    process.stdout.write(`${network.padEnd(26)}${[...numbers, ...relative].join("")}\n`);
  }
}

function printGoals(rows: readonly Row[]): void {
  process.stdout.write("\nGoals\n");
  for (const { suite, network, ratios } of rows.filter((row) => row.network === OURS.name)) {
    for (const [what, ratio] of [
      ["CPU", ratios.cpu],
      ["wall", ratios.wall],
    ] as const) {
      process.stdout.write(
        `${ratio <= GOAL ? "reached" : "MISSED "} ${suite}: ${network} takes ${ratio.toFixed(2)} of stock's ${what} time, goal at most ${GOAL.toFixed(1)}\n`,
      );
    }
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      json: { type: "string" },
      profile: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: expected a whole number of at least 1, got ${values.rounds}`);
  }
  hardhat({}, [], "compile", "--quiet");
  const rows = SUITES.flatMap((suite) => {
    process.stderr.write(`${suite.name}\n`);
    const own = rowsOf(suite, measureRounds(suite, rounds));
    print(suite, own, rounds);
    return own;
  });
  printGoals(rows);
  if (values.profile !== undefined) {
    const into = resolve(values.profile);
    for (const { environment } of NETWORKS) {
      hardhat(environment, ["--cpu-prof", "--cpu-prof-dir", into], "test", "--no-compile", FILE);
    }
  }
  if (values.json !== undefined) {
    const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
    writeFileSync(values.json, `${JSON.stringify({ rounds, machine, rows }, null, 2)}\n`);
  }
}

main();
