/** Powers in each of their ways give what squaring and multiplying big integers gives. */
import { expect } from "chai";
import fc from "fast-check";
import { webAssembly } from "../../../../src/crypto/web-assembly";
import {
  longModularPower,
  modularPower,
} from "../../../../src/execution/engine/fast/precompiles/modular-power";
import { shortPowerIn } from "../../../../src/execution/engine/fast/precompiles/modular-power-wasm";
import { propertyParameters } from "../../../helpers/properties";

/** Nothing but the definition: bit by bit from the least significant. */
function powerByDefinition(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n % modulus;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) {
      power = (power * square) % modulus;
    }
    square = (square * square) % modulus;
  }
  return power;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex"));
}

/** A modulus in as many bytes or more: any, odd, even, a power of two, near the end of a limb, 0 and 1. */
const modulus = fc
  .tuple(
    fc.integer({ min: 1, max: 34 }),
    fc.constantFrom("any", "odd", "even", "power of two", "all ones", "edge"),
    fc.bigInt({ min: 0n, max: 2n ** 272n - 1n }),
    fc.nat(271),
    fc.nat(3),
  )
  .map(([length, kind, any, zeros, leading]): Uint8Array => {
    const most = (1n << BigInt(8 * length)) - 1n;
    const shift = BigInt(zeros % (8 * length));
    const value =
      kind === "any"
        ? any & most
        : kind === "odd"
          ? (any & most) | 1n
          : kind === "even"
            ? ((any & most) >> shift) << shift
            : kind === "power of two"
              ? 1n << shift
              : kind === "all ones"
                ? most - (any & 3n)
                : any & 3n;
    return bytesOf(value, length + leading);
  });
const base = fc.oneof(
  fc.uint8Array({ maxLength: 40, size: "max" }),
  fc.nat(33).map((length) => new Uint8Array(length).fill(0xff)),
  fc.nat(33).map((length) => new Uint8Array(length)),
);
const exponent = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc.uint8Array({ maxLength: 40, size: "max" }),
  fc.nat(3).map((length) => new Uint8Array(length)),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => Uint8Array.from([0, 0, ...bytes])),
);

describe("modular powers", () => {
  it("any base, exponent and modulus, zeros behind the exponent included", () => {
    fc.assert(
      fc.property(base, exponent, fc.constantFrom(0, 0, 1, 5), modulus, (b, e, zeros, m) => {
        const n = numberOf(m);
        const power =
          n === 0n ? 0n : powerByDefinition(numberOf(b), numberOf(e) << BigInt(8 * zeros), n);
        const expected = bytesOf(power, m.length);
        expect(modularPower(b, e, e.length + zeros, m)).to.deep.equal(expected);
        if (n > 1n) {
          expect(longModularPower(b, e, e.length + zeros, m)).to.deep.equal(expected);
        }
      }),
      propertyParameters({ numRuns: 4000 }),
    );
  });

  it("every base and modulus of few bits, with exponents around where powers begin to repeat", () => {
    for (let m = 1; m <= 72; m++) {
      for (let b = 0; b <= m; b++) {
        for (const e of [0, 1, 2, 3, 5, 6, 7, 8, 9, 35, 71, 72, 73, 255, 256, 65_537]) {
          const power = powerByDefinition(BigInt(b), BigInt(e), BigInt(m));
          const found = modularPower(Uint8Array.of(b), bytesOf(BigInt(e), 3), 3, Uint8Array.of(m));
          expect(found, `${b}^${e} modulo ${m}`).to.deep.equal(bytesOf(power, 1));
        }
      }
    }
  });

  it("an exponent in several pieces, and with many zeros behind it", () => {
    const m = bytesOf(2n ** 255n - 19n, 32);
    const digits = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7 + 1) & 0xff);
    const b = bytesOf(9n, 32);
    const expected = longModularPower(b, digits, 140_000, m);
    expect(modularPower(b, digits, 140_000, m)).to.deep.equal(expected);
  });

  it("Fermat: a prime's powers come back to the base (2^255 - 19, 2^127 - 1, 2^61 - 1, 2^31 - 1)", () => {
    for (const bits of [255n, 127n, 61n, 31n]) {
      const prime = 2n ** bits - (bits === 255n ? 19n : 1n);
      const bytes = bytesOf(prime, 32);
      const b = bytesOf(123_456_789n, 32);
      expect(modularPower(b, bytes, 32, bytes)).to.deep.equal(b);
    }
  });

  it("WebAssembly takes all of them where there is any", () => {
    if (webAssembly === null) {
      return;
    }
    const power = shortPowerIn(webAssembly);
    expect(power).to.not.equal(null);
    expect(power?.(Uint8Array.of(3), Uint8Array.of(5), 0, Uint8Array.of(1, 0))).to.deep.equal(
      Uint8Array.of(0, 243),
    );
  });
});
