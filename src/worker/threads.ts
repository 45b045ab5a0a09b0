/**
 * Threads of one kind: piscina over a file of this package.
 *
 * Owns: starting them, and knowing when one failed. Does not own: their tasks (thread-tasks.ts), how a thread
 * notices that it failed (guarded-tasks.ts).
 *
 * Idle threads do not hold up the end of the process, and neither do threads that are gone: see
 * `keepUnreferenced`. A task does, until it is answered.
 */
import { extname, join as joinPath } from "node:path";
import Piscina from "piscina";
import { ThreadHealth } from "./thread-health";
import { ThreadTasks } from "./thread-tasks";

/** In the repository, where threads run the sources. */
const TYPESCRIPT_HOOK = "../../scripts/typescript-hook.cjs";
/** Keeps the process alive while it waits for threads to end; fires to no purpose. */
const KEEP_AWAKE_MILLISECONDS = 1000;
/** The calling thread sleeps so long at most: that a thread is gone it learns from its event loop. */
const LONGEST_SLEEP_MILLISECONDS = 20;
/** So many ends of tasks piscina may not have heard of before it is given the time to. */
const MOST_UNHEARD = 64;
/** A thread that has not loaded by then never will. */
const LONGEST_LOAD_MILLISECONDS = 10_000;

export interface ThreadOptions {
  /** file of this folder, without extension */
  readonly file: string;
  readonly threads: number;
  /** MB of JavaScript heap per thread (shared buffers not counted); default: node's own limit */
  readonly heapMegabytes?: number;
}

export interface Threads {
  /** Rejects as the task does, or when a thread has failed outside a task (while it started, for instance). */
  run(request: unknown): Promise<unknown>;
  readonly threadIds: readonly number[];
  /**
   * Waits for the answers of all tasks for a while, without serving the event loop: promises of `run` are settled
   * then, or else later as ever.
   */
  collect(): void;
  /** why a thread failed, or answered the first request with an error; null while none has */
  problem(): string | null;
  /** threads that have answered the first request: all or none */
  ready(): number;
  /** Ends of tasks pile up that only the event loop can deliver: a turn of it is due. */
  isBehind(): boolean;
  end(): Promise<void>;
}

/** @param first what each thread is asked before anything else */
export function startThreads(
  { file, threads, heapMegabytes }: ThreadOptions,
  first: unknown,
): Threads {
  const source = extname(__filename); // ".ts" in the repository, ".js" in the package
  const health = new ThreadHealth();
  const piscina = new Piscina({
    filename: joinPath(__dirname, `${file}${source}`),
    execArgv: source === ".ts" ? ["-r", joinPath(__dirname, TYPESCRIPT_HOOK)] : [],
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    workerData: health.shared,
    loadBalancer: (_task, workers) => tasks.place(workers),
    ...(heapMegabytes === undefined
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  });
  keepUnreferenced(piscina);
  piscina.on("workerCreate", () => keepUnreferenced(piscina));
  let failure: string | null = null;
  const note = (error: unknown) => {
    failure ??= error instanceof Error ? error.message : String(error); // a task sees the error itself
  };
  /** A thread has ended. Why, piscina tells the tasks that it takes to be that thread's, or nobody. */
  let isLost = false;
  piscina.on("workerDestroy", () => {
    isLost = true;
  });
  const problem = () => failure ?? health.problem ?? (isLost ? "a thread has ended" : null);
  const tasks = new ThreadTasks(threads, async (envelope) => {
    const reason = problem();
    if (reason !== null) {
      throw new Error(reason);
    }
    const { outbox } = envelope;
    try {
      await piscina.run(envelope, outbox === null ? {} : { transferList: [outbox] });
    } catch (error) {
      if (isLost) {
        note(error);
      }
      throw error;
    }
  });
  piscina.on("error", (error) => {
    note(error);
    tasks.fail(error);
  });
  // Each of them is taken by another thread, when it has loaded what it needs.
  let started = 0;
  const loading = Array.from({ length: threads }, () =>
    tasks.run(first, true).then(() => {
      started++;
    }, note),
  );
  return {
    run: (request) => tasks.run(request),
    get threadIds() {
      return piscina.threads.map(({ threadId }) => threadId);
    },
    collect: () => tasks.collect(LONGEST_SLEEP_MILLISECONDS),
    problem,
    ready: () => (started === threads ? threads : 0),
    isBehind: () => tasks.unheard >= MOST_UNHEARD,
    end: () => end(piscina, Promise.all(loading)),
  };
}

/**
 * Lets threads load to the end first: Node 20 aborts the process ("v8::Module::IsGraphAsync must be used on an
 * instantiated module") when a thread is ended within the require of an ES module, as those of noble are.
 */
async function end(piscina: Piscina, loaded: Promise<unknown>): Promise<void> {
  keepUnreferenced(piscina);
  let late: NodeJS.Timeout | undefined;
  const awake = setInterval(() => undefined, KEEP_AWAKE_MILLISECONDS);
  try {
    const tooLate = new Promise((resolve) => {
      late = setTimeout(resolve, LONGEST_LOAD_MILLISECONDS);
    });
    await Promise.race([loaded, tooLate]);
    await piscina.destroy();
  } finally {
    clearTimeout(late);
    clearInterval(awake);
  }
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
