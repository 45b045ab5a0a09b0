/**
 * RLP (yellow paper, appendix B) written in place: headers, numbers and the paths of trie nodes.
 *
 * Every function writes at `at` and returns the end of what it wrote.
 */

export const STRING = 0x80;
export const LIST = 0xc0;
/** Hex-prefix flag of a leaf's path (yellow paper, appendix C). */
export const LEAF_PATH = 0x20;

/** Bytes of the header of a string or list with this many bytes of content (a longer string than one byte). */
export function headerLength(length: number): number {
  return length < 56 ? 1 : 1 + byteLength(length);
}

/** Where the content of the item at `at` begins. Well-formed RLP only. */
export function contentStart(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const base = first < LIST ? STRING : LIST;
  if (first < STRING) {
    return at; // a byte that is its own encoding
  }
  const length = first - base;
  return length < 56 ? at + 1 : at + 1 + (length - 55);
}

/** Where the item at `at` ends. Likewise. */
export function itemEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < STRING) {
    return at + 1;
  }
  const start = contentStart(bytes, at);
  const short = first - (first < LIST ? STRING : LIST);
  if (short < 56) {
    return start + short;
  }
  let length = 0;
  for (let place = at + 1; place < start; place++) {
    length = length * 256 + (bytes[place] ?? 0);
  }
  return start + length;
}

/** Bytes of a string item. */
export function stringLength(content: Uint8Array): number {
  const { length } = content;
  return length === 1 && (content[0] ?? 0) < 0x80 ? 1 : headerLength(length) + length;
}

export function writeHeader(
  bytes: Uint8Array,
  at: number,
  base: typeof STRING | typeof LIST,
  length: number,
): number {
  if (length < 56) {
    bytes[at] = base + length;
    return at + 1;
  }
  const size = byteLength(length);
  bytes[at] = base + 55 + size;
  for (let place = at + size, rest = length; place > at; place--) {
    bytes[place] = rest; // a store keeps the low 8 bits
    rest = Math.floor(rest / 256);
  }
  return at + 1 + size;
}

/** A string item. */
export function writeString(bytes: Uint8Array, at: number, content: Uint8Array): number {
  const { length } = content;
  const single = length === 1 && (content[0] ?? 0) < 0x80;
  const start = single ? at : writeHeader(bytes, at, STRING, length);
  bytes.set(content, start);
  return start + length;
}

const MAX_64 = (1n << 64n) - 1n;
/** Largest number whose bytes are taken from a double. */
const MAX_SHORT_NUMBER = 0xffff_ffff_ffffn;

/**
 * A number in [0, 2^256) as a string item: its shortest big-endian bytes.
 * @param view the same memory as `bytes`; up to 33 bytes from `at` are written
 */
export function writeNumber(bytes: Uint8Array, view: DataView, at: number, value: bigint): number {
  if (value <= MAX_SHORT_NUMBER) {
    return writeShortNumber(bytes, at, Number(value));
  }
  let first = at + 25;
  view.setBigUint64(first, value); // a store keeps the low 64 bits
  for (let rest = value; rest > MAX_64; ) {
    rest >>= 64n;
    first -= 8;
    view.setBigUint64(first, rest);
  }
  while (bytes[first] === 0) {
    first++;
  }
  const length = at + 33 - first;
  bytes[at] = STRING + length;
  if (first > at + 1) {
    for (let place = 0; place < length; place++) {
      bytes[at + 1 + place] = bytes[first + place] ?? 0;
    }
  }
  return at + 1 + length;
}

/** A whole number in [0, 2^48) as a string item. */
export function writeShortNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    bytes[at] = value === 0 ? STRING : value;
    return at + 1;
  }
  const length = byteLength(value);
  bytes[at] = STRING + length;
  for (let place = at + length, rest = value; place > at; place--) {
    bytes[place] = rest; // a store keeps the low 8 bits
    rest = Math.floor(rest / 256);
  }
  return at + 1 + length;
}

/** Bytes of the item of a path of this many nibbles. */
export function pathLength(nibbles: number): number {
  const length = (nibbles >> 1) + 1;
  return length === 1 ? 1 : 1 + length;
}

/**
 * The item of a hex-prefix path (yellow paper, appendix C): nibbles `depth` to `depth + nibbles` of the
 * key that begins at `key` in `keys`; fewer than 110 nibbles.
 */
export function writePath(
  bytes: Uint8Array,
  at: number,
  flag: 0 | typeof LEAF_PATH,
  keys: Uint8Array,
  key: number,
  depth: number,
  nibbles: number,
): number {
  const length = (nibbles >> 1) + 1;
  let end = at;
  if (length > 1) {
    bytes[end++] = STRING + length;
  }
  let position = key * 2 + depth;
  if (nibbles % 2 === 1) {
    bytes[end++] = flag | 0x10 | nibble(keys, position++);
  } else {
    bytes[end++] = flag;
  }
  const last = key * 2 + depth + nibbles;
  if (position % 2 === 0) {
    for (let byte = position >> 1; byte < last >> 1; byte++) {
      bytes[end++] = keys[byte] ?? 0;
    }
    return end;
  }
  for (; position < last; position += 2) {
    bytes[end++] = (nibble(keys, position) << 4) | nibble(keys, position + 1);
  }
  return end;
}

/** Nibble `position` of the bytes, counted from 0. */
export function nibble(bytes: Uint8Array, position: number): number {
  const byte = bytes[position >> 1] ?? 0;
  return position % 2 === 0 ? byte >> 4 : byte & 15;
}

function byteLength(value: number): number {
  let length = 1;
  for (let limit = 256; value >= limit; limit *= 256) {
    length++;
  }
  return length;
}
