/**
 * Bytes as hex text with 0x, in one piece: text that is put together of two parts takes more memory, and is
 * copied when it first becomes a key of a map.
 */

/** Bytes up to which text is written in scratch memory; the text of longer ones is seldom a key. */
const SHORT = 64;

const DIGITS = Buffer.from("0123456789abcdef", "latin1");
const scratch = Buffer.alloc(2 + 2 * SHORT);
scratch.write("0x", "latin1");

/** Lower-case hex with 0x of the bytes in [start, end). */
export function hexText(bytes: Uint8Array, start = 0, end = bytes.length): `0x${string}` {
  const length = end - start;
  if (length > SHORT) {
    const { buffer, byteOffset } = bytes;
    return `0x${Buffer.from(buffer, byteOffset + start, length).toString("hex")}`;
  }
  let at = 2;
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    scratch[at++] = DIGITS[byte >> 4] ?? 0;
    scratch[at++] = DIGITS[byte & 15] ?? 0;
  }
  return scratch.toString("latin1", 0, at) as `0x${string}`; // begins with what was written above
}
