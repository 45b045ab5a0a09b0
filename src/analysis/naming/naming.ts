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
import type { Address, Hash } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import type { Naming, SlotName } from "../slot-name";
import { isLibrary } from "./code-matcher";
import { foldedRoots } from "./folded-roots";
import { functionName } from "./function-names";
import type { KeyNames } from "./key-format";
import { KnownCode } from "./known-code";
import { LayoutTree } from "./layout-tree";
import type { SlotMember } from "./layout-walk";
import { NamingEvidence } from "./naming-evidence";
import { type Change, joinLabels, joinVariables, memberLabel, narrow } from "./packed-members";
import { projectNames } from "./project-names";
import { type LayoutSource, SlotResolver } from "./slot-resolver";
import { wellKnownSlot } from "./well-known-slots";

export interface NamingInput {
  readonly metadata: readonly ContractMetadata[];
  /** The recording: its blocks, or the evidence collected from them block by block. */
  readonly evidence: NamingEvidence | Iterable<BlockRecord>;
  /** Labels of accounts, by lower-case address; used in keys. */
  readonly accounts?: ReadonlyMap<Address, string>;
}

/** What one contract's layout says of a slot; no members = nothing. */
interface Reading {
  readonly contract: ContractMetadata;
  readonly members: readonly SlotMember[];
}

/** Names for a recording. The evidence must be complete: what is added later is not seen. */
export function createNaming({ metadata, evidence, accounts }: NamingInput): Naming {
  const facts = evidence instanceof NamingEvidence ? evidence : NamingEvidence.of(evidence);
  return new RecordedNaming(metadata, facts, accounts ?? new Map());
}

class RecordedNaming implements Naming {
  readonly #evidence: NamingEvidence;
  readonly #known: KnownCode;
  readonly #namesFor: (contract: ContractMetadata) => KeyNames;
  readonly #sources = new Map<ContractMetadata, LayoutSource | null>();

  constructor(
    metadata: readonly ContractMetadata[],
    evidence: NamingEvidence,
    accounts: ReadonlyMap<Address, string>,
  ) {
    this.#evidence = evidence;
    this.#known = new KnownCode(metadata, evidence);
    this.#namesFor = projectNames(metadata, accounts);
  }

  slot(address: Address, slot: bigint, change?: Change, codeHash?: Hash): SlotName {
    const standard = wellKnownSlot(slot);
    if (standard !== undefined) {
      const contract = this.contract(address) ?? this.#storageName(address, codeHash);
      return { contract, label: standard, variable: standard, resolved: true };
    }
    const reading = this.#agreedReading(address, slot, codeHash);
    const members = reading === null ? null : narrow(reading.members, change);
    if (reading === null || members === null) {
      const label = `slot 0x${slot.toString(16)}`;
      const contract = this.#storageName(address, codeHash);
      return { contract, label, variable: label, resolved: false };
    }
    return {
      contract: reading.contract,
      label: joinLabels(members),
      variable: joinVariables(members),
      resolved: true,
      ...(reading.members.length > 1 ? { packed: members.map(memberLabel) } : {}),
    };
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

  /** What all codes that may have accessed the slot agree on; null if nothing. */
  #agreedReading(
    address: Address,
    slot: bigint,
    codeHash: Hash | undefined,
  ): { readonly contract: string; readonly members: readonly SlotMember[] } | null {
    const { accessed, mayHave } = this.#codesOf(address, slot, codeHash);
    const readings = accessed.flatMap((code) => this.#readings(address, slot, code, new Set()));
    const others = mayHave
      .flatMap((code) => this.#readings(address, slot, code, new Set()))
      .filter((reading) => reading !== null && reading.members.length > 0);
    const [label, ...disagreeing] = new Set(
      [...readings, ...others].map((reading) => joinLabels(reading?.members ?? [])),
    );
    const contract = this.#contractNames(
      readings.flatMap((reading) => (reading === null ? [] : [reading.contract])),
    );
    const members = readings[0]?.members ?? [];
    return label === undefined || label === "" || disagreeing.length > 0 || contract === null
      ? null
      : { contract, members };
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
    return this.#layoutContracts(address, code, visited).map((contract) => {
      const source = contract === null ? null : this.#source(contract);
      return contract === null || source === null
        ? null
        : { contract, members: this.#standing(address, source.members(slot)) };
    });
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
    const hosts = [...this.#evidence.hostsOf(address, code)].filter((host) => !visited.has(host));
    const stateless = contracts.every(
      (contract) => isLibrary(contract) || contract.storageLayout?.storage.length === 0,
    );
    return stateless && hosts.length > 0
      ? hosts.flatMap((host) => this.#layoutContracts(address, host, new Set([...visited, code])))
      : [...contracts];
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

  #source(contract: ContractMetadata): LayoutSource | null {
    let source = this.#sources.get(contract);
    if (source === undefined) {
      source = this.#makeSource(contract);
      this.#sources.set(contract, source);
    }
    return source;
  }

  #makeSource(contract: ContractMetadata): LayoutSource | null {
    const { storageLayout, bytecode, deployedBytecode } = contract;
    if (storageLayout === null) {
      return null;
    }
    const tree = new LayoutTree(storageLayout);
    return new SlotResolver(tree, this.#namesFor(contract), [
      () => this.#evidence.preimages,
      ...foldedRoots(tree, [bytecode, deployedBytecode]),
    ]);
  }
}
