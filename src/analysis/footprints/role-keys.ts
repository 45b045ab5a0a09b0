/**
 * How sure the sources of a role's keys are, and what can be said of accesses that no tuple of
 * sources explains.
 *
 * Owns: the status of a key. Does not own: candidates (role-candidates.ts).
 */
import type { Hex } from "../../state/hex";
import { numberOf } from "./abi-codec";
import type { Key } from "./footprint";
import { compareSources, type KeySource, sourceId } from "./key-source";
import { isEqualByChance, isLarge, type RoleItem, sourcesOf } from "./role-candidates";

/** Moduli that are tried: numbers of buckets. */
const MAX_MODULUS = 1024;
const IMMUTABLE: KeySource = { kind: "immutable" };

/** A key from the sources that explain all covered accesses. */
export function keyOf(sources: readonly KeySource[], covered: readonly RoleItem[]): Key {
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
function withoutImplied(sources: readonly KeySource[], covered: readonly RoleItem[]): KeySource[] {
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
      // what the call itself left there it had from the other source
      return !has((other) => other.kind !== "constant" && !isLeft(other));
    }
    return true;
  });
}

function isLeft(source: KeySource): boolean {
  return source.kind === "storage" && source.when === "after";
}

/** Keys of accesses that no tuple explains: component by component what still agrees. */
export function leftoverKeys(rest: readonly RoleItem[]): Key[] {
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

/** Several contracts, each with a large value of its own in all its calls, one of them in two. */
function isFixedByContract(rest: readonly RoleItem[], position: number): boolean {
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

function sharedSources(rest: readonly RoleItem[], position: number): KeySource[] {
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
function remainders(rest: readonly RoleItem[], position: number): KeySource[] {
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

function dividends(rest: readonly RoleItem[]): KeySource[] {
  const [first] = rest;
  return (first?.view.sources.all() ?? []).filter(
    ({ kind }) => kind === "sender" || kind === "argument",
  );
}
