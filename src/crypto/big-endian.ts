/** Numbers in bytes, most significant first (../state/bytes.ts is for rooms above this one). */

/** At least one byte. */
export function bigEndianToBigInt(bytes: Uint8Array): bigint {
  const { buffer, byteOffset, byteLength } = bytes;
  return BigInt(`0x${Buffer.from(buffer, byteOffset, byteLength).toString("hex")}`);
}
