/** The order of keys. Sorting goes through numbers, because comparing keys byte by byte costs more than the trie. */
import { KEY_BYTES } from "./key-column";

/** A double holds this many indices beside 32 bits of key: 53 bits in all. */
const MAX_INDICES = 2 ** 21;

/** The items in the order of their rows' keys; equal keys are neighbours. */
export function inKeyOrder<T extends { readonly row: number }>(
  items: readonly T[],
  keys: Uint8Array,
): T[] {
  if (items.length > MAX_INDICES) {
    return [...items].sort((a, b) => compareKeys(keys, a.row, b.row));
  }
  const order = new Float64Array(items.length);
  for (let index = 0; index < items.length; index++) {
    order[index] = keyStart(keys, items[index]?.row ?? 0) * MAX_INDICES + index;
  }
  order.sort();
  const sorted: T[] = [];
  for (let place = 0; place < order.length; place++) {
    const item = items[(order[place] ?? 0) % MAX_INDICES];
    if (item === undefined) {
      continue; // every index is one of `items`
    }
    // first 32 bits equal: hardly ever, but then the rest decides
    let position = sorted.length;
    for (; position > 0; position--) {
      const before = sorted[position - 1];
      if (before === undefined || compareKeys(keys, before.row, item.row) <= 0) {
        break;
      }
      sorted[position] = before;
    }
    sorted[position] = item;
  }
  return sorted;
}

function keyStart(keys: Uint8Array, row: number): number {
  const start = row * KEY_BYTES;
  return (
    (keys[start] ?? 0) * 2 ** 24 +
    (((keys[start + 1] ?? 0) << 16) | ((keys[start + 2] ?? 0) << 8) | (keys[start + 3] ?? 0))
  );
}

/** Negative if the key of row `a` comes first, 0 if both are equal. */
export function compareKeys(keys: Uint8Array, a: number, b: number): number {
  const startA = a * KEY_BYTES;
  const startB = b * KEY_BYTES;
  for (let byte = 0; byte < KEY_BYTES; byte++) {
    const difference = (keys[startA + byte] ?? 0) - (keys[startB + byte] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
