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
import type { AccountView } from "./account-view";

/** A location that was read or written, at its place in the order of first access. */
export interface ListedLocation {
  readonly account: AccountView;
  readonly kind: LocationKind;
  /** 0 unless kind is storage */
  readonly slot: bigint;
}

export function listReads(locations: readonly ListedLocation[]): ReadSet {
  return locations.map(toRead);
}

/**
 * Existence comes first, because it is applied first. A destroyed account keeps nothing but its
 * balance change: nonce, code and slots are gone with it.
 */
export function listWrites(
  locations: readonly ListedLocation[],
  deployed: ReadonlyMap<Hash, Uint8Array>,
): WriteSet {
  const lives: Write[] = [];
  const others: Write[] = [];
  let codes: Map<Hash, Uint8Array> | null = null;
  for (const location of locations) {
    const write = toWrite(location);
    if (write === null) {
      continue;
    }
    (write.kind === "existence" ? lives : others).push(write);
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
      const { value, origin } = present(account.storageBefore?.get(slot));
      return { kind, address, slot, value, origin };
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
      const value = account.slots?.get(slot);
      return value === undefined ? null : { kind, address, slot, value };
    }
  }
}

function present<Value>(value: Value | undefined): Value {
  invariant(value !== undefined, "a location is listed as read but has no value");
  return value;
}
