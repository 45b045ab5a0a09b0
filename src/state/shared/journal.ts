/**
 * The undo journal: every change of a location with the value it had before, in order.
 *
 * Owns: entries, the search for "what did this location hold at a mark", validity of marks.
 * Does not own: where current values are (the tables), how an entry is undone (undo in
 * shared-state-store.ts).
 *
 * A location is (kind, row). Its entries form a chain, newest first, with a second pointer per
 * entry that jumps further back, so that the search costs the logarithm of the chain's length:
 * E. W. Myers, "An applicative random-access stack" (1983). Typed arrays throughout: a history of a
 * million changes is nothing the garbage collector has to walk.
 */
import { invariant } from "../../errors/base-error";
import { isZero, WORDS_PER_VALUE, type WordViews, wordViews } from "./words";

/** What changed: a field (group) of an account row, or the value of a slot row. */
export const CHANGE = { life: 0, balance: 1, nonce: 2, code: 3, slot: 4 } as const;
export type ChangeKind = (typeof CHANGE)[keyof typeof CHANGE];

const ACCOUNT_KINDS = 4;
const NONE = -1;
const FIRST_CAPACITY = 1024;

export class Journal {
  #length = 0;
  #kind = new Uint8Array(FIRST_CAPACITY);
  #row = new Uint32Array(FIRST_CAPACITY);
  /** 1 if the entry also made the row. */
  #created = new Uint8Array(FIRST_CAPACITY);
  #previous = new Int32Array(FIRST_CAPACITY);
  #jump = new Int32Array(FIRST_CAPACITY);
  #depth = new Int32Array(FIRST_CAPACITY);
  #before: WordViews = wordViews(new ArrayBuffer(FIRST_CAPACITY * WORDS_PER_VALUE * 4));

  /** Newest entry + 1 of each location, 0 = none; by row * kinds + kind, and by slot row. */
  #latestOfAccounts = new Int32Array(FIRST_CAPACITY);
  #latestOfSlots = new Int32Array(FIRST_CAPACITY);

  /** Number of reverts so far, and the lowest mark reached by any revert after the n-th. */
  #epoch = 0;
  readonly #lowest: { epoch: number; mark: number }[] = [];

  get length(): number {
    return this.#length;
  }

  get epoch(): number {
    return this.#epoch;
  }

  kind(entry: number): ChangeKind {
    // The cast: only `record` writes this array, from a ChangeKind.
    return (this.#kind[entry] ?? 0) as ChangeKind;
  }

  row(entry: number): number {
    return this.#row[entry] ?? 0;
  }

  created(entry: number): boolean {
    return this.#created[entry] === 1;
  }

  /** The entry before this one of the same location, -1 = none. */
  previous(entry: number): number {
    return this.#previous[entry] ?? NONE;
  }

  /** The words before the change, at `valueOffset(entry)`. */
  get before(): WordViews {
    return this.#before;
  }

  /** Offset of an entry in `before`, in 32-bit words. */
  valueOffset(entry: number): number {
    return entry * WORDS_PER_VALUE;
  }

  /** True if the words before the change were all zero. */
  wasZero(entry: number): boolean {
    return isZero(this.#before.words, this.valueOffset(entry), WORDS_PER_VALUE);
  }

  /** Appends a change; `count` words from `offset` of `words` are the value it replaces. */
  record(
    kind: ChangeKind,
    row: number,
    created: boolean,
    words: Uint32Array,
    offset: number,
    count: number,
  ): void {
    const entry = this.#length;
    if (entry === this.#kind.length) {
      this.#grow();
    }
    this.#length = entry + 1;
    this.#kind[entry] = kind;
    this.#row[entry] = row;
    this.#created[entry] = created ? 1 : 0;
    const start = entry * WORDS_PER_VALUE;
    const before = this.#before.words;
    for (let word = 0; word < WORDS_PER_VALUE; word++) {
      before[start + word] = word < count ? (words[offset + word] ?? 0) : 0;
    }
    this.#link(entry, this.#latest(kind, row));
    this.#setLatest(kind, row, entry);
  }

  /** Drops the newest entry; the caller has undone it. */
  pop(): void {
    const entry = --this.#length;
    this.#setLatest(this.kind(entry), this.row(entry), this.#previous[entry] ?? NONE);
  }

  /** Notes that entries from `mark` on are gone, so that marks above it are no longer valid. */
  reverted(mark: number): void {
    this.#epoch++;
    for (let last = this.#lowest.at(-1); last !== undefined && last.mark >= mark; ) {
      this.#lowest.pop();
      last = this.#lowest.at(-1);
    }
    this.#lowest.push({ epoch: this.#epoch, mark });
  }

  /** Throws InvariantError if a mark taken at `epoch` has been reverted below since. */
  assertValid(mark: number, epoch: number): void {
    // `lowest` has ascending epochs and marks, so the first one after `epoch` has the lowest mark
    let low = 0;
    let high = this.#lowest.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#lowest[middle]?.epoch ?? 0) > epoch) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const reverted = this.#lowest[low];
    invariant(
      mark <= this.#length && (reverted === undefined || reverted.mark >= mark),
      `state at mark ${mark} was asked for after a revert below it`,
    );
  }

  /**
   * The entry whose value before the change is what the location held at the mark;
   * -1 if it has not changed since, so that the table's value is right.
   */
  entryAt(kind: ChangeKind, row: number, mark: number): number {
    let entry = this.#latest(kind, row);
    if (entry < mark) {
      return NONE;
    }
    for (;;) {
      const jump = this.#jump[entry] ?? NONE;
      const previous = this.#previous[entry] ?? NONE;
      if (jump >= mark) {
        entry = jump;
      } else if (previous >= mark) {
        entry = previous;
      } else {
        return entry;
      }
    }
  }

  #link(entry: number, previous: number): void {
    this.#previous[entry] = previous;
    if (previous === NONE) {
      this.#jump[entry] = NONE;
      this.#depth[entry] = 0;
      return;
    }
    const depth = this.#depth[previous] ?? 0;
    const jump = this.#jump[previous] ?? NONE;
    const jumpDepth = jump === NONE ? 0 : (this.#depth[jump] ?? 0);
    const farther = jump === NONE ? NONE : (this.#jump[jump] ?? NONE);
    const fartherDepth = farther === NONE ? 0 : (this.#depth[farther] ?? 0);
    const merge = jump !== NONE && depth - jumpDepth === jumpDepth - fartherDepth;
    this.#jump[entry] = merge ? farther : previous;
    this.#depth[entry] = depth + 1;
  }

  #latest(kind: ChangeKind, row: number): number {
    return kind === CHANGE.slot
      ? (this.#latestOfSlots[row] ?? 0) - 1
      : (this.#latestOfAccounts[row * ACCOUNT_KINDS + kind] ?? 0) - 1;
  }

  #setLatest(kind: ChangeKind, row: number, entry: number): void {
    if (kind === CHANGE.slot) {
      this.#latestOfSlots = grownTo(this.#latestOfSlots, row);
      this.#latestOfSlots[row] = entry + 1;
    } else {
      const location = row * ACCOUNT_KINDS + kind;
      this.#latestOfAccounts = grownTo(this.#latestOfAccounts, location);
      this.#latestOfAccounts[location] = entry + 1;
    }
  }

  #grow(): void {
    const capacity = this.#kind.length * 2;
    this.#kind = copied(this.#kind, new Uint8Array(capacity));
    this.#row = copied(this.#row, new Uint32Array(capacity));
    this.#created = copied(this.#created, new Uint8Array(capacity));
    this.#previous = copied(this.#previous, new Int32Array(capacity));
    this.#jump = copied(this.#jump, new Int32Array(capacity));
    this.#depth = copied(this.#depth, new Int32Array(capacity));
    const before = wordViews(new ArrayBuffer(capacity * WORDS_PER_VALUE * 4));
    before.words.set(this.#before.words);
    this.#before = before;
  }
}

function copied<T extends Uint8Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function grownTo(array: Int32Array<ArrayBuffer>, position: number): Int32Array<ArrayBuffer> {
  return position < array.length
    ? array
    : copied(array, new Int32Array(Math.max(array.length * 2, position + 1)));
}
