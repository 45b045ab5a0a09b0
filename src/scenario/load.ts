/**
 * Load: many transactions, sent one after the other with mining held back, then mined into as few blocks
 * as they fit. The order of sending is the order of arrival, so that a run can be repeated exactly.
 *
 * Owns: sending and mining. Does not own: what is recorded of it.
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Project } from "../project/project";
import { type TransactionLike, transactionHash } from "../project/transaction-hash";
import type { Hash } from "../state/hex";

/** Sends one transaction and gives what the library gave for it; must not wait for its receipt. */
export type SendOne = () => TransactionLike | PromiseLike<TransactionLike>;

export interface LoadResult {
  readonly transactions: number;
  /** transactions that reverted */
  readonly failed: number;
  readonly blocks: number;
}

export type Load = (sends: readonly SendOne[]) => Promise<LoadResult>;

export interface LoadListener {
  /** What is mined from now on belongs to the load, or no longer does. */
  measuring(on: boolean): void;
  /** transactions sent of all */
  sent(done: number, all: number): void;
}

export function createLoad(project: Project, listener: LoadListener): Load {
  return async (sends) => {
    if (!Array.isArray(sends)) {
      throw new ParallelError(ERRORS.SCENARIO_LOAD, { actual: typeof sends });
    }
    await project.request("evm_setAutomine", [false]);
    listener.measuring(true);
    try {
      const hashes: Hash[] = [];
      for (const send of sends) {
        if (typeof send !== "function") {
          throw new ParallelError(ERRORS.SCENARIO_LOAD, { actual: `a list with a ${typeof send}` });
        }
        hashes.push(transactionHash(await send()));
        listener.sent(hashes.length, sends.length);
      }
      return await mineAll(project, hashes);
    } finally {
      listener.measuring(false);
      await project.request("evm_setAutomine", [true]);
    }
  };
}

/** @throws ParallelError SCENARIO_STUCK if a block takes none of what is left */
async function mineAll(project: Project, hashes: readonly Hash[]): Promise<LoadResult> {
  let [pending, failed, blocks] = [hashes, 0, 0];
  while (pending.length > 0) {
    await project.request("evm_mine");
    blocks++;
    const left: Hash[] = [];
    for (const hash of pending) {
      // what the method answers
      const receipt = (await project.request("eth_getTransactionReceipt", [hash])) as {
        readonly status?: string;
      } | null;
      if (receipt === null) {
        left.push(hash);
      } else if (receipt.status === "0x0") {
        failed++;
      }
    }
    if (left.length === pending.length) {
      throw new ParallelError(ERRORS.SCENARIO_STUCK, { left: left.length });
    }
    pending = left;
  }
  return { transactions: hashes.length, failed, blocks };
}
