/**
 * The bits that logs set in blooms (yellow paper, section 4.4.3): three of 2048 for each address and
 * topic, taken from its keccak256.
 *
 * Owns: hashing the values of many logs at once, each address and each event once. Does not own: where
 * the blooms and the logs lie.
 */
import { ARENA_START, hashMemory, MAX_JOBS, paddedLength } from "../crypto/hash-memory";
import { contentStart, itemEnd } from "../state/trie/rlp";

/** Bits of a bloom are numbered from the end of its bytes. */
const LAST_BYTE = 255;
const BIT_MASK = 0x7ff;
const ROOM = paddedLength(32);
const ADDRESS_BYTES = 20;
const TOPIC_BYTES = 32;

/** Values are told by where they lie: an address or a topic. */
export class LogBlooms {
  readonly #bytes: Uint8Array;
  readonly #values: number[] = [];
  readonly #lengths: number[] = [];
  /** Addresses and first topics, which recur in a block, by their last bytes: their place among the values. */
  readonly #recurring = new Map<number, number>();
  /** Pairs: where a bloom lies, and which value it has. */
  readonly #uses: number[] = [];

  /** @param bytes where logs and blooms lie */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bloom at `bloom` is that of the list of logs at `logs` (RLP), and perhaps of others. */
  addLogs(bloom: number, logs: number): void {
    const bytes = this.#bytes;
    const end = itemEnd(bytes, logs);
    for (let log = contentStart(bytes, logs); log < end; log = itemEnd(bytes, log)) {
      const address = contentStart(bytes, log);
      this.#uses.push(bloom, this.#placeOf(address + 1, ADDRESS_BYTES));
      const topics = address + 1 + ADDRESS_BYTES;
      const topicsEnd = itemEnd(bytes, topics);
      const first = contentStart(bytes, topics);
      for (let topic = first; topic < topicsEnd; topic += 1 + TOPIC_BYTES) {
        const place =
          topic === first
            ? this.#placeOf(topic + 1, TOPIC_BYTES)
            : this.#add(topic + 1, TOPIC_BYTES);
        this.#uses.push(bloom, place);
      }
    }
  }

  /** Sets all bits in the blooms, and those that any of them has in `united`, a bloom of its own. */
  setBits(united: Uint8Array): void {
    const bytes = this.#bytes;
    const bits = this.#hashedBits();
    const uses = this.#uses;
    for (let use = 0; use < uses.length; use += 2) {
      const last = (uses[use] ?? 0) + LAST_BYTE;
      const first = (uses[use + 1] ?? 0) * 3;
      for (let index = first; index < first + 3; index++) {
        const bit = bits[index] ?? 0;
        const byte = last - (bit >> 3);
        bytes[byte] = (bytes[byte] ?? 0) | (1 << (bit & 7));
        const unitedByte = LAST_BYTE - (bit >> 3);
        united[unitedByte] = (united[unitedByte] ?? 0) | (1 << (bit & 7));
      }
    }
  }

  #add(value: number, length: number): number {
    this.#lengths.push(length);
    return this.#values.push(value) - 1;
  }

  #placeOf(value: number, length: number): number {
    const bytes = this.#bytes;
    const end = value + length;
    const tail =
      ((bytes[end - 4] ?? 0) << 24) |
      ((bytes[end - 3] ?? 0) << 16) |
      ((bytes[end - 2] ?? 0) << 8) |
      (bytes[end - 1] ?? 0);
    const known = this.#recurring.get(tail);
    if (known !== undefined && this.#isSame(known, value, length)) {
      return known;
    }
    const place = this.#add(value, length);
    this.#recurring.set(tail, place);
    return place;
  }

  #isSame(place: number, value: number, length: number): boolean {
    const bytes = this.#bytes;
    const other = this.#values[place] ?? 0;
    if (this.#lengths[place] !== length) {
      return false;
    }
    for (let at = 0; at < length; at++) {
      if (bytes[other + at] !== bytes[value + at]) {
        return false;
      }
    }
    return true;
  }

  /** Three bits a value. */
  #hashedBits(): Uint16Array {
    const memory = hashMemory();
    const bytes = this.#bytes;
    const values = this.#values;
    const bits = new Uint16Array(values.length * 3);
    for (let from = 0; from < values.length; from += MAX_JOBS) {
      const to = Math.min(values.length, from + MAX_JOBS);
      memory.beginJobs();
      for (let place = from; place < to; place++) {
        const target = ARENA_START + (place - from) * ROOM;
        const value = values[place] ?? 0;
        const length = this.#lengths[place] ?? 0;
        // Not by a view of them: it takes longer than so few bytes.
        for (let at = 0; at < length; at++) {
          memory.bytes[target + at] = bytes[value + at] ?? 0;
        }
        memory.addJob(target, length);
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
