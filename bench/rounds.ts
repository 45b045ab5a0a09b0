/**
 * Measures a workload on all peers: processes of their own, started for this workload, warmed up, then
 * a few blocks each (after some that are not counted), round by round, so that a slow phase of the machine
 * meets all of them.
 *
 * Owns: the order of blocks, what is kept of them, the check that peers agree. Does not own: what a
 * block is (peers/), ratios (statistics.ts).
 */
import { HostedPeer } from "./hosted-peer";
import type { Effort, PeerEntry } from "./peer-list";
import type { Peer, Sample } from "./peers/peer";
import { mean, medianRatio } from "./statistics";

export interface Measured {
  readonly id: string;
  readonly name: string;
  /** ms of wall time: the first block of a fresh process that has mined the setup */
  readonly cold: number;
  /** of each round; peers with fewer rounds took part in the first ones */
  readonly samples: readonly Sample[];
  /**
   * So many of the block's transactions were mined, and times were multiplied; absent = all. The samples'
   * results are those of the part.
   */
  readonly part?: number;
}

/** ms, by round. */
export function wallsOf({ samples }: Measured): number[] {
  return samples.map(({ wall }) => wall);
}

/** ms of CPU, by round; null unless all rounds have it. */
export function cpusOf({ samples }: Measured): number[] | null {
  const values = samples.flatMap(({ cpu }) => cpu ?? []);
  return values.length === samples.length ? values : null;
}

/** How many times as fast: medians of the rounds' ratios. */
export interface Ratio {
  readonly wall: number;
  readonly cpu: number | null;
}

/** How many times as fast as the base the peer is. */
export function ratioTo(peer: Measured, base: Measured): Ratio {
  const [own, other] = [cpusOf(peer), cpusOf(base)];
  return {
    wall: medianRatio(wallsOf(base), wallsOf(peer)),
    cpu: own === null || other === null ? null : medianRatio(other, own),
  };
}

export interface WorkloadResult {
  readonly workload: string;
  readonly transactions: number;
  readonly gasUsed: bigint;
  readonly peers: readonly Measured[];
  /** peer and reason */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * transactions of a heavy block on Hardhat's own networks: 500 loops take Hardhat 2 up to 20 GB of memory,
 * of which it gives back a part. Its time for each transaction is about the same in 50 and in 500.
 */
const HEAVY_PART = 100;

/** Blocks that are not measured: so many at least, and until they have taken so much time. */
interface Unmeasured {
  readonly blocks: number;
  readonly seconds: number;
}

export interface Share {
  /** of a new process, after the cold block */
  readonly warmUp: Unmeasured;
  /**
   * In each round before the block that is measured: the process has slept while others had their turn, and its
   * first blocks take up to twice as long.
   */
  readonly leadIn: Unmeasured;
  /** Blocks of each round that are measured, one after the other: see `meanOf`. */
  readonly measured: number;
  /** the most */
  readonly rounds: number;
  /** transactions of the block; absent = all */
  readonly part?: number;
}

/**
 * A thread has compiled all that it will compile, and our network knows where its blocks take less time, after
 * some 250 blocks of light transactions.
 */
const WARM_UP_SECONDS = 5;
const LEAD_IN_SECONDS = 0.6;
const MEASURED_BLOCKS = 9;
/** Long blocks are their own average. */
const MAX_MEASURED_SECONDS = 1;
/** Where a block takes seconds (code in a tier that users never see it in), nothing is waited for longer. */
const MAX_UNMEASURED_SECONDS = 20;

/** How much of a workload a peer is asked for; heavy = a block of loops, or many blocks. */
export function effortOf(effort: Effort, heavy: boolean, rounds: number): Share {
  const least = (blocks: number): Unmeasured => ({ blocks, seconds: 0 });
  switch (effort) {
    case "fast":
      return {
        warmUp: { blocks: 39, seconds: WARM_UP_SECONDS },
        leadIn: { blocks: 1, seconds: LEAD_IN_SECONDS },
        measured: MEASURED_BLOCKS,
        rounds,
      };
    case "compiled":
      return { warmUp: least(39), leadIn: least(1), measured: MEASURED_BLOCKS, rounds };
    case "moderate":
      return {
        warmUp: least(2),
        leadIn: least(1),
        measured: 1,
        rounds,
        ...(heavy ? { part: HEAVY_PART } : {}),
      };
    case "slow":
      return heavy
        ? { warmUp: least(0), leadIn: least(0), measured: 1, rounds: Math.min(rounds, 2) }
        : { warmUp: least(1), leadIn: least(0), measured: 1, rounds };
  }
}

/** Mines until enough was; returns how many blocks that took. */
async function mineUnmeasured(
  { blocks, seconds }: Unmeasured,
  mine: () => Promise<Sample>,
): Promise<number> {
  let mined = 0;
  let milliseconds = 0;
  while (
    (mined < blocks || milliseconds < seconds * 1000) &&
    milliseconds < MAX_UNMEASURED_SECONDS * 1000
  ) {
    milliseconds += (await mine()).wall;
    mined++;
  }
  return mined;
}

/** Mines so many blocks, but none that would begin after the time; returns their mean. */
async function mineMeasured(blocks: number, mine: () => Promise<Sample>): Promise<Sample> {
  const samples: Sample[] = [];
  let milliseconds = 0;
  do {
    const sample = await mine();
    samples.push(sample);
    milliseconds += sample.wall;
  } while (samples.length < blocks && milliseconds < MAX_MEASURED_SECONDS * 1000);
  return meanOf(samples);
}

/**
 * Mean times, so that garbage costs as much as it costs in the long run: there is a collection in some blocks
 * and none in others. Of three and more without the fastest and the slowest one: single blocks of some 15 ms
 * take up to twice as long, now and then, on a virtual machine.
 */
export function meanOf(samples: readonly Sample[]): Sample {
  const inOrder = [...samples].sort((a, b) => a.wall - b.wall);
  const counted = inOrder.length < 3 ? inOrder : inOrder.slice(1, -1);
  const middle = counted[counted.length >> 1];
  if (middle === undefined) {
    throw new Error("no block was measured");
  }
  const cpus = counted.flatMap(({ cpu }) => cpu ?? []);
  return {
    ...middle,
    wall: mean(counted.map(({ wall }) => wall)),
    cpu: cpus.length === counted.length ? mean(cpus) : null,
  };
}

export interface Measurement {
  readonly workload: string;
  readonly transactions: number;
  readonly heavy: boolean;
  /** file of the plan, or folder of blocks */
  readonly source: string;
  readonly rounds: number;
  readonly entries: readonly PeerEntry[];
  readonly leftOut: WorkloadResult["leftOut"];
  readonly progress: (line: string) => void;
}

type RunningPeer = Pick<Peer, "run" | "close">;

/** How peers are started; HostedPeer, where nothing else is said. */
export interface PeerHost {
  /** What has to be done before the peer can start; null = nothing. */
  missing(entry: PeerEntry): string | null;
  /** The peer with the setup mined. `source`: as in Measurement. */
  start(entry: PeerEntry, source: string): Promise<RunningPeer>;
}

interface Running {
  readonly entry: PeerEntry;
  readonly peer: RunningPeer;
  readonly share: Share;
  readonly cold: number;
  readonly samples: Sample[];
}

/** Throws if peers disagree on what the block did. */
export async function measure(
  measurement: Measurement,
  host: PeerHost = HostedPeer,
): Promise<WorkloadResult> {
  const { workload, transactions, heavy, rounds, progress } = measurement;
  const leftOut = [...measurement.leftOut];
  const opened: RunningPeer[] = [];
  const running: Running[] = [];
  const mine = async (peer: RunningPeer, { part }: Share): Promise<Sample> => {
    const sample = await peer.run(workload, part);
    const scale = part === undefined ? 1 : transactions / part;
    return {
      ...sample,
      wall: sample.wall * scale,
      cpu: sample.cpu === null ? null : sample.cpu * scale,
    };
  };
  try {
    for (const entry of measurement.entries) {
      const reason = host.missing(entry);
      if (reason !== null) {
        leftOut.push({ name: entry.name, reason });
        continue;
      }
      const peer = await host.start(entry, measurement.source);
      opened.push(peer);
      const share = effortOf(entry.effort, heavy, rounds);
      const started = performance.now();
      const { wall: cold } = await mine(peer, share);
      running.push({ entry, peer, share, cold, samples: [] });
      const blocks = await mineUnmeasured(share.warmUp, () => mine(peer, share));
      const seconds = (performance.now() - started) / 1000;
      progress(
        `${workload}: ${entry.name}: ${blocks + 1} warm-up blocks in ${seconds.toFixed(1)} s`,
      );
    }
    for (let round = 0; round < rounds; round++) {
      // another one begins each round: nobody is always measured after the same neighbour
      for (let turn = 0; turn < running.length; turn++) {
        const next = running[(turn + round) % running.length];
        if (next !== undefined && round < next.share.rounds) {
          await mineUnmeasured(next.share.leadIn, () => mine(next.peer, next.share));
          const sample = await mineMeasured(next.share.measured, () => mine(next.peer, next.share));
          next.samples.push(sample);
          progress(
            `${workload}: round ${round + 1}: ${next.entry.name}: ${sample.wall.toFixed(1)} ms`,
          );
        }
      }
    }
    await expectSameParts(workload, running);
  } finally {
    for (const peer of opened) {
      await peer.close();
    }
  }
  const peers = running.map(
    ({ entry: { id, name }, share: { part }, cold, samples }): Measured => ({
      id,
      name,
      cold,
      samples,
      ...(part === undefined ? {} : { part }),
    }),
  );
  const whole = peers.filter(({ part }) => part === undefined);
  expectSame(workload, whole);
  const [first] = whole.length === 0 ? peers : whole;
  const scale = first?.part === undefined ? 1 : transactions / first.part;
  const gasUsed = BigInt(Math.round(Number(first?.samples[0]?.results.gasUsed ?? 0) * scale));
  return { workload, transactions, gasUsed, peers, leftOut };
}

/** Peers that mined a part of the block agree with one another, and with a peer that mines all otherwise. */
async function expectSameParts(workload: string, running: readonly Running[]): Promise<void> {
  const parts = running.filter(({ share }) => share.part !== undefined);
  const part = parts[0]?.share.part;
  if (part === undefined) {
    return;
  }
  const other = running.find(({ share }) => share.part === undefined);
  const checked = other === undefined ? [] : [await other.peer.run(workload, part)];
  expectSame(workload, [
    ...parts.map(({ entry: { name }, samples }) => ({ name, samples })),
    { name: other?.entry.name ?? "", samples: checked },
  ]);
}

/** Throws unless all samples have the same results, by name. */
function expectSame(workload: string, peers: readonly Pick<Measured, "name" | "samples">[]): void {
  const byName = new Map<string, Map<string, string>>();
  for (const { name: peer, samples } of peers) {
    for (const { results } of samples) {
      for (const [name, value] of Object.entries(results)) {
        const values = byName.get(name) ?? new Map<string, string>();
        byName.set(name, values.set(value, values.get(value) ?? peer));
      }
    }
  }
  for (const [name, values] of byName) {
    if (values.size > 1) {
      const said = [...values].map(([value, peer]) => `${peer}: ${value.slice(0, 80)}`);
      throw new Error(`${workload}: peers disagree on ${name}: ${said.join("; ")}`);
    }
  }
}
