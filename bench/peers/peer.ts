/** One thing that is measured: it has mined the setup and can run a workload's block again and again. */
import type { BenchPlan } from "../workload";

export interface Sample {
  /** ms */
  readonly wall: number;
  /** ms of CPU of all threads of the measured process, null where it cannot be read */
  readonly cpu: number | null;
  /** What every peer has to agree on, by name: gas used, receipts root, logs bloom. */
  readonly results: Readonly<Record<string, string>>;
  /** Where the block ran, in our own words ("parallel", "sequential", …); absent = another's. */
  readonly mode?: string;
}

export interface Peer {
  /**
   * Mines the workload's first `transactions` transactions (default: all) as one block on the state
   * after setup, and undoes it; only the block is timed.
   */
  run(workload: string, transactions?: number): Promise<Sample>;
  /** Mines the plan's fill number `step` for good. */
  fill(step: number): Promise<void>;
  close(): Promise<void>;
}

export type PeerFactory = (plan: BenchPlan) => Promise<Peer>;

/** ms of CPU that this process has used so far. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Times `work`; `cpu` reads the measured process's clock. */
export async function timed<T>(
  work: () => Promise<T>,
  cpu: () => number | null = ownCpu,
): Promise<{ readonly value: T; readonly wall: number; readonly cpu: number | null }> {
  const cpuBefore = cpu();
  const before = performance.now();
  const value = await work();
  const wall = performance.now() - before;
  const cpuAfter = cpu();
  return {
    value,
    wall,
    cpu: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
  };
}
