/**
 * The engines by name: what configuration, worker threads and tests say instead of an object.
 *
 * Owns: the names. Does not own: state between messages (an engine has none).
 */
import type { Engine } from "./engine";
import { EthereumjsEngine } from "./ethereumjs-engine";
import { createFastEngine } from "./fast/fast-engine";
import { createVerifyingEngine } from "./verifying-engine";

/**
 * "ethereumjs": @ethereumjs/evm, the reference. "fast": the synchronous engine. "verified": the fast
 * engine with every message repeated on the reference.
 */
export type EngineName = "ethereumjs" | "fast" | "verified";

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
