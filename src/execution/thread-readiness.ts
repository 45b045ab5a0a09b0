/** Threads for the next block, after they have had the chance to say that they have started. */
import type { BlockJoiner, ThreadReadiness } from "./block-joiner";
import { turnOfEventLoop } from "./event-loop";

/**
 * As BlockJoiner.prepare. That threads have started is an event, as is what their pool has to hear of them now and
 * then, and a chain of requests need not let any in.
 */
export async function prepareThreads(pool: Pick<BlockJoiner, "prepare">): Promise<ThreadReadiness> {
  const readiness = pool.prepare();
  const isSettled = readiness.ready > 0 && !readiness.isBehind;
  if (isSettled || readiness.problem !== null) {
    return readiness;
  }
  await turnOfEventLoop();
  return pool.prepare();
}
