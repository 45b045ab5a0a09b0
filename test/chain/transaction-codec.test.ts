import { setFlagsFromString } from "node:v8";
import { Common, Mainnet } from "@ethereumjs/common";
import { RLP } from "@ethereumjs/rlp";
import { createTx, createTxFromRLP } from "@ethereumjs/tx";
import { expect } from "chai";
import {
  decodeTransaction,
  MalformedTransactionError,
  recoverAuthorizations,
} from "../../src/chain/transaction-codec";
import { lazyKzg } from "../../src/execution/engine/kzg";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Hex } from "../../src/state/hex";
import { authorize } from "./authorize";
import { account, signed, type TransactionRequest } from "./network-pair";

const COMMON = new Common({
  chain: { ...Mainnet, chainId: 31337 },
  hardfork: "osaka",
  // @ethereumjs/tx wants to see one before it reads a blob transaction
  customCrypto: { kzg: lazyKzg },
});

const SHAPES: Record<string, TransactionRequest> = {
  "legacy with replay protection": { type: 0, nonce: 5n, value: 7n },
  "legacy without replay protection": { type: 0, nonce: 0n, chainId: null },
  "EIP-2930": {
    type: 1,
    nonce: 1n,
    accessList: [{ address: account(2).address, slots: [0n, 2n ** 255n] }],
  },
  "EIP-1559": { type: 2, nonce: 300n, data: hexToBytes("0x00ff10") },
  "EIP-1559 creation": { type: 2, nonce: 0n, to: null, data: hexToBytes("0x6000") },
  "EIP-4844": {
    type: 3,
    nonce: 2n,
    maxFeePerBlobGas: 9n,
    blobVersionedHashes: [`0x01${"ab".repeat(31)}`],
  },
  "EIP-7702": {
    type: 4,
    nonce: 3n,
    signedAuthorizations: [
      authorize(4, { chainId: 0n, address: account(5).address, nonce: 11n }),
      authorize(6, { chainId: 31337n, address: account(5).address, nonce: 0n }),
    ],
  },
};

describe("transaction codec", () => {
  it("gives all transactions one hidden class: a block of objects of 500 kinds is slow to read", () => {
    setFlagsFromString("--allow-natives-syntax");
    const haveSameMap = new Function("a", "b", "return %HaveSameMap(a, b)");
    const [first, ...others] = Array.from({ length: 20 }, (_, nonce) =>
      decodeTransaction(signed(nonce % 5, { type: 2, nonce: BigInt(nonce) }).raw),
    );
    for (const other of others) {
      expect(haveSameMap(first?.input, other.input)).to.equal(true);
      expect(haveSameMap(first, other)).to.equal(true);
    }
  });

  for (const [name, request] of Object.entries(SHAPES)) {
    it(`writes ${name} transactions as @ethereumjs/tx does, and reads them back`, () => {
      const transaction = signed(3, request);
      const theirs = createTxFromRLP(transaction.raw, { common: COMMON });
      expect(bytesToHex(theirs.serialize())).to.equal(bytesToHex(transaction.raw));
      expect(bytesToHex(theirs.hash())).to.equal(transaction.input.hash);
      expect(theirs.getSenderAddress().toString()).to.equal(transaction.input.from);
      expect(theirs.verifySignature()).to.equal(true);
      expect(decodeTransaction(transaction.raw)).to.deep.equal(transaction);
    });
  }

  it("signs deterministically, as @ethereumjs/tx does", () => {
    const transaction = signed(0, { nonce: 0n });
    const theirs = createTx(
      {
        type: 2,
        chainId: 31337n,
        nonce: 0n,
        gasLimit: 100_000n,
        to: account(1).address,
        maxFeePerGas: 10_000_000_000n,
        maxPriorityFeePerGas: 1_000_000_000n,
      },
      { common: COMMON },
    ).sign(hexToBytes(account(0).key), false);
    expect(bytesToHex(theirs.serialize())).to.equal(bytesToHex(transaction.raw));
  });

  it("recovers the authorities of valid authorizations only", () => {
    const valid = authorize(4, { chainId: 1n, address: account(5).address, nonce: 2n });
    const authorities = recoverAuthorizations([
      valid,
      { ...valid, yParity: 2n },
      { ...valid, s: 2n ** 255n },
      { ...valid, r: 0n },
      { ...valid, nonce: 2n ** 64n - 1n },
    ]).map(({ authority }) => authority);
    expect(authorities).to.deep.equal([account(4).address, null, null, null, null]);
  });

  it("says where bytes are not a transaction", () => {
    const { raw } = signed(0, { type: 0, nonce: 0n });
    const cases: [Hex, RegExp][] = [
      ["0x", /input too short/],
      ["0x12c0", /Invalid transaction type 18\./],
      ["0x7f", /Invalid transaction type 127\./],
      ["0xc0", /expected 9 fields, got 0/],
      ["0x02c0", /expected 12 fields, got 0/],
      [bytesToHex(raw.subarray(0, -1)), /./],
      [bytesToHex(Uint8Array.from([...raw, 0])), /./],
      ["0xc9008080808080808080", /nonce: leading zero/],
      ["0x02cc80808080808080c08080c080", /accessList: expected a list|expected bytes/],
    ];
    for (const [bytes, message] of cases) {
      expect(() => decodeTransaction(hexToBytes(bytes)), bytes).to.throw(
        MalformedTransactionError,
        message,
      );
    }
  });

  it("refuses signatures without a sender and those of the upper half (EIP-2)", () => {
    const { raw } = signed(0, { type: 0, nonce: 0n, chainId: null });
    const fields = (RLP.decode(raw) as Uint8Array[]).slice(0, 6); // a list of byte strings, as written
    const rebuild = (v: number, r: Hex, s: Hex) => RLP.encode([...fields, v, r, s]);
    const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
    expect(() => decodeTransaction(rebuild(27, word("7"), word("7")))).to.not.throw();
    expect(() => decodeTransaction(rebuild(27, word("7"), word("f")))).to.throw(/EIP-2/);
    expect(() => decodeTransaction(rebuild(27, word("f"), word("7")))).to.throw(/no sender/);
    expect(() => decodeTransaction(rebuild(29, word("7"), word("7")))).to.throw(/v is 29/);
  });
});
