/**
 * A drawn call that could not be executed, as a record beside executed ones: every access of the
 * recorded call, at the slot where the drawn keys lead.
 *
 * Owns: the places. Does not own: which calls need it (execution-replay.ts).
 */
import type { TransactionRecord, WriteRecord } from "../../access-log/block-record";
import { keccak256Hex } from "../../crypto/keccak256";
import type { Hex } from "../../state/hex";
import type { Location } from "../../state/location";
import { PRE_STATE_ORIGIN, type Read } from "../../state/read-set";
import { numberOf, wordOf } from "../footprints/abi-codec";
import type { ViewedAccess } from "../footprints/call-view";
import type { RoleOfAccess } from "../footprints/infer-footprints";
import type { KeySource } from "../footprints/key-source";
import { partValue } from "../write-rule";
import { addressIn, drawnWord, userAddress } from "./drawn-values";
import type { PlacedCall } from "./redrawn-calls";
import type { ReplayState } from "./replay-state";
import type { SlotRenamer } from "./slot-renaming";

export interface FootprintTransaction {
  readonly reads: readonly Read[];
  readonly writes: readonly WriteRecord[];
  /** accesses left at their recorded place because their key's source is not known */
  readonly unknownKeys: number;
}

/** Leaves the call's writes in the state, but does not keep them. */
export function footprintTransaction(
  call: PlacedCall,
  renamer: SlotRenamer,
  state: ReplayState,
): FootprintTransaction {
  const reads: Read[] = [];
  const writes: WriteRecord[] = [];
  let unknownKeys = 0;
  for (const one of call.recorded.accesses) {
    const { access, role } = one;
    const place = placeOf(one, call, renamer);
    unknownKeys += place.isKnown ? 0 : 1;
    const form = call.model.footprint.accesses[role]?.form;
    const { location } = place;
    if (location.kind === "storage") {
      const before = access.before ?? 0n;
      if (access.read) {
        reads.push({ ...location, value: before, origin: PRE_STATE_ORIGIN });
      }
      if (access.write) {
        const value = access.after ?? before;
        writes.push({ write: { ...location, value }, before });
        moveOn(state, location, {
          before,
          after: value,
          adds: form?.class === "delta" || form?.class === "append" || form?.counter === true,
        });
      }
    } else if (location.kind === "balance") {
      const { address } = location;
      if (access.read) {
        reads.push({ kind: "balance", address, min: 0n, max: 0n, origin: PRE_STATE_ORIGIN });
      }
      if (access.write) {
        writes.push({ write: { kind: "balance", address, delta: 1n }, before: null });
      }
    } else if (location.kind === "nonce" && access.write) {
      const { address } = location;
      // whoever counts up a nonce has read it
      reads.push({ kind: "nonce", address, min: 0n, max: 0n, origin: PRE_STATE_ORIGIN });
      writes.push({ write: { kind: "nonce", address, value: 1n }, before: 0n });
    }
  }
  return { reads, writes, unknownKeys };
}

/** The record of such a transaction; what does not matter for conflicts is the recorded call's. */
export function footprintRecord(
  record: TransactionRecord,
  call: PlacedCall,
  { reads, writes }: FootprintTransaction,
): TransactionRecord {
  const { user, recorded } = call;
  const gas = BigInt(recorded.view.gas);
  return {
    ...record,
    from: user === null ? recorded.view.sender : userAddress(user),
    status: 1,
    gasUsed: gas,
    gasBeforeRefund: gas,
    value: 0n,
    reads,
    writes,
    trace: { frames: [], accesses: [], preimages: [], transient: [] },
    deployed: [],
  };
}

/** What the recorded call did to the slot, if the value is still what it found; else what it added. */
function moveOn(
  state: ReplayState,
  { address, slot }: Extract<Location, { kind: "storage" }>,
  { before, after, adds }: { before: bigint; after: bigint; adds: boolean },
): void {
  const now = state.storage(address, slot);
  if (now === before) {
    state.setStorage(address, slot, after);
  } else if (adds) {
    state.setStorage(address, slot, BigInt.asUintN(256, now + after - before));
  }
}

function placeOf(
  { access, role }: RoleOfAccess,
  call: PlacedCall,
  renamer: SlotRenamer,
): { readonly location: Location; readonly isKnown: boolean } {
  const described = call.model.footprint.accesses[role];
  const keys = described === undefined ? [] : [described.owner, ...described.keys];
  const renaming = new Map<Hex, Hex[]>();
  let isKnown = true;
  for (const [position, recorded] of access.components.entries()) {
    const [source] = keys[position]?.candidates ?? [];
    isKnown &&= source !== undefined;
    const drawn = source === undefined ? recorded : drawnKey(source, recorded, call);
    if (drawn !== recorded) {
      renaming.set(recorded, [drawn]);
    }
  }
  const { location } = access;
  if (location.kind !== "storage") {
    const [owner = "0x"] = access.components;
    const [drawn] = renaming.get(owner) ?? [];
    return { location: { kind: location.kind, address: addressIn(drawn ?? owner) }, isKnown };
  }
  const [slot] = renamer.renamed(location.slot, renaming);
  return {
    location: slot === undefined ? location : { ...location, slot },
    isKnown: isKnown && (slot !== undefined || renaming.size === 0),
  };
}

function drawnKey(source: KeySource, recorded: Hex, call: PlacedCall): Hex {
  switch (source.kind) {
    case "sender":
    case "origin":
      return call.user === null ? recorded : drawnWord(`user:${call.user}`, recorded);
    case "argument": {
      const drawn = call.argument(recorded);
      return drawn === null ? recorded : drawnWord(drawn, recorded);
    }
    case "remainder": {
      const [dividend] = call.recorded.view.sources.values(source.of);
      const drawn = dividend === undefined ? null : numberOf(drawnKey(source.of, dividend, call));
      return drawn === null ? recorded : wordOf(drawn % BigInt(source.modulus));
    }
    case "storage":
      return isCountedUp(source, recorded, call)
        ? keccak256Hex(new TextEncoder().encode(`id ${call.position} ${recorded}`))
        : recorded;
    default:
      return recorded;
  }
}

/** A key from a variable that the call itself changed: every call gets another one. */
function isCountedUp(
  { contract, variable }: Extract<KeySource, { kind: "storage" }>,
  recorded: Hex,
  call: PlacedCall,
): boolean {
  return call.recorded.accesses.some(({ access }) =>
    access.parts.some(
      (part) =>
        part.variable === variable &&
        access.contract === contract &&
        changes(access) &&
        [access.before, access.after].some(
          (word) => word !== null && wordOf(partValue(part, word)) === recorded,
        ),
    ),
  );
}

function changes({ write, before, after }: ViewedAccess): boolean {
  return write && (before === null || before !== after);
}
