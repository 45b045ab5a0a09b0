/**
 * Which table rows changed between two marks, as numbers: small enough to be sent to another thread,
 * which reads the values themselves from the shared tables.
 *
 * Owns: the encoding, [account row, was its storage replaced (1 or 0), number of slot rows, slot rows…]
 * for each account. Does not own: values, tries.
 */
import { CHANGE, type Journal } from "../shared/journal";
import { SLOT_FIELD } from "../shared/slot-table";
import type { StateTables } from "../shared/table-reader";
import type { StateMark } from "../state-store";
import type { RowValues } from "./row-values";

/** What happened to one account between two marks. */
export interface AccountChange {
  readonly row: number;
  /** Its storage was dropped on the way: nothing of the older storage trie is left. */
  readonly storageReplaced: boolean;
  /** Slots that were written, perhaps of a storage that is dropped since. */
  readonly slotRows: Int32Array;
}

const NO_SLOTS: readonly number[] = [];

/** What changed from one mark to another; `values` are those at `to`. */
export function rowChanges(
  { slots }: StateTables,
  journal: Journal,
  from: StateMark,
  to: StateMark,
  values: RowValues,
): Int32Array {
  const slotsOf = new Map<number, number[] | null>(); // null = none so far
  const replaced = new Set<number>();
  let length = 0;
  for (let entry = from; entry < to; entry++) {
    if (journal.previous(entry) >= from) {
      continue; // an older entry of the same location has been seen
    }
    const row = journal.row(entry);
    const kind = journal.kind(entry);
    const account = kind === CHANGE.slot ? slots.word(row, SLOT_FIELD.accountRow) : row;
    const known = slotsOf.get(account);
    if (known === undefined) {
      slotsOf.set(account, kind === CHANGE.slot ? [row] : null);
      length += kind === CHANGE.slot ? 4 : 3;
    } else if (kind === CHANGE.slot) {
      if (known === null) {
        slotsOf.set(account, [row]);
      } else {
        known.push(row);
      }
      length++;
    }
    if (kind === CHANGE.life) {
      const storageIdBefore = journal.before.words[journal.valueOffset(entry) + 1];
      if (storageIdBefore !== values.storageIdAt(row)) {
        replaced.add(row);
      }
    }
  }
  const changes = new Int32Array(length);
  let at = 0;
  for (const [row, slotRows] of slotsOf) {
    const written = slotRows ?? NO_SLOTS;
    changes[at] = row;
    changes[at + 1] = replaced.has(row) ? 1 : 0;
    changes[at + 2] = written.length;
    changes.set(written, at + 3);
    at += 3 + written.length;
  }
  return changes;
}

/** Changes of which some account's storage is a part, or its end, and all others. */
export interface SplitChanges {
  readonly storages: Int32Array;
  readonly others: Int32Array;
}

/** @param values those after the changes */
export function splitChanges(changes: Int32Array, values: RowValues): SplitChanges {
  const storages = new Int32Array(changes.length);
  const others = new Int32Array(changes.length);
  let storagesEnd = 0;
  let othersEnd = 0;
  for (let at = 0; at < changes.length; ) {
    const end = at + 3 + (changes[at + 2] ?? 0);
    if (end > at + 3 || changes[at + 1] === 1 || !values.existsAt(changes[at] ?? 0)) {
      storages.set(changes.subarray(at, end), storagesEnd);
      storagesEnd += end - at;
    } else {
      others[othersEnd] = changes[at] ?? 0; // its other two numbers are 0
      othersEnd += 3;
    }
    at = end;
  }
  return { storages: storages.slice(0, storagesEnd), others: others.subarray(0, othersEnd) };
}

export function* accountChanges(changes: Int32Array): Generator<AccountChange> {
  for (let at = 0; at < changes.length; ) {
    const end = at + 3 + (changes[at + 2] ?? 0);
    yield {
      row: changes[at] ?? 0,
      storageReplaced: changes[at + 1] === 1,
      slotRows: changes.subarray(at + 3, end),
    };
    at = end;
  }
}
