/**
 * What happens to a submitted transaction: it waits in the pool, or, with automine, it is mined at
 * once together with everything else that is pending.
 */

import { checkAutomineFees, checkAutomineNonce, checkTransaction } from "./admission";
import { pendingBaseFee } from "./block-environment";
import type { ChainTransaction, MinedBlock, PoolRejection, SubmitResult } from "./chain";
import { ChainError } from "./chain-error";
import type { ChainState } from "./chain-state";
import type { Miner } from "./miner";
import type { Snapshots } from "./snapshots";

/**
 * `announce` is called when the transaction is accepted, before any block. Callers hold the lock.
 * A rejection leaves the chain as it was (but for a used-up snapshot id, as in stock). Throws as
 * Miner.mine, likewise: of the transactions in the pool one can make another invalid.
 */
export async function submitTransaction(
  state: ChainState,
  miner: Miner,
  snapshots: Snapshots,
  automine: boolean,
  transaction: ChainTransaction,
  announce: () => void,
): Promise<SubmitResult> {
  const malformed = checkTransaction(state, transaction);
  if (malformed !== null) {
    return { ok: false, rejection: malformed };
  }
  if (transaction.input.type === 3) {
    return submitBlobTransaction(state, miner, automine, transaction, announce);
  }
  const { hash } = transaction.input;
  if (!automine) {
    const rejection = state.pool.add(transaction, state.store);
    if (rejection !== null) {
      return { ok: false, rejection };
    }
    miner.prepare(transaction);
    announce();
    return { ok: true, hash, mined: [] };
  }
  const unready = checkAutomineNonce(state, transaction) ?? checkAutomineFees(state, transaction);
  if (unready !== null) {
    return { ok: false, rejection: unready };
  }
  const snapshot = snapshots.take();
  const rejection = state.pool.add(transaction, state.store);
  if (rejection !== null) {
    snapshots.forget(snapshot);
    return { ok: false, rejection };
  }
  announce();
  try {
    const mined = await mineUntilPoolIsEmpty(state, miner, transaction);
    snapshots.forget(snapshot);
    return { ok: true, hash, mined };
  } catch (error) {
    await snapshots.revert(snapshot);
    throw error;
  }
}

/**
 * Blocks until the transaction is in one, then until nothing is pending. Ends as well when it can
 * never come to that (fees below what the base fee falls to): there the stock network mines forever.
 */
async function mineUntilPoolIsEmpty(
  state: ChainState,
  miner: Miner,
  { input }: ChainTransaction,
): Promise<MinedBlock[]> {
  const mined: MinedBlock[] = [];
  while (!state.history.hasOwnTransaction(input.hash) || state.pool.hasPending) {
    const next = await miner.mine();
    mined.push(next);
    const { header, transactions } = next.block;
    if (transactions.length === 0 && pendingBaseFee(state) === (header.baseFeePerGas ?? null)) {
      break;
    }
  }
  return mined;
}

/** Blob transactions never enter the pool (as in stock): they are mined at once and alone. */
async function submitBlobTransaction(
  state: ChainState,
  miner: Miner,
  automine: boolean,
  transaction: ChainTransaction,
  announce: () => void,
): Promise<SubmitResult> {
  if (!automine || !state.pool.isEmpty) {
    return { ok: false, rejection: { kind: "BlobsNotPooled" } };
  }
  announce();
  const { input } = transaction;
  const rejection =
    checkAutomineFees(state, transaction) ??
    checkAutomineNonce(state, transaction) ??
    checkBlockGasLimit(state, transaction);
  if (rejection !== null) {
    return { ok: false, rejection };
  }
  try {
    return { ok: true, hash: input.hash, mined: [await miner.mineOnly(transaction)] };
  } catch (error) {
    return { ok: false, rejection: rejectionOf(error) };
  }
}

function checkBlockGasLimit(state: ChainState, { input }: ChainTransaction): PoolRejection | null {
  const { blockGasLimit } = state.pool;
  const { gasLimit } = input;
  return gasLimit > blockGasLimit
    ? { kind: "ExceedsBlockGasLimit", gasLimit, blockGasLimit }
    : null;
}

/** Why the only transaction of a block could not be mined, if that is its fault; else throws the error on. */
function rejectionOf(error: unknown): PoolRejection {
  if (error instanceof ChainError && error.problem.kind === "InvalidTransaction") {
    return error.problem.reason;
  }
  throw error;
}
