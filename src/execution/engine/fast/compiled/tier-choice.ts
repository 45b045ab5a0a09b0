/** The tiers by name, and when each compiles. */
import type { CodeShare } from "../wasm/code-share";
import { createWasmCompiler } from "../wasm/compile";
import { NO_WEBASSEMBLY } from "../wasm/exhausted";
import type { Compiler } from "./compiled-code";
import { javascriptCompiler } from "./javascript/compile";
import { SharedHeat } from "./shared-heat";
import { type TierPolicy, Tiers } from "./tiers";

/**
 * auto: code is compiled when it is hot. The others are for tests and measurements. interpreter: never.
 * javascript, webassembly: all code, when it first runs. hasty and hasty-webassembly: after three jumps and only
 * where it went, so that frames change tiers as often as they can. climbing: as hasty, and on to WebAssembly.
 */
export type TierChoice =
  | "interpreter"
  | "javascript"
  | "webassembly"
  | "hasty"
  | "hasty-webassembly"
  | "climbing"
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

/** gas: what V8 takes to compile a state for good, in terms of what JavaScript runs meanwhile */
const GAS_PER_STATE = 400_000;
const MIN_GAS = 2_000_000;

const javascript = (): Compiler => javascriptCompiler;
const none = (): null => null;

/** policy, first compiler, gas per state and in all before the second one takes over */
const CHOICES: Readonly<
  Record<
    TierChoice,
    readonly [TierPolicy, (share: CodeShare) => Compiler | null, ...gas: [number, number] | []]
  >
> = {
  interpreter: [NEVER, none],
  javascript: [AT_ONCE, javascript],
  webassembly: [AT_ONCE, createWasmCompiler],
  hasty: [HASTY, javascript],
  "hasty-webassembly": [HASTY, createWasmCompiler],
  climbing: [HASTY, javascript, 10, 500],
  auto: [WHEN_HOT, javascript, GAS_PER_STATE, MIN_GAS],
};

/** @param heat of createSharedHeat, where other threads run the same codes */
export function createTiers(
  choice: TierChoice,
  share: CodeShare,
  heat: SharedArrayBuffer | null,
): Tiers {
  const [policy, compiler, gasPerState, minGas] = CHOICES[choice];
  const second = gasPerState === undefined ? null : createWasmCompiler(share);
  const first = compiler(share);
  const climb =
    second === null || gasPerState === undefined || minGas === undefined
      ? null
      : { compiler: second, gasPerState, minGas };
  const sharedHeat = heat === null ? null : new SharedHeat(heat);
  const tiers = new Tiers(first, policy, CACHE_BYTES, climb, sharedHeat);
  if ((gasPerState !== undefined && second === null) || (first === null && compiler !== none)) {
    tiers.fall(NO_WEBASSEMBLY);
  }
  return tiers;
}
