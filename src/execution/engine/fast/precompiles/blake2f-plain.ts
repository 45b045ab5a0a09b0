/**
 * BLAKE2 compression F without WebAssembly.
 *
 * A 64-bit word is two numbers of 32 bits, the low one first, in the typed arrays.
 */

/** Words in `v` are 16, each two numbers. */
const SECOND_HALF = 16;
const FINAL_FLAG = 28;

/** RFC 7693, section 2.6; low halves first */
// biome-ignore format: a table
const INITIAL = new Uint32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);

/** RFC 7693, section 2.7 */
// biome-ignore format: a table
const SIGMA = new Uint8Array([
   0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15,
  14, 10,  4,  8,  9, 15, 13,  6,  1, 12,  0,  2, 11,  7,  5,  3,
  11,  8, 12,  0,  5,  2, 15, 13, 10, 14,  3,  6,  7,  1,  9,  4,
   7,  9,  3,  1, 13, 12, 11, 14,  2,  6,  5, 10,  4,  0, 15,  8,
   9,  0,  5,  7,  2,  4, 10, 15, 14,  1, 11, 12,  6,  8,  3, 13,
   2, 12,  6, 10,  0, 11,  8,  3,  4, 13,  7,  5, 15, 14,  1,  9,
  12,  5,  1, 15, 14, 13,  4, 10,  0,  7,  6,  3,  9,  2,  8, 11,
  13, 11,  7, 14, 12,  1,  3,  9,  5,  0, 15,  4,  8,  6,  2, 10,
   6, 15, 14,  9, 11,  3,  0,  8, 12,  2, 13,  7,  1,  4, 10,  5,
  10,  2,  8,  4,  7,  6,  1,  5, 15, 11,  9, 14,  3, 12, 13,  0,
]);
const SIGMAS = 10;

/** @param input of the precompile, well-formed; returns the new state */
export function compressPlainly(input: Uint8Array, rounds: number, isFinal: boolean): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const state = numbersAt(view, 4, 16);
  compress(rounds, state, numbersAt(view, 68, 32), numbersAt(view, 196, 4), isFinal);
  const output = new Uint8Array(64);
  const out = new DataView(output.buffer);
  for (const [index, number] of state.entries()) {
    out.setUint32(index * 4, number, true);
  }
  return output;
}

function numbersAt(view: DataView, start: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => view.getUint32(start + index * 4, true));
}

/** @param state changed */
function compress(
  rounds: number,
  state: Uint32Array,
  message: Uint32Array,
  offset: Uint32Array,
  isFinal: boolean,
): void {
  const v = new Uint32Array(32);
  v.set(state);
  v.set(INITIAL, SECOND_HALF);
  for (let i = 0; i < 4; i++) {
    v[24 + i] = at(v, 24 + i) ^ at(offset, i);
  }
  if (isFinal) {
    v[FINAL_FLAG] = ~at(v, FINAL_FLAG);
    v[FINAL_FLAG + 1] = ~at(v, FINAL_FLAG + 1);
  }
  for (let round = 0; round < rounds; round++) {
    const s = (round % SIGMAS) * 16;
    mix(v, 0, 8, 16, 24, message, s);
    mix(v, 2, 10, 18, 26, message, s + 2);
    mix(v, 4, 12, 20, 28, message, s + 4);
    mix(v, 6, 14, 22, 30, message, s + 6);
    mix(v, 0, 10, 20, 30, message, s + 8);
    mix(v, 2, 12, 22, 24, message, s + 10);
    mix(v, 4, 14, 16, 26, message, s + 12);
    mix(v, 6, 8, 18, 28, message, s + 14);
  }
  for (let i = 0; i < 16; i++) {
    state[i] = at(state, i) ^ at(v, i) ^ at(v, i + SECOND_HALF);
  }
}

/** G of RFC 7693, section 3.1. @param s place in SIGMA of its two message words */
function mix(
  v: Uint32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  message: Uint32Array,
  s: number,
): void {
  const x = at(SIGMA, s) * 2;
  const y = at(SIGMA, s + 1) * 2;
  let aLow = at(v, a);
  let aHigh = at(v, a + 1);
  let bLow = at(v, b);
  let bHigh = at(v, b + 1);
  let cLow = at(v, c);
  let cHigh = at(v, c + 1);
  let dLow = at(v, d);
  let dHigh = at(v, d + 1);

  let low = (aLow >>> 0) + (bLow >>> 0) + at(message, x);
  aHigh = (aHigh + bHigh + at(message, x + 1) + carry(low)) | 0;
  aLow = low | 0;
  let xor = dLow ^ aLow; // right by 32
  dLow = dHigh ^ aHigh;
  dHigh = xor;
  low = (cLow >>> 0) + (dLow >>> 0);
  cHigh = (cHigh + dHigh + carry(low)) | 0;
  cLow = low | 0;
  xor = bLow ^ cLow; // right by 24
  bHigh ^= cHigh;
  bLow = (xor >>> 24) ^ (bHigh << 8);
  bHigh = (bHigh >>> 24) ^ (xor << 8);

  low = (aLow >>> 0) + (bLow >>> 0) + at(message, y);
  aHigh = (aHigh + bHigh + at(message, y + 1) + carry(low)) | 0;
  aLow = low | 0;
  xor = dLow ^ aLow; // right by 16
  dHigh ^= aHigh;
  dLow = (xor >>> 16) ^ (dHigh << 16);
  dHigh = (dHigh >>> 16) ^ (xor << 16);
  low = (cLow >>> 0) + (dLow >>> 0);
  cHigh = (cHigh + dHigh + carry(low)) | 0;
  cLow = low | 0;
  xor = bLow ^ cLow; // right by 63
  bHigh ^= cHigh;
  bLow = (bHigh >>> 31) ^ (xor << 1);
  bHigh = (xor >>> 31) ^ (bHigh << 1);

  v[a] = aLow;
  v[a + 1] = aHigh;
  v[b] = bLow;
  v[b + 1] = bHigh;
  v[c] = cLow;
  v[c + 1] = cHigh;
  v[d] = dLow;
  v[d + 1] = dHigh;
}

/** what a sum of low halves carries into the high ones */
function carry(sum: number): number {
  return sum >= 0x1_0000_0000 ? (sum >= 0x2_0000_0000 ? 2 : 1) : 0;
}

function at(numbers: Uint32Array | Uint8Array, index: number): number {
  return numbers[index] as number; // all indices here are within
}
