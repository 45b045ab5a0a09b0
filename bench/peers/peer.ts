/** One thing that is measured: it has mined the setup and can run a workload's block again and again. */
import type { BenchPlan, Workload } from "../workload";

export interface Sample {
  /** ms */
  readonly wall: number;
  /** ms of CPU of the measured process, null where it cannot be read */
  readonly cpu: number | null;
  readonly gasUsed: bigint;
  /** for the check that every peer did the same work */
  readonly stateRoot: string | null;
}

export interface Peer {
  readonly name: string;
  /** Mines `workload` as one block on the state after setup and undoes it; only the block is timed. */
  run(workload: Workload): Promise<Sample>;
  close(): Promise<void>;
}

export type PeerFactory = (plan: BenchPlan) => Promise<Peer>;

/** Times `work` in this process. */
export async function timed<T>(
  work: () => Promise<T>,
): Promise<{ value: T; wall: number; cpu: number }> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  const value = await work();
  const wall = performance.now() - before;
  const cpu = process.cpuUsage(cpuBefore);
  return { value, wall, cpu: (cpu.user + cpu.system) / 1000 };
}
