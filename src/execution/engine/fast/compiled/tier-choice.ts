/** The tiers by name, and when each compiles. */
import { createWasmCompiler } from "../wasm/compile";
import type { Compiler } from "./compiled-code";
import { javascriptCompiler } from "./javascript/compile";
import { type TierPolicy, Tiers } from "./tiers";

/**
 * auto: code is compiled when it is hot. The others are for tests and measurements. interpreter: never.
 * javascript, webassembly: all code, when it first runs. hasty and hasty-webassembly: after three jumps and only
 * where it went, so that frames change tiers as often as they can.
 */
export type TierChoice =
  | "interpreter"
  | "javascript"
  | "webassembly"
  | "hasty"
  | "hasty-webassembly"
  | "auto";

/** bytes, about */
const CACHE_BYTES = 64 * 1024 * 1024;

const NEVER: TierPolicy = { minJumps: 0, jumpsPerReached: 0, everything: false, misses: 0 };
const AT_ONCE: TierPolicy = { minJumps: 0, jumpsPerReached: 0, everything: true, misses: 32 };
const HASTY: TierPolicy = { minJumps: 3, jumpsPerReached: 0, everything: false, misses: 2 };
const WHEN_HOT: TierPolicy = {
  minJumps: 1000,
  jumpsPerReached: 200,
  everything: false,
  misses: 32,
};

const CHOICES: Readonly<Record<TierChoice, readonly [TierPolicy, () => Compiler | null]>> = {
  interpreter: [NEVER, () => null],
  javascript: [AT_ONCE, () => javascriptCompiler],
  webassembly: [AT_ONCE, createWasmCompiler],
  hasty: [HASTY, () => javascriptCompiler],
  "hasty-webassembly": [HASTY, createWasmCompiler],
  auto: [WHEN_HOT, () => javascriptCompiler],
};

export function createTiers(choice: TierChoice): Tiers {
  const [policy, compiler] = CHOICES[choice];
  return new Tiers(compiler(), policy, CACHE_BYTES);
}
