/**
 * The report task's arguments that draw recorded calls anew: --senders, --keys, --seed.
 *
 * Owns: their validation. Does not own: what they mean (analysis/workload-redraw).
 */
import {
  DEFAULT_SEED,
  isRedrawn,
  MAX_THETA,
  parseKeyPolicy,
  type RedrawOptions,
} from "../analysis/workload-redraw/redraw-options";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** Arguments as Hardhat's parser gives them. */
export interface RedrawArguments {
  readonly senders?: string;
  readonly keys?: string;
  readonly seed?: number;
}

function invalid(flag: string, expected: string, actual: unknown): ParallelError {
  return new ParallelError(ERRORS.TASK_INVALID_ARGUMENT, {
    flag,
    expected,
    actual: String(actual),
  });
}

/**
 * How calls are to be drawn; null if neither users nor keys are. Throws ParallelError
 * TASK_INVALID_ARGUMENT.
 */
export function redrawOptions(
  args: RedrawArguments,
  window: "mined" | number,
): RedrawOptions | null {
  const { senders = "as-is", keys: text = "as-is", seed } = args;
  if (senders !== "distinct" && senders !== "as-is") {
    throw invalid("--senders", '"distinct" or "as-is"', senders);
  }
  const keys = parseKeyPolicy(text);
  if (keys === null) {
    throw invalid(
      "--keys",
      `"as-is", "uniform" or "zipf:" and a number from 0 to ${MAX_THETA}`,
      text,
    );
  }
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)) {
    throw invalid("--seed", "an integer from 0 to 4294967295", seed);
  }
  if (!isRedrawn({ senders, keys })) {
    if (seed !== undefined) {
      throw invalid(
        "--seed",
        "--keys uniform, --keys zipf:θ or --senders distinct beside it",
        seed,
      );
    }
    return null;
  }
  if (window === "mined") {
    throw invalid("--window", "a number where --senders or --keys draw calls anew", window);
  }
  return { window, senders, keys, seed: seed ?? DEFAULT_SEED };
}
