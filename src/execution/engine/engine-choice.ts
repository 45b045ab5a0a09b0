/**
 * Makes an engine from its name.
 *
 * Owns: which parts make which engine, and that the reference (@ethereumjs/evm with all its modules)
 * is loaded by those who run a message on it only. Does not own: the names (engine-name.ts), state
 * between messages (an engine has none).
 */
import type { Engine } from "./engine";
import type { EngineName } from "./engine-name";
import { createFastEngine } from "./fast/fast-engine";
import { createVerifyingEngine } from "./verifying-engine";

/** @param heat shared by the threads that run the same contracts (createSharedHeat) */
export function createEngine(name: EngineName, heat: SharedArrayBuffer | null = null): Engine {
  switch (name) {
    case "ethereumjs":
      return loadReference();
    case "fast":
      return createFastEngine(lateReference(), "auto", heat);
    case "verified": {
      const reference = loadReference();
      return createVerifyingEngine(createFastEngine(reference), reference);
    }
  }
}

/** The reference engine, loaded with its first message. */
export function lateReference(): Engine {
  let loaded: Engine | undefined;
  return {
    run(message, environment, view, hooks) {
      loaded ??= loadReference();
      return loaded.run(message, environment, view, hooks);
    },
  };
}

function loadReference(): Engine {
  const { EthereumjsEngine }: typeof import("./ethereumjs-engine") = require("./ethereumjs-engine");
  return new EthereumjsEngine();
}
