/** A worker thread that reads a shared state on request; see shared-state-threads.test.ts. */

import { parentPort } from "node:worker_threads";
import { invariant } from "../../src/errors/base-error";
import type { Address } from "../../src/state/hex";
import { openSharedState } from "../../src/state/shared-state-store";
import type { StateReader } from "../../src/state/state-reader";
import type { SharedStateHandle } from "../../src/state/state-store";

export interface ReadRequest {
  /** Open this handle first; otherwise go on with the last one. */
  readonly handle?: SharedStateHandle;
  readonly address: Address;
  readonly slots: number;
}

export interface ReadReply {
  readonly balance: bigint;
  readonly codeLength: number;
  /** Sum of slots 0 to slots - 1. */
  readonly sum: bigint;
}

let reader: StateReader | null = null;

parentPort?.on("message", ({ handle, address, slots }: ReadRequest) => {
  if (handle !== undefined) {
    reader = openSharedState(handle);
  }
  invariant(reader !== null, "a worker got no state handle");
  let sum = 0n;
  for (let slot = 0; slot < slots; slot++) {
    sum += reader.storage(address, BigInt(slot));
  }
  const reply: ReadReply = {
    balance: reader.balance(address),
    codeLength: reader.code(reader.codeHash(address)).length,
    sum,
  };
  parentPort?.postMessage(reply);
});
