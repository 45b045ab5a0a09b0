/**
 * The end of a block on threads: all have left it, or one of them died or hangs.
 *
 * Owns: what follows from a thread's failure. Does not own: threads, how long one may be quiet (watchdog.ts).
 */
import { revivedParallelError } from "../errors/base-error";
import type { BlockReport } from "./block-joiner";
import { firstFailure } from "./block-results";
import type { OwnPart } from "./calling-thread";
import { CapacityExceeded } from "./capacity-exceeded";
import type { SharedBlock } from "./shared-block";
import { watch } from "./watchdog";

/**
 * Waits until all have left. Throws if one of them failed: CapacityExceeded, a ParallelError that is the user's,
 * or an error that says why.
 * @param own null = the calling thread takes no part
 * @param quiet ms that the block may be without progress
 * @param end ends all threads, wherever they are
 */
export async function allLeft(
  joined: Promise<readonly BlockReport[]>,
  own: Promise<OwnPart | null>,
  { scheduler }: SharedBlock,
  quiet: number,
  end: () => Promise<void>,
): Promise<{
  readonly reports: readonly Extract<BlockReport, { readonly ok: true }>[];
  readonly ownPart: Extract<OwnPart, { readonly ok: true }> | null;
}> {
  let reports: readonly BlockReport[];
  try {
    reports = await watch(joined, () => scheduler.progress, quiet);
  } catch (error) {
    scheduler.abort();
    await end();
    await joined.catch(() => undefined); // reported by the error that brought us here
    await own;
    throw new Error(`a worker thread failed: ${error instanceof Error ? error.message : error}`);
  }
  const ownPart = await own;
  const failed = firstFailure(ownPart === null ? reports : [...reports, ownPart]);
  if (failed?.error !== undefined) {
    throw revivedParallelError(failed.error);
  }
  if (failed !== null) {
    throw failed.full === undefined ? new Error(failed.message) : new CapacityExceeded(failed.full);
  }
  return {
    reports: reports.filter((report) => report.ok),
    ownPart: ownPart?.ok === true ? ownPart : null,
  };
}
