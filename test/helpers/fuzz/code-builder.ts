/** EVM code as it is written from the front: pushes, labels that are known later, data behind the code. */
export class CodeBuilder {
  readonly #bytes: number[] = [];
  readonly #data: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  /** the place of the next byte */
  get place(): number {
    return this.#bytes.length;
  }

  op(...bytes: readonly number[]): this {
    for (const byte of bytes) {
      this.#bytes.push(byte);
    }
    return this;
  }

  /** Pushes the words in this order, each with the shortest PUSH but PUSH0, which old forks lack. */
  push(...words: readonly (bigint | number)[]): this {
    for (const word of words) {
      const digits = BigInt(word).toString(16);
      const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
      this.op(0x5f + bytes.length, ...bytes);
    }
    return this;
  }

  /** Pushes a place in two bytes; gives where to `land`. */
  pushPlace(place = 0): number {
    this.op(0x61, (place >> 8) & 0xff, place & 0xff);
    return this.place - 2;
  }

  /** The place pushed at `patch` is here, with a JUMPDEST unless the jump has to fail. */
  land(patch: number, opcode = 0x5b): this {
    this.#write(patch, this.place);
    return this.op(opcode);
  }

  /** Copies data that lies behind the code to memory. */
  load(bytes: Uint8Array, memory: number): this {
    this.push(bytes.length);
    this.#data.push({ at: this.pushPlace(), bytes });
    return this.push(memory).op(0x39);
  }

  build(): Uint8Array {
    for (const { at, bytes } of this.#data) {
      this.#write(at, this.place);
      this.op(...bytes);
    }
    return Uint8Array.from(this.#bytes);
  }

  #write(at: number, place: number): void {
    this.#bytes[at] = (place >> 8) & 0xff;
    this.#bytes[at + 1] = place & 0xff;
  }
}
