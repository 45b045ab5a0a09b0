/** Receipts and blooms in one piece of memory, against @ethereumjs/rlp and the Bloom of @ethereumjs/vm. */
import { RLP } from "@ethereumjs/rlp";
import { concatBytes } from "@ethereumjs/util";
import { Bloom } from "@ethereumjs/vm";
import { expect } from "chai";
import fc from "fast-check";
import { encodeLogs } from "../../src/execution/encoded-logs";
import type { Log } from "../../src/execution/outcome";
import { bloomOfBody, logsOfBody, receiptBodies } from "../../src/execution/receipt-bodies";
import { completeReceipt } from "../../src/execution/receipt-head";
import { bigIntToMinimalBytes, bytesToHex, hexToBytes } from "../../src/state/bytes";
import { propertyParameters } from "../helpers/properties";

const hexOf = (bytes: fc.Arbitrary<Uint8Array>) => bytes.map(bytesToHex);
/** Few, so that they recur, and any. */
const address = fc.oneof(
  fc.constantFrom<Log["address"][]>(`0x${"7e".repeat(20)}`, `0x${"00".repeat(20)}`),
  hexOf(fc.uint8Array({ minLength: 20, maxLength: 20 })),
);
const topic = fc.oneof(
  fc.constantFrom<Log["address"][]>(`0x${"dd".repeat(32)}`, `0x${"00".repeat(32)}`),
  hexOf(fc.uint8Array({ minLength: 32, maxLength: 32 })),
);
/** On both sides of RLP's single bytes, of 55 bytes and of 256. */
const data = fc.oneof(
  fc.constantFrom<Log["data"][]>("0x", "0x00", "0x7f", "0x80", "0xff"),
  hexOf(fc.uint8Array({ maxLength: 70 })),
  fc.constantFrom(54, 55, 56, 255, 256, 70_000).map((n): Log["data"] => `0x${"ab".repeat(n)}`),
);
const log: fc.Arbitrary<Log> = fc.record({
  address,
  topics: fc.array(topic, { maxLength: 4 }),
  data,
});
const receipt = fc.record({
  logs: fc.array(log, { maxLength: 4 }),
  type: fc.constantFrom(0, 1, 2, 3, 4),
  status: fc.constantFrom<(0 | 1)[]>(0, 1),
  gas: fc.oneof(fc.constantFrom(0n, 0x7fn, 0x80n, 2n ** 64n - 1n), fc.bigInt(21_000n, 2n ** 60n)),
});

function bloomOf(logs: readonly Log[]): Bloom {
  const bloom = new Bloom();
  for (const { address, topics } of logs) {
    for (const value of [address, ...topics]) {
      bloom.add(hexToBytes(value));
    }
  }
  return bloom;
}

describe("receipt bodies", () => {
  it("completed receipts equal @ethereumjs/rlp's, in any number and order of completion, and give their logs back", () => {
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 12 }), fc.boolean(), (receipts, reversed) => {
        const bodies = receiptBodies(receipts.map(({ logs }) => encodeLogs(logs)));
        expect(receipts.map((_, index) => logsOfBody(bodies, index))).to.deep.equal(
          receipts.map(({ logs }) => logs),
        );
        const order = receipts.map((_, index) => index);
        const encoded: Uint8Array[] = [];
        for (const index of reversed ? order.reverse() : order) {
          const { type, status, gas } = receipts[index] ?? { type: 0, status: 0, gas: 0n };
          encoded[index] = completeReceipt(bodies, index, type, status, gas);
        }
        const expected = receipts.map(({ type, status, gas, logs }) => {
          const payload = RLP.encode([
            status === 1 ? Uint8Array.of(1) : new Uint8Array(0),
            bigIntToMinimalBytes(gas),
            bloomOf(logs).bitvector,
            logs.map((each) => [
              hexToBytes(each.address),
              each.topics.map(hexToBytes),
              hexToBytes(each.data),
            ]),
          ]);
          return type === 0 ? payload : concatBytes(Uint8Array.of(type), payload);
        });
        expect(encoded.map(bytesToHex)).to.deep.equal(expected.map(bytesToHex));
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("blooms of receipts and of their block equal those of @ethereumjs/vm", () => {
    fc.assert(
      fc.property(fc.array(fc.array(log, { maxLength: 4 }), { maxLength: 12 }), (receipts) => {
        const bodies = receiptBodies(receipts.map(encodeLogs));
        for (const [index, logs] of receipts.entries()) {
          expect(bytesToHex(bloomOfBody(bodies, index))).to.equal(
            bytesToHex(bloomOf(logs).bitvector),
          );
        }
        expect(bytesToHex(bodies.bloom)).to.equal(bytesToHex(bloomOf(receipts.flat()).bitvector));
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("more values than are hashed at once", () => {
    const logs = Array.from({ length: 9000 }, (_, index): Log => {
      const topic = index.toString(16).padStart(64, "0");
      return {
        address: `0x${"01".repeat(20)}`,
        topics: [`0x${"02".repeat(32)}`, `0x${topic}`],
        data: "0x",
      };
    });
    const bodies = receiptBodies(logs.map((each) => encodeLogs([each])));
    for (const index of [0, 8188, 8189, 8190, 8191, 8192, 8999]) {
      const { bitvector } = bloomOf(logs.slice(index, index + 1));
      expect(bytesToHex(bloomOfBody(bodies, index))).to.equal(bytesToHex(bitvector));
    }
  });

  it("of no receipts have an empty bloom", () => {
    expect(bytesToHex(receiptBodies([]).bloom)).to.equal(`0x${"00".repeat(256)}`);
  });
});
