/**
 * How a contract came to the words that it used: found in one execution by the preimages of its hashes,
 * the sender, the called account and the calldata.
 *
 * One execution does not decide it: a word that is small may be an argument by chance. So a word has
 * several possible terms, and what later calls touch tells the right ones (footprint.ts).
 */
import { bigIntToBytes32, bytesToBigInt } from "../../state/bytes";
import { type Call, type Piece, type Term, varies, wordOf } from "./term";

/** Words below it occur in calldata and preimages by chance. */
const SHORT = 1n << 64n;
/** Words from here on to 2^160 are taken for addresses. */
const LEAST_ADDRESS = 1n << 96n;
const ADDRESS_LIMIT = 1n << 160n;
/** bytes of a function's selector */
const SELECTOR = 4;
/** Hashes within hashes: a mapping of mappings of arrays of structs has three. */
const MAX_DEPTH = 4;
/** Terms that are tried for one word. */
const MAX_TERMS = 4;
/** bytes; longer ones are no keys */
const MAX_KEY_PREIMAGE = 256;
/** bytes of calldata that are searched */
const MAX_DATA = 4096;
/** Preimages that are searched, and words that are explained: whatever a contract does, it takes no longer. */
const MAX_PREIMAGES = 4_096;
const MAX_WORDS = 5_000;

export class Derivation {
  readonly #call: Call;
  readonly #data: Buffer;
  readonly #preimages = new Map<bigint, Uint8Array>();
  /** by the low 20 bytes of the hash */
  readonly #ofAddresses = new Map<bigint, Uint8Array>();
  /** ascending */
  readonly #hashes: readonly bigint[];
  #wordsLeft = MAX_WORDS;

  /** @param preimages what the execution hashed, by hash */
  constructor(call: Call, preimages: Iterable<readonly [hash: bigint, preimage: Uint8Array]>) {
    this.#call = call;
    this.#data = Buffer.from(call.data.subarray(0, MAX_DATA));
    for (const [hash, preimage] of preimages) {
      if (preimage.length <= MAX_KEY_PREIMAGE && this.#preimages.size < MAX_PREIMAGES) {
        this.#preimages.set(hash, preimage);
        this.#ofAddresses.set(BigInt.asUintN(160, hash), preimage);
      }
    }
    this.#hashes = [...this.#preimages.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Terms that have the word as their value, at least one, the likeliest first. */
  terms(word: bigint): readonly Term[] {
    return this.#terms(word, 0);
  }

  #terms(word: bigint, depth: number): readonly Term[] {
    const constant: Term = { kind: "constant", value: word };
    if (this.#wordsLeft <= 0) {
      return [constant];
    }
    this.#wordsLeft--;
    const varying = [...this.#given(word), ...(depth < MAX_DEPTH ? this.#hashed(word, depth) : [])];
    if (varying.length === 0) {
      return [constant];
    }
    return (word < SHORT ? [constant, ...varying] : varying).slice(0, MAX_TERMS);
  }

  /** The word is in the call. */
  #given(word: bigint): Term[] {
    const { from, to } = this.#call;
    const terms: Term[] = [];
    if (word === BigInt(from)) {
      terms.push({ kind: "sender" });
    }
    if (word === BigInt(to)) {
      terms.push({ kind: "self" });
    }
    const whole = this.#offsets(bigIntToBytes32(word), word < SHORT);
    terms.push(...whole.map((offset): Term => ({ kind: "data", offset, bytes: 32 })));
    if (whole.length === 0 && word >= LEAST_ADDRESS && word < ADDRESS_LIMIT) {
      const packed = this.#offsets(bigIntToBytes32(word).subarray(12), false);
      terms.push(...packed.map((offset): Term => ({ kind: "data", offset, bytes: 20 })));
    }
    return terms;
  }

  /** Where the bytes are in the calldata, MAX_TERMS places at most. */
  #offsets(bytes: Uint8Array, onlyArguments: boolean): number[] {
    const offsets: number[] = [];
    let offset = this.#data.indexOf(bytes, SELECTOR);
    while (offset !== -1 && offsets.length < MAX_TERMS) {
      if (!onlyArguments || (offset - SELECTOR) % 32 === 0) {
        offsets.push(offset);
      }
      offset = this.#data.indexOf(bytes, offset + 1);
    }
    return offsets;
  }

  /** The word is a hash, the address made of one, or a little more than a hash. */
  #hashed(word: bigint, depth: number): Term[] {
    const preimage = this.#preimages.get(word);
    if (preimage !== undefined) {
      return this.#hashesOf(preimage, 32, depth);
    }
    const ofAddress = word < ADDRESS_LIMIT ? this.#ofAddresses.get(word) : undefined;
    if (ofAddress !== undefined) {
      return this.#hashesOf(ofAddress, 20, depth);
    }
    const nearest = this.#lastHashBelow(word);
    return nearest === null || word - nearest >= SHORT
      ? []
      : this.#sums(nearest, word - nearest, depth);
  }

  #lastHashBelow(word: bigint): bigint | null {
    let low = 0;
    let high = this.#hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hashes[middle] ?? 0n) < word) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.#hashes[low - 1] ?? null;
  }

  /** A member of a struct, or an element of an array. */
  #sums(hash: bigint, distance: bigint, depth: number): Term[] {
    const preimage = this.#preimages.get(hash) ?? new Uint8Array();
    const bases = this.#hashesOf(preimage, 32, depth);
    if (bases.length === 0) {
      bases.push({ kind: "constant", value: hash });
    }
    return bases
      .flatMap((of) =>
        this.#terms(distance, MAX_DEPTH).map((plus): Term => ({ kind: "sum", of, plus })),
      )
      .filter(varies);
  }

  /** The varying hashes of what the preimage may be made of. */
  #hashesOf(preimage: Uint8Array, bytes: 20 | 32, depth: number): Term[] {
    let choices: readonly (readonly Piece[])[] = [[]];
    for (const pieces of this.#pieces(preimage, depth)) {
      const longer = choices.flatMap((choice) => pieces.map((piece) => [...choice, piece]));
      choices = longer.slice(0, 2 * MAX_TERMS);
    }
    return choices
      .flatMap((pieces) => [pieces, ...this.#inOrder(pieces)])
      .map((pieces): Term => ({ kind: "hash", pieces, bytes }))
      .filter(varies);
  }

  /** The same with two addresses of the calldata in ascending order, if that is what they are in. */
  #inOrder(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
    const given = pieces.filter(({ term }) => term.kind === "data");
    const [first, second] = given;
    if (given.length !== 2 || first === undefined || second === undefined) {
      return [];
    }
    const [low, high] = [wordOf(first.term, this.#call), wordOf(second.term, this.#call)];
    if (low === null || high === null || low < LEAST_ADDRESS || low >= high) {
      return [];
    }
    const of = [first.term, second.term] as const;
    return [
      pieces.map((piece): Piece => {
        const { bytes } = piece;
        return piece === first
          ? { bytes, term: { kind: "lower", of } }
          : piece === second
            ? { bytes, term: { kind: "higher", of } }
            : piece;
      }),
    ];
  }

  /** The preimage from its start to its end, each piece with all that it may be. */
  #pieces(preimage: Uint8Array, depth: number): readonly (readonly Piece[])[] {
    const pieces: (readonly Piece[])[] = [];
    let at = 0;
    while (at < preimage.length) {
      const found = this.#pieceAt(preimage, at, depth);
      pieces.push(found);
      at += found[0]?.bytes ?? 1;
    }
    return pieces;
  }

  #pieceAt(preimage: Uint8Array, at: number, depth: number): readonly Piece[] {
    const isAligned = at % 32 === 0;
    if (at + 32 <= preimage.length) {
      const word = bytesToBigInt(preimage.subarray(at, at + 32));
      const terms = isAligned || word >= SHORT ? this.#terms(word, depth + 1) : [];
      if (terms.some(varies)) {
        return terms.map((term) => ({ term, bytes: 32 }));
      }
    }
    if (at + 20 <= preimage.length) {
      const word = bytesToBigInt(preimage.subarray(at, at + 20));
      const terms = word >= LEAST_ADDRESS ? this.#terms(word, depth + 1) : [];
      if (terms.some(varies)) {
        return terms.map((term) => ({ term, bytes: 20 }));
      }
    }
    // A constant: by words where nothing can begin within, else byte by byte.
    const bytes = isAligned && preimage.length % 32 === 0 ? 32 : 1;
    const value = bytesToBigInt(preimage.subarray(at, at + bytes));
    return [{ term: { kind: "constant", value }, bytes }];
  }
}
