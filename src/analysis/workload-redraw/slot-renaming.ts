/**
 * Where a slot would be if keys had other values: the slot of `balances[alice]` becomes that of
 * `balances[user 17]`. Slots are hashes over their keys, so known preimages are hashed anew with the
 * keys replaced, from the innermost on; no layout is needed.
 *
 * Owns: slots. Does not own: which keys are replaced by what (execution-replay.ts).
 */
import { keccak256 } from "../../crypto/keccak256";
import { bigIntToHex32, bytesToBigInt, bytesToHex, hexToBytes } from "../../state/bytes";
import type { Hex } from "../../state/hex";
import type { PreimageIndex } from "../naming/preimage-index";

/** By value: a key's value, what may stand for it. Several where it plays several parts. */
export type Renaming = ReadonlyMap<Hex, readonly Hex[]>;

/** Hashes of hashes of hashes: further no known layout goes. */
const MAX_DEPTH = 8;
/** Combinations of replacements that are followed. */
const MAX_SLOTS = 16;
/** Smaller numbers are slots of variables as well as keys. */
const FIRST_LARGE = 1n << 64n;
const WORD = 32;

export class SlotRenamer {
  readonly #preimages: PreimageIndex;

  constructor(preimages: PreimageIndex) {
    this.#preimages = preimages;
  }

  /** The slots that it may become; the slot itself is not among them. Empty if no key of it is replaced. */
  renamed(slot: bigint, renaming: Renaming): bigint[] {
    return renaming.size === 0
      ? []
      : [...new Set(this.#slots(slot, renaming, 0))].filter((one) => one !== slot);
  }

  #slots(slot: bigint, renaming: Renaming, depth: number): bigint[] {
    const [root] = depth < MAX_DEPTH && slot >= FIRST_LARGE ? this.#preimages.below(slot) : [];
    if (root === undefined) {
      return [slot];
    }
    const parts = pieces(root.preimage).map((piece, index, all) =>
      this.#piece(piece, index === all.length - 1, renaming, depth),
    );
    let preimages: Hex[] = ["0x"];
    for (const choices of parts) {
      preimages = preimages
        .flatMap((head) => choices.map((choice): Hex => `${head}${choice.slice(2)}` as Hex)) // 0x stays
        .slice(0, MAX_SLOTS);
    }
    const distance = slot - root.hash;
    return preimages.map((preimage) => bytesToBigInt(keccak256(hexToBytes(preimage))) + distance);
  }

  /** What a piece of a preimage may become: a key, or the slot of what contains it. */
  #piece(piece: Hex, isLast: boolean, renaming: Renaming, depth: number): readonly Hex[] {
    const isWord = piece.length === 2 + 2 * WORD;
    const number = isWord ? BigInt(piece) : null;
    // the last word is the parent's slot, but in Vyper the key
    const isKey = !isLast || (number !== null && number >= FIRST_LARGE);
    const replacements = isKey ? renaming.get(piece) : undefined;
    if (replacements !== undefined) {
      return replacements;
    }
    return number === null ? [piece] : this.#slots(number, renaming, depth + 1).map(bigIntToHex32);
  }
}

/** Words; of a preimage of another length the key's bytes and the parent's word. */
function pieces(preimage: Uint8Array): Hex[] {
  const rest = preimage.length % WORD;
  if (rest !== 0) {
    const key = Math.max(0, preimage.length - WORD);
    return [bytesToHex(preimage.subarray(0, key)), bytesToHex(preimage.subarray(key))];
  }
  return Array.from({ length: preimage.length / WORD }, (_, index) =>
    bytesToHex(preimage.subarray(index * WORD, (index + 1) * WORD)),
  );
}
