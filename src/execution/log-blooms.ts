/**
 * The bits that logs set in blooms (yellow paper, section 4.4.3): three of 2048 for each address and
 * topic, taken from its keccak256.
 *
 * Owns: hashing the values of many logs at once, each address and each event once. Does not own: where
 * the blooms lie.
 */
import { ARENA_START, hashMemory, MAX_JOBS, paddedLength } from "../crypto/hash-memory";
import { writeHex } from "../state/bytes";
import type { Address, Hash } from "../state/hex";
import type { Log } from "./outcome";

/** Bits of a bloom are numbered from the end of its bytes. */
const LAST_BYTE = 255;
const BIT_MASK = 0x7ff;
const ROOM = paddedLength(32);

export class LogBlooms {
  readonly #values: (Address | Hash)[] = [];
  /** Addresses and first topics, which recur in a block, by their place among the values. */
  readonly #recurring = new Map<Address | Hash, number>();
  /** Pairs: where a bloom lies, and which value it has. */
  readonly #uses: number[] = [];

  /** The bloom at `bloom` is that of these logs, and perhaps of others. */
  addLogs(bloom: number, logs: readonly Log[]): void {
    for (const { address, topics } of logs) {
      this.#uses.push(bloom, this.#placeOf(address));
      for (let index = 0; index < topics.length; index++) {
        const topic = topics[index];
        if (topic !== undefined) {
          const place = index === 0 ? this.#placeOf(topic) : this.#values.push(topic) - 1;
          this.#uses.push(bloom, place);
        }
      }
    }
  }

  /** Sets all bits in the blooms, which lie in `bytes`. */
  setBits(bytes: Uint8Array): void {
    const bits = this.#hashedBits();
    const uses = this.#uses;
    for (let use = 0; use < uses.length; use += 2) {
      const last = (uses[use] ?? 0) + LAST_BYTE;
      const first = (uses[use + 1] ?? 0) * 3;
      for (let index = first; index < first + 3; index++) {
        const bit = bits[index] ?? 0;
        const byte = last - (bit >> 3);
        bytes[byte] = (bytes[byte] ?? 0) | (1 << (bit & 7));
      }
    }
  }

  #placeOf(value: Address | Hash): number {
    let place = this.#recurring.get(value);
    if (place === undefined) {
      place = this.#values.push(value) - 1;
      this.#recurring.set(value, place);
    }
    return place;
  }

  /** Three bits a value. */
  #hashedBits(): Uint16Array {
    const memory = hashMemory();
    const values = this.#values;
    const bits = new Uint16Array(values.length * 3);
    for (let from = 0; from < values.length; from += MAX_JOBS) {
      const to = Math.min(values.length, from + MAX_JOBS);
      memory.beginJobs();
      for (let place = from; place < to; place++) {
        const at = ARENA_START + (place - from) * ROOM;
        memory.addJob(at, writeHex(memory.bytes, at, values[place] ?? "0x") - at);
      }
      memory.hashMany();
      for (let place = from; place < to; place++) {
        const at = ARENA_START + (place - from) * ROOM;
        for (let index = 0; index < 3; index++) {
          bits[place * 3 + index] = memory.view.getUint16(at + 2 * index) & BIT_MASK; // big-endian
        }
      }
    }
    return bits;
  }
}
