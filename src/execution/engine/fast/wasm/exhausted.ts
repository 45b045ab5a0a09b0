/**
 * What a runtime does instead of WebAssembly: refuse a module (CompileError: beyond a limit of its own), or
 * lack memory for it (RangeError).
 *
 * Owns: which errors these are. Does not own: what happens then; a code that cannot be compiled falls to
 * the tier below, a message whose compiled code cannot go on begins again in the interpreter.
 */
import type { WebAssemblyApi } from "../../../../crypto/web-assembly";

export const REFUSED = "WebAssembly refuses the module";
export const NO_WEBASSEMBLY = "no WebAssembly here, or none with vectors";
export const NO_MEMORY = "no memory for WebAssembly";

/** Thrown through all frames of a message: its compiled code cannot go on. */
export class WebAssemblyExhausted {}

/** What `make` makes, or the reason, for the counters, why the runtime does not. Throws other errors. */
export function attempt<T extends object>(api: WebAssemblyApi, make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) {
      return NO_MEMORY;
    }
    if (error instanceof api.CompileError) {
      return REFUSED;
    }
    throw error;
  }
}

/** As attempt, in the middle of a message. Throws WebAssemblyExhausted. */
export function orExhausted<T extends object>(api: WebAssemblyApi, make: () => T): T {
  const made = attempt(api, make);
  if (typeof made === "string") {
    throw new WebAssemblyExhausted();
  }
  return made;
}
