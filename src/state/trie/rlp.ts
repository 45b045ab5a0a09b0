/**
 * RLP (yellow paper, appendix B) of byte strings, for leaf values. Nodes themselves are encoded in
 * place by node-encoding.ts.
 */
import type { ByteString } from "./byte-string";

/** RLP of a string item. */
export function rlpItem(content: ByteString): ByteString {
  return content.length === 1 && content.charCodeAt(0) < 0x80
    ? content
    : rlpHeader(0x80, content.length) + content;
}

/** RLP of a list whose items are encoded already. */
export function rlpList(items: ByteString): ByteString {
  return rlpHeader(0xc0, items.length) + items;
}

/** RLP of a number: its shortest big-endian bytes as a string item. */
export function rlpNumber(value: bigint): ByteString {
  if (value < 0x80n) {
    return value === 0n ? "\x80" : String.fromCharCode(Number(value));
  }
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return rlpItem(Buffer.from(even, "hex").toString("latin1"));
}

function rlpHeader(base: 0x80 | 0xc0, length: number): ByteString {
  if (length < 56) {
    return String.fromCharCode(base + length);
  }
  let size = "";
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    size = String.fromCharCode(rest % 256) + size;
  }
  return String.fromCharCode(base + 55 + size.length) + size;
}
