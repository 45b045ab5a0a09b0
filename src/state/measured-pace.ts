/**
 * How fast something is thought to be, from measurements that other work on the machine can only make slower.
 *
 * Owns: the estimate. Does not own: between what is chosen, and when the slower side is tried again.
 */

/** Share that a slower measurement has in the estimate; a faster one replaces it. */
const SLOWER_SHARE = 0.3;

/**
 * The estimate after one more measurement, in its unit (time for a piece of work).
 * @param before null = nothing was measured yet
 */
export function measuredPace(before: number | null, measured: number): number {
  return before === null || measured < before
    ? measured
    : before + (measured - before) * SLOWER_SHARE;
}
