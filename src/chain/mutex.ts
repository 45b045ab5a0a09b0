/** A lock in order of arrival: one task at a time, later ones wait for earlier ones. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the task after all tasks before it; a task that fails does not stop later ones. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // The failure belongs to the caller, who holds `result`; the queue only needs to know the end.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
