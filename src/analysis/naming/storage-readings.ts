/**
 * Which layouts decide what lies in a slot, and what they agree on.
 *
 * The layout of a slot is that of the code which accessed it; the storage is that of the account.
 * Behind a proxy these are two, and several codes may share one storage: where they see different
 * variables in a slot, there is no agreement.
 *
 * Owns: this decision. Does not own: the search within a layout (slot-resolver.ts), the text of
 * names (naming.ts).
 */
import type { Address, Hash } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import { isLibrary } from "./code-matcher";
import type { ContractLayouts } from "./contract-layouts";
import type { KnownCode } from "./known-code";
import type { SlotMember } from "./layout-walk";
import type { NamingEvidence } from "./naming-evidence";
import { joinLabels } from "./packed-members";

/** What the codes of a storage say of a slot together; where they differ, what each has there. */
export type Agreement =
  | { readonly contract: string; readonly members: readonly SlotMember[] }
  | { readonly clash: readonly string[] };

/** What one contract's layout says of a slot; no members = nothing. */
interface Reading {
  readonly contract: ContractMetadata;
  readonly members: readonly SlotMember[];
}

export class StorageReadings {
  readonly #evidence: NamingEvidence;
  readonly #known: KnownCode;
  readonly #layouts: ContractLayouts;

  constructor(evidence: NamingEvidence, known: KnownCode, layouts: ContractLayouts) {
    this.#evidence = evidence;
    this.#known = known;
    this.#layouts = layouts;
  }

  /** What all codes that may have accessed the slot agree on. */
  agreed(address: Address, slot: bigint, codeHash: Hash | undefined): Agreement {
    const { accessed, mayHave } = this.#codesOf(address, slot, codeHash);
    const readings = accessed.flatMap((code) => this.#readings(address, slot, code, new Set()));
    const others = mayHave
      .flatMap((code) => this.#readings(address, slot, code, new Set()))
      .filter(hasMembers);
    const { members, clash } = this.#agree([...readings, ...others]);
    if (members === null || members.length === 0) {
      return { clash };
    }
    const own = readings.filter(hasMembers);
    // a struct in a namespace belongs to all that share it, as the facets of a diamond do
    const shared = own.some(({ contract }) => isNamespaced(contract, members));
    const owners = shared
      ? [...own, ...this.#sharing(address, slot, [...accessed, ...mayHave])]
      : own;
    const contract = this.#known.names(owners.map((reading) => reading.contract));
    return contract === null ? { clash } : { contract, members };
  }

  /** What all codes that ran on the account say of a slot of its transient storage. */
  agreedTransient(address: Address, slot: bigint): Agreement {
    const known = [...this.#evidence.codesOn(address)].map((code) => this.#known.contracts(code));
    const readings = known.flatMap((contracts) =>
      contracts.map((contract) => ({
        contract,
        members: this.#layouts.transient(contract).members(slot),
      })),
    );
    const { members, clash } = this.#agree(readings.filter(hasMembers));
    const contract = this.#known.names(readings.filter(hasMembers).map((one) => one.contract));
    const allKnown = known.every((contracts) => contracts.length > 0);
    return members === null || contract === null || !allKnown ? { clash } : { contract, members };
  }

  /** The members that all readings have; null, and what they have instead, where they differ. */
  #agree(readings: readonly (Reading | null)[]): {
    readonly members: readonly SlotMember[] | null;
    readonly clash: readonly string[];
  } {
    const labels = new Set(readings.map((reading) => joinLabels(reading?.members ?? [])));
    const found = readings.filter(hasMembers);
    if (labels.size === 1) {
      return { members: found[0]?.members ?? null, clash: [] };
    }
    const clash = found.map(
      ({ contract, members }) => `${this.#known.shortName(contract)}.${joinLabels(members)}`,
    );
    const differing = new Set(found.map(({ members }) => joinLabels(members))).size > 1;
    return { members: null, clash: differing ? [...new Set(clash)].sort() : [] };
  }

  /** The name of the storage whose slot stays unnamed. */
  storageName(address: Address, codeHash: Hash | undefined): string {
    const contracts =
      codeHash === undefined ? [] : this.#layoutContracts(address, codeHash, new Set());
    const known = contracts.flatMap((contract) => (contract === null ? [] : [contract]));
    const name = known.length === contracts.length ? this.#known.names(known) : null;
    return name ?? this.#known.nameAt(address) ?? address;
  }

  /**
   * The codes whose layouts decide: `accessed` did access the slot, or are all there is to go by;
   * `mayHave` run on the same storage and count where their layout has something in the slot.
   */
  #codesOf(
    address: Address,
    slot: bigint,
    codeHash: Hash | undefined,
  ): { readonly accessed: readonly Hash[]; readonly mayHave: readonly Hash[] } {
    const own = this.#evidence.codesAt(address);
    const accessors = this.#evidence.accessors(address, slot);
    if (codeHash === undefined) {
      return accessors.size > 0
        ? { accessed: [...accessors], mayHave: [...own] }
        : { accessed: [...own], mayHave: [] };
    }
    const companions = [...this.#evidence.companions(address, codeHash)];
    const others = companions.filter((code) => accessors.has(code) || own.has(code));
    const acted = others.filter((code) => accessors.has(code));
    return acted.length === 0 || acted.includes(codeHash)
      ? { accessed: [codeHash], mayHave: others }
      : { accessed: acted, mayHave: [codeHash, ...others] }; // it had others act in its name
  }

  /** One reading for each contract that the code may be of; null where a code is unknown. */
  #readings(
    address: Address,
    slot: bigint,
    code: Hash,
    visited: ReadonlySet<Hash>,
  ): (Reading | null)[] {
    const contracts = this.#known.contracts(code);
    if (contracts.length === 0) {
      return [null];
    }
    const own = contracts.map((contract) => {
      const source = this.#layouts.storage(contract);
      return source === null
        ? null
        : { contract, members: this.#standing(address, source.members(slot)) };
    });
    const hosts = this.#hostsOfStateless(address, code, visited);
    return own.some(hasMembers) || hosts.length === 0
      ? own
      : hosts.flatMap((host) => this.#readings(address, slot, host, new Set([...visited, code])));
  }

  /**
   * The contracts whose variables a code works on: its own, or its callers' where it has none
   * (libraries, stateless modules). null stands for unknown code.
   */
  #layoutContracts(
    address: Address,
    code: Hash,
    visited: ReadonlySet<Hash>,
  ): (ContractMetadata | null)[] {
    const contracts = this.#known.contracts(code);
    if (contracts.length === 0) {
      return [null];
    }
    const hosts = this.#hostsOfStateless(address, code, visited);
    return hosts.length > 0
      ? hosts.flatMap((host) => this.#layoutContracts(address, host, new Set([...visited, code])))
      : [...contracts];
  }

  /** The codes that ran a code without variables of its own on their storage; none for other code. */
  #hostsOfStateless(address: Address, code: Hash, visited: ReadonlySet<Hash>): Hash[] {
    const stateless = this.#known
      .contracts(code)
      .every((contract) => isLibrary(contract) || contract.storageLayout?.storage.length === 0);
    return stateless
      ? [...this.#evidence.hostsOf(address, code)].filter((host) => !visited.has(host))
      : [];
  }

  /** Of codes that run on one storage, those whose layouts have something in the slot. */
  #sharing(address: Address, slot: bigint, codes: readonly Hash[]): Reading[] {
    const together = new Set(
      codes.flatMap((code) => [code, ...this.#evidence.companions(address, code)]),
    );
    return [...together]
      .flatMap((code) => this.#readings(address, slot, code, new Set()))
      .filter(hasMembers);
  }

  /** Members that a value can be in: no bare mappings, nothing beyond the end of an array. */
  #standing(address: Address, members: readonly SlotMember[]): readonly SlotMember[] {
    return members.filter(
      ({ node, path }) =>
        node.kind !== "mapping" &&
        path.bounds.every(({ head, of, minimum }) => {
          const seen = this.#evidence.seenValue(address, head);
          if (seen === undefined) {
            return true; // the length was never read, as when the compiler knows the index is within
          }
          // bytes and string of 32 bytes or more keep twice their length plus one
          const length = of === "array" ? seen.value : (seen.value - 1n) / 2n;
          return minimum <= length + seen.headroom;
        }),
    );
  }
}

function hasMembers(reading: Reading | null): reading is Reading {
  return reading !== null && reading.members.length > 0;
}

/** Do the members belong to a struct in a namespace? */
function isNamespaced({ namespaces }: ContractMetadata, members: readonly SlotMember[]): boolean {
  const variable = members[0]?.path.variable ?? "";
  return namespaces?.storage.some(({ label }) => variable.startsWith(`${label}.`)) ?? false;
}
