/**
 * BLAKE2 compression F with any number of rounds (EIP-152; RFC 7693, section 3.2), compiled by
 * scripts/build-words.mjs to a module with a memory of its own
 * (src/execution/engine/fast/precompiles/blake2f-module.ts).
 *
 * The input of the precompile lies at INPUT without its number of rounds: the state, the message, the offset, all
 * of them words of 64 bits, least significant byte first.
 */
const INPUT: usize = 1024;
const MESSAGE: usize = INPUT + 64;
const OFFSET: usize = INPUT + 192;

/** RFC 7693, section 2.7: places of the message's words, in bytes. */
const SIGMA: usize = memory.data<u8>([
  0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120,
  112, 80, 32, 64, 72, 120, 104, 48, 8, 96, 0, 16, 88, 56, 40, 24,
  88, 64, 96, 0, 40, 16, 120, 104, 80, 112, 24, 48, 56, 8, 72, 32,
  56, 72, 24, 8, 104, 96, 88, 112, 16, 48, 40, 80, 32, 0, 120, 64,
  72, 0, 40, 56, 16, 32, 80, 120, 112, 8, 88, 96, 48, 64, 24, 104,
  16, 96, 48, 80, 0, 88, 64, 24, 32, 104, 56, 40, 120, 112, 8, 72,
  96, 40, 8, 120, 112, 104, 32, 80, 0, 56, 48, 24, 72, 16, 64, 88,
  104, 88, 56, 112, 96, 8, 24, 72, 40, 0, 120, 32, 64, 48, 16, 80,
  48, 120, 112, 72, 88, 24, 0, 64, 96, 16, 104, 56, 8, 32, 80, 40,
  80, 16, 64, 32, 56, 48, 8, 40, 120, 88, 72, 112, 24, 96, 104, 0,
]);
const SIGMA_BYTES: usize = 160;

// @ts-ignore: decorator
@inline
function message(sigma: usize, place: usize): u64 {
  return load<u64>(MESSAGE + load<u8>(sigma + place));
}

// @ts-ignore: decorator
@inline
function state(place: usize): u64 {
  return load<u64>(INPUT + (place << 3));
}

// @ts-ignore: decorator
@inline
function change(place: usize, a: u64, b: u64): void {
  store<u64>(INPUT + (place << 3), state(place) ^ a ^ b);
}

/** Leaves the new state in the place of the old one. */
export function compress(rounds: u32, isFinal: bool): void {
  let v0 = state(0);
  let v1 = state(1);
  let v2 = state(2);
  let v3 = state(3);
  let v4 = state(4);
  let v5 = state(5);
  let v6 = state(6);
  let v7 = state(7);
  let v8: u64 = 0x6a09e667f3bcc908;
  let v9: u64 = 0xbb67ae8584caa73b;
  let v10: u64 = 0x3c6ef372fe94f82b;
  let v11: u64 = 0xa54ff53a5f1d36f1;
  let v12: u64 = 0x510e527fade682d1 ^ load<u64>(OFFSET);
  let v13: u64 = 0x9b05688c2b3e6c1f ^ load<u64>(OFFSET, 8);
  let v14: u64 = isFinal ? ~0x1f83d9abfb41bd6b : 0x1f83d9abfb41bd6b;
  let v15: u64 = 0x5be0cd19137e2179;
  let sigma = SIGMA;
  for (; rounds > 0; rounds--) {
    v0 += v4 + message(sigma, 0);
    v12 = rotr(v12 ^ v0, 32);
    v8 += v12;
    v4 = rotr(v4 ^ v8, 24);
    v0 += v4 + message(sigma, 1);
    v12 = rotr(v12 ^ v0, 16);
    v8 += v12;
    v4 = rotr(v4 ^ v8, 63);
    v1 += v5 + message(sigma, 2);
    v13 = rotr(v13 ^ v1, 32);
    v9 += v13;
    v5 = rotr(v5 ^ v9, 24);
    v1 += v5 + message(sigma, 3);
    v13 = rotr(v13 ^ v1, 16);
    v9 += v13;
    v5 = rotr(v5 ^ v9, 63);
    v2 += v6 + message(sigma, 4);
    v14 = rotr(v14 ^ v2, 32);
    v10 += v14;
    v6 = rotr(v6 ^ v10, 24);
    v2 += v6 + message(sigma, 5);
    v14 = rotr(v14 ^ v2, 16);
    v10 += v14;
    v6 = rotr(v6 ^ v10, 63);
    v3 += v7 + message(sigma, 6);
    v15 = rotr(v15 ^ v3, 32);
    v11 += v15;
    v7 = rotr(v7 ^ v11, 24);
    v3 += v7 + message(sigma, 7);
    v15 = rotr(v15 ^ v3, 16);
    v11 += v15;
    v7 = rotr(v7 ^ v11, 63);
    v0 += v5 + message(sigma, 8);
    v15 = rotr(v15 ^ v0, 32);
    v10 += v15;
    v5 = rotr(v5 ^ v10, 24);
    v0 += v5 + message(sigma, 9);
    v15 = rotr(v15 ^ v0, 16);
    v10 += v15;
    v5 = rotr(v5 ^ v10, 63);
    v1 += v6 + message(sigma, 10);
    v12 = rotr(v12 ^ v1, 32);
    v11 += v12;
    v6 = rotr(v6 ^ v11, 24);
    v1 += v6 + message(sigma, 11);
    v12 = rotr(v12 ^ v1, 16);
    v11 += v12;
    v6 = rotr(v6 ^ v11, 63);
    v2 += v7 + message(sigma, 12);
    v13 = rotr(v13 ^ v2, 32);
    v8 += v13;
    v7 = rotr(v7 ^ v8, 24);
    v2 += v7 + message(sigma, 13);
    v13 = rotr(v13 ^ v2, 16);
    v8 += v13;
    v7 = rotr(v7 ^ v8, 63);
    v3 += v4 + message(sigma, 14);
    v14 = rotr(v14 ^ v3, 32);
    v9 += v14;
    v4 = rotr(v4 ^ v9, 24);
    v3 += v4 + message(sigma, 15);
    v14 = rotr(v14 ^ v3, 16);
    v9 += v14;
    v4 = rotr(v4 ^ v9, 63);
    sigma += 16;
    if (sigma == SIGMA + SIGMA_BYTES) {
      sigma = SIGMA;
    }
  }
  change(0, v0, v8);
  change(1, v1, v9);
  change(2, v2, v10);
  change(3, v3, v11);
  change(4, v4, v12);
  change(5, v5, v13);
  change(6, v6, v14);
  change(7, v7, v15);
}
