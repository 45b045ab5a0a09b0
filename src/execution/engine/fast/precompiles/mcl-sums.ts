/**
 * Sums of two points by mcl, computed where the points lie in its memory: carrying coordinates into the library's
 * objects and out of them takes as long as all the rest.
 *
 * Owns: the steps of a sum. Does not own: the encoding (mcl-points.ts, which also adds where a version of the library
 * hides its memory).
 */
import { isZero } from "./is-zero";
import { COORDINATE, expectPoint, type MclMemory } from "./mcl";
import type { PointEncoding } from "./mcl-points";

/** A curve, and its twist, whose coordinates have two elements. */
type Group = "G1" | "G2";

export class MclSums {
  readonly #memory: MclMemory;
  readonly #encoding: PointEncoding;

  constructor(memory: MclMemory, encoding: PointEncoding) {
    this.#memory = memory;
    this.#encoding = encoding;
  }

  /**
   * The sum of two points of the curve, perhaps not of the subgroup. Throws a RangeError for what is no point.
   * @param data both points
   */
  add(group: Group, data: Uint8Array): Uint8Array {
    const memory = this.#memory;
    const { mod } = memory;
    const mark = memory.stackSave();
    try {
      const [size, encoded] = this.#sizes(group);
      const first = memory.stackAlloc(3 * size + 2 * encoded);
      const [second, sum, copy] = [first + size, first + 2 * size, first + 3 * size];
      mod.HEAP8.set(data.subarray(0, 2 * encoded), copy);
      this.#read(group, first, data, 0, copy);
      this.#read(group, second, data, encoded, copy);
      mod[`_mclBn${group}_add`](sum, first, second);
      const bytes = new Uint8Array(encoded);
      if (mod[`_mclBn${group}_isZero`](sum) !== 1) {
        mod[`_mclBn${group}_normalize`](first, sum);
        this.#write(group, first, bytes, copy);
      }
      return bytes;
    } finally {
      memory.stackRestore(mark);
    }
  }

  /** @returns bytes of a point in the library's memory, and in the encoding */
  #sizes(group: Group): readonly [size: number, encoded: number] {
    const elements = group === "G1" ? 1 : 2;
    return [3 * elements * COORDINATE, 2 * elements * this.#encoding.element];
  }

  /**
   * @param point where it goes
   * @param start of the point in `data`, and in the copy of it
   */
  #read(group: Group, point: number, data: Uint8Array, start: number, copy: number): void {
    const { mod } = this.#memory;
    const { element, padding, imaginaryFirst } = this.#encoding;
    const [size, encoded] = this.#sizes(group);
    if (isZero(data, start, encoded)) {
      mod[`_mclBn${group}_clear`](point);
      return;
    }
    const swap = group === "G2" && imaginaryFirst ? 1 : 0;
    for (let index = 0; index * element < encoded; index++) {
      const place = start + index * element + padding;
      this.#expectElement(data, place);
      const into = point + (index ^ swap) * COORDINATE;
      mod._mclBnFp_setBigEndianMod(into, copy + place, element - padding);
    }
    const z = point + (size / 3) * 2;
    mod._mclBnFp_setInt32(z, 1);
    if (group === "G2") {
      mod._mclBnFp_clear(z + COORDINATE);
    }
    expectPoint(mod[`_mclBn${group}_isValid`](point) === 1);
  }

  /** Throws a RangeError for what is not below the field's order: the library would take it modulo the order. */
  #expectElement(data: Uint8Array, place: number): void {
    // A loop, which mostly ends at the first byte: a view and a call for it take longer.
    for (const [index, digit] of this.#encoding.order.entries()) {
      const byte = data[place + index] ?? 0;
      if (byte !== digit) {
        expectPoint(byte < digit);
        return;
      }
    }
    expectPoint(false);
  }

  /**
   * @param point not infinity, its last coordinate one
   * @param room for one element
   */
  #write(group: Group, point: number, bytes: Uint8Array, room: number): void {
    const { mod } = this.#memory;
    const { element, padding, imaginaryFirst } = this.#encoding;
    const length = element - padding;
    const swap = group === "G2" && imaginaryFirst ? 1 : 0;
    for (let index = 0; index * element < bytes.length; index++) {
      mod._mclBnFp_serialize(room, length, point + (index ^ swap) * COORDINATE);
      const memory = mod.HEAP8;
      const last = (index + 1) * element - 1;
      for (let place = 0; place < length; place++) {
        bytes[last - place] = memory[room + place] ?? 0; // little-endian there
      }
    }
  }
}
