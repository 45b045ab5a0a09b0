import { expect } from "chai";
import { ByteReader, ByteWriter } from "../../src/access-log/bytes";
import { invariant } from "../../src/errors/base-error";
import type { TransactionOutcome } from "../../src/execution/outcome";
import { decodeOutcome, encodeOutcome } from "../../src/execution/outcome-codec";
import { PreparedTransactions } from "../../src/execution/prepared-transactions";
import { SharedTransactions } from "../../src/execution/transaction-codec";
import { rootUnlessTaken } from "../../src/execution/transactions-root";
import type { Address, Hash } from "../../src/state/hex";
import { UNBOUNDED } from "../../src/state/read-set";
import { orderedTrieRoot } from "../../src/state/trie/trie-root";
import { transaction } from "../helpers/environment";

const A: Address = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: Address = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const HASH: Hash = `0x${"cd".repeat(32)}`;

describe("Shared transactions", () => {
  it("are read back field by field, each by its index", () => {
    const transactions = [
      transaction(A),
      transaction(B, {
        type: 3,
        to: A,
        nonce: 2n ** 64n - 2n,
        gasLimit: 2n ** 53n,
        value: 2n ** 255n,
        data: Uint8Array.of(0, 1, 2),
        accessList: [{ address: B, slots: [0n, 2n ** 256n - 1n] }],
        blobVersionedHashes: [HASH, HASH],
        maxFeePerBlobGas: 9n,
      }),
      transaction(A, {
        type: 4,
        authorizationList: [
          { chainId: 0n, address: B, nonce: 1n, authority: A },
          { chainId: 2n ** 64n, address: A, nonce: 0n, authority: null },
        ],
      }),
    ];
    const waiting = transactions.map((input, i) => ({
      input,
      raw: new Uint8Array(40 + i).fill(i + 1),
    }));
    const raws = waiting.map(({ raw }) => raw);
    const prepared = new PreparedTransactions();
    const expectShared = (): void => {
      const { transactions: list, encoded } = prepared.share(transactions, raws);
      const shared = new SharedTransactions(list);
      for (const index of [2, 0, 1]) {
        expect(shared.at(index)).to.deep.equal(transactions[index]);
      }
      invariant(encoded !== null, "the root was asked for");
      expect(rootUnlessTaken(encoded)).to.deep.equal(orderedTrieRoot(raws));
    };
    // none, some and all of them were prepared; what was is gone after a block
    for (const count of [0, 2, 3, 0, 1]) {
      for (const { input, raw } of waiting.slice(0, count)) {
        prepared.prepare(input, raw);
      }
      expectShared();
      prepared.blockEnded();
    }
    expect(prepared.share(transactions).encoded).to.equal(null);
  });
});

describe("Encoded outcomes", () => {
  it("are read back field by field", () => {
    const outcome: TransactionOutcome = {
      status: 0,
      halt: { kind: "revert", reason: "Revert" },
      gasUsed: 21_000n,
      gasBeforeRefund: 25_000n,
      intrinsicGas: 21_000n,
      blobGasUsed: 131_072n,
      blockGas: { regular: 21_000n, state: 183_600n },
      effectiveGasPrice: 7n,
      returnData: Uint8Array.of(8, 195, 121, 160),
      logs: [
        { address: A, topics: [HASH], data: "0x" },
        { address: B, topics: [], data: "0x00ff" },
      ],
      createdAddress: B,
      reads: [
        {
          kind: "balance",
          address: A,
          min: 5n,
          max: UNBOUNDED,
          origin: { transactionIndex: -1, incarnation: 0 },
        },
        {
          kind: "code",
          address: B,
          codeHash: HASH,
          origin: { transactionIndex: 3, incarnation: 0 },
        },
      ],
      writes: {
        writes: [
          { kind: "existence", address: B, exists: true, clearsStorage: true },
          { kind: "balance", address: A, delta: -12n },
          { kind: "code", address: B, codeHash: HASH },
        ],
        codes: new Map([[HASH, Uint8Array.of(0x60, 0)]]),
      },
      trace: {
        frames: [],
        accesses: [],
        preimages: [{ hash: HASH, preimage: "0x01" }],
        transient: [],
      },
      consoleLogs: [Uint8Array.of(1), new Uint8Array(0)],
    };
    const plain: TransactionOutcome = {
      status: 1,
      gasUsed: 21_000n,
      gasBeforeRefund: 21_000n,
      intrinsicGas: 21_000n,
      blobGasUsed: 0n,
      effectiveGasPrice: 7n,
      returnData: new Uint8Array(0),
      logs: [],
      createdAddress: null,
      reads: [],
      writes: { writes: [], codes: new Map() },
      trace: { frames: [], accesses: [], preimages: [], transient: [] },
    };
    const writer = new ByteWriter();
    encodeOutcome(writer, outcome);
    encodeOutcome(writer, plain);
    const reader = new ByteReader(writer.bytes());
    expect(decodeOutcome(reader)).to.deep.equal(outcome);
    expect(decodeOutcome(reader)).to.deep.equal(plain);
    reader.end();
  });
});
