/**
 * Short byte strings that live long, in few pieces of memory: memory of its own costs a string more than its
 * bytes do, when it is made and at every garbage collection.
 */

/** bytes of a piece */
const PIECE = 64 * 1024;
/** Longer strings get memory of their own: a piece lives as long as any string in it. */
const LONGEST = 4 * 1024;

export class BytePool {
  #piece = new Uint8Array(0);
  #used = 0;

  /** The same bytes, which nobody else will change. */
  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length > LONGEST) {
      return new Uint8Array(bytes); // of the plain class: a slice of a Buffer would be a Buffer
    }
    if (this.#used + length > this.#piece.length) {
      this.#piece = new Uint8Array(PIECE);
      this.#used = 0;
    }
    const copy = new Uint8Array(this.#piece.buffer, this.#used, length);
    copy.set(bytes);
    this.#used += length;
    return copy;
  }
}
