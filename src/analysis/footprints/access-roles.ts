/**
 * Which accesses of different calls are the same access: `transfer` touches two balances in each
 * call, one by its sender and one by its argument. A role is a tuple of sources, one for the account
 * and one for each key, that explains accesses of all calls.
 *
 * Every value that a call had at hand makes a candidate for the keys equal to it. Candidates are
 * taken greedily, the one that explains most first, and only if it explains an access
 * - in every call that touched the variable, or
 * - in every call in which something is still unexplained, or
 * - in two calls or more by values too large to be equal by chance.
 * What is left over keeps the parts that do agree; the rest is unknown.
 *
 * Owns: roles and their keys. Does not own: what is done at them (infer-footprints.ts).
 */
import type { Hex } from "../../state/hex";
import { numberOf, wordOf } from "./abi-codec";
import type { CallView, ViewedAccess } from "./call-view";
import type { Key } from "./footprint";
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

export interface AccessRole {
  /** the account, then the variable's keys */
  readonly keys: readonly Key[];
  readonly accesses: readonly RoleAccess[];
}

/** Sources of one key that are followed up, and tuples of one access. */
const MAX_SOURCES = 8;
const MAX_TUPLES = 256;
/** Values from here on are not equal by chance: addresses, hashes. */
const LARGE = 1n << 32n;
/** Moduli that are tried: numbers of buckets. */
const MAX_MODULUS = 1024;

interface Item extends RoleAccess {
  readonly call: number;
}

interface Candidate {
  readonly id: string;
  readonly sources: readonly KeySource[];
  readonly items: number[];
  readonly calls: Set<number>;
}

/** The roles of one variable, from the calls that touched it (at least one). */
export function findRoles(calls: readonly VariableCall[]): AccessRole[] {
  const items: Item[] = calls.flatMap(({ view, accesses }, call) =>
    accesses.map((access) => ({ view, access, call })),
  );
  const candidates = makeCandidates(calls, items);
  const left = new Set(items.keys());
  const roles: AccessRole[] = [];
  for (;;) {
    const taken = best(candidates, left, items, calls.length);
    if (taken === undefined) {
      break;
    }
    const covered = taken.items.map((index) => items[index]).filter((item) => item !== undefined);
    roles.push({ keys: keysOf(taken, candidates, covered), accesses: covered });
    for (const index of taken.items) {
      left.delete(index);
    }
  }
  if (left.size > 0) {
    const rest = items.filter((_, index) => left.has(index));
    roles.push({ keys: leftoverKeys(rest), accesses: rest });
  }
  return roles;
}

function makeCandidates(
  calls: readonly VariableCall[],
  items: readonly Item[],
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
  items: readonly Item[],
  constants: readonly ReadonlySet<Hex>[],
): boolean {
  return sources.some((source, position) => {
    const values = new Set(covered.map((index) => items[index]?.access.components[position]));
    return isEqualByChance(source, values, constants[position]);
  });
}

function isEqualByChance(
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

function sourcesOf(
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

function best(
  candidates: readonly Candidate[],
  left: ReadonlySet<number>,
  items: readonly Item[],
  calls: number,
): Candidate | undefined {
  const callsLeft = new Set([...left].map((index) => items[index]?.call));
  let found: Candidate | undefined;
  let most = 0;
  for (const candidate of candidates) {
    const news = candidate.items.filter((index) => left.has(index));
    if (news.length < Math.max(1, most)) {
      continue;
    }
    const newCalls = new Set(news.map((index) => items[index]?.call)).size;
    const isAccepted =
      candidate.calls.size === calls ||
      newCalls === callsLeft.size ||
      (newCalls >= 2 && hasLargeValues(candidate, items));
    if (isAccepted && (found === undefined || news.length > most || precedes(candidate, found))) {
      found = candidate;
      most = news.length;
    }
  }
  return found;
}

/** Of candidates that explain as much: the one that holds in more calls, then the plainer one. */
function precedes(a: Candidate, b: Candidate): boolean {
  if (a.calls.size !== b.calls.size) {
    return a.calls.size > b.calls.size;
  }
  for (const [position, source] of a.sources.entries()) {
    const other = b.sources[position];
    const order = other === undefined ? 0 : compareSources(source, other);
    if (order !== 0) {
      return order < 0;
    }
  }
  return false;
}

/** True if every key but the account and constants differs between calls or is large. */
function hasLargeValues({ sources, items: covered }: Candidate, items: readonly Item[]): boolean {
  return sources.every(
    (source, position) =>
      source.kind === "constant" ||
      source.kind === "contract" ||
      covered.every((index) => isLarge(items[index]?.access.components[position])),
  );
}

function isLarge(value: Hex | undefined): boolean {
  return value !== undefined && (numberOf(value) ?? LARGE) >= LARGE;
}

/** The keys of a taken candidate, with every other source that explains exactly the same. */
function keysOf(
  taken: Candidate,
  candidates: readonly Candidate[],
  covered: readonly Item[],
): Key[] {
  const cover = taken.items.join();
  const rivals = candidates.filter(
    ({ items }) => items.length === taken.items.length && items.join() === cover,
  );
  return taken.sources.map((_, position) => {
    const sources = new Map<string, KeySource>();
    for (const { sources: tuple } of rivals) {
      const source = tuple[position];
      if (source !== undefined) {
        sources.set(sourceId(source), source);
      }
    }
    return keyOf([...sources.values()], covered);
  });
}

function keyOf(sources: readonly KeySource[], covered: readonly Item[]): Key {
  const candidates = withoutImplied(sources, covered).sort(compareSources);
  const isFact = candidates.length === 1 && candidates[0]?.kind === "contract";
  const calls = new Set(covered.map(({ call }) => call)).size;
  const status =
    candidates.length === 0
      ? "unknown"
      : isFact
        ? "agreed"
        : calls < 2
          ? "observedOnce"
          : candidates.length > 1
            ? "ambiguous"
            : "agreed";
  return { status, candidates };
}

/** Sources that cannot differ from another one of the list say nothing more than it. */
function withoutImplied(sources: readonly KeySource[], covered: readonly Item[]): KeySource[] {
  const has = (wanted: (source: KeySource) => boolean) => sources.some(wanted);
  const direct = covered.every(({ view }) => !view.internal);
  return sources.filter((source) => {
    if (source.kind === "origin") {
      return !(direct && has(({ kind }) => kind === "sender"));
    }
    if (source.kind === "argument" && source.name.endsWith("[*]")) {
      const elements = source.name.slice(0, -"*]".length);
      return !has(
        (other) =>
          other.kind === "argument" &&
          other.name.startsWith(elements) &&
          other.name !== source.name,
      );
    }
    if (source.kind === "storage" && source.when === "after") {
      return !has((other) => sourceId(other) === sourceId({ ...source, when: "before" }));
    }
    return true;
  });
}

/** Keys of accesses that no tuple explains: component by component what still agrees. */
function leftoverKeys(rest: readonly Item[]): Key[] {
  const size = rest[0]?.access.components.length ?? 0;
  return Array.from({ length: size }, (_, position) => {
    const shared = sharedSources(rest, position);
    if (shared.length > 0) {
      return keyOf(shared, rest);
    }
    return keyOf(
      isFixedByContract(rest, position) ? [IMMUTABLE] : remainders(rest, position),
      rest,
    );
  });
}

const IMMUTABLE: KeySource = { kind: "immutable" };

/** Several contracts, each with a large value of its own in all its calls, one of them in two. */
function isFixedByContract(rest: readonly Item[], position: number): boolean {
  const byContract = new Map<string, { readonly value: Hex | undefined; calls: number }>();
  for (const { view, access } of rest) {
    const value = access.components[position];
    const known = byContract.get(view.contract);
    if (!isLarge(value) || (known !== undefined && known.value !== value)) {
      return false;
    }
    byContract.set(view.contract, { value, calls: (known?.calls ?? 0) + 1 });
  }
  return byContract.size > 1 && [...byContract.values()].some(({ calls }) => calls > 1);
}

function sharedSources(rest: readonly Item[], position: number): KeySource[] {
  let shared: KeySource[] | undefined;
  for (const { view, access } of rest) {
    const value = access.components[position];
    if (value === undefined) {
      return [];
    }
    const here = sourcesOf(view, access, position, value, true);
    const ids = new Set(here.map(sourceId));
    shared = shared === undefined ? here : shared.filter((source) => ids.has(sourceId(source)));
  }
  const values = new Set(rest.map(({ access }) => access.components[position]));
  return (shared ?? []).filter((source) => !isEqualByChance(source, values));
}

/** `msg.sender % 16`: the one modulus that explains all of at least three different values. */
function remainders(rest: readonly Item[], position: number): KeySource[] {
  const values = rest.map(({ access }) => Number(numberOf(access.components[position] ?? "0x")));
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  if (new Set(values).size < 3 || largest >= MAX_MODULUS) {
    return [];
  }
  const found: KeySource[] = [];
  for (const of of dividends(rest)) {
    const moduli: number[] = [];
    for (let modulus = largest + 1; modulus <= MAX_MODULUS; modulus++) {
      const source: KeySource = { kind: "remainder", of, modulus };
      const holds = rest.every(({ view, access }) =>
        view.sources.values(source).has(access.components[position] ?? "0x"),
      );
      if (holds) {
        moduli.push(modulus);
      }
    }
    const [modulus, ...others] = moduli;
    if (modulus !== undefined && others.length === 0) {
      found.push({ kind: "remainder", of, modulus });
    }
  }
  return found;
}

function dividends(rest: readonly Item[]): KeySource[] {
  const [first] = rest;
  return (first?.view.sources.all() ?? []).filter(
    ({ kind }) => kind === "sender" || kind === "argument",
  );
}
