/** How often a signer is recovered from a signature, in this thread and in those that start while it is counted. */
import { getEnvironmentData } from "node:worker_threads";
import type * as Secp256k1 from "../../src/crypto/secp256k1";
import { preloadInThreads } from "./thread-preload";

const RECOVERIES = "hardhat-parallel: recoveries";

export interface Recoveries {
  /** since the last time */
  take(): { readonly here: number; readonly inThreads: number };
  stop(): void;
}

export function countRecoveries(): Recoveries {
  const here = new Int32Array(new SharedArrayBuffer(4));
  const inThreads = new Int32Array(new SharedArrayBuffer(4));
  const stopHere = countHere(here);
  const stopThere = preloadInThreads("counted-recoveries.ts", RECOVERIES, inThreads);
  return {
    take: () => ({
      here: Atomics.exchange(here, 0, 0),
      inThreads: Atomics.exchange(inThreads, 0, 0),
    }),
    stop() {
      stopHere();
      stopThere();
    },
  };
}

/** The same for the thread that loads the fixture. */
export function countRecoveriesOfThread(): void {
  const count = getEnvironmentData(RECOVERIES);
  if (count instanceof Int32Array) {
    countHere(count);
  }
}

/** What others import is this object, too. */
function countHere(count: Int32Array): () => void {
  const exported: typeof Secp256k1 = require("../../src/crypto/secp256k1");
  const { recoverAddress } = exported;
  const define = (value: typeof recoverAddress): void => {
    Object.defineProperty(exported, "recoverAddress", { value, configurable: true });
  };
  define((...signature) => {
    Atomics.add(count, 0, 1);
    return recoverAddress(...signature);
  });
  return () => define(recoverAddress);
}
