/**
 * Locations as a developer speaks of them: slots of one variable belong together
 * (`Token.balances[*]`), and so do the same variables of several instances of a contract.
 *
 * Owns: the grouping and the words for locations that are no storage. Does not own: names of slots
 * and contracts (Naming).
 */
import { invariant } from "../errors/base-error";
import type { LocationKind } from "../state/location";
import type { Naming, SlotPart } from "./slot-name";
import type { Workload } from "./workload";

export interface SlotGroup {
  readonly id: number;
  readonly kind: LocationKind;
  /** `Token`; an address where the contract is unknown */
  readonly contract: string;
  /** `balances[*]`, `totalSupply`, `(ether balance)` */
  readonly variable: string;
  /** Different calls can touch different locations of the group by their key. */
  readonly keyed: boolean;
  readonly resolved: boolean;
}

export interface LocationName {
  readonly group: number;
  /** the variable with its key: `balances[0xa11c…]` */
  readonly label: string;
}

/** Words for what an account has besides storage. */
const ACCOUNT_PARTS: Readonly<Record<Exclude<LocationKind, "storage">, string>> = {
  balance: "(ether balance)",
  nonce: "(contracts created)",
  code: "(code)",
  existence: "(creation or end of the account)",
};

/** Names locations on demand and puts them into groups; the same questions give the same ids. */
export class SlotGroups {
  readonly #workload: Workload;
  readonly #naming: Naming;
  readonly #groups: SlotGroup[] = [];
  readonly #idByKey = new Map<string, number>();
  readonly #names: (LocationName | undefined)[] = [];
  readonly #parts: (readonly SlotPart[] | undefined)[] = [];

  constructor(workload: Workload, naming: Naming) {
    this.#workload = workload;
    this.#naming = naming;
  }

  get(id: number): SlotGroup {
    const group = this.#groups[id];
    invariant(group !== undefined, `no slot group ${id}`);
    return group;
  }

  /** Groups of all locations of the run. */
  all(): readonly SlotGroup[] {
    for (let location = 0; location < this.#workload.locations.size; location++) {
      this.name(location);
    }
    return this.#groups;
  }

  groupOf(location: number): number {
    return this.name(location).group;
  }

  name(location: number): LocationName {
    let name = this.#names[location];
    if (name === undefined) {
      name = this.#nameLocation(location);
      this.#names[location] = name;
    }
    return name;
  }

  /** What lies in a slot, as far as it is known; nothing for what is no storage. */
  parts(number: number): readonly SlotPart[] {
    let parts = this.#parts[number];
    if (parts === undefined) {
      const { location, layout } = this.#workload.locations.at(number);
      parts =
        location.kind === "storage"
          ? (this.#naming.parts?.(location.address, location.slot, layout ?? undefined) ?? [])
          : [];
      this.#parts[number] = parts;
    }
    return parts;
  }

  #nameLocation(number: number): LocationName {
    const { location, layout, changedBits } = this.#workload.locations.at(number);
    if (location.kind === "storage") {
      const name = this.#naming.slot(
        location.address,
        location.slot,
        changedBits === 0n ? undefined : { before: 0n, after: changedBits },
        layout ?? undefined,
      );
      const keyed = name.resolved && name.label !== name.variable;
      return {
        label: name.label,
        group: this.#group(location.kind, name.contract, name.variable, keyed, name.resolved),
      };
    }
    const contract = this.#naming.contract(location.address);
    const part = ACCOUNT_PARTS[location.kind];
    return contract === null
      ? {
          label: `${part} of ${location.address}`,
          group: this.#group(location.kind, "accounts", `${part}[*]`, true, true),
        }
      : { label: part, group: this.#group(location.kind, contract, part, false, true) };
  }

  #group(
    kind: LocationKind,
    contract: string,
    variable: string,
    keyed: boolean,
    resolved: boolean,
  ): number {
    const key = `${kind}\n${contract}\n${variable}`;
    let id = this.#idByKey.get(key);
    if (id === undefined) {
      id = this.#groups.length;
      this.#idByKey.set(key, id);
      this.#groups.push({ id, kind, contract, variable, keyed, resolved });
    }
    return id;
  }
}
