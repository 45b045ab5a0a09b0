/**
 * What a compiled contract says of a slot: its variables, the structs it keeps at places of their
 * own (ERC-7201, diamond storage), and slots that it addresses by a constant.
 *
 * Owns: which of them are asked, in which order, and that each is prepared once. Does not own: the
 * search (slot-resolver.ts), which contract applies (naming.ts).
 */
import type { ContractMetadata, StorageLayout } from "../contract-metadata";
import { foldedRoots } from "./folded-roots";
import type { KeyNames } from "./key-format";
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

  constructor(evidence: NamingEvidence, namesFor: (contract: ContractMetadata) => KeyNames) {
    this.#evidence = evidence;
    this.#namesFor = namesFor;
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
    const variables = new SlotResolver(tree, this.#namesFor(contract), [
      () => this.#evidence.preimages,
      ...foldedRoots(tree, [bytecode, deployedBytecode], literals),
    ]);
    return firstOf(variables, constantSlots(contract));
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
