/** Mempool, mining modes and pending block, as on the stock network. */
import { authorizationJson } from "./authorization";
import { ENGINES, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const C = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
const GAS = "0x5208";

const gwei = (amount: number): string => `0x${(amount * 1_000_000_000).toString(16)}`;

for (const mempoolOrder of ["priority", "fifo"] as const) {
  describe(`the mempool (${mempoolOrder})`, () => {
    let pair: Pair;

    before(async () => {
      pair = await Pair.start({ mempoolOrder, automine: false, blockGasLimit: 100_000 });
    });

    after(() => pair.close());

    it("queues, orders and packs transactions", async () => {
      for (const [from, tip, nonce] of [
        [A, 1, undefined],
        [B, 3, undefined],
        [C, 2, undefined],
        [A, 9, undefined],
        [B, 1, "0x5"],
        [C, 2, undefined],
        [A, 2, undefined],
      ] as const) {
        await pair.send({
          from,
          to: C,
          gas: GAS,
          maxFeePerGas: gwei(20),
          maxPriorityFeePerGas: gwei(tip),
          ...(nonce === undefined ? {} : { nonce }),
        });
      }
      await pair.ask("eth_pendingTransactions");
      await pair.ask("eth_getBlockByNumber", "pending", true);
      await pair.ask("eth_getTransactionCount", A, "pending");
      await pair.ask("eth_getTransactionCount", A);
      await pair.ask("eth_getBalance", C, "pending");
      await pair.ask("eth_getBlockTransactionCountByNumber", "pending");
      await pair.ask("eth_getTransactionByBlockNumberAndIndex", "pending", "0x1");
      await pair.ask("eth_estimateGas", { from: A, to: B });
      await pair.ask("eth_feeHistory", "0x2", "pending", [50]);
      for (let block = 0; block < 3; block++) {
        await pair.ask("evm_mine");
        await pair.ask("eth_getBlockByNumber", "latest", true);
        await pair.ask("eth_pendingTransactions");
      }
    });

    it("refuses what it must and replaces what it may", async () => {
      const transaction = { from: A, to: B, gas: GAS, nonce: "0x20" };
      const fees = { maxFeePerGas: gwei(10), maxPriorityFeePerGas: gwei(1) };
      const hash = await pair.send({ ...transaction, ...fees });
      await pair.refuse("eth_sendTransaction", { ...transaction, ...fees });
      await pair.refuse("eth_sendTransaction", { ...transaction, ...fees, value: "0x1" });
      await pair.refuse("eth_sendTransaction", {
        ...transaction,
        maxFeePerGas: gwei(11),
        maxPriorityFeePerGas: gwei(1),
      });
      await pair.refuse("eth_sendTransaction", { ...transaction, gasPrice: gwei(10) });
      const replaced = await pair.send({
        ...transaction,
        maxFeePerGas: gwei(11),
        maxPriorityFeePerGas: gwei(2),
      });
      await pair.ask("eth_getTransactionByHash", hash);
      await pair.ask("eth_getTransactionByHash", replaced);
      await pair.ask("eth_getTransactionReceipt", replaced);
      await pair.refuse("eth_sendTransaction", { ...transaction, nonce: "0x0" });
      await pair.refuse("eth_sendTransaction", { ...transaction, nonce: "0x21", gas: "0x186a1" });
      await pair.refuse("eth_sendTransaction", {
        ...transaction,
        nonce: "0x21",
        value: gwei(2 ** 52),
      });
      await pair.refuse("hardhat_setNonce", A, "0x99");
      await pair.ask("hardhat_dropTransaction", replaced);
      await pair.ask("hardhat_dropTransaction", replaced);
      await pair.ask("eth_pendingTransactions");
    });

    it("keeps transactions under the base fee waiting", async () => {
      await pair.send({
        from: C,
        to: B,
        gas: GAS,
        maxFeePerGas: "0x1",
        maxPriorityFeePerGas: "0x1",
      });
      await pair.ask("evm_mine");
      await pair.ask("eth_getBlockByNumber", "latest", true);
      await pair.ask("hardhat_setNextBlockBaseFeePerGas", "0x1");
      await pair.ask("eth_getBlockByNumber", "pending", true);
      await pair.ask("evm_mine");
      await pair.ask("eth_getBlockByNumber", "latest", true);
    });

    it("drops what a lower block gas limit excludes", async () => {
      await pair.send({ from: A, to: B, gas: "0x15f90" });
      await pair.ask("evm_setBlockGasLimit", "0x11170");
      await pair.ask("eth_pendingTransactions");
      await pair.ask("evm_setBlockGasLimit", "0x3938700");
      await pair.ask("evm_mine");
      await pair.ask("eth_getBlockByNumber", "latest", true);
    });

    it("mines everything that waits when automine is switched on and one more is sent", async () => {
      for (const from of [A, B, C, A]) {
        await pair.send({ from, to: C, gas: GAS });
      }
      await pair.ask("evm_setAutomine", true);
      await pair.ask("hardhat_getAutomine");
      await pair.ask("eth_blockNumber");
      await pair.send({ from: C, to: A, gas: GAS });
      await pair.ask("eth_pendingTransactions");
      await pair.ask("eth_getBlockByNumber", "latest", true);
      await pair.refuse("eth_sendTransaction", { from: A, to: B, gas: GAS, nonce: "0x50" });
      await pair.refuse("eth_sendTransaction", { from: A, to: B, gas: GAS, nonce: "0x0" });
    });

    it("hardhat_mine mines what waits, then empty blocks", async () => {
      await pair.ask("evm_setAutomine", false);
      for (const from of [A, B, C, A, B, C]) {
        await pair.send({ from, to: C, gas: GAS });
      }
      await pair.ask("hardhat_mine", "0x4", "0x3c");
      await pair.ask("eth_getBlockByNumber", "latest", true);
      await pair.ask("hardhat_mine", "0xffffff", "0x3c");
      for (const number of ["latest", "0x20", "0xff", "0xfffff", "earliest"]) {
        await pair.ask("eth_getBlockByNumber", number, true);
      }
      const far = (await pair.ask("eth_getBlockByNumber", "0x1234", false)) as { hash: string };
      await pair.ask("eth_getBlockByHash", far.hash, true);
      // Not compared: state inside a range of reserved blocks, where stock answers with an empty state.
      await pair.ask("eth_feeHistory", "0x3", "0x1234", [50]);
    });
  });
}

for (const engine of ENGINES) {
  it(`a transaction that another in the pool makes invalid (${engine})`, async () => {
    const pair = await Pair.start({ engine, automine: false });
    const fees = { maxFeePerGas: gwei(20), maxPriorityFeePerGas: gwei(2) };
    await pair.send({ from: C, to: B, gas: GAS });
    // counts as C's first transaction, and goes before it
    const authorizationList = [authorizationJson({ signer: 2, address: B, nonce: 0n })];
    await pair.send({ from: A, to: B, gas: "0x30d40", ...fees, authorizationList });
    await pair.refuse("eth_getStorageAt", B, "0x0", "pending");
    await pair.refuse("eth_getBlockByNumber", "pending", true);
    await pair.refuse("eth_call", { from: A, to: B }, "pending");
    await pair.refuse("evm_mine");
    await pair.refuse("hardhat_mine", "0x3");
    await pair.ask("evm_setAutomine", true);
    await pair.refuse("eth_sendTransaction", { from: B, to: C, gas: GAS });
    await pair.ask("eth_pendingTransactions");
    await pair.ask("eth_blockNumber");
    await pair.ask("evm_snapshot");
    await pair.close();
  });
}

it("hardhat_mine over ranges that nobody could mine one by one", async () => {
  const pair = await Pair.start();
  for (const count of ["0xffffffffff", "0xffffffffffff"]) {
    await pair.ask("hardhat_mine", count, "0x0");
    await pair.ask("eth_blockNumber");
    await pair.ask("eth_getBlockByNumber", "0x1234567", false);
    await pair.send({ from: A, to: B, gas: GAS });
    await pair.ask("eth_getBlockByNumber", "latest", true);
  }
  await pair.close();
});
