import { expect } from "chai";
import type { ChainConfig, PoolRejection } from "../../src/chain/chain";
import { ChainError } from "../../src/chain/chain-error";
import { bytesToHex } from "../../src/state/bytes";
import type { Hash } from "../../src/state/hex";
import { account, NetworkPair, signed, type TransactionRequest } from "./network-pair";

const GWEI = 10n ** 9n;

async function manualPair(config: Partial<ChainConfig> = {}): Promise<NetworkPair> {
  return NetworkPair.start({ automine: false, ...config });
}

/** Both refuse; the answer is ours. */
async function refused(
  pair: NetworkPair,
  from: number,
  request: TransactionRequest,
): Promise<{ rejection: PoolRejection; message: string }> {
  const transaction = signed(from, request);
  let message = "";
  try {
    await pair.rpc("eth_sendRawTransaction", bytesToHex(transaction.raw));
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  expect(message, "the stock network accepts it").to.not.equal("");
  const result = await pair.chain.submit(transaction);
  if (result.ok) {
    throw new Error(`ours accepts it, stock says: ${message}`);
  }
  return { rejection: result.rejection, message };
}

/** The pools hold the same transactions in the same order of display. */
async function comparePools(pair: NetworkPair): Promise<Hash[]> {
  const theirs = await pair.rpc<{ hash: Hash }[]>("eth_pendingTransactions");
  const ours = pair.chain.pendingTransactions().map(({ input }) => input.hash);
  expect(ours).to.deep.equal(theirs.map(({ hash }) => hash));
  return ours;
}

describe("mempool beside the stock network", () => {
  for (const mempoolOrder of ["priority", "fifo"] as const) {
    it(`orders a block by ${mempoolOrder}`, async () => {
      const pair = await manualPair({ mempoolOrder });
      const tips = [1n, 5n, 3n, 5n, 2n].map((tip) => tip * GWEI);
      for (const [sender, tip] of tips.entries()) {
        await pair.send(sender, { nonce: 0n, maxPriorityFeePerGas: tip });
        await pair.send(sender, { nonce: 1n, maxPriorityFeePerGas: 6n * GWEI - tip });
      }
      // a low fee cap bounds the tip
      await pair.send(6, { nonce: 0n, maxFeePerGas: GWEI + GWEI / 2n, maxPriorityFeePerGas: GWEI });
      const block = await pair.mineAndCompare();
      expect(block.transactions).to.have.length(11);
      await comparePools(pair);
    });
  }

  it("holds back what comes too early and releases it when the gap closes", async () => {
    const pair = await manualPair();
    await pair.send(0, { nonce: 2n });
    await pair.send(1, { nonce: 1n });
    await pair.send(0, { nonce: 3n });
    await pair.send(0, { nonce: 0n });
    await comparePools(pair);
    expect((await pair.mineAndCompare()).transactions).to.have.length(1);
    await pair.send(0, { nonce: 1n });
    await comparePools(pair);
    expect((await pair.mineAndCompare()).transactions).to.have.length(3);
    expect(await comparePools(pair)).to.have.length(1);
  });

  it("replaces a transaction only for a tenth more of both fees", async () => {
    const pair = await manualPair();
    const fees = { maxFeePerGas: 10_000_000_001n, maxPriorityFeePerGas: GWEI };
    await pair.send(0, { nonce: 0n, ...fees });
    await pair.send(0, { nonce: 5n, ...fees });
    for (const nonce of [0n, 5n]) {
      const low = await refused(pair, 0, {
        nonce,
        ...fees,
        value: 1n,
        maxFeePerGas: 11_000_000_001n,
      });
      expect(low.rejection).to.deep.equal({
        kind: "ReplacementUnderpriced",
        field: "fee",
        required: 11_000_000_002n,
        nonce,
      });
      expect(low.message).to.contain("11000000002");
      const lowTip = await refused(pair, 0, {
        nonce,
        maxFeePerGas: 12n * GWEI,
        maxPriorityFeePerGas: 1_099_999_999n,
      });
      expect(lowTip.rejection).to.include({ field: "priorityFee", required: 1_100_000_000n });
      await pair.send(0, {
        nonce,
        value: 2n,
        maxFeePerGas: 11_000_000_002n,
        maxPriorityFeePerGas: 1_100_000_000n,
      });
    }
    expect(await comparePools(pair)).to.have.length(2);
    await pair.mineAndCompare();
  });

  it("refuses what stock refuses, for the same reason", async () => {
    const pair = await manualPair();
    await pair.send(0, { nonce: 0n });
    await pair.mineAndCompare();
    const cases: [TransactionRequest, PoolRejection["kind"]][] = [
      [{ nonce: 0n, value: 9n }, "NonceTooLow"],
      [{ nonce: 1n, gasLimit: 16_777_217n }, "ExceedsTransactionGasCap"],
      [{ nonce: 1n, gasLimit: 20_999n }, "IntrinsicGas"],
      [{ nonce: 1n, gasLimit: 21_200n, data: new Uint8Array(20).fill(1) }, "IntrinsicGas"],
      [{ nonce: 1n, gasLimit: 25_000n, data: new Uint8Array(200).fill(1) }, "GasFloor"],
      [{ nonce: 1n, value: 10n ** 24n }, "InsufficientFunds"],
    ];
    for (const [request, kind] of cases) {
      const { rejection, message } = await refused(pair, 0, request);
      expect(rejection.kind, message).to.equal(kind);
    }
    await pair.send(0, { nonce: 1n });
    expect((await refused(pair, 0, { nonce: 1n })).rejection.kind).to.equal("KnownTransaction");
  });

  it("refuses, when automining, a wrong nonce and fees that are too low for the next block", async () => {
    const pair = await NetworkPair.start();
    await pair.sendAndCompare(0, { nonce: 0n });
    expect((await refused(pair, 0, { nonce: 0n, value: 3n })).rejection).to.deep.equal({
      kind: "NonceTooLowAutomine",
      expected: 1n,
      actual: 0n,
    });
    expect((await refused(pair, 0, { nonce: 2n })).rejection.kind).to.equal("NonceTooHighAutomine");
    const { rejection } = await refused(pair, 0, {
      nonce: 1n,
      maxFeePerGas: 2n,
      maxPriorityFeePerGas: 1n,
    });
    expect(rejection).to.include({ kind: "FeeBelowNextBaseFee", maxFeePerGas: 2n });
  });

  it("drops a transaction and turns the sender's later ones into future ones", async () => {
    const pair = await manualPair();
    await pair.send(0, { nonce: 0n });
    const dropped = await pair.send(0, { nonce: 1n });
    await pair.send(0, { nonce: 2n });
    expect(await pair.rpc("hardhat_dropTransaction", dropped)).to.equal(true);
    expect(await pair.chain.dropTransaction(dropped)).to.equal(true);
    expect(await pair.chain.dropTransaction(dropped)).to.equal(false);
    await comparePools(pair);
    const { transactions } = await pair.mineAndCompare();
    expect(transactions).to.have.length(1);
    await comparePools(pair);
    const mined = transactions[0]?.input.hash as Hash;
    const error = await pair.chain.dropTransaction(mined).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ChainError);
  });

  it("spills into the next block what does not fit, sender by sender", async () => {
    const pair = await manualPair({ blockGasLimit: 100_000n });
    await pair.send(0, { nonce: 0n, gasLimit: 50_000n });
    await pair.send(0, { nonce: 1n, gasLimit: 90_000n });
    await pair.send(0, { nonce: 2n, gasLimit: 21_000n });
    await pair.send(1, { nonce: 0n, gasLimit: 60_000n });
    await pair.send(2, { nonce: 0n, gasLimit: 21_000n });
    await pair.send(3, { nonce: 0n, gasLimit: 37_001n });
    const first = await pair.mineAndCompare();
    // used 21000 each: the limits 50000, 60000 fit, 90000 costs account 0 the block, 37001 just does not fit
    expect(first.transactions.map(({ input }) => input.gasLimit)).to.deep.equal([
      50_000n,
      60_000n,
      21_000n,
    ]);
    await pair.mineAndCompare();
    await pair.mineAndCompare();
    expect(await comparePools(pair)).to.have.length(0);
  });

  it("leaves a transaction below the base fee in the pool", async () => {
    const pair = await manualPair();
    await pair.send(0, { nonce: 0n, maxFeePerGas: GWEI / 2n, maxPriorityFeePerGas: 1n });
    await pair.send(0, { nonce: 1n });
    await pair.send(1, { nonce: 0n });
    expect((await pair.mineAndCompare()).transactions).to.have.length(1);
    expect(await comparePools(pair)).to.have.length(2);
    for (let i = 0; i < 6; i++) {
      await pair.mineAndCompare();
    }
    expect(await comparePools(pair)).to.have.length(0);
  });

  it("drops, after a block, what its sender cannot pay any more", async () => {
    const pair = await manualPair();
    const most = 9_999n * 10n ** 18n;
    await pair.send(0, { nonce: 0n, value: most });
    await pair.send(0, { nonce: 2n, value: most });
    await pair.mineAndCompare();
    expect(await comparePools(pair)).to.have.length(0);
  });

  it("drops what is over a new block gas limit", async () => {
    const pair = await manualPair();
    await pair.send(0, { nonce: 0n, gasLimit: 21_000n });
    await pair.send(0, { nonce: 1n, gasLimit: 80_000n });
    await pair.send(0, { nonce: 2n, gasLimit: 21_000n });
    await pair.rpc("evm_setBlockGasLimit", "0xc350");
    await pair.chain.setBlockGasLimit(50_000n);
    expect(await comparePools(pair)).to.have.length(2);
    expect((await pair.mineAndCompare()).header.gasLimit).to.equal(50_000n);
  });

  it("mines nothing, and keeps the pool, when a pooled transaction cannot be paid at its place", async () => {
    const pair = await manualPair();
    const value = 6_000n * 10n ** 18n;
    await pair.send(0, { nonce: 0n, value });
    await pair.send(0, { nonce: 1n, value });
    await pair.send(1, { nonce: 0n });
    const theirs = await pair.rpc("evm_mine").catch((error: unknown) => error);
    expect(theirs).to.be.instanceOf(Error);
    const root = pair.chain.latest.header.stateRoot;
    for (const attempt of [() => pair.chain.mine(), () => pair.chain.pendingBlock()]) {
      const ours = await attempt().catch((error: unknown) => error);
      expect(ours).to.be.instanceOf(ChainError);
      expect((ours as ChainError).problem).to.have.nested.property(
        "reason.kind",
        "InsufficientFunds",
      );
    }
    expect(await comparePools(pair)).to.have.length(3);
    expect(pair.chain.latest.header.stateRoot).to.equal(root);
    await pair.rpc("hardhat_setBalance", account(0).address, "0xffffffffffffffffffffff");
    await pair.chain.setBalance(account(0).address, 0xffffffffffffffffffffffn);
    expect((await pair.mineAndCompare()).transactions).to.have.length(3);
  });

  it("mines everything that is pending once automine is on again", async () => {
    const pair = await manualPair({ blockGasLimit: 60_000n });
    for (let nonce = 0n; nonce < 5n; nonce++) {
      await pair.send(0, { nonce, gasLimit: 30_000n });
    }
    await pair.rpc("evm_setAutomine", true);
    pair.chain.setAutomine(true);
    await pair.setNextTimestamp(1_700_000_100n);
    await pair.send(1, { nonce: 0n, gasLimit: 30_000n });
    expect(await pair.rpc("eth_blockNumber")).to.equal("0x3");
    expect(pair.chain.latestNumber).to.equal(3n);
    // later blocks take the clock's time: compare what does not depend on it
    for (const number of [1n, 2n, 3n]) {
      const theirs = await pair.rpc<{ transactions: Hash[] }>(
        "eth_getBlockByNumber",
        `0x${number.toString(16)}`,
        false,
      );
      const ours = pair.chain.block({ number })?.transactions.map(({ input }) => input.hash);
      expect(ours).to.deep.equal(theirs.transactions);
    }
  });

  it("ends automining when what is pending can never be mined", async () => {
    const { chain } = await NetworkPair.start({ automine: false });
    await chain.submit(signed(0, { nonce: 0n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }));
    chain.setAutomine(true);
    const result = await chain.submit(signed(1, { nonce: 0n }));
    expect(result.ok && result.mined[0]?.transactions).to.have.length(1);
    expect(chain.pendingTransactions()).to.have.length(1);
    // the base fee does not fall below 7 wei: an eighth of it is no whole wei
    expect(chain.nextBaseFeePerGas()).to.equal(7n);
  });

  it("counts as not empty after a drop until the next block, as stock does", async () => {
    const pair = await manualPair();
    const hash = await pair.send(0, { nonce: 0n });
    await pair.rpc("hardhat_dropTransaction", hash);
    await pair.chain.dropTransaction(hash);
    const theirs = await pair
      .rpc("hardhat_setNonce", account(0).address, "0x5")
      .catch((e: unknown) => e);
    const ours = await pair.chain.setNonce(account(0).address, 5n).catch((e: unknown) => e);
    expect(theirs).to.be.instanceOf(Error);
    expect((ours as ChainError).problem).to.deep.equal({ kind: "PoolNotEmpty" });
    await pair.mineAndCompare();
    await pair.rpc("hardhat_setNonce", account(0).address, "0x5");
    await pair.chain.setNonce(account(0).address, 5n);
  });
});
