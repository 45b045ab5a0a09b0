/** What a precompile is and what it answers. */

export interface PrecompileResult {
  readonly output: Uint8Array;
  /** gas */
  readonly gasUsed: number;
}

/** A failure costs all gas. Whoever sent the transaction is told which it was, contracts are not. */
export type PrecompileFailure = "OutOfGas" | "Failed";

/** Thrown through all frames of a message: run it again once `ready`. */
export class PrecompilePending {
  readonly ready: Promise<void>;

  constructor(ready: Promise<void>) {
    this.ready = ready;
  }
}

/**
 * Runs the precompile with at most `gas`. Throws PrecompilePending.
 * @param input a view or a copy: not changed, and not kept
 */
export type Precompile = (input: Uint8Array, gas: number) => PrecompileResult | PrecompileFailure;

/** A precompile whose price depends on nothing but the input. `run` returns null where it fails. */
export function priced(
  price: (input: Uint8Array) => number,
  run: (input: Uint8Array) => Uint8Array | null,
): Precompile {
  return (input, gas) => {
    const gasUsed = price(input);
    if (gasUsed > gas) {
      return "OutOfGas";
    }
    const output = run(input);
    return output === null ? "Failed" : { output, gasUsed };
  };
}

/** The input's bytes from `start` on, with zeros where it has ended. */
export function padded(input: Uint8Array, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(input.subarray(start, start + length));
  return bytes;
}
