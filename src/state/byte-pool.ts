/**
 * Short byte strings that live long, in few pieces of memory: memory of its own costs a string more than its
 * bytes do, when it is made and at every garbage collection.
 */

/** bytes of a piece */
const PIECE = 64 * 1024;
/** Longer strings get memory of their own: a piece lives as long as any string in it. */
const LONGEST = 4 * 1024;
/** Shorter ones are copied byte by byte: a view for the copying of views takes longer. */
const FEW = 128;

export class BytePool {
  #piece = new Uint8Array(0);
  #used = 0;

  /** The same bytes, or those from `start` to before `end`, which nobody else will change. */
  copy(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
    const length = end - start;
    if (length > LONGEST) {
      // of the plain class: a slice of a Buffer would be a Buffer
      return new Uint8Array(bytes.subarray(start, end));
    }
    if (this.#used + length > this.#piece.length) {
      this.#piece = new Uint8Array(PIECE);
      this.#used = 0;
    }
    const piece = this.#piece;
    const at = this.#used;
    if (length > FEW) {
      piece.set(bytes.subarray(start, end), at);
    } else {
      for (let i = 0; i < length; i++) {
        piece[at + i] = bytes[start + i] ?? 0;
      }
    }
    this.#used += length;
    return new Uint8Array(piece.buffer, at, length);
  }
}
