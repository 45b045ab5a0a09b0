/** The tiers by name, and when each compiles. */
import { javascriptCompiler } from "./javascript/compile";
import { type TierPolicy, Tiers } from "./tiers";

/**
 * auto: code is compiled when it is hot. The others are for tests and measurements. interpreter: never.
 * javascript: all code, when it first runs. hasty: after three jumps and only where it went, so that frames
 * change tiers as often as they can.
 */
export type TierChoice = "interpreter" | "javascript" | "hasty" | "auto";

/** bytes, about */
const CACHE_BYTES = 64 * 1024 * 1024;

const POLICIES: Readonly<Record<TierChoice, TierPolicy>> = {
  interpreter: { minJumps: 0, jumpsPerReached: 0, everything: false, misses: 0 },
  javascript: { minJumps: 0, jumpsPerReached: 0, everything: true, misses: 32 },
  hasty: { minJumps: 3, jumpsPerReached: 0, everything: false, misses: 2 },
  auto: { minJumps: 1000, jumpsPerReached: 60, everything: false, misses: 32 },
};

export function createTiers(choice: TierChoice): Tiers {
  const compiler = choice === "interpreter" ? null : javascriptCompiler;
  return new Tiers(compiler, POLICIES[choice], CACHE_BYTES);
}
