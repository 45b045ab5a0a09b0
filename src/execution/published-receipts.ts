/**
 * What receipts are made of, in the block's memory: any thread can make those of the whole block once it is
 * done, while the calling thread commits it.
 *
 * Owns: the records of executed transactions, who makes the receipts. Does not own: their encoding
 * (receipt-bodies.ts, receipts-root.ts), gas (settlement.ts).
 * Invariant: a record is written once per incarnation, before the scheduler hears of it.
 */
import { type EncodedLogs, NO_LOGS } from "./encoded-logs";
import type { TransactionOutcome } from "./outcome";
import { type ReceiptBodies, writeBodies } from "./receipt-bodies";
import { headOfKind, kindOf, type ReceiptHead, receiptsRootOf } from "./receipts-root";
import type { GasUses } from "./settlement";
import type { SharedArena } from "./shared-arena";
import type { TransactionInput } from "./transaction";

/** Record: bytes of the list of logs, their number, type and status of the transaction, -, the list (RLP). */
const LENGTH = 0;
const COUNT = 1;
const KIND = 2;
const LIST_AT = 4;

/** What a receipt says beside its gas. */
export interface ReceiptFacts extends Pick<TransactionOutcome, "status"> {
  readonly logs: EncodedLogs;
  readonly type: TransactionInput["type"];
}

/** Of the transactions of a block, in its order. */
export interface BlockReceipts {
  /** of a transaction that has not executed it has no logs */
  readonly bodies: ReceiptBodies;
  /** 32 bytes; null unless all have executed, with a gas use that is known */
  readonly root: Uint8Array | null;
}

/** Words of the block's directory for a block of this size. */
export function receiptWords(size: number): number {
  return size + 1;
}

export class PublishedReceipts {
  readonly #arena: SharedArena;
  readonly #taken: number;
  readonly #records: number;
  readonly #size: number;

  constructor(arena: SharedArena, directory: number, size: number) {
    this.#arena = arena;
    this.#taken = directory;
    this.#records = directory + 1;
    this.#size = size;
  }

  /** @param facts null = the transaction is not valid. Throws CapacityExceeded. */
  publish(transactionIndex: number, facts: ReceiptFacts | null): void {
    const { words, bytes } = this.#arena;
    let record = 0;
    if (facts !== null) {
      const { count, list } = facts.logs;
      record = this.#arena.allocate(LIST_AT + ((list.length + 3) >>> 2));
      words[record + LENGTH] = list.length;
      words[record + COUNT] = count;
      words[record + KIND] = kindOf(facts);
      bytes.set(list, (record + LIST_AT) << 2);
    }
    Atomics.store(words, this.#records + transactionIndex, record);
  }

  /** The receipts, or null if another thread makes them, or has made them. Only once the block is done. */
  madeUnlessTaken(gasUses: GasUses): BlockReceipts | null {
    if (Atomics.exchange(this.#arena.words, this.#taken, 1) === 1) {
      return null;
    }
    const bodies = this.#bodies();
    return { bodies, root: this.#root(bodies, gasUses) };
  }

  #bodies(): ReceiptBodies {
    const { words, bytes } = this.#arena;
    const size = this.#size;
    const logCounts = new Uint32Array(size);
    const lengths = new Uint32Array(size);
    for (let index = 0; index < size; index++) {
      const record = this.#record(index);
      logCounts[index] = record === 0 ? 0 : (words[record + COUNT] ?? 0);
      lengths[index] = record === 0 ? NO_LOGS.list.length : (words[record + LENGTH] ?? 0);
    }
    return writeBodies(logCounts, lengths, (target, at, index) => {
      const record = this.#record(index);
      const start = (record + LIST_AT) << 2;
      target.set(
        record === 0 ? NO_LOGS.list : bytes.subarray(start, start + (lengths[index] ?? 0)),
        at,
      );
    });
  }

  #root(bodies: ReceiptBodies, gasUses: GasUses): Uint8Array | null {
    const { words } = this.#arena;
    const heads: ReceiptHead[] = [];
    for (let index = 0; index < this.#size; index++) {
      const record = this.#record(index);
      const use = gasUses.of(index);
      if (record === 0 || use === null) {
        return null;
      }
      heads.push(headOfKind(words[record + KIND] ?? 0, use.gasUsed));
    }
    return receiptsRootOf(bodies, heads);
  }

  #record(index: number): number {
    return Atomics.load(this.#arena.words, this.#records + index);
  }
}
