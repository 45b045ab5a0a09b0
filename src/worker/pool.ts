/**
 * The worker threads: piscina, started with the first block.
 *
 * Owns: the threads, and that they come back after one died. Does not own: what a block is; when to
 * give up on one (the parallel executor decides and calls `terminate`).
 *
 * Idle threads do not hold up the end of the process, and neither do threads that are gone: see
 * `keepUnreferenced`. While a block runs, the executor's watchdog keeps the process alive.
 */
import { extname, join as joinPath } from "node:path";
import Piscina from "piscina";
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
import { CodeExchange } from "./code-exchange";
import type { JoinAnswer, JoinRequest, PrepareRequest } from "./protocol";

/** Keeps the process alive while it waits for threads to end; fires to no purpose. */
const KEEP_AWAKE_MILLISECONDS = 1000;

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

class PiscinaPool implements WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #heat = createSharedHeat();
  readonly #codes: CodeExchange;
  #threads: Threads | null = null;
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
    this.#threads ??= startThreads(this.#options, { block: null, ...this.#engine() });
  }

  prepare(): ThreadReadiness {
    if (this.#closed) {
      return { ready: 0, problem: "the worker pool is closed" };
    }
    const problem = this.#threads?.problem() ?? null;
    if (problem !== null) {
      // One more try for the blocks to come; this one is told why it has no threads.
      void this.terminate();
      return { ready: 0, problem: `the worker threads did not start: ${problem}` };
    }
    this.start();
    return { ready: this.#threads?.ready() ?? 0, problem: null };
  }

  async join(block: BlockTask, workers: number): Promise<readonly BlockReport[]> {
    if (this.#threads !== null && this.#threads.problem() !== null) {
      await this.terminate(); // a thread failed between two blocks
    }
    this.start();
    const threads = this.#threads;
    invariant(threads !== null, "the worker pool did not start");
    const request: JoinRequest = {
      block,
      ...this.#engine(),
      codes: this.#codes.delivery(threads.piscina.threads.map(({ threadId }) => threadId)),
    };
    const answers = Array.from(
      { length: workers },
      // what entry.ts answers
      () => threads.piscina.run(request) as Promise<JoinAnswer>,
    );
    const joined = await Promise.race([Promise.all(answers), threads.broken]);
    return joined.map(({ block: report, codes }) => {
      if (codes !== null) {
        this.#codes.take(codes);
      }
      return report;
    });
  }

  #engine(): Omit<PrepareRequest, "block"> {
    const { engine = "ethereumjs", engineModule = null } = this.#options;
    return { engine, engineModule, heat: this.#heat };
  }

  async terminate(): Promise<void> {
    const threads = this.#threads;
    this.#threads = null;
    this.#codes.forgetThreads();
    if (threads === null) {
      return;
    }
    keepUnreferenced(threads.piscina);
    const awake = setInterval(() => undefined, KEEP_AWAKE_MILLISECONDS);
    try {
      await threads.piscina.destroy();
    } finally {
      clearInterval(awake);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.terminate();
  }
}

interface Threads {
  readonly piscina: Piscina;
  /** Rejects when a thread fails outside a task (while it starts, for instance). */
  readonly broken: Promise<never>;
  /** what `broken` rejected with; null while it has not */
  problem(): string | null;
  /** threads that have started */
  ready(): number;
}

function startThreads(
  { workers, heapMegabytes }: WorkerPoolOptions,
  request: PrepareRequest,
): Threads {
  const source = extname(__filename); // ".ts" in the repository, ".js" in the package
  const piscina = new Piscina({
    filename: joinPath(__dirname, `entry${source}`),
    execArgv: source === ".ts" ? ["-r", require.resolve("ts-node/register/transpile-only")] : [],
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    ...(heapMegabytes === undefined
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  });
  keepUnreferenced(piscina);
  piscina.on("workerCreate", () => keepUnreferenced(piscina));
  let problem: string | null = null;
  const broken = new Promise<never>((_, reject) => piscina.on("error", reject));
  const note = (error: unknown) => {
    problem ??= error instanceof Error ? error.message : String(error); // a join sees the error itself
  };
  broken.catch(note);
  // Each of them is taken by another thread, when it has loaded what it needs.
  let started = 0;
  for (let thread = 0; thread < workers; thread++) {
    piscina.run(request).then(() => {
      started++;
    }, note);
  }
  return {
    piscina,
    broken,
    problem: () => problem,
    ready: () => (started === workers ? workers : 0),
  };
}

/**
 * A thread keeps the process alive only through piscina's port, which is referenced while it has a
 * task. Node and piscina also reference the thread itself when it ends, so that its end is seen; a
 * thread that ends while it starts can leave that reference behind, and then the process never ends.
 */
function keepUnreferenced(piscina: Piscina): void {
  for (const thread of piscina.threads) {
    thread.ref = () => undefined;
  }
}
