/** Logs as they are made while messages run, against those encoded from plain ones and @ethereumjs/rlp. */
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import {
  decodeLogs,
  type EncodedLogs,
  encodeLogs,
  LogBuffer,
  NO_LOGS,
} from "../../src/execution/encoded-logs";
import type { Log } from "../../src/execution/outcome";
import { bigIntToHex32, bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { propertyParameters } from "../helpers/properties";

interface Draft {
  readonly address: Address;
  readonly topics: readonly bigint[];
  readonly data: Uint8Array;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  address: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToHex),
  topics: fc.array(fc.bigInt(0n, (1n << 256n) - 1n), { maxLength: 4 }),
  // around RLP's single bytes and its lengths of one, two and three bytes
  data: fc.oneof(
    fc.uint8Array({ maxLength: 1 }),
    fc.uint8Array({ maxLength: 70 }),
    fc.constantFrom(54, 55, 56, 255, 256, 257, 70_000).map((n) => new Uint8Array(n).fill(0xab)),
  ),
});

function plain({ address, topics, data }: Draft): Log {
  return { address, topics: topics.map(bigIntToHex32), data: bytesToHex(data) };
}

function add(buffer: LogBuffer, { address, topics, data }: Draft): void {
  const memory = new Uint8Array(data.length + 5).fill(0xee);
  memory.set(data, 3);
  buffer.add(address, topics, memory, 3, data.length);
}

describe("Encoded logs", () => {
  it("of one message after another equal @ethereumjs/rlp's, and stay so while others are made", () => {
    // a message: logs that stay, each followed by some that are taken back
    const message = fc.record({
      kept: fc.array(fc.tuple(draft, fc.array(draft, { maxLength: 2 })), { maxLength: 4 }),
      isTaken: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const buffer = new LogBuffer();
        const taken: [EncodedLogs, Log[]][] = [];
        for (const { kept, isTaken } of messages) {
          buffer.begin();
          for (const [log, reverted] of kept) {
            add(buffer, log);
            const { count } = buffer;
            for (const each of reverted) {
              add(buffer, each);
            }
            buffer.truncate(count);
          }
          if (isTaken) {
            taken.push([buffer.take(), kept.map(([log]) => plain(log))]);
          }
        }
        for (const [{ count, list }, logs] of taken) {
          const expected = RLP.encode(
            logs.map(({ address, topics, data }) => [
              hexToBytes(address),
              topics.map(hexToBytes),
              hexToBytes(data),
            ]),
          );
          expect(bytesToHex(list)).to.equal(bytesToHex(expected));
          expect(count).to.equal(logs.length);
          expect(decodeLogs(list)).to.deep.equal(logs);
          const { list: fromPlain } = encodeLogs(logs);
          expect(bytesToHex(fromPlain)).to.equal(bytesToHex(expected));
        }
      }),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("of a message without logs are the empty list", () => {
    expect(new LogBuffer().take()).to.deep.equal(NO_LOGS);
    expect(encodeLogs([])).to.deep.equal(NO_LOGS);
    expect(decodeLogs(NO_LOGS.list)).to.deep.equal([]);
  });
});
