/**
 * The receipts of a block that the calling thread executes alone, made in another thread meanwhile: that one
 * hears of transactions as they end, a batch at a time, and has little left to do when the last one has ended.
 *
 * Owns: the memory that the two threads share, who makes the receipts. Does not own: their encoding
 * (receipt-bodies.ts, receipts-root.ts), what else a thread makes meanwhile (made-meanwhile.ts).
 *
 * Layout, in 32-bit words: is somebody making the receipts, what the calling thread has to say, how often it
 * has said something, where the records end; then one record per transaction, in block order.
 * Invariant: what lies before the end of the records is not written again until the reader has answered.
 */
import type { EncodedLogs } from "./encoded-logs";
import type { BlockReceipts } from "./published-receipts";
import { joinBodies, type ReceiptBodies, receiptBodies } from "./receipt-bodies";
import { headOfKind, kindOf, type ReceiptHead, receiptsRootOf } from "./receipts-root";

const TAKEN = 0;
const STATE = 1;
const SIGNAL = 2;
const END = 3;
const HEADER_WORDS = 4;

/** The state, 0 until then: there are no more transactions */
const COMPLETE = 1;
/** the calling thread makes the receipts, or nobody does */
const GIVEN_UP = 2;

/** Record: bytes of the list of logs, their number, type and status of the transaction, -, gas (64 bits), the list. */
const LENGTH = 0;
const COUNT = 1;
const KIND = 2;
const GAS = 4;
const LIST_AT = 6;

/** transactions that the other thread is told of at once: to wake it takes about as long as a transfer */
const BATCH = 64;
/** words; pages that are not touched cost nothing */
const SMALLEST = 1 << 18;

/** The calling thread's side, for one block at a time. */
export class ReceiptFeed {
  #buffer = new SharedArrayBuffer(0);
  #words = new Int32Array(this.#buffer);
  #longs = new BigUint64Array(this.#buffer);
  #bytes = new Uint8Array(this.#buffer);
  /** no other thread has the memory */
  #isFree = false;
  /** words that the next block's memory has at least */
  #size = SMALLEST;
  /** of the records; beyond the memory's own end if not all of them are in it */
  #end = 0;
  /** transactions since the other thread was told */
  #untold = 0;

  /** A block begins. Returns what `receiptsUnlessTaken` gets: it is this block's until `answered`. */
  begin(): SharedArrayBuffer {
    if (!this.#isFree || this.#words.length < this.#size) {
      this.#buffer = new SharedArrayBuffer(this.#size * 4);
      this.#words = new Int32Array(this.#buffer);
      this.#longs = new BigUint64Array(this.#buffer);
      this.#bytes = new Uint8Array(this.#buffer);
    }
    this.#isFree = false;
    this.#end = HEADER_WORDS;
    this.#untold = 0;
    this.#words.fill(0, 0, HEADER_WORDS);
    this.#words[END] = HEADER_WORDS;
    return this.#buffer;
  }

  /** The next transaction of the block has ended. */
  add(head: ReceiptHead, { list, count }: EncodedLogs): void {
    const words = this.#words;
    const at = this.#end;
    this.#end = recordEnd(at, list.length);
    if (this.#isFull) {
      return;
    }
    words[at + LENGTH] = list.length;
    words[at + COUNT] = count;
    words[at + KIND] = kindOf(head);
    this.#longs[(at + GAS) >> 1] = head.gasUsed;
    this.#bytes.set(list, (at + LIST_AT) << 2);
    if (++this.#untold === BATCH) {
      this.#untold = 0;
      Atomics.store(words, END, this.#end);
      this.#wake();
    }
  }

  /** All transactions that are in the block have ended. If they had no room, there is more next time. */
  complete(): void {
    if (this.#isFull) {
      this.#size = this.#end * 2;
      this.giveUp();
      return;
    }
    Atomics.store(this.#words, END, this.#end);
    Atomics.store(this.#words, STATE, COMPLETE);
    this.#wake();
  }

  /** The block was not executed. */
  giveUp(): void {
    Atomics.store(this.#words, STATE, GIVEN_UP);
    this.#wake();
  }

  /** False if another thread makes the receipts, or has made them. */
  takeBack(): boolean {
    return Atomics.exchange(this.#words, TAKEN, 1) === 0;
  }

  /** The thread that got this memory from `begin` is done with it. */
  answered(buffer: SharedArrayBuffer): void {
    if (buffer === this.#buffer) {
      this.#isFree = true;
    }
  }

  get #isFull(): boolean {
    return this.#end > this.#words.length;
  }

  #wake(): void {
    Atomics.add(this.#words, SIGNAL, 1);
    Atomics.notify(this.#words, SIGNAL);
  }
}

/** Records begin at an even place. */
function recordEnd(at: number, listLength: number): number {
  return at + LIST_AT + (((listLength + 7) >>> 3) << 1);
}

/**
 * Makes the receipts as transactions end: blocks the thread until the last one has. Null if the calling
 * thread makes them, or has given up.
 */
export function receiptsUnlessTaken(buffer: SharedArrayBuffer): BlockReceipts | null {
  const words = new Int32Array(buffer);
  if (Atomics.exchange(words, TAKEN, 1) === 1) {
    return null;
  }
  const parts: ReceiptBodies[] = [];
  const heads: ReceiptHead[] = [];
  let at = HEADER_WORDS;
  for (;;) {
    const signal = Atomics.load(words, SIGNAL);
    // before the end of the records: of a block that is complete it is the last one
    const state = Atomics.load(words, STATE);
    const end = Atomics.load(words, END);
    if (state === GIVEN_UP) {
      return null;
    }
    if (at < end) {
      parts.push(bodiesOf(buffer, at, end, heads));
      at = end;
    }
    if (state === COMPLETE) {
      const bodies = joinBodies(parts);
      return { bodies, root: receiptsRootOf(bodies, heads) };
    }
    Atomics.wait(words, SIGNAL, signal);
  }
}

/** Bodies of the records in [from, to); adds their heads. */
function bodiesOf(
  buffer: SharedArrayBuffer,
  from: number,
  to: number,
  heads: ReceiptHead[],
): ReceiptBodies {
  const words = new Int32Array(buffer);
  const longs = new BigUint64Array(buffer);
  const bytes = new Uint8Array(buffer);
  const lists: EncodedLogs[] = [];
  for (let at = from; at < to; ) {
    const length = words[at + LENGTH] ?? 0;
    const list = (at + LIST_AT) << 2;
    lists.push({ count: words[at + COUNT] ?? 0, list: bytes.subarray(list, list + length) });
    heads.push(headOfKind(words[at + KIND] ?? 0, longs[(at + GAS) >> 1] ?? 0n));
    at = recordEnd(at, length);
  }
  return receiptBodies(lists);
}
