/** The tiers by name. */
import { javascriptCompiler } from "./javascript/compile";
import { Tiers } from "./tiers";

/** auto: compiled when hot. The others are for tests and measurements: all code, when it first runs. */
export type TierChoice = "interpreter" | "javascript" | "auto";

/** bytes, about */
const CACHE_BYTES = 64 * 1024 * 1024;

export function createTiers(choice: TierChoice): Tiers {
  switch (choice) {
    case "interpreter":
      return new Tiers(null, false, CACHE_BYTES);
    case "javascript":
      return new Tiers(javascriptCompiler, true, CACHE_BYTES);
    case "auto":
      return new Tiers(javascriptCompiler, false, CACHE_BYTES);
  }
}
