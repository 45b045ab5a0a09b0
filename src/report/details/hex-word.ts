/** `0x2a`: a word without leading zeros. */
export function hexWord(value: bigint): string {
  return `0x${value.toString(16)}`;
}
