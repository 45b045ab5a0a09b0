/**
 * npm run bench:tests [-- --rounds 5 --json FILE --profile DIRECTORY]
 *
 * 500 ordinary tests (fixture-projects/real-contracts/bench) by `hardhat test` on the stock network
 * and on ours, interleaved round by round: whole processes, Hardhat's start included. Ratios are
 * medians over rounds of times measured side by side. `--profile` runs each once more under
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
const SUITE = "bench/ordinary-tests.ts";
const TESTS = 500;

const NETWORKS: readonly { readonly name: string; readonly environment: NodeJS.ProcessEnv }[] = [
  { name: "stock", environment: { PARALLEL: "0" } },
  { name: "ours, fast engine", environment: { ENGINE: "fast" } },
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

function measure(environment: NodeJS.ProcessEnv, directory: string): Sample {
  const results = join(directory, "results.json");
  const usage = join(directory, "usage.json");
  hardhat(
    { ...environment, RESULTS: results, USAGE: usage },
    ["--require", join(__dirname, "report-usage.cjs")],
    "test",
    "--no-compile",
    SUITE,
  );
  const { stats }: { stats: { passes: number; failures: number; duration: number } } = JSON.parse(
    readFileSync(results, "utf8"),
  ); // mocha's JSON reporter
  if (stats.passes !== TESTS) {
    throw new Error(`${stats.passes} of ${TESTS} tests passed, ${stats.failures} failed`);
  }
  const used: { wall: number; cpu: number } = JSON.parse(readFileSync(usage, "utf8"));
  return { ...used, tests: stats.duration };
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
  const samples = NETWORKS.map((): Sample[] => []);
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-bench-"));
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [i, { name, environment }] of NETWORKS.entries()) {
        const sample = measure(environment, directory);
        if (round >= 0) {
          samples[i]?.push(sample);
        }
        process.stderr.write(
          `${round < 0 ? "warm-up" : `round ${round + 1}`} ${name}: ${sample.wall.toFixed(0)} ms\n`,
        );
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  if (values.profile !== undefined) {
    const into = resolve(values.profile);
    for (const { environment } of NETWORKS) {
      hardhat(environment, ["--cpu-prof", "--cpu-prof-dir", into], "test", "--no-compile", SUITE);
    }
  }
  const rows = NETWORKS.map(({ name }, i) => row(name, samples[i] ?? [], samples[0] ?? []));
  process.stdout.write(`\n${TESTS} ordinary tests, medians of ${rounds} rounds, ms\n`);
  process.stdout.write(
    `${"".padEnd(26)}${["wall", "CPU", "tests", "wall/stock", "CPU/stock", "tests/stock"].map((title) => title.padStart(12)).join("")}\n`,
  );
  for (const { name, wall, cpu, tests, ratios } of rows) {
    const numbers = [wall, cpu, tests].map((value) => value.toFixed(0).padStart(12));
    const relative = [ratios.wall, ratios.cpu, ratios.tests].map((value) =>
      `${value.toFixed(2)}x`.padStart(12),
    );
    process.stdout.write(`${name.padEnd(26)}${[...numbers, ...relative].join("")}\n`);
  }
  if (values.json !== undefined) {
    const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
    writeFileSync(values.json, `${JSON.stringify({ rounds, machine, rows, samples }, null, 2)}\n`);
  }
}

function row(name: string, own: readonly Sample[], stock: readonly Sample[]) {
  const of = (key: keyof Sample) => own.map((sample) => sample[key]);
  const ratio = (key: keyof Sample) =>
    medianRatio(
      of(key),
      stock.map((sample) => sample[key]),
    );
  return {
    name,
    wall: median(of("wall")),
    cpu: median(of("cpu")),
    tests: median(of("tests")),
    ratios: { wall: ratio("wall"), cpu: ratio("cpu"), tests: ratio("tests") },
  };
}

main();
