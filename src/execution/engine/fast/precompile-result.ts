/** What a precompile answers. */

export interface PrecompileResult {
  readonly output: Uint8Array;
  /** gas */
  readonly gasUsed: number;
}

/** A failure costs all gas. Whoever sent the transaction is told which it was, contracts are not. */
export type PrecompileFailure = "OutOfGas" | "Failed";
