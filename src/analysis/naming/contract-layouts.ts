/**
 * What a compiled contract says of a slot: its variables, the structs it keeps at places of their
 * own (ERC-7201, diamond storage), and slots that it addresses by a constant.
 *
 * Owns: which of them are asked, in which order, and that each is prepared once. Does not own: the
 * search (slot-resolver.ts), which contract applies (naming.ts).
 */
import type { Hash } from "../../state/hex";
import type { ContractMetadata, ImportedLayout, StorageLayout } from "../contract-metadata";
import { foldedRoots } from "./folded-roots";
import { contradiction } from "./imported-check";
import type { KeyNames } from "./key-format";
import type { KnownCode } from "./known-code";
import { LayoutTree } from "./layout-tree";
import type { SlotMember } from "./layout-walk";
import type { NamingEvidence } from "./naming-evidence";
import { type LayoutSource, SlotResolver } from "./slot-resolver";

const NO_LAYOUT: StorageLayout = { storage: [], types: {} };

/** Constants below are numbers; a slot that is one lies among ordinary variables. */
const SMALLEST_HASH = 1n << 64n;

export class ContractLayouts {
  readonly #evidence: NamingEvidence;
  readonly #namesFor: (contract: ContractMetadata) => KeyNames;
  readonly #storage = new Map<ContractMetadata, LayoutSource | null>();
  readonly #transient = new Map<ContractMetadata, LayoutSource>();
  readonly #contradictions = new Map<string, string>();
  readonly #known: KnownCode;

  constructor(
    evidence: NamingEvidence,
    known: KnownCode,
    namesFor: (contract: ContractMetadata) => KeyNames,
  ) {
    this.#evidence = evidence;
    this.#known = known;
    this.#namesFor = namesFor;
  }

  /** Layout files that the recording contradicts, each with the reason; none of their names is used. */
  get contradictions(): ReadonlyMap<string, string> {
    return this.#contradictions;
  }

  /** The contract's storage; null if the compiler's layout is not at hand. */
  storage(contract: ContractMetadata): LayoutSource | null {
    let source = this.#storage.get(contract);
    if (source === undefined) {
      source = this.#makeStorage(contract);
      this.#storage.set(contract, source);
    }
    return source;
  }

  /** The contract's transient storage (EIP-1153): a space of its own, without mappings and arrays. */
  transient(contract: ContractMetadata): LayoutSource {
    let source = this.#transient.get(contract);
    if (source === undefined) {
      const tree = new LayoutTree(contract.transientStorageLayout ?? NO_LAYOUT);
      const variables = new SlotResolver(tree, this.#namesFor(contract), []);
      source = firstOf(variables, constantSlots(contract));
      this.#transient.set(contract, source);
    }
    return source;
  }

  #makeStorage(contract: ContractMetadata): LayoutSource | null {
    const { storageLayout, namespaces = NO_LAYOUT, bytecode, deployedBytecode } = contract;
    if (storageLayout === null) {
      return null;
    }
    const tree = new LayoutTree({
      storage: [...storageLayout.storage, ...namespaces.storage],
      types: { ...storageLayout.types, ...namespaces.types },
    });
    const literals = {
      numbers: (contract.literals?.numbers ?? []).map(BigInt),
      texts: (contract.literals?.texts ?? []).map((digits) => Buffer.from(digits, "hex")),
    };
    const { imported } = contract;
    const vyper = imported?.hashing === "vyper";
    const variables = new SlotResolver(
      tree,
      this.#namesFor(contract),
      [
        () => this.#evidence.preimages,
        ...(vyper ? [] : foldedRoots(tree, [bytecode, deployedBytecode], literals)),
      ],
      imported?.hashing,
    );
    return imported === undefined || this.#isBorneOut(contract, variables, imported)
      ? firstOf(variables, constantSlots(contract))
      : null;
  }

  #isBorneOut(contract: ContractMetadata, source: LayoutSource, imported: ImportedLayout): boolean {
    const isOwn = (code: Hash): boolean => this.#known.contracts(code).includes(contract);
    const accounts = [...this.#evidence.accounts()].flatMap(([address, codes]) =>
      [...codes].some(isOwn) ? [address] : [],
    );
    const found = contradiction(source, imported.complete, accounts, this.#evidence);
    if (found !== null) {
      this.#contradictions.set(imported.path, found);
    }
    return found === null;
  }
}

function firstOf(first: LayoutSource, second: LayoutSource): LayoutSource {
  return {
    members(slot) {
      const found = first.members(slot);
      return found.length > 0 ? found : second.members(slot);
    },
  };
}

/** Slots that are a constant of the source: `bytes32 constant POSITION = keccak256("…")`. */
function constantSlots({ constants = {} }: ContractMetadata): LayoutSource {
  return {
    members(slot): readonly SlotMember[] {
      const value = `0x${slot.toString(16).padStart(64, "0")}`;
      const name =
        slot >= SMALLEST_HASH && Object.hasOwn(constants, value) ? constants[value] : undefined;
      if (name === undefined) {
        return [];
      }
      const path = { label: name, variable: name, surrounding: null, bounds: [], keys: [] };
      return [{ path, node: { kind: "value", bytes: 32 }, offset: 0, bytes: 32 }];
    },
  };
}
