/**
 * The order in which pooled transactions are offered to a block: among the first transactions of all
 * senders always the best one, by arrival (fifo) or by what the miner earns (priority; ties by
 * arrival). A k-way merge with a binary heap, unless no sender has a second one.
 *
 * Leaving a sender out never changes the order of the others, so a block builder may drop senders
 * from the result instead of asking again.
 */
import { invariant } from "../errors/base-error";
import type { ChainTransaction } from "./chain";
import type { PooledTransaction } from "./mempool";

export type PoolOrder = "fifo" | "priority";

interface Head {
  readonly queue: readonly PooledTransaction[];
  position: number;
  /** wei per gas for the miner; 0 under fifo */
  fee: bigint;
  arrival: number;
}

/** At most `limit` transactions of the queues (each in nonce order), best first. */
export function orderTransactions(
  queues: Iterable<readonly PooledTransaction[]>,
  order: PoolOrder,
  baseFeePerGas: bigint | null,
  limit: number,
): ChainTransaction[] {
  const heap: Head[] = [];
  let longest = 0;
  for (const queue of queues) {
    const head: Head = { queue, position: -1, fee: 0n, arrival: 0 };
    if (advance(head, order, baseFeePerGas)) {
      heap.push(head);
      longest = Math.max(longest, queue.length);
    }
  }
  // A sorted list is a heap, and where nobody has a second transaction it is the answer. Transactions
  // are nearly in order as they are: by arrival.
  heap.sort(byRank);
  if (longest <= 1) {
    return heap.slice(0, limit).map(firstOf);
  }
  const ordered: ChainTransaction[] = [];
  while (ordered.length < limit) {
    const [best] = heap;
    const next = best?.queue[best.position];
    if (best === undefined || next === undefined) {
      break;
    }
    ordered.push(next.transaction);
    if (!advance(best, order, baseFeePerGas)) {
      const last = heap.pop();
      if (last !== undefined && last !== best) {
        heap[0] = last;
      }
    }
    siftDown(heap);
  }
  return ordered;
}

/** wei per gas that the miner earns; the whole fee before London */
export function minerFee(transaction: ChainTransaction, baseFeePerGas: bigint | null): bigint {
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction.input;
  if (baseFeePerGas === null) {
    return maxFeePerGas;
  }
  return min(maxFeePerGas - baseFeePerGas, maxPriorityFeePerGas);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Moves to the queue's next transaction; false at its end. */
function advance(head: Head, order: PoolOrder, baseFeePerGas: bigint | null): boolean {
  head.position++;
  const entry = head.queue[head.position];
  if (entry === undefined) {
    return false;
  }
  head.arrival = entry.arrival;
  head.fee = order === "fifo" ? 0n : minerFee(entry.transaction, baseFeePerGas);
  return true;
}

function firstOf({ queue: [first] }: Head): ChainTransaction {
  invariant(first !== undefined, "a queue in the pool is not empty");
  return first.transaction;
}

/** The better one first: see isBetter. */
function byRank(a: Head, b: Head): number {
  return a.fee === b.fee ? a.arrival - b.arrival : a.fee > b.fee ? -1 : 1;
}

function isBetter(a: Head, b: Head): boolean {
  return byRank(a, b) < 0;
}

/** Restores the order after the root has changed. */
function siftDown(heap: Head[]): void {
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const right = left + 1;
    const a = heap[left];
    const b = heap[right];
    const child = a !== undefined && b !== undefined && isBetter(b, a) ? right : left;
    if (!swapIfBetter(heap, child, index)) {
      return;
    }
    index = child;
  }
}

function swapIfBetter(heap: Head[], lower: number, upper: number): boolean {
  const a = heap[lower];
  const b = heap[upper];
  if (a === undefined || b === undefined || !isBetter(a, b)) {
    return false;
  }
  heap[lower] = b;
  heap[upper] = a;
  return true;
}
