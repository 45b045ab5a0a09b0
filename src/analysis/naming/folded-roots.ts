/**
 * Roots that no contract hashes when it runs, because the compiler did: solc's optimizer turns
 * keccak256 of constants into a constant. Such are the data of every array and long string whose
 * slot is fixed, and mapping entries with literal keys.
 *
 * Candidates are only candidates: one counts when a slot turns out to lie at its hash, so too many
 * cost time but never give a wrong name.
 *
 * Owns: the choice of candidates and their limits. Does not own: matching them with slots.
 */
import { keccak256 } from "../../crypto/keccak256";
import type { Hex } from "../../state/hex";
import { isUnpaddedKey } from "./key-format";
import type { KeyType, LayoutNode, LayoutTree } from "./layout-tree";
import { PreimageIndex } from "./preimage-index";

/** Literal keys tried in every mapping of value keys: 0 to 255. */
const SMALL_KEYS = 256;
/** Keys tried in a mapping inside one with a literal key (their product is what costs). */
const INNER_KEYS = 32;
/** Elements of an array that are looked into. */
const ELEMENTS = 64n;
/** Candidates of one layout. */
const MAX_ROOTS = 30_000;

function word(value: bigint): Uint8Array {
  return Buffer.from(BigInt.asUintN(256, value).toString(16).padStart(64, "0"), "hex");
}

/** The values that a code pushes, each once: literals and constants of the source are among them. */
export function pushedConstants(code: Hex): bigint[] {
  const bytes = Buffer.from(code.slice(2), "hex");
  const constants = new Set<bigint>();
  for (let pc = 0; pc < bytes.length; pc++) {
    const size = (bytes[pc] ?? 0) - 0x5f; // PUSH1 is 0x60
    if (size >= 1 && size <= 32) {
      const value = bytes.subarray(pc + 1, pc + 1 + size).toString("hex");
      constants.add(BigInt(`0x${value === "" ? "0" : value}`));
      pc += size;
    }
  }
  return [...constants];
}

/** Values as keys of a type: bytesN lie at the left of the word, everything else at the right. */
function keyWords(key: KeyType, values: readonly bigint[]): Uint8Array[] {
  const limit = 1n << BigInt(8 * key.bytes);
  const left = key.id.startsWith("t_bytes");
  const fitting = values.filter((value) => value < limit).map((value) => word(value));
  if (!left || key.bytes === 32) {
    return fitting;
  }
  const shift = BigInt(256 - 8 * key.bytes);
  const shifted = values.filter((value) => value < limit).map((value) => word(value << shift));
  const placed = values.filter((value) => value !== 0n && (value & ((1n << shift) - 1n)) === 0n);
  return [...shifted, ...placed.map(word)];
}

class Collector {
  readonly index = new PreimageIndex();
  readonly #tree: LayoutTree;
  readonly #literals: readonly bigint[];

  constructor(tree: LayoutTree, literals: readonly bigint[]) {
    this.#tree = tree;
    this.#literals = literals;
  }

  /** `depth`: how many hashes with a literal key or index may follow one on another. */
  collect(typeId: string, slot: bigint, depth: number): void {
    const node = this.#tree.node(typeId);
    if (node === null || this.index.size >= MAX_ROOTS) {
      return;
    }
    switch (node.kind) {
      case "struct":
        for (const member of node.members) {
          this.collect(member.typeId, slot + member.slot, depth);
        }
        return;
      case "fixedArray":
        this.#elements(node.elementId, node.length, slot, depth);
        return;
      case "bytes":
        this.#add(word(slot));
        return;
      case "dynamicArray": {
        const data = this.#add(word(slot));
        if (depth > 0) {
          this.#elements(node.elementId, ELEMENTS, data, depth - 1);
        }
        return;
      }
      case "mapping":
        if (depth > 0) {
          this.#mapping(node, slot, depth);
        }
        return;
      default:
    }
  }

  #mapping(node: Extract<LayoutNode, { kind: "mapping" }>, slot: bigint, depth: number): void {
    if (isUnpaddedKey(node.key)) {
      return; // solc does not fold hashes of strings
    }
    const count = depth > 1 ? SMALL_KEYS : INNER_KEYS;
    const small = Array.from({ length: count }, (_, i) => BigInt(i));
    for (const key of keyWords(node.key, [...small, ...this.#literals.slice(0, 4 * count)])) {
      const root = this.#add(Buffer.concat([key, word(slot)]));
      this.collect(node.valueId, root, depth - 1);
    }
  }

  #elements(elementId: string, length: bigint, slot: bigint, depth: number): void {
    const spacing = this.#tree.spacing(elementId);
    if (spacing === null || spacing.node.kind === "value") {
      return;
    }
    for (let i = 0n; i < length && i < ELEMENTS; i++) {
      this.collect(elementId, slot + i * spacing.slots, depth);
    }
  }

  #add(preimage: Uint8Array): bigint {
    const hash = BigInt(`0x${Buffer.from(keccak256(preimage)).toString("hex")}`);
    this.index.add(hash, preimage);
    return hash;
  }
}

/** Data of the arrays and strings whose own slots are fixed. */
export function fixedRoots(tree: LayoutTree): PreimageIndex {
  const collector = new Collector(tree, []);
  for (const { typeId, slot } of tree.variables) {
    collector.collect(typeId, slot, 0);
  }
  return collector.index;
}

/** Also entries of mappings under literal keys, up to two deep; `codes` are searched for literals. */
export function literalRoots(tree: LayoutTree, codes: readonly Hex[]): PreimageIndex {
  const literals = [...new Set(codes.flatMap(pushedConstants))].filter((value) => value > 255n);
  const collector = new Collector(tree, literals);
  for (const { typeId, slot } of tree.variables) {
    collector.collect(typeId, slot, 2);
  }
  return collector.index;
}
