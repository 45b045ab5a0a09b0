/**
 * Notices that a block on worker threads has stopped: no task was finished for too long.
 *
 * Owns: the timer. Does not own: what happens then.
 */
import type { TransactionInput } from "./transaction";

/** A thread may take its time to start (it loads an EVM). */
const START_MILLISECONDS = 20_000;
/** Slower than the slowest engine on a loaded machine (0.5 Mgas/s). */
const MILLISECONDS_PER_KILOGAS = 2;
const LONGEST_MILLISECONDS = 600_000;
const LOOKS_PER_LIMIT = 10;
const SHORTEST_LOOK_MILLISECONDS = 10;

/** ms without a finished task after which the block counts as hung */
export type QuietLimit = (transactions: readonly TransactionInput[]) => number;

/** Long enough for the block's heaviest transaction. */
export const defaultQuietLimit: QuietLimit = (transactions) => {
  let heaviest = 0n;
  for (const { gasLimit } of transactions) {
    heaviest = gasLimit > heaviest ? gasLimit : heaviest;
  }
  const kilogas = Number(heaviest / 1000n);
  return Math.min(LONGEST_MILLISECONDS, START_MILLISECONDS + kilogas * MILLISECONDS_PER_KILOGAS);
};

/**
 * Resolves with the work's result, or rejects when `progress` did not grow for `quietMilliseconds`.
 * Keeps the process alive while it waits: the threads do not.
 */
export function watch<Result>(
  work: Promise<Result>,
  progress: () => number,
  quietMilliseconds: number,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let last = progress();
    let since = performance.now();
    const timer = setInterval(
      () => {
        const now = progress();
        if (now !== last) {
          last = now;
          since = performance.now();
        } else if (performance.now() - since >= quietMilliseconds) {
          clearInterval(timer);
          reject(new Error(`no progress for ${quietMilliseconds} ms`));
        }
      },
      Math.max(SHORTEST_LOOK_MILLISECONDS, quietMilliseconds / LOOKS_PER_LIMIT),
    );
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
