/**
 * Events let in where a chain of requests, each begun by the answer to the one before, need not let any in.
 *
 * Owns: what a turn of the event loop is. Does not own: when one is due.
 */

/** Resolves when the event loop has turned once: what has happened until then is told by then. */
export function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
