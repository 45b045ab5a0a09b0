/**
 * Makes an engine from its name.
 *
 * Owns: which parts make which engine. Does not own: the names (engine-name.ts), state between
 * messages (an engine has none).
 */
import type { Engine } from "./engine";
import type { EngineName } from "./engine-name";
import { EthereumjsEngine } from "./ethereumjs-engine";
import { createFastEngine } from "./fast/fast-engine";
import { createVerifyingEngine } from "./verifying-engine";

/** @param heat shared by the threads that run the same contracts (createSharedHeat) */
export function createEngine(name: EngineName, heat: SharedArrayBuffer | null = null): Engine {
  const reference = new EthereumjsEngine();
  switch (name) {
    case "ethereumjs":
      return reference;
    case "fast":
      return createFastEngine(reference, "auto", heat);
    case "verified":
      return createVerifyingEngine(createFastEngine(reference), reference);
  }
}
