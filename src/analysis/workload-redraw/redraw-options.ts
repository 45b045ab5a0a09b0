/**
 * Who calls and with which keys, when recorded calls are drawn anew. docs/metrics.md, "Drawn
 * workloads".
 *
 * Owns: the options and their text. Does not own: drawing (redrawn-calls.ts).
 */

/** `distinct`: every call has a user of its own; `as-is`: who called in the recording. */
export type SenderPolicy = "distinct" | "as-is";

export type KeyPolicy =
  /** as recorded */
  | { readonly kind: "as-is" }
  /** never the same twice */
  | { readonly kind: "distinct" }
  /** of a population, each key as likely */
  | { readonly kind: "uniform" }
  /** of a population, a few keys far more often: rank r as 1 / r^θ */
  | { readonly kind: "zipf"; readonly theta: number };

export interface RedrawOptions {
  /** calls per window, at least 1 */
  readonly window: number;
  readonly senders: SenderPolicy;
  readonly keys: KeyPolicy;
  /** repeats the draw */
  readonly seed: number;
  /** users and keys to draw from; DEFAULT_POPULATION unless given */
  readonly population?: number;
}

export const DEFAULT_POPULATION = 10_000;
export const DEFAULT_SEED = 1;
/** More would only be rounding: one key takes nearly all. */
export const MAX_THETA = 5;

/** `as-is`, `uniform`, `zipf:0.9`; null for anything else. */
export function parseKeyPolicy(text: string): KeyPolicy | null {
  if (text === "as-is" || text === "uniform") {
    return { kind: text };
  }
  const theta = /^zipf:(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  return theta !== undefined && Number(theta) <= MAX_THETA
    ? { kind: "zipf", theta: Number(theta) }
    : null;
}

/** The text that parseKeyPolicy reads. */
export function keyPolicyText(policy: KeyPolicy): string {
  return policy.kind === "zipf" ? `zipf:${policy.theta}` : policy.kind;
}

/** Is anything drawn, or is the recording taken as it is? */
export function isRedrawn({ senders, keys }: Pick<RedrawOptions, "senders" | "keys">): boolean {
  return senders !== "as-is" || keys.kind !== "as-is";
}
