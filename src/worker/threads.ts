/**
 * Threads of one kind: piscina over a file of this package.
 *
 * Owns: starting them, their tasks, and knowing when one failed. Does not own: what they are asked, how a
 * thread notices that it failed (guarded-tasks.ts), how an answer comes (prompt-answers.ts).
 *
 * Idle threads do not hold up the end of the process, and neither do threads that are gone: see
 * `keepUnreferenced`. A task does, until it is answered.
 */
import { extname, join as joinPath } from "node:path";
import type { MessagePort } from "node:worker_threads";
import Piscina from "piscina";
import { type Envelope, Inbox } from "./prompt-answers";
import { ThreadHealth } from "./thread-health";

/** In the repository, where threads run the sources. */
const TYPESCRIPT_HOOK = "../../scripts/typescript-hook.cjs";
/** Keeps the process alive while it waits for threads to end; fires to no purpose. */
const KEEP_AWAKE_MILLISECONDS = 1000;
/** The calling thread sleeps so long at most: that a thread is gone it learns from its event loop. */
const LONGEST_SLEEP_MILLISECONDS = 20;
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
   * then, or else later as ever. Does not wait where a task has not reached its thread yet.
   */
  collect(): void;
  /** why a thread failed, or answered the first request with an error; null while none has */
  problem(): string | null;
  /** threads that have answered the first request: all or none */
  ready(): number;
  /** Is one taken to be at a task still? If it has answered, the event loop will say that it is free. */
  isAnswering(): boolean;
  end(): Promise<void>;
}

interface Task {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** A thread had nothing else to do when it was asked. */
  readonly isSent: boolean;
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
    ...(heapMegabytes === undefined
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  });
  keepUnreferenced(piscina);
  piscina.on("workerCreate", () => keepUnreferenced(piscina));
  let problem: string | null = null;
  const note = (error: unknown) => {
    problem ??= error instanceof Error ? error.message : String(error); // a task sees the error itself
  };
  const inbox = new Inbox();
  /** not answered, by number */
  const tasks = new Map<number, Task>();
  let numbered = 0;
  /** tasks that piscina takes to be under way: it hears of their end from the event loop */
  let underWay = 0;
  piscina.on("error", (error) => {
    note(error);
    for (const { reject } of tasks.values()) {
      reject(error);
    }
  });
  const takeAnswers = (): void =>
    inbox.take((number, answer) => {
      tasks.get(number)?.resolve(answer);
      tasks.delete(number);
    });
  const run = (request: unknown, outbox: MessagePort | null = null) =>
    new Promise<unknown>((resolve, reject) => {
      if (problem !== null) {
        reject(new Error(problem));
        return;
      }
      const number = numbered++;
      tasks.set(number, { resolve, reject, isSent: underWay++ < threads });
      const envelope: Envelope<unknown> = { request, task: number, outbox, counter: inbox.counter };
      piscina
        .run(envelope, outbox === null ? {} : { transferList: [outbox] })
        .finally(() => underWay--)
        .then(takeAnswers, reject)
        .finally(() => tasks.delete(number));
    });
  // Each of them is taken by another thread, when it has loaded what it needs.
  let started = 0;
  const loading = Array.from({ length: threads }, () =>
    run(first, inbox.open()).then(() => {
      started++;
    }, note),
  );
  return {
    run: (request) => run(request),
    get threadIds() {
      return piscina.threads.map(({ threadId }) => threadId);
    },
    collect() {
      const end = performance.now() + LONGEST_SLEEP_MILLISECONDS;
      for (;;) {
        takeAnswers();
        const left = end - performance.now();
        const canCome = tasks.size > 0 && [...tasks.values()].every(({ isSent }) => isSent);
        if (!canCome || left <= 0 || !inbox.sleep(left)) {
          return;
        }
      }
    },
    problem: () => problem ?? health.problem,
    ready: () => (started === threads ? threads : 0),
    isAnswering: () => underWay > 0,
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
