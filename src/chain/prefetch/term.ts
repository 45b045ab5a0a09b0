/**
 * Words that a contract computes from the call it gets: a mapping's slot for the sender, the address of a
 * pool of two tokens in the calldata. A term says how, so that it can be computed for another call.
 *
 * Owns: terms and their values. Does not own: finding them (derivation.ts).
 */
import { keccak256 } from "../../crypto/keccak256";
import type { TransactionInput } from "../../execution/transaction";
import { bigIntToBytes32, bytesToBigInt } from "../../state/bytes";
import type { Address } from "../../state/hex";

/** The part of a transaction that its terms are of. */
export interface Call extends Pick<TransactionInput, "from" | "data"> {
  readonly to: Address;
}

export type Term =
  | { readonly kind: "constant"; readonly value: bigint }
  | { readonly kind: "sender" }
  /** the called account */
  | { readonly kind: "self" }
  /** `bytes` bytes of calldata from `offset` */
  | { readonly kind: "data"; readonly offset: number; readonly bytes: 20 | 32 }
  /** the low `bytes` bytes of the pieces' keccak256: 20 for the address that CREATE2 gives */
  | { readonly kind: "hash"; readonly pieces: readonly Piece[]; readonly bytes: 20 | 32 }
  | { readonly kind: "sum"; readonly of: Term; readonly plus: Term }
  /** the lower or the higher of two: what has no order, as a pair of tokens, is hashed in ascending order */
  | { readonly kind: "lower" | "higher"; readonly of: readonly [Term, Term] };

/** The low `bytes` bytes of a term. */
export interface Piece {
  readonly term: Term;
  readonly bytes: number;
}

const ADDRESS_LIMIT = 1n << 160n;

/** Below 2^256; null if the call has too little calldata. */
export function wordOf(term: Term, call: Call): bigint | null {
  switch (term.kind) {
    case "constant":
      return term.value;
    case "sender":
      return BigInt(call.from);
    case "self":
      return BigInt(call.to);
    case "data": {
      const end = term.offset + term.bytes;
      return end > call.data.length ? null : bytesToBigInt(call.data.subarray(term.offset, end));
    }
    case "hash":
      return hashOf(term.pieces, term.bytes, call);
    case "lower":
    case "higher": {
      const [a, b] = [wordOf(term.of[0], call), wordOf(term.of[1], call)];
      return a === null || b === null ? null : a < b === (term.kind === "lower") ? a : b;
    }
    case "sum": {
      const of = wordOf(term.of, call);
      const plus = wordOf(term.plus, call);
      return of === null || plus === null ? null : BigInt.asUintN(256, of + plus);
    }
  }
}

/** Null if the word is not an address, or cannot be had. */
export function addressOf(term: Term, call: Call): Address | null {
  const word = wordOf(term, call);
  return word === null || word >= ADDRESS_LIMIT ? null : wordToAddress(word);
}

function wordToAddress(word: bigint): Address {
  return `0x${word.toString(16).padStart(40, "0")}`;
}

/** Has it other values for other calls? */
export function varies(term: Term): boolean {
  switch (term.kind) {
    case "constant":
      return false;
    case "hash":
      return term.pieces.some((piece) => varies(piece.term));
    case "lower":
    case "higher":
      return term.of.some(varies);
    case "sum":
      return varies(term.of) || varies(term.plus);
    default:
      return true;
  }
}

/** Equal for equal terms. */
export function termText(term: Term): string {
  return JSON.stringify(term, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString(16) : value,
  );
}

function hashOf(pieces: readonly Piece[], bytes: 20 | 32, call: Call): bigint | null {
  const preimage = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes, 0));
  let end = 0;
  for (const piece of pieces) {
    const value = wordOf(piece.term, call);
    if (value === null) {
      return null;
    }
    preimage.set(bigIntToBytes32(value).subarray(32 - piece.bytes), end);
    end += piece.bytes;
  }
  return bytesToBigInt(keccak256(preimage).subarray(32 - bytes));
}
