/**
 * The window on p lanes that know no conflicts beforehand (optimistic concurrency control, as
 * Block-STM, Gelashvili et al. 2023): what is executed in vain. docs/metrics.md, "Re-executions".
 *
 * The rules, so that the run is one function of the graph:
 * - A free lane starts the lowest transaction that is ready. Lanes and ends are taken in order.
 * - An execution reads what has ended when it starts. Where it ends, it is in vain if a transaction
 *   that it depends on ended after it started.
 * - Where a transaction ends, every execution that depends on it and started earlier is in vain: one
 *   that has ended is begun again, one that still runs is found out at its end.
 * - A transaction waits for one it depends on if that one was executed in vain and has not ended
 *   again (Block-STM's ESTIMATE).
 *
 * Owns: this simulation. Does not own: the lanes of a schedule that knows the conflicts
 * (lane-schedule.ts).
 */
import { invariant } from "../errors/base-error";
import { type DependencyGraph, forEachDependency } from "./dependency-graph";
import { IndexHeap } from "./index-heap";

export interface OptimisticRun {
  /** executions beyond the first of each transaction */
  readonly reexecutions: number;
  /** executions of the transaction that was executed most; 0 for an empty window */
  readonly maxIncarnations: number;
  /** gas of executions in vain */
  readonly wastedGas: number;
  /** gas from the first start to the last end */
  readonly makespan: number;
}

/** @param lanes p, at least 1 */
export function runOptimistically(graph: DependencyGraph, lanes: number): OptimisticRun {
  invariant(Number.isInteger(lanes) && lanes >= 1, `a run needs lanes, got ${lanes}`);
  return new Run(graph, lanes).result();
}

class Run {
  readonly #graph: DependencyGraph;
  readonly #dependents: number[][];
  readonly #state: ("ready" | "running" | "ended")[];
  readonly #start: number[];
  readonly #end: number[];
  readonly #executions: number[];
  readonly #ready = new IndexHeap();
  readonly #running = new IndexHeap();
  /** those that wait for a transaction that was executed in vain */
  readonly #waiting = new Map<number, number[]>();
  #freeLanes: number;
  #now = 0;
  #wasted = 0;

  constructor(graph: DependencyGraph, lanes: number) {
    const size = graph.weights.length;
    this.#graph = graph;
    this.#freeLanes = lanes;
    this.#dependents = Array.from({ length: size }, () => []);
    this.#state = new Array(size).fill("ready");
    this.#start = new Array(size).fill(0);
    this.#end = new Array(size).fill(0);
    this.#executions = new Array(size).fill(0);
    for (let transaction = 0; transaction < size; transaction++) {
      this.#ready.push(transaction, transaction);
      const writers = new Set<number>();
      forEachDependency(graph, transaction, (from) => writers.add(from));
      for (const writer of writers) {
        this.#dependents[writer]?.push(transaction);
      }
    }
  }

  result(): OptimisticRun {
    while (this.#ready.size > 0 || this.#running.size > 0) {
      this.#startReady();
      const ended = this.#running.lowestKey;
      if (ended === undefined) {
        continue;
      }
      this.#now = ended;
      while (this.#running.lowestKey === ended) {
        this.#finish(this.#running.pop() ?? -1);
      }
    }
    const executions = this.#executions;
    return {
      reexecutions: executions.reduce((sum, times) => sum + times - 1, 0),
      maxIncarnations: executions.reduce((most, times) => Math.max(most, times), 0),
      wastedGas: this.#wasted,
      makespan: this.#now,
    };
  }

  #startReady(): void {
    while (this.#freeLanes > 0 && this.#ready.size > 0) {
      const transaction = this.#ready.pop() ?? -1;
      const awaited = this.#awaited(transaction);
      if (awaited !== null) {
        const waiting = this.#waiting.get(awaited) ?? [];
        waiting.push(transaction);
        this.#waiting.set(awaited, waiting);
        continue;
      }
      this.#freeLanes--;
      this.#state[transaction] = "running";
      this.#start[transaction] = this.#now;
      this.#executions[transaction] = (this.#executions[transaction] ?? 0) + 1;
      this.#running.push(this.#now + this.#weight(transaction), transaction);
    }
  }

  /** What it depends on that was executed in vain and has not ended again. */
  #awaited(transaction: number): number | null {
    let awaited: number | null = null;
    forEachDependency(this.#graph, transaction, (from) => {
      const executions = this.#executions[from] ?? 0;
      const isEstimate =
        (this.#state[from] === "ready" && executions > 0) ||
        (this.#state[from] === "running" && executions > 1);
      awaited = isEstimate ? from : awaited;
    });
    return awaited;
  }

  #finish(transaction: number): void {
    this.#freeLanes++;
    const started = this.#start[transaction] ?? 0;
    let inVain = false;
    forEachDependency(this.#graph, transaction, (from) => {
      inVain ||= this.#state[from] === "ended" && (this.#end[from] ?? 0) > started;
    });
    if (inVain) {
      this.#again(transaction);
      return;
    }
    this.#state[transaction] = "ended";
    this.#end[transaction] = this.#now;
    for (const dependent of this.#dependents[transaction] ?? []) {
      if (this.#state[dependent] === "ended" && (this.#start[dependent] ?? 0) < this.#now) {
        this.#again(dependent);
      }
    }
    for (const waiting of this.#waiting.get(transaction) ?? []) {
      this.#ready.push(waiting, waiting);
    }
    this.#waiting.delete(transaction);
  }

  #again(transaction: number): void {
    this.#wasted += this.#weight(transaction);
    this.#state[transaction] = "ready";
    this.#ready.push(transaction, transaction);
  }

  #weight(transaction: number): number {
    return this.#graph.weights[transaction] ?? 0;
  }
}
