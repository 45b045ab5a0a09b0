/**
 * Texts of addresses that were read from bytes lately, one per address: the same senders and contracts
 * come up block after block. Besides making the text this saves hashing it, which a map does at the first
 * use of every new string.
 *
 * Owns: which texts this thread keeps: of each place the last one. Does not own: the form of a text
 * (crypto/hex-text.ts).
 */
import { hexText } from "../crypto/hex-text";
import type { Address } from "./hex";
import { WORDS_PER_ADDRESS } from "./shared/words";

const ADDRESS_BYTES = 20;
/** A power of two: 40 KB, and at most some 200 KB of texts. */
const PLACES = 2048;
/** Leaves as many bits of a product as number a place. */
const SHIFT = 32 - Math.log2(PLACES);
const GOLDEN = 0x9e3779b1;

const words = new Int32Array(PLACES * WORDS_PER_ADDRESS);
/** At a place that is not in use the words are zero, and so is the address of this text. */
const texts = new Array<Address>(PLACES).fill(`0x${"00".repeat(ADDRESS_BYTES)}`);

/** The text of the 20 bytes from `start` on. */
export function addressText(bytes: Uint8Array, start: number): Address {
  const a = wordAt(bytes, start);
  const b = wordAt(bytes, start + 4);
  const c = wordAt(bytes, start + 8);
  const d = wordAt(bytes, start + 12);
  const e = wordAt(bytes, start + 16);
  // The first word, too: addresses of tests and of systems differ at one end only.
  const place = Math.imul(a ^ e, GOLDEN) >>> SHIFT;
  const at = place * WORDS_PER_ADDRESS;
  const known = texts[place];
  if (
    known !== undefined &&
    words[at] === a &&
    words[at + 1] === b &&
    words[at + 2] === c &&
    words[at + 3] === d &&
    words[at + 4] === e
  ) {
    return known;
  }
  const text = hexText(bytes, start, start + ADDRESS_BYTES);
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = c;
  words[at + 3] = d;
  words[at + 4] = e;
  texts[place] = text;
  return text;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
