/**
 * Names of slots, contracts and functions, from what the compiler says and what the recording shows
 * (product terms in slot-name.ts).
 *
 * The layout of a slot is that of the code which accessed it; the storage is that of the account.
 * Behind a proxy these are two, and several codes may share one storage: where they see different
 * variables in a slot, the slot has no name.
 *
 * Invariant: never a guess. Whatever is not established by code, layout and hashes is
 * `resolved: false`.
 *
 * Owns: which layouts apply, and agreement. Does not own: the search within a layout
 * (slot-resolver.ts).
 */
import type { BlockRecord } from "../../access-log/block-record";
import { bytesToHex } from "../../state/bytes";
import type { Address, Hash } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import type { Naming, SlotName, TransientNaming } from "../slot-name";
import { isLibrary } from "./code-matcher";
import { ContractLayouts } from "./contract-layouts";
import { functionName } from "./function-names";
import { KnownCode } from "./known-code";
import type { SlotMember } from "./layout-walk";
import { NamingEvidence } from "./naming-evidence";
import {
  type Change,
  joinLabels,
  joinVariables,
  memberLabel,
  narrow,
  toPart,
} from "./packed-members";
import { projectNames } from "./project-names";
import { askHook, type SlotHook } from "./slot-hook";
import { wellKnownSlot } from "./well-known-slots";

export interface NamingInput {
  readonly metadata: readonly ContractMetadata[];
  /** The recording: its blocks, or the evidence collected from them block by block. */
  readonly evidence: NamingEvidence | Iterable<BlockRecord>;
  /** Labels of accounts, by lower-case address; used in keys. */
  readonly accounts?: ReadonlyMap<Address, string>;
  /** Asked for slots that have no name otherwise. */
  readonly slotResolver?: SlotHook;
}

/** What one contract's layout says of a slot; no members = nothing. */
interface Reading {
  readonly contract: ContractMetadata;
  readonly members: readonly SlotMember[];
}

/** Names for a recording. The evidence must be complete: what is added later is not seen. */
export function createNaming(input: NamingInput): Naming & TransientNaming {
  const { evidence } = input;
  const facts = evidence instanceof NamingEvidence ? evidence : NamingEvidence.of(evidence);
  return new RecordedNaming(input, facts);
}

/** What the codes of a storage say of a slot together. */
type Agreement =
  | { readonly contract: string; readonly members: readonly SlotMember[] }
  | { readonly clash: readonly string[] };

class RecordedNaming implements Naming, TransientNaming {
  readonly #evidence: NamingEvidence;
  readonly #known: KnownCode;
  readonly #layouts: ContractLayouts;
  readonly #hook: SlotHook | undefined;

  constructor({ metadata, accounts, slotResolver }: NamingInput, evidence: NamingEvidence) {
    this.#evidence = evidence;
    this.#known = new KnownCode(metadata, evidence);
    this.#layouts = new ContractLayouts(evidence, projectNames(metadata, accounts ?? new Map()));
    this.#hook = slotResolver;
  }

  slot(address: Address, slot: bigint, change?: Change, codeHash?: Hash): SlotName {
    const standard = wellKnownSlot(slot);
    if (standard !== undefined) {
      const contract = this.contract(address) ?? this.#storageName(address, codeHash);
      return { contract, label: standard, variable: standard, resolved: true };
    }
    const reading = this.#agreedReading(address, slot, codeHash);
    const members = "members" in reading ? narrow(reading.members, change) : null;
    if (!("members" in reading) || members === null) {
      return this.#unnamed(address, slot, codeHash, "clash" in reading ? reading.clash : []);
    }
    return slotName(reading.contract, reading.members, members);
  }

  transientSlot(address: Address, slot: bigint): SlotName {
    const known = [...this.#evidence.codesOn(address)].map((code) => this.#known.contracts(code));
    const readings = known.flatMap((contracts) =>
      contracts.map((contract) => ({
        contract,
        members: this.#layouts.transient(contract).members(slot),
      })),
    );
    const { contract, members, clash } = this.#agree(readings.filter(hasMembers));
    const allKnown = known.every((contracts) => contracts.length > 0);
    if (members !== null && contract !== null && allKnown) {
      return slotName(contract, members, members);
    }
    const label = `slot 0x${slot.toString(16)}`;
    const unnamed = { contract: this.contract(address) ?? address, label, variable: label };
    return { ...unnamed, resolved: false, ...(clash.length > 0 ? { clash } : {}) };
  }

  parts(address: Address, slot: bigint, codeHash?: Hash): readonly SlotPart[] {
    return this.#agreedReading(address, slot, codeHash)?.members.map(toPart) ?? [];
  }

  contract(address: Address, codeHash?: Hash): string | null {
    const codes = codeHash === undefined ? [...this.#evidence.codesAt(address)] : [codeHash];
    const names = new Set(codes.map((code) => this.#contractNames(this.#known.contracts(code))));
    const [name, ...others] = names;
    return name !== undefined && others.length === 0 ? name : null;
  }

  functionOf(
    frame: Parameters<Naming["functionOf"]>[0],
    frames?: Parameters<Naming["functionOf"]>[1],
  ): ReturnType<Naming["functionOf"]> {
    return functionName(frame, frames, this.#known);
  }

  /** What all codes that may have accessed the slot agree on. */
  #agreedReading(address: Address, slot: bigint, codeHash: Hash | undefined): Agreement {
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
    const owners = shared ? [...own, ...others.filter(hasMembers)] : own;
    const contract = this.#contractNames(owners.map((reading) => reading.contract));
    return contract === null ? { clash } : { contract, members };
  }

  /** The members that all readings have; null, and what they have instead, where they differ. */
  #agree(readings: readonly (Reading | null)[]): {
    readonly contract: string | null;
    readonly members: readonly SlotMember[] | null;
    readonly clash: readonly string[];
  } {
    const labels = new Set(readings.map((reading) => joinLabels(reading?.members ?? [])));
    const found = readings.filter(hasMembers);
    if (labels.size === 1) {
      const contract = this.#contractNames(found.map((reading) => reading.contract));
      return { contract, members: found[0]?.members ?? null, clash: [] };
    }
    const clash = found.map(
      ({ contract, members }) => `${this.#known.shortName(contract)}.${joinLabels(members)}`,
    );
    const differing = new Set(found.map(({ members }) => joinLabels(members))).size > 1;
    return { contract: null, members: null, clash: differing ? [...new Set(clash)].sort() : [] };
  }

  #unnamed(
    address: Address,
    slot: bigint,
    codeHash: Hash | undefined,
    clash: readonly string[],
  ): SlotName {
    const label = `slot 0x${slot.toString(16)}`;
    const contract = this.#storageName(address, codeHash);
    if (this.#hook !== undefined) {
      const [root] = this.#evidence.preimages.below(slot);
      const named = askHook(this.#hook, {
        address,
        slot,
        contract,
        codeHash: codeHash ?? null,
        root:
          root === undefined
            ? null
            : { preimage: bytesToHex(root.preimage), distance: slot - root.hash },
      });
      if (named !== null) {
        return named;
      }
    }
    const unnamed = { contract, label, variable: label, resolved: false };
    return clash.length > 0 ? { ...unnamed, clash } : unnamed;
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

  /** The name of the storage whose slot stays unnamed. */
  #storageName(address: Address, codeHash: Hash | undefined): string {
    const contracts =
      codeHash === undefined ? [] : this.#layoutContracts(address, codeHash, new Set());
    const known = contracts.flatMap((contract) => (contract === null ? [] : [contract]));
    const name = known.length === contracts.length ? this.#contractNames(known) : null;
    return name ?? this.contract(address) ?? address;
  }

  #contractNames(contracts: readonly ContractMetadata[]): string | null {
    const names = [...new Set(contracts.map((contract) => this.#known.shortName(contract)))];
    return names.length === 0 ? null : names.sort().join(" | ");
  }
}

function hasMembers(reading: Reading | null): reading is Reading {
  return reading !== null && reading.members.length > 0;
}

/** Do the members belong to a struct in a namespace? */
function isNamespaced({ namespaces }: ContractMetadata, members: readonly SlotMember[]): boolean {
  const [name] = members[0]?.path.variable.split(".") ?? [];
  return namespaces?.storage.some(({ label }) => label.split(".")[0] === name) ?? false;
}

/** `all`: the members of the slot; `concerned`: those of them that the access concerns. */
function slotName(
  contract: string,
  all: readonly SlotMember[],
  concerned: readonly SlotMember[],
): SlotName {
  return {
    contract,
    label: joinLabels(concerned),
    variable: joinVariables(concerned),
    resolved: true,
    ...(all.length > 1 ? { packed: concerned.map(memberLabel) } : {}),
  };
}
