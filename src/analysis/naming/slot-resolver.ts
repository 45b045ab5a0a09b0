/**
 * From a slot's number to the variables that lie in it, by one contract's layout and the known
 * keccak256 preimages.
 *
 * A slot is either inside a variable that stands where the layout says, or inside what a mapping,
 * an array or a long string keeps at the hash of its own slot: then the nearest known root below it
 * gives a preimage, whose last 32 bytes are the slot of that mapping, array or string. This repeats
 * until a variable is reached. Every step is checked against the types, so an unrelated hash leads
 * nowhere.
 *
 * Owns: the search. Does not own: which layout applies (naming.ts), which bytes an access concerns
 * (packed-members.ts).
 */
import type { SlotKey } from "../slot-name";
import { formatKey, isUnpaddedKey, type KeyNames } from "./key-format";
import type { LayoutNode, LayoutTree } from "./layout-tree";
import { descend, elements, membersOf, type Path, type SlotMember } from "./layout-walk";
import type { PreimageIndex, Root } from "./preimage-index";

/** What a source of layouts says of a slot; solc's `storageLayout` is one such source. */
export interface LayoutSource {
  /** What lies in a slot, by offset; empty if this source does not say. */
  members(slot: bigint): readonly SlotMember[];
}

/** Nesting that names follow (hash in hash); deeper ones stay unresolved. */
const MAX_NESTING = 512;
/** Elements of an array are named up to here; beyond, a slot is not taken for an element. */
const MAX_ELEMENTS = 1n << 32n;
/** A variable of more slots may overlap hashed places: its name then has to be the only one. */
const HUGE = 1n << 64n;

const UNKNOWN_KEY = new Uint8Array();

const NOTHING: readonly SlotMember[] = [];

export class SlotResolver implements LayoutSource {
  readonly #tree: LayoutTree;
  readonly #names: KeyNames;
  readonly #roots: readonly (() => PreimageIndex)[];
  readonly #known = new Map<bigint, readonly SlotMember[]>();
  readonly #hashing: "solidity" | "vyper";

  /** `roots`: known preimages, asked in this order; a later index is made only when it is needed. */
  constructor(
    tree: LayoutTree,
    names: KeyNames,
    roots: readonly (() => PreimageIndex)[],
    hashing: "solidity" | "vyper" = "solidity",
  ) {
    this.#hashing = hashing;
    this.#tree = tree;
    this.#names = names;
    this.#roots = roots;
  }

  members(slot: bigint): readonly SlotMember[] {
    return this.#members(slot, 0);
  }

  #members(slot: bigint, nesting: number): readonly SlotMember[] {
    const known = this.#known.get(slot);
    if (known !== undefined || nesting > MAX_NESTING) {
      return known ?? NOTHING;
    }
    const found = this.#find(slot, nesting);
    this.#known.set(slot, found);
    return found;
  }

  #find(slot: bigint, nesting: number): readonly SlotMember[] {
    const standing: SlotMember[] = [];
    let onlyHuge = true;
    for (const variable of this.#tree.variables) {
      const found = membersOf(this.#tree, variable, null, 0n, slot);
      const node = found.length === 0 ? null : this.#tree.node(variable.typeId);
      onlyHuge &&= node === null || this.#tree.slots(node) > HUGE;
      standing.push(...found);
    }
    if (standing.length === 0) {
      return this.#hashed(slot, nesting);
    }
    if (onlyHuge && this.#hashed(slot, nesting).length > 0) {
      return NOTHING;
    }
    return standing.sort((left, right) => left.offset - right.offset);
  }

  #hashed(slot: bigint, nesting: number): readonly SlotMember[] {
    for (const roots of this.#roots) {
      for (const root of roots().below(slot)) {
        const found = this.#under(root, slot, nesting);
        if (found.length > 0) {
          return found;
        }
      }
    }
    return NOTHING;
  }

  /** What the root's mapping, array or string keeps in the slot. */
  #under({ hash, preimage }: Root, slot: bigint, nesting: number): readonly SlotMember[] {
    if (this.#hashing === "vyper") {
      return this.#vyperValue(hash, preimage, slot, nesting);
    }
    if (preimage.length < 32) {
      return NOTHING;
    }
    const key = preimage.subarray(0, -32);
    const head = wordOf(preimage.subarray(-32));
    const [parent, ...others] = this.#members(head, nesting + 1);
    if (parent === undefined || others.length > 0) {
      return NOTHING;
    }
    const { path, node } = parent;
    const region = { path, slot: hash, offset: 0 };
    switch (node.kind) {
      case "mapping":
        return this.#mappingValue(node, path, key, hash, slot);
      case "dynamicArray":
        return key.length === 0
          ? elements(this.#tree, node.elementId, MAX_ELEMENTS, region, slot, head)
          : NOTHING;
      case "bytes":
        return key.length === 0 ? stringData(path, head, slot - hash) : NOTHING;
      default:
        return NOTHING;
    }
  }

  /**
   * Vyper hashes two words, slot and key; sources differ on which comes first (EIP-8317: it changed
   * at 0.3.0; vyper/codegen/core.py: slot first). The one that leads to a mapping is the slot; if both
   * do, and to different entries, it is not known which was meant.
   */
  #vyperValue(
    hash: bigint,
    preimage: Uint8Array,
    slot: bigint,
    nesting: number,
  ): readonly SlotMember[] {
    if (preimage.length !== 64) {
      return NOTHING;
    }
    const [first, second] = [preimage.subarray(0, 32), preimage.subarray(32)];
    const found = [
      [first, second],
      [second, first],
    ].flatMap(([head = first, key = second]) => {
      const [parent, ...others] = this.#members(wordOf(head), nesting + 1);
      return parent?.node.kind === "mapping" && others.length === 0
        ? [
            this.#mappingValue(
              parent.node,
              parent.path,
              this.#keyBytes(parent.node, key),
              hash,
              slot,
            ),
          ]
        : [];
    });
    const named = found.filter((members) => members.length > 0);
    const labels = new Set(named.map(([member]) => member?.path.label));
    return labels.size === 1 ? (named[0] ?? NOTHING) : NOTHING;
  }

  /** Vyper takes the hash of a String or Bytes for the key: the bytes themselves, if they are known. */
  #keyBytes({ key }: Extract<LayoutNode, { kind: "mapping" }>, word: Uint8Array): Uint8Array {
    if (!isUnpaddedKey(key)) {
      return word;
    }
    const hash = wordOf(word);
    const roots = this.#roots.flatMap((index) => index().below(hash));
    return roots.find((root) => root.hash === hash)?.preimage ?? UNKNOWN_KEY;
  }

  #mappingValue(
    { key: keyType, valueId }: Extract<LayoutNode, { kind: "mapping" }>,
    path: Path,
    key: Uint8Array,
    hash: bigint,
    slot: bigint,
  ): readonly SlotMember[] {
    const text = key === UNKNOWN_KEY ? null : formatKey(keyType, key, this.#names);
    const value = this.#tree.node(valueId);
    if (text === null || value === null) {
      return NOTHING;
    }
    const valuePath: Path = {
      label: `${path.label}[${text}]`,
      variable: `${path.variable}[*]`,
      surrounding: null,
      bounds: path.bounds,
      keys: [...path.keys, mappingKey(key, text)],
    };
    return descend(this.#tree, value, { path: valuePath, slot: hash, offset: 0 }, slot);
  }
}

function wordOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function mappingKey(key: Uint8Array, text: string): SlotKey {
  return { kind: "mapping", value: `0x${Buffer.from(key).toString("hex")}`, text };
}

/** A word of a string or bytes of 32 bytes or more: its data lies apart from its length. */
function stringData(path: Path, head: bigint, word: bigint): readonly SlotMember[] {
  const first = 32n * word;
  if (first >= MAX_ELEMENTS) {
    return NOTHING;
  }
  return [
    {
      path: {
        label: `${path.label} (bytes ${first} to ${first + 31n})`,
        variable: path.variable,
        surrounding: null,
        bounds: [...path.bounds, { head, of: "bytes", minimum: first + 1n }],
        keys: path.keys,
      },
      node: { kind: "value", bytes: 32 },
      offset: 0,
      bytes: 32,
    },
  ];
}
