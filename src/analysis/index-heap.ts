/** A priority queue of transaction indices: lowest key first, lowest index among equal keys. */
export class IndexHeap {
  readonly #heap: { readonly key: number; readonly index: number }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** Lowest key in the queue; undefined if it is empty. */
  get lowestKey(): number | undefined {
    return this.#heap[0]?.key;
  }

  push(key: number, index: number): void {
    const heap = this.#heap;
    const entry = { key, index };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) {
        break;
      }
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  /** Removes and returns the first index; undefined if the queue is empty. */
  pop(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) {
      return first?.index;
    }
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const rightFirst = right !== undefined && left !== undefined && isBefore(right, left);
      const child = rightFirst ? right : left;
      if (child === undefined || !isBefore(child, last)) {
        break;
      }
      heap[at] = child;
      at = 2 * at + (rightFirst ? 2 : 1);
    }
    heap[at] = last;
    return first.index;
  }
}

function isBefore(
  a: { readonly key: number; readonly index: number },
  b: { readonly key: number; readonly index: number },
): boolean {
  return a.key < b.key || (a.key === b.key && a.index < b.index);
}
