/** Numbers of JSON-RPC: hex without leading zeros. */
import type { Hex } from "../../state/hex";

export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

/** quantity, or absent where the value is. */
export function optionalQuantity(value: bigint | undefined): Hex | undefined {
  return value === undefined ? undefined : quantity(value);
}

/** Math.min for bigint. */
export function smaller(first: bigint, second: bigint): bigint {
  if (first < second) {
    return first;
  }
  return second;
}
