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
import type { Key } from "./footprint";
import { compareSources, type KeySource, sourceId } from "./key-source";
import {
  type Candidate,
  isLarge,
  makeCandidates,
  type RoleAccess,
  type RoleItem,
  type VariableCall,
} from "./role-candidates";
import { keyOf, leftoverKeys } from "./role-keys";

export interface AccessRole {
  /** the account, then the variable's keys */
  readonly keys: readonly Key[];
  readonly accesses: readonly RoleAccess[];
}

/** The roles of one variable, from the calls that touched it (at least one). */
export function findRoles(calls: readonly VariableCall[]): AccessRole[] {
  const items: RoleItem[] = calls.flatMap(({ view, accesses }, call) =>
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

function best(
  candidates: readonly Candidate[],
  left: ReadonlySet<number>,
  items: readonly RoleItem[],
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
function hasLargeValues(
  { sources, items: covered }: Candidate,
  items: readonly RoleItem[],
): boolean {
  return sources.every(
    (source, position) =>
      source.kind === "constant" ||
      source.kind === "contract" ||
      covered.every((index) => isLarge(items[index]?.access.components[position])),
  );
}

/** The keys of a taken candidate, with every other source that explains exactly the same. */
function keysOf(
  taken: Candidate,
  candidates: readonly Candidate[],
  covered: readonly RoleItem[],
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
