/**
 * Slots for footprints: the variable with its keys left out, the keys' values, what lies in the slot.
 *
 * Owns: the form, and remembering it. Does not own: names (Naming).
 */
import type { Hash, Hex } from "../../state/hex";
import type { Location, LocationKind } from "../../state/location";
import type { Naming, SlotPart } from "../slot-name";
import { wordOf } from "./abi-codec";

export interface Place {
  readonly kind: LocationKind;
  /** contract of the storage: `Token`, or its address; for an account's balance empty */
  readonly contract: string;
  /** `balances[*]`, `totalSupply`, `(ether balance)` */
  readonly variable: string;
  /** the account, then one value for each `[*]` */
  readonly components: readonly Hex[];
  /** the components as people say them */
  readonly texts: readonly string[];
  /** what lies in the slot, by offset; empty if not known */
  readonly parts: readonly SlotPart[];
  readonly resolved: boolean;
}

/** Slots from here on are hashes, not places of variables. */
const FIRST_HASHED = 1n << 64n;
const ACCOUNT_PARTS: Readonly<Record<Exclude<LocationKind, "storage">, string>> = {
  balance: "(ether balance)",
  nonce: "(contracts created)",
  code: "(code)",
  existence: "(creation or end of the account)",
};

export class SlotReader {
  readonly #naming: Naming;
  readonly #known = new Map<string, Place>();

  constructor(naming: Naming) {
    this.#naming = naming;
  }

  place(location: Location, layout: Hash): Place {
    const key =
      location.kind === "storage"
        ? `${location.address}${location.slot.toString(16)}:${layout}`
        : `${location.kind}:${location.address}`;
    let place = this.#known.get(key);
    if (place === undefined) {
      place = this.#read(location, layout);
      this.#known.set(key, place);
    }
    return place;
  }

  #read(location: Location, layout: Hash): Place {
    const { kind, address } = location;
    const account = wordOf(BigInt(address));
    const owner = this.#naming.contract(address) ?? address;
    if (location.kind !== "storage") {
      return {
        kind,
        contract: "",
        variable: ACCOUNT_PARTS[location.kind],
        components: [account],
        texts: [owner],
        parts: [],
        resolved: true,
      };
    }
    const { slot } = location;
    const name = this.#naming.slot(address, slot, undefined, layout);
    const parts = name.resolved ? (this.#naming.parts?.(address, slot, layout) ?? []) : [];
    const keys = parts[0]?.keys ?? [];
    if (keys.length === (name.variable.match(/\[\*\]/g)?.length ?? 0)) {
      const isFixed = name.resolved || slot < FIRST_HASHED;
      return {
        kind,
        contract: name.contract,
        variable: isFixed ? name.variable : "(unresolved)[*]",
        components: [
          account,
          ...keys.map(({ value }) => value),
          ...(isFixed ? [] : [wordOf(slot)]),
        ],
        texts: [owner, ...keys.map(({ text }) => text), ...(isFixed ? [] : [wordOf(slot)])],
        parts,
        resolved: name.resolved,
      };
    }
    // the name does not give its keys: the slot itself stands for them
    return {
      kind,
      contract: name.contract,
      variable: name.variable.includes("[*]") ? name.variable : `${name.variable}[*]`,
      components: [account, wordOf(slot)],
      texts: [owner, name.label],
      parts: [],
      resolved: name.resolved,
    };
  }
}
