/**
 * Which sources could explain an access: one candidate for each tuple of sources that gave the
 * account and the keys that it went to.
 *
 * Owns: candidates, and which of them are mere chance. Does not own: the choice (access-roles.ts).
 */
import type { Hex } from "../../state/hex";
import { numberOf, wordOf } from "./abi-codec";
import type { CallView, ViewedAccess } from "./call-view";
import { compareSources, type KeySource, sourceId } from "./key-source";

/** The accesses of one call to one variable. */
export interface VariableCall {
  readonly view: CallView;
  readonly accesses: readonly ViewedAccess[];
}

export interface RoleAccess {
  readonly view: CallView;
  readonly access: ViewedAccess;
}

/** Sources of one key that are followed up, and tuples of one access. */
const MAX_SOURCES = 8;
const MAX_TUPLES = 256;
/** Values from here on are not equal by chance: addresses, hashes. */
const LARGE = 1n << 32n;

/** An access with the number of its call. */
export interface RoleItem extends RoleAccess {
  readonly call: number;
}

export interface Candidate {
  readonly id: string;
  readonly sources: readonly KeySource[];
  readonly items: number[];
  readonly calls: Set<number>;
}

/** True for a value too large to be equal to another by chance. */
export function isLarge(value: Hex | undefined): boolean {
  return value !== undefined && (numberOf(value) ?? LARGE) >= LARGE;
}

/** All candidates of one variable. */
export function makeCandidates(
  calls: readonly VariableCall[],
  items: readonly RoleItem[],
): readonly Candidate[] {
  const constants = commonValues(calls);
  const candidates = new Map<string, Candidate>();
  for (const [index, { view, access, call }] of items.entries()) {
    const options = access.components.map((value, position) =>
      sourcesOf(view, access, position, value, constants[position]?.has(value) === true),
    );
    for (const sources of tuples(options)) {
      const id = sources.map(sourceId).join("\n");
      let candidate = candidates.get(id);
      if (candidate === undefined) {
        candidate = { id, sources, items: [], calls: new Set() };
        candidates.set(id, candidate);
      }
      candidate.items.push(index);
      candidate.calls.add(call);
    }
  }
  return [...candidates.values()].filter((candidate) => !isChance(candidate, items, constants));
}

/**
 * Small numbers that every call uses anyway say nothing when they happen to equal something else:
 * a loop over buckets 0 to 15 meets any block number below 16, and half of what is stored is zero.
 */
function isChance(
  { sources, items: covered }: Candidate,
  items: readonly RoleItem[],
  constants: readonly ReadonlySet<Hex>[],
): boolean {
  return sources.some((source, position) => {
    const values = new Set(covered.map((index) => items[index]?.access.components[position]));
    return isEqualByChance(source, values, constants[position]);
  });
}

export function isEqualByChance(
  source: KeySource,
  values: ReadonlySet<Hex | undefined>,
  constants: ReadonlySet<Hex> = new Set(),
): boolean {
  if (source.kind === "constant" || source.kind === "contract") {
    return false;
  }
  const [first] = values;
  if (values.size === 1) {
    const isInput = source.kind === "argument" || source.kind === "sender";
    return !isLarge(first) && (!isInput || numberOf(first ?? "0x") === 0n);
  }
  return [...values].every(
    (value) => value !== undefined && !isLarge(value) && constants.has(value),
  );
}

/** By component: values that every call has there. */
function commonValues(calls: readonly VariableCall[]): Set<Hex>[] {
  const [first] = calls;
  const size = first?.accesses[0]?.components.length ?? 0;
  return Array.from({ length: size }, (_, position) => {
    const valuesIn = ({ accesses }: VariableCall) =>
      new Set(accesses.map(({ components }) => components[position]));
    let common = [...(first === undefined ? [] : valuesIn(first))];
    for (const call of calls) {
      const values = valuesIn(call);
      common = common.filter((value) => values.has(value));
    }
    return new Set(common.filter((value) => value !== undefined));
  });
}

export function sourcesOf(
  view: CallView,
  access: ViewedAccess,
  position: number,
  value: Hex,
  isCommon: boolean,
): KeySource[] {
  if (position === 0 && value === wordOf(BigInt(view.contract))) {
    return [{ kind: "contract" }]; // its own storage or balance: no inference
  }
  const found = view.sources
    .of(value)
    .filter(
      (source) =>
        source.kind !== "storage" ||
        source.variable !== access.variable ||
        source.contract !== access.contract,
    )
    .slice()
    .sort(compareSources)
    .slice(0, MAX_SOURCES);
  return isCommon ? [...found, constant(access, position, value)] : found;
}

function constant({ texts }: ViewedAccess, position: number, value: Hex): KeySource {
  return { kind: "constant", value, text: texts[position] ?? value };
}

function tuples(options: readonly (readonly KeySource[])[]): KeySource[][] {
  let found: KeySource[][] = [[]];
  for (const sources of options) {
    found = found
      .flatMap((tuple) => sources.map((source) => [...tuple, source]))
      .slice(0, MAX_TUPLES);
  }
  return found;
}
