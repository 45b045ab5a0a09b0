/**
 * The worker threads: piscina, started with the first block.
 *
 * Owns: the threads, and that they come back after one died. Does not own: what a block is; when to
 * give up on one (the parallel executor decides and calls `terminate`).
 *
 * While a block runs, the executor's watchdog keeps the process alive.
 */
import { invariant } from "../errors/base-error";
import type {
  BlockJoiner,
  BlockReport,
  BlockTask,
  ThreadReadiness,
} from "../execution/block-joiner";
import type { EngineName } from "../execution/engine/engine-name";
import { createSharedHeat } from "../execution/engine/fast/compiled/shared-heat";
import type { CodeShare } from "../execution/engine/fast/wasm/code-share";
import type { MadeInThread, MeanwhileWork } from "../execution/made-meanwhile";
import { CodeExchange } from "./code-exchange";
import type {
  EngineRequest,
  JoinAnswer,
  JoinRequest,
  MeanwhileRequest,
  PrepareRequest,
} from "./protocol";
import { startThreads, type Threads } from "./threads";

/** Starts in a row without success after which it is not tried again: each takes time from the blocks. */
const MAX_FAILED_STARTS = 3;

export interface WorkerPoolOptions {
  /** threads, at least 1 */
  readonly workers: number;
  /** default "ethereumjs" */
  readonly engine?: EngineName;
  /** Path of an EngineModule that the threads use instead of the built-in engine. */
  readonly engineModule?: string;
  /** Compiled code of the calling thread's engine, in common with the threads. */
  readonly codeShare?: CodeShare;
  /** MB of JavaScript heap per thread (shared buffers not counted); default: node's own limit */
  readonly heapMegabytes?: number;
}

export interface WorkerPool extends BlockJoiner {
  /** Starts the threads now, so that the first block need not wait for them. */
  start(): void;
  /** true from the first block (or `start`) to `terminate` or `close` */
  readonly isRunning: boolean;
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  return new PiscinaPool(options);
}

function noThreads(problem: string): ThreadReadiness {
  return { ready: 0, isBehind: false, problem };
}

class PiscinaPool implements WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #heat = createSharedHeat();
  readonly #codes: CodeExchange;
  #threads: Threads | null = null;
  #failedStarts = 0;
  /** why it is not tried again */
  #givenUp: string | null = null;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    const { workers } = options;
    invariant(Number.isInteger(workers) && workers >= 1, `a pool of ${workers} workers`);
    this.#options = options;
    this.#codes = new CodeExchange(options.codeShare ?? null);
  }

  get isRunning(): boolean {
    return this.#threads !== null;
  }

  start(): void {
    invariant(!this.#closed, "the worker pool is closed");
    if (this.#threads === null) {
      const { workers, heapMegabytes } = this.#options;
      const heap = heapMegabytes === undefined ? {} : { heapMegabytes };
      const first: PrepareRequest = { kind: "prepare", ...this.#engine() };
      this.#threads = startThreads({ file: "entry", threads: workers, ...heap }, first);
    }
  }

  prepare(): ThreadReadiness {
    if (this.#closed) {
      return noThreads("the worker pool is closed");
    }
    if (this.#givenUp !== null) {
      return noThreads(this.#givenUp);
    }
    const threads = this.#threads;
    const reason = threads?.problem() ?? null;
    if (threads !== null && reason !== null) {
      // Another try for the blocks to come; this one is told why it has no threads.
      void this.terminate();
      if (threads.ready() > 0) {
        return noThreads(`a worker thread failed between two blocks: ${reason}`);
      }
      const problem = `the worker threads did not start: ${reason}`;
      this.#failedStarts++;
      this.#givenUp = this.#failedStarts === MAX_FAILED_STARTS ? problem : null;
      return noThreads(problem);
    }
    this.start();
    const ready = this.#threads?.ready() ?? 0;
    if (ready > 0) {
      this.#failedStarts = 0;
    }
    return { ready, isBehind: this.#threads?.isBehind() === true, problem: null };
  }

  async join(block: BlockTask, workers: number): Promise<readonly BlockReport[]> {
    const threads = this.#running ?? (await this.#restarted());
    const request: JoinRequest = {
      kind: "join",
      block,
      ...this.#engine(),
      codes: this.#codes.delivery(threads.threadIds),
    };
    const answers = Array.from(
      { length: workers },
      // what entry.ts answers
      () => threads.run(request) as Promise<JoinAnswer>,
    );
    const joined = await Promise.all(answers);
    return joined.map(({ block: report, codes }) => {
      if (codes !== null) {
        this.#codes.take(codes);
      }
      return report;
    });
  }

  async makeMeanwhile(work: MeanwhileWork): Promise<MadeInThread> {
    const threads = this.#running ?? (await this.#restarted());
    const request: MeanwhileRequest = { kind: "meanwhile", work };
    return threads.run(request) as Promise<MadeInThread>; // what entry.ts answers
  }

  collect(): void {
    this.#threads?.collect();
  }

  /** Null if they have to be started. To use them takes no await: the caller's own work would come first. */
  get #running(): Threads | null {
    return this.#threads?.problem() === null ? this.#threads : null;
  }

  async #restarted(): Promise<Threads> {
    await this.terminate(); // a thread failed between two blocks
    this.start();
    invariant(this.#threads !== null, "the worker pool did not start");
    return this.#threads;
  }

  #engine(): EngineRequest {
    const { engine = "ethereumjs", engineModule = null } = this.#options;
    return { engine, engineModule, heat: this.#heat };
  }

  async terminate(): Promise<void> {
    const threads = this.#threads;
    this.#threads = null;
    this.#codes.forgetThreads();
    await threads?.end();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.terminate();
  }
}
