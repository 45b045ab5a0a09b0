/** Bytes that are written one after the other, with WebAssembly's LEB128 numbers. */

const LOW_7_BITS = 0x7f;
const CONTINUES = 0x80;

export class ByteSink {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      this.#reserve(1);
    }
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** unsigned, below 2^32 */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= CONTINUES) {
      this.byte((rest & LOW_7_BITS) | CONTINUES);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** signed, 32 bits */
  signed(value: number): void {
    let rest = value;
    for (;;) {
      const low = rest & LOW_7_BITS;
      rest >>= 7;
      if (rest === (low & 0x40 ? -1 : 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | CONTINUES);
    }
  }

  /** signed, 64 bits; an unsigned value is taken as the signed one with the same bits */
  signed64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    if (rest >= -0x4000_0000n && rest <= 0x3fff_ffffn) {
      this.signed(Number(rest));
      return;
    }
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if (rest === (low & 0x40 ? -1n : 0n)) {
        this.byte(low);
        return;
      }
      this.byte(low | CONTINUES);
    }
  }

  /** UTF-8, its length first */
  name(text: string): void {
    const bytes = Buffer.from(text);
    this.unsigned(bytes.length);
    this.bytes(bytes);
  }

  /** another sink's bytes, their number first */
  sized(other: ByteSink): void {
    this.unsigned(other.length);
    this.bytes(other.toBytes());
  }

  /** A view, valid until more is written. */
  toBytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      bytes.set(this.toBytes());
      this.#bytes = bytes;
    }
  }
}
