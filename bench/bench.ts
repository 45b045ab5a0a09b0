/**
 * npm run bench [-- --rounds 5 --json FILE --only transfer,hot,compute]
 *
 * Blocks of 500 transactions on every peer, interleaved round by round in one process run. Ratios
 * are medians over rounds of times measured side by side; the machine's speed cancels.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createAnvilPeer } from "./peers/anvil";
import { createEthereumjsPeer } from "./peers/ethereumjs-vm";
import { createExecutorPeer, createSequentialPeer } from "./peers/our-executor";
import { createOurNetworkPeer } from "./peers/our-network";
import type { Peer, Sample } from "./peers/peer";
import { createStockHardhatPeer } from "./peers/stock-hardhat";
import { median, medianRatio } from "./statistics";
import { makePlan, TRANSACTIONS, WORKLOADS, type WorkloadName } from "./workload";

/** What has to hold: peer a is at least `factor` times as fast as peer b. */
const GOALS: readonly { workload: WorkloadName; fast: string; slow: string; factor: number }[] = [
  { workload: "compute", fast: "executor, 2 threads", slow: "executor, 1 thread", factor: 1.6 },
  { workload: "transfer", fast: "executor, 2 threads", slow: "@ethereumjs/vm runBlock", factor: 3 },
  { workload: "hot", fast: "executor, 2 threads", slow: "executor, sequential", factor: 0.9 },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      json: { type: "string" },
      only: { type: "string", default: WORKLOADS.join(",") },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: expected a whole number of at least 1, got ${values.rounds}`);
  }
  const only = values.only.split(",");
  process.stderr.write("signing transactions, starting peers …\n");
  const plan = await makePlan();
  const peers: Peer[] = [];
  try {
    peers.push(await createSequentialPeer(plan));
    peers.push(await createExecutorPeer(plan, 1));
    peers.push(await createExecutorPeer(plan, 2));
    peers.push(await createOurNetworkPeer(plan, 2));
    peers.push(await createEthereumjsPeer(plan));
    peers.push(await createStockHardhatPeer(plan));
    peers.push(await createAnvilPeer(plan));
    const report = [];
    for (const workload of plan.workloads.filter(({ name }) => only.includes(name))) {
      const samples = new Map<string, Sample[]>(peers.map(({ name }) => [name, []]));
      for (let round = -1; round < rounds; round++) {
        for (const peer of peers) {
          const sample = await peer.run(workload);
          if (round >= 0) {
            samples.get(peer.name)?.push(sample);
          }
          process.stderr.write(
            `${workload.name} ${round < 0 ? "warm-up" : `round ${round + 1}`} ${peer.name}: ${sample.wall.toFixed(0)} ms\n`,
          );
        }
      }
      checkSameWork(workload.name, samples);
      report.push({ workload: workload.name, rows: printTable(workload.name, peers, samples) });
    }
    const goals = printGoals(report);
    if (values.json !== undefined) {
      const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
      writeFileSync(
        values.json,
        `${JSON.stringify({ rounds, machine, report, goals }, null, 2)}\n`,
      );
    }
    process.exitCode = goals.every((goal) => goal.reached) ? 0 : 1;
  } finally {
    for (const peer of peers) {
      await peer.close();
    }
  }
}

function checkSameWork(workload: string, samples: ReadonlyMap<string, readonly Sample[]>): void {
  const gas = new Set([...samples.values()].flat().map((sample) => sample.gasUsed));
  if (gas.size !== 1) {
    throw new Error(`${workload}: peers disagree on gas used: ${[...gas].join(", ")}`);
  }
}

interface Row {
  readonly peer: string;
  readonly wall: readonly number[];
  readonly cpu: readonly (number | null)[];
  readonly transactionsPerSecond: number;
  readonly gas: string;
}

function printTable(
  workload: string,
  peers: readonly Peer[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): Row[] {
  const rows = peers.map(({ name }) => {
    const own = samples.get(name) ?? [];
    const wall = own.map((sample) => sample.wall);
    return {
      peer: name,
      wall,
      cpu: own.map((sample) => sample.cpu),
      transactionsPerSecond: TRANSACTIONS / (median(wall) / 1000),
      gas: String(own[0]?.gasUsed ?? 0n),
    };
  });
  const base = rows[0]?.wall ?? [];
  process.stdout.write(`\n${workload}: ${TRANSACTIONS} transactions, ${rows[0]?.gas} gas\n`);
  process.stdout.write(
    `${"".padEnd(26)}${"median ms".padStart(10)}${"CPU ms".padStart(10)}${"tx/s".padStart(9)}${"Mgas/s".padStart(9)}${"vs sequential".padStart(15)}\n`,
  );
  for (const row of rows) {
    const wall = median(row.wall);
    const cpu = row.cpu.every((value) => value !== null)
      ? median(row.cpu.map(Number)).toFixed(0)
      : "-";
    process.stdout.write(
      `${row.peer.padEnd(26)}${wall.toFixed(1).padStart(10)}${cpu.padStart(10)}${row.transactionsPerSecond.toFixed(0).padStart(9)}${(Number(row.gas) / wall / 1000).toFixed(1).padStart(9)}${`${medianRatio(base, row.wall).toFixed(2)}x`.padStart(15)}\n`,
    );
  }
  return rows;
}

function printGoals(report: readonly { workload: WorkloadName; rows: readonly Row[] }[]) {
  process.stdout.write("\nGoals\n");
  return GOALS.flatMap((goal) => {
    const rows = report.find(({ workload }) => workload === goal.workload)?.rows;
    const fast = rows?.find(({ peer }) => peer === goal.fast);
    const slow = rows?.find(({ peer }) => peer === goal.slow);
    if (fast === undefined || slow === undefined) {
      return [];
    }
    const ratio = medianRatio(slow.wall, fast.wall);
    const reached = ratio >= goal.factor;
    process.stdout.write(
      `${reached ? "reached" : "MISSED "} ${goal.workload}: ${goal.fast} = ${ratio.toFixed(2)}x ${goal.slow} (goal ${goal.factor}x)\n`,
    );
    return [{ ...goal, ratio, reached }];
  });
}

void main();
