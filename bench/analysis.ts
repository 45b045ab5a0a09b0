/**
 * npm run bench:analysis [-- --sizes 1000,10000,100000]
 *
 * From access logs on disk to the report: time and memory for logs of several sizes, each in a process
 * of its own, and whether the time grows near-linearly with the transactions. The logs are made by our
 * executor: calls of 997 users on one contract, one in eight of all to a shared counter.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AccessLogReader } from "../src/access-log/access-log-reader";
import { createCallReplay } from "../src/chain/replay-call";
import { createEngine } from "../src/execution/engine/engine-choice";
import { reportOnLogs } from "../src/report/report-logs";
import { makeLog } from "./analysis-log";

/** What has to hold at the largest size, on 2 cores. */
const GOAL = { transactions: 100_000, seconds: 60, megabytes: 2048 };
/** CPU time per transaction may grow so much from size to size before it is no longer called near-linear. */
const GROWTH = 1.5;

interface Measured {
  readonly transactions: number;
  readonly seconds: number;
  /** of the processor, user and system: what other processes do does not count */
  readonly cpuSeconds: number;
  /** largest resident set of the process */
  readonly megabytes: number;
}

/** In a process of its own: reads the log, prints what it measured as JSON. */
async function measure(path: string): Promise<void> {
  const started = performance.now();
  const log = await AccessLogReader.open(path);
  const report = await reportOnLogs({
    logs: [log],
    contracts: [],
    window: 64,
    replayer: createCallReplay(createEngine("fast"), log.header.chainId),
  });
  const measured: Measured = {
    transactions: report.workload.transactions,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: cpuSeconds(),
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(JSON.stringify(measured));
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measureApart(path: string): Measured {
  const run = spawnSync(
    process.execPath,
    [...process.execArgv, "-r", "ts-node/register/transpile-only", __filename, "--log", path],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  if (run.status !== 0) {
    throw new Error(`the analysis of ${path} ended with exit code ${run.status}`);
  }
  return JSON.parse(run.stdout) as Measured; // printed by measure()
}

async function main(sizes: readonly number[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-bench-"));
  try {
    const rows: Measured[] = [];
    process.stdout.write("transactions   seconds   CPU s   CPU ms per 1,000    MB\n");
    for (const size of sizes) {
      const row = measureApart(await makeLog(directory, size));
      rows.push(row);
      process.stdout.write(
        `${String(row.transactions).padStart(12)}${row.seconds.toFixed(1).padStart(10)}${row.cpuSeconds.toFixed(1).padStart(8)}${perThousand(row).toFixed(0).padStart(19)}${row.megabytes.toFixed(0).padStart(6)}\n`,
      );
    }
    process.exitCode = checkGoals(rows) ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function perThousand({ cpuSeconds, transactions }: Measured): number {
  return (1000 * 1000 * cpuSeconds) / transactions;
}

function checkGoals(rows: readonly Measured[]): boolean {
  const results = rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const growth = before === undefined ? 1 : perThousand(row) / perThousand(before);
    const checks: [string, boolean][] =
      before === undefined
        ? []
        : [
            [
              `${row.transactions}: ${growth.toFixed(2)} times the CPU time per transaction of ${before.transactions} (goal ${GROWTH})`,
              growth <= GROWTH,
            ],
          ];
    if (row.transactions >= GOAL.transactions) {
      checks.push(
        [`under ${GOAL.seconds} s`, row.seconds < GOAL.seconds],
        [`under ${GOAL.megabytes} MB`, row.megabytes < GOAL.megabytes],
      );
    }
    return checks;
  });
  process.stdout.write("\nGoals\n");
  for (const [text, reached] of results) {
    process.stdout.write(`${reached ? "reached" : "MISSED "} ${text}\n`);
  }
  return results.every(([, reached]) => reached);
}

const { values } = parseArgs({
  options: {
    log: { type: "string" },
    sizes: { type: "string", default: "1000,10000,100000" },
  },
});
void (values.log === undefined ? main(values.sizes.split(",").map(Number)) : measure(values.log));
