/**
 * npm run bench:growth [-- --rounds 5 --peers default-2,hardhat2 --json FILE]
 *
 * How the cost of a token transfer grows with the number of transactions in its block, and with the
 * number of storage slots in the token. Whole blocks, as in bench.ts: the same peers, requests and clock.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { HostedPeer } from "./hosted-peer";
import { HARDHAT_2, OURS_2, type PeerEntry, peerEntry } from "./peer-list";
import type { Sample } from "./peers/peer";
import { withPlanFile } from "./plan-file";
import { median, medianRatio } from "./statistics";
import { makePlan, TRANSACTIONS } from "./workload";

/** transactions */
export const BLOCK_SIZES = [10, 100, 1_000, 10_000];
/** storage slots */
export const STATE_SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** gas; room for the largest block: 10,000 transfers of 51,200 */
const BLOCK_GAS_LIMIT = 1_000_000_000;
/** transactions before measuring */
const WARM_UP = 7_500;
const WORKLOAD = "transfers";

interface Point {
  readonly name: string;
  /** transactions of the block */
  readonly transactions: number;
  /** slots filled before */
  readonly slots: number;
  readonly samples: readonly Sample[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      peers: { type: "string", default: [OURS_2, HARDHAT_2].join(",") },
      json: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: expected a whole number of at least 1, got ${values.rounds}`);
  }
  const entries = values.peers.split(",").map(peerEntry);
  const bySize = await blocksBySize(entries, rounds);
  print("Blocks by number of transactions", bySize, ({ transactions }) => transactions);
  const byState = await blocksByState(entries, rounds);
  print(
    `Blocks of ${TRANSACTIONS} by number of storage slots filled before`,
    byState,
    ({ slots }) => slots,
  );
  if (values.json !== undefined) {
    const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
    writeFileSync(
      values.json,
      `${JSON.stringify({ rounds, machine, bySize, byState }, null, 2)}\n`,
    );
  }
}

function blocksBySize(entries: readonly PeerEntry[], rounds: number): Promise<Point[]> {
  const senders = BLOCK_SIZES.at(-1) ?? 0;
  return withPeers({ senders, fills: [] }, entries, async (peers) => {
    const points: Point[] = [];
    for (const transactions of BLOCK_SIZES) {
      points.push(...(await measure(peers, { transactions, slots: 0 }, rounds)));
    }
    return points;
  });
}

function blocksByState(entries: readonly PeerEntry[], rounds: number): Promise<Point[]> {
  return withPeers({ senders: TRANSACTIONS, fills: STATE_SIZES }, entries, async (peers) => {
    const points: Point[] = [];
    for (const [step, slots] of STATE_SIZES.entries()) {
      for (const peer of peers) {
        const started = performance.now();
        await peer.fill(step);
        const seconds = (performance.now() - started) / 1000;
        progress(`${slots} slots: ${peer.name}: filled in ${seconds.toFixed(1)} s`);
      }
      points.push(...(await measure(peers, { transactions: TRANSACTIONS, slots }, rounds)));
    }
    return points;
  });
}

function withPeers(
  { senders, fills }: { readonly senders: number; readonly fills: readonly number[] },
  entries: readonly PeerEntry[],
  work: (peers: readonly HostedPeer[]) => Promise<Point[]>,
): Promise<Point[]> {
  progress("signing transactions …");
  const plan = makePlan({ workloads: [WORKLOAD], senders, blockGasLimit: BLOCK_GAS_LIMIT, fills });
  return withPlanFile(plan, async (source) => {
    const peers: HostedPeer[] = [];
    try {
      for (const entry of entries) {
        peers.push(await HostedPeer.start(entry, source));
      }
      return await work(peers);
    } finally {
      for (const peer of peers) {
        await peer.close();
      }
    }
  });
}

async function measure(
  peers: readonly HostedPeer[],
  { transactions, slots }: Pick<Point, "transactions" | "slots">,
  rounds: number,
): Promise<Point[]> {
  const samples = peers.map((): Sample[] => []);
  const warmUp = Math.max(2, Math.min(50, Math.ceil(WARM_UP / transactions)));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [i, peer] of peers.entries()) {
      const sample = await peer.run(WORKLOAD, transactions);
      if (round >= 0) {
        samples[i]?.push(sample);
        progress(
          `${transactions} transactions, ${slots} slots: round ${round + 1}: ${peer.name}: ${sample.wall.toFixed(1)} ms`,
        );
      }
    }
  }
  const gas = new Set(samples.flat().map(({ results }) => results.gasUsed));
  if (gas.size !== 1) {
    throw new Error(`peers disagree on gas used: ${[...gas].join(", ")}`);
  }
  return peers.map(({ name }, i) => ({ name, transactions, slots, samples: samples[i] ?? [] }));
}

/** A row for each size: each peer's time for one transaction, and how it compares with the last peer's. */
function print(title: string, points: readonly Point[], sizeOf: (point: Point) => number): void {
  const names = [...new Set(points.map(({ name }) => name))];
  const base = names.at(-1);
  process.stdout.write(
    `\n${title}: ms for each transaction, wall (CPU); "x": times as fast as ${base}, wall (CPU)\n`,
  );
  process.stdout.write(
    `${"".padStart(10)}${names.map((name) => `${name.padStart(26)}${"x".padStart(18)}`).join("")}\n`,
  );
  for (const size of new Set(points.map(sizeOf))) {
    const row = points.filter((point) => sizeOf(point) === size);
    const reference = row.find(({ name }) => name === base);
    const cells = row.map((point) => {
      const each = (["wall", "cpu"] as const).map((clock) =>
        (median(times(point, clock)) / point.transactions).toFixed(4),
      );
      const ratio = (["wall", "cpu"] as const).map((clock) =>
        medianRatio(reference === undefined ? [] : times(reference, clock), times(point, clock)),
      );
      return `${`${each[0]} (${each[1]})`.padStart(26)}${`${ratio[0]?.toFixed(2)} (${ratio[1]?.toFixed(2)})`.padStart(18)}`;
    });
    process.stdout.write(`${String(size).padStart(10)}${cells.join("")}\n`);
  }
}

/** ms, by round; NaN where CPU cannot be read */
function times({ samples }: Point, clock: "wall" | "cpu"): number[] {
  return samples.map((sample) => sample[clock] ?? Number.NaN);
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
