/**
 * solc's `storageLayout` as a tree of types that code can walk (docs.soliditylang.org, "Layout of
 * State Variables in Storage").
 *
 * Types may be recursive (a struct with a mapping to itself), so children are asked for by type
 * identifier and made once. Owns: what each type is and how many slots it takes. Does not own:
 * which slot is what (slot-resolver.ts).
 *
 * A type that the layout names but does not describe has no node (null): what lies there stays
 * unresolved.
 */
import type { StorageLayout, StorageLayoutEntry, StorageLayoutType } from "../contract-metadata";

/** A variable of the contract or a member of a struct. */
export interface Member {
  readonly name: string;
  /** relative to the struct; absolute at the top */
  readonly slot: bigint;
  /** bytes from the right end of the slot */
  readonly offset: number;
  readonly typeId: string;
}

/** A mapping's key type: its identifier and its label in the source's words. */
export interface KeyType {
  readonly id: string;
  readonly label: string;
  /** bytes; 32 for string and bytes */
  readonly bytes: number;
}

export type LayoutNode =
  | { readonly kind: "value"; readonly bytes: number }
  | { readonly kind: "struct"; readonly members: readonly Member[]; readonly slots: bigint }
  | {
      readonly kind: "fixedArray";
      readonly elementId: string;
      readonly length: bigint;
      readonly slots: bigint;
    }
  | { readonly kind: "dynamicArray"; readonly elementId: string }
  | { readonly kind: "bytes" }
  | {
      /** length, then elements (Vyper's DynArray) */
      readonly kind: "inlineArray";
      readonly elementId: string;
      readonly capacity: bigint;
      readonly slots: bigint;
    }
  /** length, then data (Vyper's Bytes and String) */
  | { readonly kind: "inlineBytes"; readonly slots: bigint }
  /** a type whose inside is not known (a struct in a Vyper layout) */
  | { readonly kind: "opaque"; readonly slots: bigint }
  | { readonly kind: "mapping"; readonly key: KeyType; readonly valueId: string };

/** How the elements of an array lie: several in a slot, or each in whole slots. */
export interface ElementSpacing {
  readonly node: LayoutNode;
  /** elements in a slot; 1 for elements that take a slot or more */
  readonly perSlot: bigint;
  /** bytes between elements of one slot */
  readonly stride: number;
  /** slots between elements; 1 for packed ones */
  readonly slots: bigint;
}

const WORD = 32n;

function isDecimal(text: string): boolean {
  return /^\d+$/.test(text);
}

function toMember(entry: StorageLayoutEntry): Member {
  return {
    name: entry.label,
    slot: BigInt(entry.slot),
    offset: entry.offset,
    typeId: entry.type,
  };
}

export class LayoutTree {
  /** Variables by slot, then offset. */
  readonly variables: readonly Member[];
  readonly #types: Readonly<Record<string, StorageLayoutType>>;
  readonly #nodes = new Map<string, LayoutNode | null>();

  constructor(layout: StorageLayout) {
    this.#types = layout.types ?? {};
    this.variables = layout.storage.map(toMember);
  }

  /** The type of an identifier; null if the layout does not describe it. */
  node(typeId: string): LayoutNode | null {
    let node = this.#nodes.get(typeId);
    if (node === undefined) {
      node = this.#makeNode(typeId);
      this.#nodes.set(typeId, node);
    }
    return node;
  }

  /** Slots that a type takes where it stands: 1 for everything that fits in a slot or is hashed away. */
  slots(node: LayoutNode): bigint {
    return "slots" in node ? node.slots : 1n;
  }

  /** How elements of a type lie in an array; null if the layout does not describe it. */
  spacing(elementId: string): ElementSpacing | null {
    const node = this.node(elementId);
    if (node === null) {
      return null;
    }
    if (node.kind === "value" && node.bytes < 32) {
      const perSlot = WORD / BigInt(node.bytes);
      return { node, perSlot, stride: node.bytes, slots: 1n };
    }
    return { node, perSlot: 1n, stride: 0, slots: this.slots(node) };
  }

  #makeNode(typeId: string): LayoutNode | null {
    const type = Object.hasOwn(this.#types, typeId) ? this.#types[typeId] : undefined;
    if (type === undefined || !isDecimal(type.numberOfBytes)) {
      return null;
    }
    const slots = (BigInt(type.numberOfBytes) + WORD - 1n) / WORD;
    switch (type.encoding) {
      case "mapping":
        return this.#mappingNode(type);
      case "dynamic_array":
        return type.base === undefined ? null : { kind: "dynamicArray", elementId: type.base };
      case "bytes":
        return { kind: "bytes" };
      case "inline_array":
        return type.base === undefined || !isDecimal(type.capacity ?? "")
          ? null
          : {
              kind: "inlineArray",
              elementId: type.base,
              capacity: BigInt(type.capacity ?? 0),
              slots,
            };
      case "inline_bytes":
        return { kind: "inlineBytes", slots };
      case "opaque":
        return { kind: "opaque", slots };
      case "inplace":
        if (type.members !== undefined) {
          return { kind: "struct", members: type.members.map(toMember), slots };
        }
        return type.base === undefined
          ? valueNode(Number(type.numberOfBytes))
          : fixedArrayNode(type.base, type.label, slots);
      default:
        return null; // an encoding that this solc does not know yet
    }
  }

  #mappingNode(type: StorageLayoutType): LayoutNode | null {
    const keyId = type.key;
    const keyType = keyId !== undefined ? this.#types[keyId] : undefined;
    if (keyId === undefined || keyType === undefined || type.value === undefined) {
      return null;
    }
    const key = { id: keyId, label: keyType.label, bytes: Number(keyType.numberOfBytes) };
    return { kind: "mapping", key, valueId: type.value };
  }
}

function valueNode(bytes: number): LayoutNode | null {
  return bytes >= 1 && bytes <= 32 ? { kind: "value", bytes } : null;
}

/** The length is not a field of its own: it is the last bracket of the label, `uint256[2][3]`: 3. */
function fixedArrayNode(elementId: string, label: string, slots: bigint): LayoutNode | null {
  const length = /\[(\d+)\]$/.exec(label)?.[1];
  return length === undefined
    ? null
    : { kind: "fixedArray", elementId, length: BigInt(length), slots };
}
