/**
 * One call as the inference sees it: what it and the calls within it touched, by variable and key
 * values, and every value that it had at hand, by source.
 *
 * Owns: this view. Does not own: which source explains which key (access-roles.ts).
 */
import type { Address, Hex } from "../../state/hex";
import type { Location } from "../../state/location";
import type { ValueUse } from "../value-use";
import { partValue } from "../write-rule";
import { type ArgumentDecoder, type Arguments, numberOf, wordOf } from "./abi-codec";
import { type KeySource, sourceId } from "./key-source";
import type { ObservedCall, ObservedTransaction } from "./observed-calls";
import type { Place, SlotReader } from "./slot-reader";

/** One location that a call touched, itself or through calls it made. */
export interface ViewedAccess extends Place {
  readonly location: Location;
  readonly read: boolean;
  readonly write: boolean;
  /** before and after the transaction; null if other calls of the transaction wrote it as well */
  readonly before: bigint | null;
  readonly after: bigint | null;
  /** where else the values before and after show up */
  readonly use: ValueUse;
  /** the one entry that wrote it; -1 if none or several did */
  readonly writer: number;
  readonly readers: ReadonlySet<number>;
  /** Another function than the one that writes it read it: its value is used. */
  readonly usedElsewhere: boolean;
}

/** Values a call had at hand. */
export class ValueSources {
  readonly #byValue = new Map<Hex, KeySource[]>();
  readonly #values = new Map<string, { readonly source: KeySource; readonly values: Set<Hex> }>();

  add(source: KeySource, value: Hex): void {
    const id = sourceId(source);
    const known = this.#values.get(id);
    if (known === undefined) {
      this.#values.set(id, { source, values: new Set([value]) });
    } else {
      known.values.add(value);
    }
    const sources = this.#byValue.get(value);
    if (sources === undefined) {
      this.#byValue.set(value, [source]);
    } else if (!sources.some((other) => sourceId(other) === id)) {
      sources.push(source);
    }
  }

  /** Sources that gave a value. */
  of(value: Hex): readonly KeySource[] {
    return this.#byValue.get(value) ?? [];
  }

  /** What a source gave; several values for every element of an array. Empty if it gave none. */
  values(source: KeySource): ReadonlySet<Hex> {
    if (source.kind === "constant") {
      return new Set([source.value]);
    }
    if (source.kind === "remainder") {
      const modulus = BigInt(source.modulus);
      const dividends = [...this.values(source.of)].map(numberOf).filter((one) => one !== null);
      return new Set(dividends.map((dividend) => wordOf(dividend % modulus)));
    }
    return this.#values.get(sourceId(source))?.values ?? new Set();
  }

  all(): readonly KeySource[] {
    return [...this.#values.values()].map(({ source }) => source);
  }
}

export interface CallView {
  readonly call: ObservedCall;
  readonly contract: Address;
  readonly sender: Address;
  readonly gas: number;
  readonly succeeded: boolean;
  readonly sources: ValueSources;
  readonly accesses: readonly ViewedAccess[];
  /** Its calldata is not known or not what the ABI says. */
  readonly undecoded: boolean;
  /** a contract made the call */
  readonly internal: boolean;
}

/** Decoders by function key. */
export type DecoderOf = (functionKey: string) => ArgumentDecoder | undefined;

export function viewCall(call: ObservedCall, reader: SlotReader, decoderOf: DecoderOf): CallView {
  const { transaction, entry } = call;
  const entered = transaction.entries[entry];
  const contract = entered?.storageOwner ?? "0x";
  const sender = entered?.frame.caller ?? transaction.origin;
  const accesses = viewAccesses(transaction, entry, reader);
  const sources = new ValueSources();
  sources.add({ kind: "sender" }, wordOf(BigInt(sender)));
  sources.add({ kind: "origin" }, wordOf(BigInt(transaction.origin)));
  sources.add({ kind: "contract" }, wordOf(BigInt(contract)));
  const { number, timestamp, coinbase } = transaction.block;
  sources.add({ kind: "block", field: "number" }, wordOf(number));
  sources.add({ kind: "block", field: "timestamp" }, wordOf(timestamp));
  sources.add({ kind: "block", field: "coinbase" }, wordOf(BigInt(coinbase)));
  const decoded = argumentsOf(transaction, entry, decoderOf);
  addArguments(sources, decoded);
  for (const access of accesses) {
    addStored(sources, access);
  }
  return {
    call,
    contract,
    sender,
    gas: entry === 0 ? transaction.gas : (entered?.gas ?? 0),
    succeeded: transaction.tookEffect[entry] === true,
    sources,
    accesses,
    undecoded: decoded === null,
    internal: entry !== 0,
  };
}

/** Amounts that the function which made a write had at hand: what a delta may be. */
export function amountsAt(
  transaction: ObservedTransaction,
  entry: number,
  decoderOf: DecoderOf,
): ReadonlyMap<string, { readonly source: KeySource; readonly amount: bigint }> {
  const amounts = new Map<string, { source: KeySource; amount: bigint }>();
  const add = (source: KeySource, amount: bigint) => {
    amounts.set(sourceId(source), { source, amount });
  };
  add({ kind: "value" }, transaction.entries[entry]?.frame.value ?? 0n);
  for (const { name, value, isInteger } of argumentsOf(transaction, entry, decoderOf)?.values ??
    []) {
    if (isInteger) {
      add({ kind: "argument", name }, BigInt(value));
    }
  }
  return amounts;
}

function argumentsOf(
  { entries }: ObservedTransaction,
  entry: number,
  decoderOf: DecoderOf,
): Arguments | null {
  const called = entries[entry];
  return called === undefined
    ? null
    : (decoderOf(called.functionKey)?.decode(called.frame.input) ?? null);
}

function addArguments(sources: ValueSources, decoded: Arguments | null): void {
  for (const { name, value } of decoded?.values ?? []) {
    sources.add({ kind: "argument", name }, value);
  }
  for (const { name, values } of decoded?.lists ?? []) {
    for (const value of values) {
      sources.add({ kind: "argument", name }, value);
    }
  }
}

/** The values of the variables that the call read, and what it left in those that it changed. */
function addStored(sources: ValueSources, access: ViewedAccess): void {
  const { before, after, contract } = access;
  for (const part of access.parts) {
    if (part.holds === "bytes" || before === null) {
      continue;
    }
    const { variable } = part;
    const old = partValue(part, before);
    sources.add({ kind: "storage", contract, variable, when: "before" }, wordOf(old));
    const now = after === null ? old : partValue(part, after);
    if (now !== old) {
      sources.add({ kind: "storage", contract, variable, when: "after" }, wordOf(now));
    }
  }
}

function viewAccesses(
  transaction: ObservedTransaction,
  entry: number,
  reader: SlotReader,
): ViewedAccess[] {
  const end = transaction.entries[entry]?.end ?? entry + 1;
  const isInside = (other: number) => other >= entry && other < end;
  const merged = new Map<number, MergedAccess>();
  const writtenOutside = new Set<number>();
  for (const access of transaction.accesses) {
    if (!isInside(access.entry)) {
      if (access.write) {
        writtenOutside.add(access.place);
      }
      continue;
    }
    let one = merged.get(access.place);
    if (one === undefined) {
      one = { first: access, readers: new Set(), writers: new Set() };
      merged.set(access.place, one);
    }
    if (access.write) {
      one.writers.add(access.entry);
    }
    if (access.read) {
      one.readers.add(access.entry);
    }
  }
  return [...merged].map(([number, { first, readers, writers }]) => {
    const values = transaction.values[number];
    const isOwn = !writtenOutside.has(number);
    const [writer = -1, ...others] = writers;
    return {
      ...reader.place(first.location, first.layout),
      location: first.location,
      read: readers.size > 0,
      write: writers.size > 0,
      before: isOwn ? (values?.before ?? null) : null,
      after: isOwn ? (values?.after ?? null) : null,
      use: values?.use ?? 0,
      writer: others.length === 0 ? writer : -1,
      readers,
      usedElsewhere: writers.size > 0 && [...readers].some((one) => !writers.has(one)),
    };
  });
}

interface MergedAccess {
  readonly first: ObservedTransaction["accesses"][number];
  readonly readers: Set<number>;
  readonly writers: Set<number>;
}
