/**
 * The window on a fixed number of lanes: list scheduling (Graham 1966). Whenever a lane is free,
 * the ready transaction with the lowest index starts on the free lane with the lowest number; so
 * the schedule is one function of the graph. Any such schedule ends at T_p with
 * max(T1 / p, CP) <= T_p <= T1 / p + CP (Graham, Brent). docs/metrics.md, "Speed-up with p lanes".
 *
 * Owns: the schedule. Does not own: the graph.
 */
import { invariant } from "../errors/base-error";
import { type DependencyGraph, forEachDependency } from "./dependency-graph";
import { IndexHeap } from "./index-heap";

export interface LaneSchedule {
  /** gas from the first start to the last end */
  readonly makespan: number;
  /** lane of each transaction */
  readonly lane: readonly number[];
  /** when each transaction starts, in gas from the window's start */
  readonly start: readonly number[];
}

export function scheduleOnLanes(graph: DependencyGraph, lanes: number): LaneSchedule {
  invariant(Number.isInteger(lanes) && lanes >= 1, `a schedule needs lanes, got ${lanes}`);
  const size = graph.weights.length;
  const waitsFor: number[] = [];
  const dependents: number[][] = Array.from({ length: size }, () => []);
  const ready = new IndexHeap();
  for (let transaction = 0; transaction < size; transaction++) {
    let count = 0;
    forEachDependency(graph, transaction, (from) => {
      dependents[from]?.push(transaction);
      count++;
    });
    waitsFor.push(count);
    if (count === 0) {
      ready.push(transaction, transaction);
    }
  }
  const free = new IndexHeap();
  for (let lane = 0; lane < Math.min(lanes, size); lane++) {
    free.push(lane, lane);
  }
  const running = new IndexHeap();
  const lane: number[] = new Array<number>(size).fill(-1);
  const start: number[] = new Array<number>(size).fill(0);
  let now = 0;
  while (ready.size > 0 || running.size > 0) {
    while (ready.size > 0 && free.size > 0) {
      const transaction = ready.pop() ?? -1;
      const chosen = free.pop() ?? -1;
      lane[transaction] = chosen;
      start[transaction] = now;
      running.push(now + (graph.weights[transaction] ?? 0), transaction);
    }
    now = running.lowestKey ?? now;
    while (running.lowestKey === now) {
      const done = running.pop() ?? -1;
      const freed = lane[done] ?? -1;
      free.push(freed, freed);
      for (const dependent of dependents[done] ?? []) {
        const left = (waitsFor[dependent] ?? 0) - 1;
        waitsFor[dependent] = left;
        if (left === 0) {
          ready.push(dependent, dependent);
        }
      }
    }
  }
  invariant(!lane.includes(-1), "a transaction was never scheduled");
  return { makespan: now, lane, start };
}
