/**
 * Two processes of a peer that mine the same block at the same time, sharing nothing: what the machine's cores
 * give at most. Two threads of one process, which have to agree on one block, cannot get more done.
 */
import { isDeepStrictEqual } from "node:util";
import { HostedPeer } from "../hosted-peer";
import type { PeerEntry } from "../peer-list";
import { withPlanFile } from "../plan-file";
import type { BenchPlan } from "../workload";
import type { Peer, Sample } from "./peer";

type Process = Pick<Peer, "run" | "fill" | "close">;

/** Throws what a process throws. */
export async function createTwoProcessesPeer(entry: PeerEntry, plan: BenchPlan): Promise<Peer> {
  return withPlanFile(plan, async (file) => {
    const first = await HostedPeer.start(entry, file);
    try {
      return new TwoProcessesPeer(first, await HostedPeer.start(entry, file));
    } catch (error) {
      await first.close();
      throw error;
    }
  });
}

/** Times are for each of the two blocks: half of what both took together. */
export class TwoProcessesPeer implements Peer {
  readonly #first: Process;
  readonly #second: Process;

  constructor(first: Process, second: Process) {
    this.#first = first;
    this.#second = second;
  }

  /** Throws if the two disagree on what the block did. */
  async run(workload: string, transactions?: number): Promise<Sample> {
    const [one, other] = await Promise.all([
      this.#first.run(workload, transactions),
      this.#second.run(workload, transactions),
    ]);
    if (!isDeepStrictEqual(one.results, other.results)) {
      throw new Error(`${workload}: two processes of the same network disagree`);
    }
    return {
      ...one,
      wall: Math.max(one.wall, other.wall) / 2,
      cpu: one.cpu === null || other.cpu === null ? null : (one.cpu + other.cpu) / 2,
    };
  }

  async fill(step: number): Promise<void> {
    await Promise.all([this.#first.fill(step), this.#second.fill(step)]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#first.close(), this.#second.close()]);
  }
}
