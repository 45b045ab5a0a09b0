/**
 * npm run bench:memory [-- --peers default-2,hardhat2 --json FILE]
 *
 * The most memory that a network's process has had at any time (resident set, all threads and shared
 * buffers), each case in a new process: a state of a million slots, a block of 10,000 transactions, and
 * both together. Exit code 1 if ours takes more than the goal.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { HostedPeer } from "./hosted-peer";
import { OURS_2, type PeerEntry, peerEntry } from "./peer-list";
import { withPlanFile } from "./plan-file";
import { makePlan, TRANSACTIONS } from "./workload";

/** MB (10^6 bytes) */
const GOAL = 1_500;
const SLOTS = 1_000_000;
const LARGE_BLOCK = 10_000;
const WORKLOAD = "transfers";

interface Case {
  readonly name: string;
  readonly slots: number;
  readonly transactions: number;
}

const CASES: readonly Case[] = [
  { name: "started, setup mined", slots: 0, transactions: 0 },
  { name: `state of ${SLOTS} slots`, slots: SLOTS, transactions: TRANSACTIONS },
  { name: `block of ${LARGE_BLOCK} transactions`, slots: 0, transactions: LARGE_BLOCK },
  { name: "both", slots: SLOTS, transactions: LARGE_BLOCK },
];

interface Row {
  readonly peer: string;
  readonly name: string;
  /** MB */
  readonly peakRss: number;
  /** null = there is no goal for it */
  readonly reached: boolean | null;
}

/** MB: peak of a new process that fills the state and mines the block, three times with snapshots. */
async function peak(entry: PeerEntry, { slots, transactions }: Case): Promise<number> {
  const plan = makePlan({
    workloads: [WORKLOAD],
    senders: Math.max(transactions, 1),
    blockGasLimit: 1_000_000_000, // room for 10,000 transfers of 51,200 gas
    fills: slots === 0 ? [] : [slots],
  });
  return withPlanFile(plan, async (source) => {
    const peer = await HostedPeer.start(entry, source);
    try {
      for (const step of plan.fills.keys()) {
        await peer.fill(step);
      }
      for (let block = 0; block < 3 && transactions > 0; block++) {
        await peer.run(WORKLOAD);
      }
      const { peakRss } = await peer.usage();
      return peakRss;
    } finally {
      await peer.close();
    }
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      peers: { type: "string", default: OURS_2 },
      json: { type: "string" },
    },
  });
  const rows: Row[] = [];
  process.stdout.write("Peak resident set of the network's process, MB\n");
  for (const entry of values.peers.split(",").map(peerEntry)) {
    for (const one of CASES) {
      const peakRss = await peak(entry, one);
      const reached = entry.ours === undefined || one.transactions === 0 ? null : peakRss <= GOAL;
      rows.push({ peer: entry.name, name: one.name, peakRss, reached });
      const verdict = reached === null ? "" : `${reached ? "reached" : "MISSED "} goal ${GOAL}`;
      process.stdout.write(
        `${entry.name.padEnd(28)}${one.name.padEnd(34)}${peakRss.toFixed(0).padStart(7)}  ${verdict}\n`,
      );
    }
  }
  if (values.json !== undefined) {
    const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
    writeFileSync(values.json, `${JSON.stringify({ goal: GOAL, machine, rows }, null, 2)}\n`);
  }
  process.exitCode = rows.every(({ reached }) => reached !== false) ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
