/**
 * The read set and write set of an incarnation, made of its accounts in the order of first access.
 *
 * Owns: the form of the entries. Does not own: the values (account-view.ts).
 */
import { invariant } from "../errors/base-error";
import { EMPTY_CODE_HASH, type Hash } from "../state/hex";
import type { LocationKind } from "../state/location";
import type { Read, ReadSet } from "../state/read-set";
import { EMPTY_WRITE_SET, type Write, type WriteSet } from "../state/write-set";
import type { AccountView, SlotView } from "./account-view";
import type { LocationId } from "./location-reader";

/** A location that was read or written, at its place in the order of first access. */
export interface ListedLocation {
  readonly account: AccountView;
  readonly kind: LocationKind;
  /** null unless kind is storage */
  readonly slot: SlotView | null;
}

export function listReads(locations: readonly ListedLocation[]): ReadSet {
  return locations.map(toRead);
}

/**
 * Existence comes first, because it is applied first. A destroyed account keeps nothing but its
 * balance change: nonce, code and slots are gone with it.
 * @param places gets where each write goes, 0 = not known
 */
export function listWrites(
  locations: readonly ListedLocation[],
  deployed: ReadonlyMap<Hash, Uint8Array>,
  places: LocationId[],
): WriteSet {
  const lives: Write[] = [];
  const others: Write[] = [];
  const otherPlaces: LocationId[] = [];
  let codes: Map<Hash, Uint8Array> | null = null;
  for (const location of locations) {
    const write = toWrite(location);
    if (write === null) {
      continue;
    }
    if (write.kind === "existence") {
      lives.push(write);
      places.push(placeOf(location));
    } else {
      others.push(write);
      otherPlaces.push(placeOf(location));
    }
    if (write.kind === "code" && write.codeHash !== EMPTY_CODE_HASH) {
      const code = deployed.get(write.codeHash);
      invariant(
        code !== undefined,
        () => `no bytes of the code ${write.codeHash} that was written`,
      );
      codes ??= new Map();
      codes.set(write.codeHash, code);
    }
  }
  for (const place of otherPlaces) {
    places.push(place);
  }
  return {
    writes: lives.length === 0 ? others : [...lives, ...others],
    codes: codes ?? EMPTY_WRITE_SET.codes,
  };
}

function toRead({ account, kind, slot }: ListedLocation): Read {
  const { address } = account;
  switch (kind) {
    case "balance":
    case "nonce": {
      const { min, max, origin } = kind === "balance" ? account.balanceBefore : account.nonceBefore;
      return { kind, address, min, max, origin };
    }
    case "code": {
      const { value, origin } = present(account.codeHashBefore);
      return { kind, address, codeHash: value, origin };
    }
    case "existence": {
      const { value, origin } = present(account.existsBefore);
      return { kind, address, exists: value, origin };
    }
    case "storage": {
      const view = requireSlot(slot);
      return { kind, address, slot: view.slot, value: present(view.before), origin: view.origin };
    }
  }
}

/** Null if a revert took the write back or if there is nothing left of it. */
function toWrite({ account, kind, slot }: ListedLocation): Write | null {
  const { address } = account;
  if (kind === "balance") {
    return account.delta === 0n ? null : { kind, address, delta: account.delta };
  }
  if (kind === "existence") {
    return account.exists === undefined
      ? null
      : { kind, address, exists: account.exists, clearsStorage: account.storageCleared };
  }
  if (account.exists === false) {
    return null;
  }
  switch (kind) {
    case "nonce":
      return account.nonce === undefined ? null : { kind, address, value: account.nonce };
    case "code":
      return account.codeHash === undefined ? null : { kind, address, codeHash: account.codeHash };
    case "storage": {
      const { slot: key, own } = requireSlot(slot);
      return own === undefined ? null : { kind, address, slot: key, value: own };
    }
  }
}

/** Where the location was read, 0 = it was not. */
function placeOf({ account, kind, slot }: ListedLocation): LocationId {
  switch (kind) {
    case "balance":
      return account.balanceBefore.location;
    case "nonce":
      return account.nonceBefore.location;
    case "code":
      return account.codeHashBefore?.location ?? 0;
    case "existence":
      return account.existsBefore?.location ?? 0;
    case "storage":
      return requireSlot(slot).location;
  }
}

function requireSlot(slot: SlotView | null): SlotView {
  invariant(slot !== null, "a slot is listed without the slot");
  return slot;
}

/** What is listed as read has been read. */
export function present<Value>(value: Value | undefined): Value {
  invariant(value !== undefined, "a location is listed as read but has no value");
  return value;
}
