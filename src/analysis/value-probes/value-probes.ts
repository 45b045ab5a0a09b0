/**
 * What executing recorded calls again on other values showed of them. docs/metrics.md, "Write class".
 *
 * Owns: the answers. Does not own: the executions (probe-run.ts), what follows (write-rule.ts,
 * pair-cause.ts).
 */

/** A function, by its key, and a variable, by its name without keys. */
export interface ValueProbes {
  /** Does the function only add to the variable, and use its value for nothing else? undefined: not tried. */
  isDelta(functionKey: string, variable: string): boolean | undefined;
  /** Does what the function does depend on the value of this member of a packed slot? undefined: not tried. */
  uses(functionKey: string, variable: string): boolean | undefined;
}
