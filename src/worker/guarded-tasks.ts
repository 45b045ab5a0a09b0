/**
 * A thread's tasks, and what nobody catches there: it fails the task that runs, and from then on the
 * thread counts as broken.
 *
 * Owns: the thread's `uncaughtException`. Left to Node, the thread would run on until its microtasks have
 * ended, could complete its task meanwhile, and its end would reach the calling thread before or after the
 * answer, by chance. What comes when a task is complete does not change that task's answer.
 */
import { workerData } from "node:worker_threads";
import { ThreadHealth } from "./thread-health";

export class GuardedTasks {
  readonly #health: ThreadHealth;
  /** fails the task that runs */
  #fail: ((error: Error) => void) | null = null;

  /** For a thread of `startThreads`: one for its life. */
  constructor() {
    // what startThreads gives to its threads
    this.#health = new ThreadHealth(workerData as SharedArrayBuffer);
    process.on("uncaughtException", this.#onUncaught);
  }

  /**
   * Resolves as the task does.
   * @throws what the task throws, or what nobody caught while it ran: the task may still be at work then
   */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#fail = reject;
      task().then(
        (result) => {
          this.#fail = null;
          resolve(result);
        },
        (error) => {
          this.#fail = null;
          reject(error);
        },
      );
    });
  }

  readonly #onUncaught = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    this.#health.fail(message);
    if (this.#fail !== null) {
      this.#fail(new Error(message));
      return;
    }
    // The answer of a complete task goes first; then the thread ends as it would have.
    process.off("uncaughtException", this.#onUncaught);
    setImmediate(() => {
      throw error;
    });
  };
}
