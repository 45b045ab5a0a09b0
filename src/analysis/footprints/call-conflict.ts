/**
 * What any two calls by different users would do to each other, from their footprints alone.
 * docs/metrics.md, "Conflicts by footprint".
 *
 * Both calls are taken to work on the same instances: `this` is the same contract, and a contract
 * found in a variable or fixed in the code is the same for both. What an argument names may differ.
 *
 * Owns: comparing keys, relations and causes. Does not own: the verdict on a function
 * (footprint-verdict.ts).
 */
import type { Footprint, FootprintAccess, Key, WriteForm } from "./footprint";
import { keyText } from "./footprint-text";
import { type KeySource, sourceId } from "./key-source";

/**
 * - `never`: no two calls of different users touch the same place;
 * - `keyDependent`: they do if they choose equal keys;
 * - `sometimes`: all calls that touch the place conflict, but not all calls touch it;
 * - `always`.
 */
export type Relation = "never" | "keyDependent" | "sometimes" | "always";

/**
 * - `STRUCTURAL`: a place that does not depend on a key;
 * - `KEYED`: equal keys;
 * - `SENDER`: only calls of one user, not of different ones;
 * - `GUARD`: all writes put the old value back;
 * - `READ_HOT`: one only reads what the other writes, whatever the keys;
 * - `FALSE_SHARING`: neither changes a member of the slot that the other changes or uses;
 * - `INFRA`: the balance that receives the fees.
 */
export type ConflictCause =
  | "STRUCTURAL"
  | "KEYED"
  | "SENDER"
  | "GUARD"
  | "READ_HOT"
  | "FALSE_SHARING"
  | "INFRA";

export interface AccessConflict {
  readonly cause: ConflictCause;
  readonly relation: Relation;
  readonly contract: string;
  readonly variable: string;
  /** the accesses, by index in the two footprints */
  readonly first: number;
  readonly second: number;
  /** what has to be equal: `to = msg.sender`; empty if nothing has to */
  readonly keys: readonly string[];
  /** how the side that writes does it */
  readonly forms: readonly WriteForm[];
}

export interface CallConflict {
  readonly relation: Relation;
  /** SENDER entries are for calls of one user and do not count for the relation. */
  readonly conflicts: readonly AccessConflict[];
}

const STRENGTH: readonly Relation[] = ["never", "keyDependent", "sometimes", "always"];

/** The stronger of two relations. */
function stronger(a: Relation, b: Relation): Relation {
  return STRENGTH.indexOf(a) >= STRENGTH.indexOf(b) ? a : b;
}

/** How a call of one function gets along with a call of another, or of the same, by another user. */
export function callConflict(first: Footprint, second: Footprint): CallConflict {
  const places = new Map<string, number[]>();
  for (const [index, access] of second.accesses.entries()) {
    const key = placeKey(access, second);
    const list = places.get(key);
    if (list === undefined) {
      places.set(key, [index]);
    } else {
      list.push(index);
    }
  }
  const conflicts: AccessConflict[] = [];
  for (const [index, access] of first.accesses.entries()) {
    for (const other of places.get(placeKey(access, first)) ?? []) {
      // a pair of two accesses of one function is met twice
      const isRepeated = first === second && other < index;
      const found = isRepeated ? null : accessConflict(first, index, second, other);
      if (found !== null) {
        conflicts.push(found);
      }
    }
  }
  const relation = conflicts
    .filter(({ cause }) => cause !== "SENDER" && cause !== "INFRA")
    .reduce<Relation>((strongest, conflict) => stronger(strongest, conflict.relation), "never");
  return { relation, conflicts };
}

/** Only accesses of one variable can meet; the contract of its own storage may be called so or so. */
function placeKey(
  { kind, contract, variable, own }: FootprintAccess,
  footprint: Footprint,
): string {
  const name = own ? footprint.contract.slice(footprint.contract.lastIndexOf(":") + 1) : contract;
  const owner = name.slice(name.lastIndexOf(":") + 1);
  return `${kind}\n${kind === "storage" ? owner : ""}\n${variable}`;
}

function accessConflict(
  first: Footprint,
  index: number,
  second: Footprint,
  other: number,
): AccessConflict | null {
  const a = first.accesses[index];
  const b = second.accesses[other];
  if (a === undefined || b === undefined) {
    return null;
  }
  const meets =
    (a.write !== "never" && b.read !== "never") || (b.write !== "never" && a.read !== "never");
  if (!meets) {
    return null;
  }
  const isFresh = (key: Key) => isCountedUp(key, first) && isCountedUp(key, second);
  const keysA = [a.owner, ...a.keys];
  const keysB = [b.owner, ...b.keys];
  const comparisons = keysA.map((key, position) =>
    compareKeys(key, keysB[position] ?? UNKNOWN, position === 0, isFresh),
  );
  const owns = { contract: a.contract, variable: a.variable, first: index, second: other };
  const forms = [a, b].flatMap(({ write, form }) =>
    write !== "never" && form !== null ? [form] : [],
  );
  if (comparisons.some(({ result }) => result === "never")) {
    return null;
  }
  if (comparisons.some(({ result }) => result === "sender")) {
    return { ...owns, cause: "SENDER", relation: "keyDependent", keys: ["same msg.sender"], forms };
  }
  const keys = comparisons.flatMap(({ result, text }) => (result === "depends" ? [text] : []));
  const everyTime = isEveryTime(a) && isEveryTime(b);
  const relation: Relation = keys.length > 0 ? "keyDependent" : everyTime ? "always" : "sometimes";
  return { ...owns, cause: causeOf(a, b, keys.length > 0, forms), relation, keys, forms };
}

/** Does the access take place in every call, in the way that makes the conflict? */
function isEveryTime({ read, write }: FootprintAccess): boolean {
  return write === "every" || (write === "never" && read === "every");
}

function causeOf(
  a: FootprintAccess,
  b: FootprintAccess,
  isKeyed: boolean,
  forms: readonly WriteForm[],
): ConflictCause {
  if (isCoinbase(a) || isCoinbase(b)) {
    return "INFRA";
  }
  if (forms.every((form) => form.class === "silent")) {
    return "GUARD";
  }
  if (membersAreApart(a, b)) {
    return "FALSE_SHARING";
  }
  if (isKeyed) {
    return "KEYED";
  }
  return a.write === "never" || b.write === "never" ? "READ_HOT" : "STRUCTURAL";
}

/** Of one packed slot: neither changes a member that the other changes or uses. */
function membersAreApart(a: FootprintAccess, b: FootprintAccess): boolean {
  const clash = (writer: FootprintAccess, other: FootprintAccess): boolean => {
    // who is not known to use members: a writer those that it changes, a reader all
    const used = other.usedMembers ?? (other.write === "never" ? writer.changedMembers : []);
    return writer.changedMembers.some(
      (member) => other.changedMembers.includes(member) || used.includes(member),
    );
  };
  const changesKnown = [a, b].every(
    ({ write, form, changedMembers }) =>
      write === "never" || form?.class === "silent" || changedMembers.length > 0,
  );
  return a.packed && b.packed && changesKnown && !clash(a, b) && !clash(b, a);
}

function isCoinbase({ kind, owner }: FootprintAccess): boolean {
  const [source] = owner.candidates;
  return kind === "balance" && source?.kind === "block" && source.field === "coinbase";
}

const UNKNOWN: Key = { status: "unknown", candidates: [] };

/** `sender`: equal exactly if one user makes both calls. */
type KeyRelation = "never" | "sender" | "depends" | "always";

function compareKeys(
  a: Key,
  b: Key,
  isOwner: boolean,
  isFresh: (key: Key) => boolean,
): { readonly result: KeyRelation; readonly text: string } {
  const text = `${keyText(a)} = ${keyText(b)}`;
  if (a.candidates.length === 0 || b.candidates.length === 0) {
    return { result: "depends", text };
  }
  const results = new Set(
    a.candidates.flatMap((left) =>
      // one key of one function: whichever of its sources is the true one, it is so in both calls
      (a === b ? [left] : b.candidates).map((right) =>
        compareSources(left, right, isOwner, () => isFresh(a) && isFresh(b)),
      ),
    ),
  );
  const [only] = results;
  return { result: only !== undefined && results.size === 1 ? only : "depends", text };
}

/** Sources that are the same for all calls on the same instances. */
function isShared(source: KeySource): boolean {
  return (
    source.kind === "contract" ||
    source.kind === "immutable" ||
    source.kind === "constant" ||
    (source.kind === "storage" && !source.variable.includes("[*]"))
  );
}

function compareSources(
  left: KeySource,
  right: KeySource,
  isOwner: boolean,
  isFresh: () => boolean,
): KeyRelation {
  if (isOwner && isShared(left) && isShared(right)) {
    return "always"; // both name the one contract of that kind that they work with
  }
  if (left.kind === "constant" && right.kind === "constant") {
    return left.value === right.value ? "always" : "never";
  }
  if (sourceId(left) !== sourceId(right)) {
    return "depends";
  }
  switch (left.kind) {
    case "sender":
    case "origin":
      return "sender";
    case "contract":
    case "immutable":
    case "constant":
    case "block": // within one block
      return "always";
    case "storage":
      return isFresh() ? "never" : left.variable.includes("[*]") ? "depends" : "always";
    case "argument":
    case "value":
    case "remainder":
      return "depends";
  }
}

/** A key taken from a variable that every call moves on: each call gets another one. */
function isCountedUp({ candidates: [source] }: Key, { accesses }: Footprint): boolean {
  return (
    source?.kind === "storage" &&
    accesses.some(
      ({ contract, variable, write, form }) =>
        contract === source.contract &&
        variable === source.variable &&
        write === "every" &&
        (form?.class === "append" || form?.class === "delta" || form?.counter === true),
    )
  );
}

/** The conflicts as people read them: `_totalSupply (every call)`, `_balances[*] if to = to`. */
export function conflictText({ variable, keys, relation }: AccessConflict): string {
  return keys.length > 0
    ? `${variable} if ${keys.join(" and ")}`
    : `${variable}${relation === "sometimes" ? " (some calls)" : ""}`;
}
