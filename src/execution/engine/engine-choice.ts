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

export function createEngine(name: EngineName): Engine {
  const reference = new EthereumjsEngine();
  switch (name) {
    case "ethereumjs":
      return reference;
    case "fast":
      return createFastEngine(reference);
    case "verified":
      return createVerifyingEngine(createFastEngine(reference), reference);
  }
}
