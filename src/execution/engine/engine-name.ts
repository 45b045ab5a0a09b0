/**
 * The engines by name: what configuration, worker threads and tests say instead of an object. Apart
 * from engine-choice.ts, so that reading a name loads no engine.
 */

/**
 * "ethereumjs": @ethereumjs/evm, the reference. "fast": the synchronous engine. "verified": the fast
 * engine with every message repeated on the reference.
 */
export type EngineName = "ethereumjs" | "fast" | "verified";

/** What a network runs on unless it is told otherwise. */
export const DEFAULT_ENGINE = "fast" satisfies EngineName;
