/**
 * Which engines worker threads make, and what those run, compile and get, in shared memory: what a test knows of
 * threads that start between `observeThreadEngines` and `stop`. See ../worker/fixtures/observed-engines.ts, their side.
 */
import type { EngineName } from "../../src/execution/engine/engine-name";
import { preloadInThreads } from "./thread-preload";

/** Environment data of this name: Int32Array of the number of engines, then WORDS for each. */
export const ENGINES_OF_THREADS = "hardhat-parallel: engines of threads";
export const NAMES: readonly EngineName[] = ["ethereumjs", "fast", "verified"];
const MOST_ENGINES = 16;

/** Where what of an engine is. */
export const WORD = {
  name: 0,
  /** messages */
  runs: 1,
  /** codes compiled, by either compiler */
  compiled: 2,
  /** frames run by compiled code */
  entered: 3,
  /** codes compiled that others can run */
  published: 4,
  /** codes of others */
  accepted: 5,
} as const;
export const WORDS = 6;

export type ObservedEngine = Readonly<Record<Exclude<keyof typeof WORD, "name">, number>> & {
  readonly name: EngineName | undefined;
};

export interface ThreadEngines {
  /** in the order in which they were made */
  all(): readonly ObservedEngine[];
  /** Threads that start from now on are not observed. */
  stop(): void;
}

export function observeThreadEngines(): ThreadEngines {
  const words = new Int32Array(new SharedArrayBuffer((1 + MOST_ENGINES * WORDS) * 4));
  const stop = preloadInThreads("observed-engines.ts", ENGINES_OF_THREADS, words);
  return {
    all: () => Array.from({ length: Atomics.load(words, 0) }, (_, number) => read(words, number)),
    stop,
  };
}

function read(words: Int32Array, number: number): ObservedEngine {
  const word = (which: number): number => Atomics.load(words, 1 + number * WORDS + which);
  return {
    name: NAMES[word(WORD.name)],
    runs: word(WORD.runs),
    compiled: word(WORD.compiled),
    entered: word(WORD.entered),
    published: word(WORD.published),
    accepted: word(WORD.accepted),
  };
}
