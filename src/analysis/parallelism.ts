/**
 * Parallelism P: how much of what could run at the same time does. docs/metrics.md, "Parallelism".
 *
 * P = 1 - (CP - g_max) / (T1 - g_max), in [0, 1]. 1: only the largest transaction limits; 0: all
 * run one after the other. Unlike the speed-up bound it can be compared between runs of different
 * length. Over several windows the numerators and the denominators are summed.
 *
 * Our own definition: no chain publishes this number.
 */
export interface ParallelismInput {
  /** T1, gas */
  readonly work: number;
  /** CP, gas */
  readonly criticalPath: number;
  /** g_max, gas of the largest transaction; summed over windows */
  readonly largest: number;
}

/** Null where nothing can be said: no window holds two transactions with gas. */
export function parallelism({ work, criticalPath, largest }: ParallelismInput): number | null {
  return work === largest ? null : 1 - (criticalPath - largest) / (work - largest);
}
