/**
 * Mines transactions together, as one block, and tells what they did to each other.
 *
 * Owns: sending without mining, mining once, leaving the network as it was. Does not own: what is
 * told (examine.ts).
 */

import type { ConflictRule } from "../analysis/conflicts";
import type { NamedAccess, NamedConflict } from "../analysis/named-conflicts";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Address, Hash } from "../state/hex";
import { type Examined, examine, type JsonReceipt } from "./examine";
import { currentProject, type Project } from "./project";
import { type TransactionLike, transactionHash } from "./transaction-hash";

export interface BatchTransaction {
  readonly hash: Hash;
  readonly from: Address;
  /** `Pool.swap(uint256)`; null for a plain transfer or a deployment */
  readonly function: string | null;
  readonly failed: boolean;
  readonly receipt: JsonReceipt;
  /** storage slots, balances, … that it read or wrote, by name */
  readonly accesses: readonly NamedAccess[];
}

/** Transactions that were mined as one block, in the order in which they were sent. */
export interface Batch {
  readonly blockNumber: number;
  readonly transactions: readonly BatchTransaction[];
  /** by transaction, as JSON-RPC gives them */
  readonly receipts: readonly JsonReceipt[];
  /** transactions that reverted */
  readonly failed: number;
  /** `writer` and `reader` are places in `transactions` */
  readonly conflicts: readonly NamedConflict[];
  /** P, from 0 (one after the other) to 1 (all at once); null for less than two transactions */
  readonly parallelism: number | null;
  /** S_p: how many times faster the block is on so many lanes (at least 1) than on one */
  speedup(lanes: number): number;
}

export interface MineBatchOptions {
  /** `"value"`: writing back what was there is no conflict. Default "version", as in the report. */
  readonly rule?: ConflictRule;
}

/**
 * Sends transactions with mining held back, then mines one block with all of them.
 *
 * `send` sends them and gives what the library gave for each: ethers' responses or viem's hashes. Nothing in it
 * may wait for a receipt. A transaction that reverts is in the block and counted in `failed`.
 *
 * @throws ParallelError BATCH_EMPTY, BATCH_DOES_NOT_FIT, NOT_A_TRANSACTION, PROJECT_MISSING,
 * PROJECT_NOT_PARALLEL; what `send` throws. Whatever was thrown, automine is as before, and what was sent and
 * not mined is dropped.
 */
export async function mineBatch(
  send: () =>
    | readonly (TransactionLike | PromiseLike<TransactionLike>)[]
    | PromiseLike<readonly (TransactionLike | PromiseLike<TransactionLike>)[]>,
  options: MineBatchOptions = {},
): Promise<Batch> {
  const project = currentProject();
  const hashes = await sendAndMine(project, send);
  return describeBatch(hashes, await examine(hashes, options));
}

async function sendAndMine(
  project: Project,
  send: Parameters<typeof mineBatch>[0],
): Promise<readonly Hash[]> {
  const automine = await project.request("hardhat_getAutomine");
  await project.request("evm_setAutomine", [false]);
  const hashes: Hash[] = [];
  try {
    const settled = await Promise.allSettled(await send());
    for (const result of settled) {
      if (result.status === "fulfilled") {
        hashes.push(transactionHash(result.value));
      }
    }
    const refused = settled.find((result) => result.status === "rejected");
    if (refused !== undefined) {
      throw refused.reason;
    }
    if (hashes.length === 0) {
      throw new ParallelError(ERRORS.BATCH_EMPTY, {});
    }
    await project.request("evm_mine");
    await requireMined(project, hashes);
    return hashes;
  } catch (error) {
    await dropPending(project, hashes);
    throw error;
  } finally {
    await project.request("evm_setAutomine", [automine]);
  }
}

async function requireMined(project: Project, hashes: readonly Hash[]): Promise<void> {
  const receipts = await Promise.all(
    hashes.map((hash) => project.request("eth_getTransactionReceipt", [hash])),
  );
  const left = receipts.filter((receipt) => receipt === null).length;
  if (left > 0) {
    // what the method answers
    const block = (await project.request("eth_getBlockByNumber", ["latest", false])) as {
      readonly gasLimit: string;
    };
    throw new ParallelError(ERRORS.BATCH_DOES_NOT_FIT, {
      left,
      count: hashes.length,
      gasLimit: BigInt(block.gasLimit),
    });
  }
}

async function dropPending(project: Project, hashes: readonly Hash[]): Promise<void> {
  for (const hash of hashes) {
    if ((await project.request("eth_getTransactionReceipt", [hash])) === null) {
      await project.request("hardhat_dropTransaction", [hash]);
    }
  }
}

function describeBatch(hashes: readonly Hash[], examined: Examined): Batch {
  const { named, places, receipts } = examined;
  const sentAs = new Map(places.map((place, i) => [place, i]));
  const transactions = hashes.map((hash, i): BatchTransaction => {
    const [place, receipt] = [places[i] ?? -1, receipts[i] as JsonReceipt]; // lists of one length
    return {
      hash,
      from: receipt.from,
      function: named.functions[place] ?? null,
      failed: receipt.status === "0x0",
      receipt,
      accesses: named.accesses(place),
    };
  });
  const metrics = named.metrics(1);
  return {
    blockNumber: Number(receipts[0]?.blockNumber ?? 0),
    transactions,
    receipts,
    failed: transactions.filter(({ failed }) => failed).length,
    conflicts: named.conflicts.map((conflict) => ({
      ...conflict,
      writer: sentAs.get(conflict.writer) ?? -1,
      reader: sentAs.get(conflict.reader) ?? -1,
    })),
    parallelism: metrics.parallelism,
    speedup: (lanes) => named.metrics(lanes).speedUp,
  };
}
