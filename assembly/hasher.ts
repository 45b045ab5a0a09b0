/**
 * KECCAK256 of many messages where they lie, compiled by scripts/build-words.mjs to a module with a
 * memory of its own (src/crypto/keccak-module.ts).
 *
 * Owns: padding, and which messages are hashed in pairs. Does not own: where messages lie.
 *
 * A message of n bytes takes paddedLength(n) bytes of memory, all of which a hash overwrites: the
 * padding is written behind the message, and the hash over its first 32 bytes.
 */
import { absorb, permute, RATE, STATE } from "./keccak";
import { hashPair } from "./keccak-pair";

/** Messages of more blocks are hashed alone. */
const MAX_PAIRED_BLOCKS: usize = 31;
/** By number of blocks: the message that waits for a second one, 0 = none. */
const WAITING: usize = memory.data((31 + 1) * 4, 8);

/** Writes the padding; returns the number of blocks. */
function pad(pointer: usize, length: usize): usize {
  const blocks = length / RATE + 1;
  const end = pointer + blocks * RATE;
  memory.fill(pointer + length, 0, end - pointer - length);
  store<u8>(pointer + length, 0x01);
  store<u8>(end - 1, load<u8>(end - 1) | 0x80);
  return blocks;
}

/** Begins a message that comes in pieces. */
export function start(): void {
  memory.fill(STATE, 0, 200);
}

/** Takes whole blocks of the message. */
export function update(pointer: usize, blocks: usize): void {
  const end = pointer + blocks * RATE;
  for (; pointer < end; pointer += RATE) {
    absorb(pointer, RATE);
    permute();
  }
}

/** Takes the rest of the message and leaves the hash at `pointer`. */
export function finish(pointer: usize, length: usize): void {
  update(pointer, pad(pointer, length));
  memory.copy(pointer, STATE, 32);
}

function hashPadded(pointer: usize, blocks: usize): void {
  start();
  update(pointer, blocks);
  memory.copy(pointer, STATE, 32);
}

/** Hashes one message in place. */
export function hash(pointer: usize, length: usize): void {
  hashPadded(pointer, pad(pointer, length));
}

/** Hashes messages in place; a job is a pointer and a length, 32 bits each. */
export function hashMany(jobs: usize, count: usize): void {
  memory.fill(WAITING, 0, (MAX_PAIRED_BLOCKS + 1) * 4);
  const end = jobs + count * 8;
  for (; jobs < end; jobs += 8) {
    const pointer: usize = load<u32>(jobs);
    const blocks = pad(pointer, load<u32>(jobs, 4));
    if (blocks > MAX_PAIRED_BLOCKS) {
      hashPadded(pointer, blocks);
      continue;
    }
    const place = WAITING + blocks * 4;
    const other: usize = load<u32>(place);
    if (other === 0) {
      store<u32>(place, pointer);
    } else {
      store<u32>(place, 0);
      hashPair(other, pointer, blocks);
    }
  }
  for (let blocks: usize = 1; blocks <= MAX_PAIRED_BLOCKS; blocks++) {
    const pointer: usize = load<u32>(WAITING + blocks * 4);
    if (pointer !== 0) {
      hashPadded(pointer, blocks);
    }
  }
}
