/**
 * Where else the value of a written slot shows up in its transaction: as the key of a mapping or
 * another part of what is hashed, as what is written to another slot, as an argument of an inner
 * call. A counter whose value becomes an order's id cannot be replaced by a sum of deltas, one that is
 * only counted up can.
 *
 * Words are compared whole. One appearance may be chance; callers look for one that is there in
 * every observation.
 *
 * Owns: finding appearances. Does not own: what follows from them (write-class.ts).
 */
import type { TransactionRecord } from "../access-log/block-record";
import type { Hex } from "../state/hex";
import type { StorageRead } from "../state/read-set";
import type { StorageWrite } from "../state/write-set";

/** Bits of a ValueUse. */
export const VALUE_USE = {
  beforeAsKey: 1,
  afterAsKey: 2,
  beforeWrittenElsewhere: 4,
  afterWrittenElsewhere: 8,
  beforeAsArgument: 16,
  afterAsArgument: 32,
  /** the new value is a hash over the old one */
  hashChain: 64,
} as const;

/** A set of `VALUE_USE` bits. */
export type ValueUse = number;

export class ValueUses {
  readonly #record: TransactionRecord;
  #arguments: Set<string> | undefined;
  #writers: Map<bigint, number> | undefined;

  constructor(record: TransactionRecord) {
    this.#record = record;
  }

  of(write: StorageWrite, before: bigint): ValueUse {
    if (before === write.value) {
      return 0;
    }
    this.#arguments ??= argumentWords(this.#record);
    this.#writers ??= countValues(this.#record);
    const inner = this.#arguments;
    const [old, now] = [word(before), word(write.value)];
    const writesOf = (value: bigint): number => this.#writers?.get(value) ?? 0;
    return (
      (this.#isHashed(old) ? VALUE_USE.beforeAsKey : 0) |
      (this.#isHashed(now) ? VALUE_USE.afterAsKey : 0) |
      (writesOf(before) > 0 ? VALUE_USE.beforeWrittenElsewhere : 0) |
      (writesOf(write.value) > 1 ? VALUE_USE.afterWrittenElsewhere : 0) |
      (inner.has(old) ? VALUE_USE.beforeAsArgument : 0) |
      (inner.has(now) ? VALUE_USE.afterAsArgument : 0) |
      (this.#isHashOver(old, now) ? VALUE_USE.hashChain : 0)
    );
  }

  /** Another slot whose value was read and is part of what the new value is a hash over; null if none. */
  hashedFrom({ address, slot, value }: StorageWrite): StorageRead | null {
    const now = word(value);
    const over = this.#record.trace.preimages.filter(({ hash }) => hash.slice(2) === now);
    if (over.length === 0) {
      return null;
    }
    const found = this.#record.reads.find(
      (read): read is StorageRead =>
        read.kind === "storage" &&
        read.value !== 0n &&
        !(read.address === address && read.slot === slot) &&
        over.some(({ preimage }) => preimage.includes(word(read.value))),
    );
    return found ?? null;
  }

  #isHashed(value: string): boolean {
    return this.#record.trace.preimages.some(({ preimage }) => preimage.includes(value));
  }

  #isHashOver(old: string, now: string): boolean {
    return this.#record.trace.preimages.some(
      ({ hash, preimage }) => hash.slice(2) === now && preimage.includes(old),
    );
  }
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, "0");
}

/** Hex digits cut into words of 32 bytes; what is left over is dropped. */
export function words(digits: string): string[] {
  const found: string[] = [];
  for (let at = 0; at + 64 <= digits.length; at += 64) {
    found.push(digits.slice(at, at + 64));
  }
  return found;
}

/** Arguments of inner calls, but of those that only pass their caller's call data on. */
function argumentWords({ trace: { frames } }: TransactionRecord): Set<string> {
  return new Set(
    frames.flatMap(({ parent, input }) =>
      parent === -1 || frames[parent]?.input === input ? [] : words(argumentDigits(input)),
    ),
  );
}

/** Call data behind the selector, as hex digits. */
export function argumentDigits(input: Hex): string {
  return input.slice(10);
}

/** By value: slots that it was written to. */
function countValues({ writes }: TransactionRecord): Map<bigint, number> {
  const found = new Map<bigint, number>();
  for (const { write, before } of writes) {
    if (write.kind === "storage" && write.value !== before) {
      found.set(write.value, (found.get(write.value) ?? 0) + 1);
    }
  }
  return found;
}
