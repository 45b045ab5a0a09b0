/**
 * That a thread is no longer to be trusted, in memory that it shares with the thread that started it.
 *
 * Owns: the word that says so, and why. An event would say so too, but as late as the calling thread's
 * event loop has time for it, and a thread's answer may overtake it.
 *
 *     0 healthy -> 1 the cause is being written -> length of the cause + 2
 */

/** bytes of the cause that are kept */
const MAX_CAUSE = 1024;

export class ThreadHealth {
  readonly shared: SharedArrayBuffer;
  readonly #state: Int32Array;
  readonly #cause: Uint8Array;

  /** @param shared of the other thread's; absent = new, and healthy */
  constructor(shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT + MAX_CAUSE)) {
    this.shared = shared;
    this.#state = new Int32Array(shared, 0, 1);
    this.#cause = new Uint8Array(shared, Int32Array.BYTES_PER_ELEMENT);
  }

  /** Of several causes the first is kept. */
  fail(cause: string): void {
    if (Atomics.compareExchange(this.#state, 0, 0, 1) === 0) {
      const bytes = Buffer.from(cause).subarray(0, MAX_CAUSE);
      this.#cause.set(bytes);
      Atomics.store(this.#state, 0, bytes.length + 2);
    }
  }

  /** Null as long as all threads that share it are healthy. */
  get problem(): string | null {
    const state = Atomics.load(this.#state, 0);
    return state === 0
      ? null
      : Buffer.from(this.#cause.slice(0, Math.max(0, state - 2))).toString();
  }
}
