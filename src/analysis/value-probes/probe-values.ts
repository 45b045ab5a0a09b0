/** Other values to try a variable with. */
import type { PartPlace } from "../write-rule";

/**
 * At most three that differ from the one before the call and that the same change does not carry over
 * the end of the type: one more, far more, and as little as the change leaves.
 */
export function otherValues({ bytes }: PartPlace, before: bigint, after: bigint): bigint[] {
  const size = 1n << BigInt(8 * bytes);
  const change = after - before;
  const least = change < 0n ? -change : 0n;
  const tried = [before + 1n, before + size / 4n, least];
  const found = tried.filter(
    (value) => value !== before && value < size && value + change >= 0n && value + change < size,
  );
  return [...new Set(found)];
}

/** The slot with another value in the variable's place. */
export function withPart({ offset, bytes }: PartPlace, word: bigint, value: bigint): bigint {
  const shift = BigInt(8 * offset);
  const mask = ((1n << BigInt(8 * bytes)) - 1n) << shift;
  return (word & ~mask) | ((value << shift) & mask);
}
