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
import type { KeyType, LayoutTree } from "./layout-tree";
import { PreimageIndex } from "./preimage-index";

/** How far to look. Each step down multiplies the keys, so deeper searches try fewer. */
interface Reach {
  /** hashes with a literal key or index that may follow one on another */
  readonly depth: number;
  /** small numbers tried as keys, from 0 (signed types: also below 0) */
  readonly numbers: number;
  /** literals of the code tried as keys */
  readonly literals: number;
  /** candidates of one variable */
  readonly perVariable: number;
}

const FIXED: Reach = { depth: 0, numbers: 0, literals: 0, perVariable: 10_000 };
const ONE_KEY: Reach = { depth: 1, numbers: 256, literals: 512, perVariable: 10_000 };
const TWO_KEYS: Reach = { depth: 2, numbers: 32, literals: 48, perVariable: 10_000 };

/** The customary burn address 0x…dEaD: a literal that the code no longer shows once it is hashed. */
const BURN_ADDRESS = 0xdeadn;

/** `type(uint256).max` and `type(uint128).max` */
const BOUNDS = [(1n << 256n) - 1n, (1n << 128n) - 1n];

/** Elements of an array that are looked into. */
const ELEMENTS = 64n;

function word(value: bigint): Uint8Array {
  return Buffer.from(BigInt.asUintN(256, value).toString(16).padStart(64, "0"), "hex");
}

function leftAligned(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(32 - bytes.length)]);
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

/** Possible keys that the source and the code show. */
export interface Literals {
  readonly numbers: readonly bigint[];
  readonly texts: readonly Uint8Array[];
}

const NONE: Literals = { numbers: [], texts: [] };

/** Values as keys of a type: bytesN lie at the left of the word, everything else at the right. */
function keyWords(key: KeyType, numbers: number, known: Literals): Uint8Array[] {
  if (isUnpaddedKey(key)) {
    return [...known.texts];
  }
  const literals = known.numbers;
  const size = BigInt(8 * key.bytes);
  const small = Array.from({ length: numbers }, (_, i) => BigInt(i));
  const values = [...small, ...literals];
  const fitting = values.filter((value) => value >> size === 0n);
  if (key.id.startsWith("t_int")) {
    const negative = values.map((value) => BigInt.asIntN(256, value)).filter((value) => value < 0n);
    return [...fitting, ...small.map((value) => -1n - value), ...negative].map(word);
  }
  if (key.id.startsWith("t_bytes")) {
    const texts = known.texts.filter((text) => text.length <= key.bytes).map(leftAligned);
    if (key.bytes === 32) {
      return [...fitting.map(word), ...texts];
    }
    const free = 256n - size;
    const placed = literals.filter((value) => BigInt.asUintN(Number(free), value) === 0n);
    return [...[...fitting.map((value) => value << free), ...placed].map(word), ...texts];
  }
  return fitting.map(word);
}

class Collector {
  readonly index = new PreimageIndex();
  readonly #tree: LayoutTree;
  readonly #reach: Reach;
  readonly #literals: Literals;
  #left = 0;

  constructor(tree: LayoutTree, reach: Reach, literals: Literals) {
    this.#tree = tree;
    this.#reach = reach;
    this.#literals = {
      numbers: literals.numbers.slice(0, reach.literals),
      texts: literals.texts.slice(0, reach.literals),
    };
  }

  collectVariables(): PreimageIndex {
    for (const { typeId, slot } of this.#tree.variables) {
      this.#left = this.#reach.perVariable;
      this.#collect(typeId, slot, this.#reach.depth);
    }
    return this.index;
  }

  #collect(typeId: string, slot: bigint, depth: number): void {
    const node = this.#tree.node(typeId);
    if (node === null || this.#left <= 0) {
      return;
    }
    switch (node.kind) {
      case "struct":
        for (const member of node.members) {
          this.#collect(member.typeId, slot + member.slot, depth);
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
          for (const key of keyWords(node.key, this.#reach.numbers, this.#literals)) {
            const root = this.#add(Buffer.concat([key, word(slot)]));
            this.#collect(node.valueId, root, depth - 1);
          }
        }
        return;
      default:
    }
  }

  #elements(elementId: string, length: bigint, slot: bigint, depth: number): void {
    const spacing = this.#tree.spacing(elementId);
    if (spacing === null || spacing.node.kind === "value") {
      return;
    }
    for (let i = 0n; i < length && i < ELEMENTS; i++) {
      this.#collect(elementId, slot + i * spacing.slots, depth);
    }
  }

  #add(preimage: Uint8Array): bigint {
    const hash = BigInt(`0x${Buffer.from(keccak256(preimage)).toString("hex")}`);
    this.index.add(hash, preimage);
    this.#left -= 1;
    return hash;
  }
}

/**
 * Candidates in the order in which to ask them, each made when it is first asked: data of arrays and
 * strings whose slots are fixed, then mapping entries under one literal key, then under two. `codes`
 * are searched for literals, after those of the source.
 */
export function foldedRoots(
  tree: LayoutTree,
  codes: readonly Hex[],
  source: Literals = NONE,
): (() => PreimageIndex)[] {
  const literals = once(() => ({
    numbers: [
      ...new Set([...source.numbers, BURN_ADDRESS, ...BOUNDS, ...codes.flatMap(pushedConstants)]),
    ].filter((value) => value > 255n),
    texts: source.texts,
  }));
  return [
    once(() => new Collector(tree, FIXED, NONE).collectVariables()),
    once(() => new Collector(tree, ONE_KEY, literals()).collectVariables()),
    once(() => new Collector(tree, TWO_KEYS, literals()).collectVariables()),
  ];
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
