/** Threads for the next block, after they have had the chance to say that they can take it. */
import type { BlockJoiner, ThreadReadiness } from "./block-joiner";

/**
 * As BlockJoiner.prepare. That threads have started, or are done with a task, is an event, and a chain of
 * requests need not let any in.
 */
export async function prepareThreads(pool: Pick<BlockJoiner, "prepare">): Promise<ThreadReadiness> {
  const readiness = pool.prepare();
  const isSettled = readiness.ready > 0 && !readiness.isAnswering;
  if (isSettled || readiness.problem !== null) {
    return readiness;
  }
  await new Promise((resolve) => setImmediate(resolve));
  return pool.prepare();
}
