/** Random records for the codec's properties: every shape that the types allow. */
import fc from "fast-check";
import type {
  BlockRecord,
  Frame,
  FrameAccess,
  FrameKind,
  ObservedExecution,
  RunHeader,
  TransactionRecord,
  TransactionTrace,
  WriteRecord,
} from "../../src/access-log/block-record";
import type { Address, Hash, Hex } from "../../src/state/hex";
import type { Location } from "../../src/state/location";
import type { Read } from "../../src/state/read-set";
import { UNBOUNDED } from "../../src/state/read-set";
import type { Write } from "../../src/state/write-set";

function hexOf(minLength: number, maxLength = minLength): fc.Arbitrary<Hex> {
  return fc
    .uint8Array({ minLength, maxLength })
    .map((bytes): Hex => `0x${Buffer.from(bytes).toString("hex")}`);
}

const address: fc.Arbitrary<Address> = hexOf(20);
const hash: fc.Arbitrary<Hash> = hexOf(32);
const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
);
const gas = fc.bigInt({ min: 0n, max: 1n << 64n });
const index = fc.nat({ max: 100_000 });
const origin = fc.record({
  transactionIndex: fc.integer({ min: -1, max: 999 }),
  incarnation: index,
});

export const location: fc.Arbitrary<Location> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      "balance" as const,
      "nonce" as const,
      "code" as const,
      "existence" as const,
    ),
    address,
  }),
  fc.record({ kind: fc.constant("storage" as const), address, slot: word }),
);

const interval = fc.oneof(
  word.map((value) => ({ min: value, max: value })),
  word.map((value) => ({ min: value, max: UNBOUNDED })),
  fc.tuple(word, word).map(([a, b]) => (a < b ? { min: a, max: b } : { min: b, max: a })),
);

export const read: fc.Arbitrary<Read> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom("balance" as const, "nonce" as const),
      address,
      interval,
      origin,
    })
    .map(({ interval: ends, ...rest }) => ({ ...rest, ...ends })),
  fc.record({ kind: fc.constant("code" as const), address, codeHash: hash, origin }),
  fc.record({ kind: fc.constant("existence" as const), address, exists: fc.boolean(), origin }),
  fc.record({ kind: fc.constant("storage" as const), address, slot: word, value: word, origin }),
);

export const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    kind: fc.constant("balance" as const),
    address,
    delta: fc.bigInt({ min: -(1n << 255n), max: 1n << 255n }),
  }),
  fc.record({ kind: fc.constant("nonce" as const), address, value: word }),
  fc.record({ kind: fc.constant("code" as const), address, codeHash: hash }),
  fc.record({
    kind: fc.constant("existence" as const),
    address,
    exists: fc.boolean(),
    clearsStorage: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("storage" as const), address, slot: word, value: word }),
);

export const writeRecord: fc.Arbitrary<WriteRecord> = fc.record({
  write,
  before: fc.oneof(word, hash, fc.boolean(), fc.constant(null)),
});

export const frame: fc.Arbitrary<Frame> = fc.record({
  parent: fc.integer({ min: -1, max: 1000 }),
  depth: fc.nat({ max: 1024 }),
  kind: fc.constantFrom<FrameKind>(
    "call",
    "staticcall",
    "delegatecall",
    "callcode",
    "create",
    "create2",
  ),
  caller: address,
  codeAddress: address,
  codeHash: hash,
  storageOwner: address,
  value: word,
  input: hexOf(0, 70),
  inputLength: index,
  gasUsed: gas,
  success: fc.boolean(),
});

const pc = fc.integer({ min: -1, max: 24_576 });

export const frameAccess: fc.Arbitrary<FrameAccess> = fc.record({
  frame: index,
  location,
  read: fc.boolean(),
  write: fc.boolean(),
  readPc: pc,
  writePc: pc,
});

export const trace: fc.Arbitrary<TransactionTrace> = fc.record({
  frames: fc.array(frame, { maxLength: 3 }),
  accesses: fc.array(frameAccess, { maxLength: 4 }),
  preimages: fc.array(fc.record({ hash, preimage: hexOf(0, 100) }), { maxLength: 3 }),
  transient: fc.array(fc.record({ address, slot: word }), { maxLength: 2 }),
});

export const transaction: fc.Arbitrary<TransactionRecord> = fc.record({
  transactionIndex: index,
  hash,
  type: fc.nat({ max: 4 }),
  from: address,
  to: fc.option(address),
  createdAddress: fc.option(address),
  nonce: gas,
  value: word,
  status: fc.constantFrom(0 as const, 1 as const),
  gasLimit: gas,
  gasUsed: gas,
  gasBeforeRefund: gas,
  intrinsicGas: gas,
  reads: fc.array(read, { maxLength: 4 }),
  writes: fc.array(writeRecord, { maxLength: 4 }),
  trace,
  deployed: fc.array(fc.record({ address, codeHash: hash, code: hexOf(0, 60) }), { maxLength: 2 }),
});

const observedBase = {
  mode: fc.constantFrom("parallel" as const, "inThread" as const, "sequential" as const),
  workers: fc.nat({ max: 64 }),
  incarnations: fc.array(index, { maxLength: 4 }),
  aborts: fc.array(
    fc.record({ transactionIndex: index, writer: fc.integer({ min: -1, max: 99 }), location }),
    { maxLength: 2 },
  ),
  milliseconds: fc.double({ min: 0, noNaN: true }),
};

const observed: fc.Arbitrary<ObservedExecution> = fc.oneof(
  fc.record(observedBase),
  fc.record({ ...observedBase, fallback: fc.string({ unit: "grapheme" }) }),
);

const blockBase = {
  number: gas,
  timestamp: gas,
  coinbase: address,
  hardfork: fc.string({ unit: "grapheme" }),
  gasLimit: gas,
  gasUsed: gas,
  segment: index,
  transactions: fc.array(transaction, { maxLength: 3 }),
  observed,
  rootCheck: fc.option(fc.record({ parallel: hash, sequential: hash })),
};

export const block: fc.Arbitrary<BlockRecord> = fc.oneof(
  fc.record(blockBase),
  fc.record({ ...blockBase, section: fc.string({ unit: "grapheme" }) }),
);

export const header: fc.Arbitrary<RunHeader> = fc.record({
  format: fc.constant(1 as const),
  tool: fc.string({ unit: "grapheme" }),
  toolVersion: fc.string({ unit: "grapheme" }),
  chainId: gas,
  source: fc.string({ unit: "grapheme" }),
});
