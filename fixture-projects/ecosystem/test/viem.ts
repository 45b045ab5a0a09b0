/** hardhat-viem: clients, contracts, events, errors, test actions. */
import { expect } from "chai";
import hre from "hardhat";
import { getAddress, parseEther, parseEventLogs, zeroAddress } from "viem";

describe("hardhat-viem", () => {
  it("public client: chain, blocks, balances, fees", async () => {
    const client = await hre.viem.getPublicClient();
    expect(await client.getChainId()).to.equal(31337);
    const block = await client.getBlock();
    expect(block.number).to.equal(await client.getBlockNumber({ cacheTime: 0 }));
    const [wallet] = await hre.viem.getWalletClients();
    expect(await client.getBalance({ address: wallet.account.address })).to.be.greaterThan(0n);
    const fees = await client.estimateFeesPerGas();
    expect(fees.maxPriorityFeePerGas).to.be.greaterThan(0n);
    expect(await client.getGasPrice()).to.be.greaterThan(0n);
    expect(
      (await client.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] })).reward,
    ).to.have.lengthOf.at.least(1);
  });

  it("wallet clients send and sign", async () => {
    const [first, second] = await hre.viem.getWalletClients();
    const client = await hre.viem.getPublicClient();
    const before = await client.getBalance({ address: second.account.address });
    const hash = await first.sendTransaction({
      to: second.account.address,
      value: parseEther("1"),
    });
    const receipt = await client.waitForTransactionReceipt({ hash });
    expect(receipt.status).to.equal("success");
    expect(receipt.gasUsed).to.equal(21_000n);
    expect(await client.getBalance({ address: second.account.address })).to.equal(
      before + parseEther("1"),
    );
    const signature = await first.signMessage({ message: "words" });
    expect(
      await client.verifyMessage({ address: first.account.address, message: "words", signature }),
    ).to.equal(true);
    const typed = await first.signTypedData({
      domain: { name: "D", chainId: 31337 },
      types: { T: [{ name: "a", type: "uint256" }] },
      primaryType: "T",
      message: { a: 5n },
    });
    expect(typed).to.match(/^0x[0-9a-f]{130}$/);
  });

  it("contracts: read, write, simulate, events", async () => {
    const contract = await hre.viem.deployContract("Everything");
    const client = await hre.viem.getPublicClient();
    await contract.write.store([42n]);
    expect(await contract.read.stored()).to.equal(42n);
    const { result } = await contract.simulate.store([1n]);
    expect(result).to.equal(42n);
    expect(await contract.estimateGas.store([2n])).to.be.greaterThan(21_000n);
    const hash = await contract.write.emitStructured([3n]);
    const receipt = await client.getTransactionReceipt({ hash });
    const [event] = parseEventLogs({ abi: contract.abi, logs: receipt.logs });
    expect(event).to.have.property("eventName", "Structured");
    const events = await contract.getEvents.Structured();
    expect(events).to.have.lengthOf(1);
  });

  it("contracts: errors", async () => {
    const contract = await hre.viem.deployContract("Everything");
    const messages: string[] = [];
    for (const act of [
      () => contract.write.failPlain(),
      () => contract.write.failDetailed(),
      () => contract.write.failReason(["because"]),
      () => contract.write.failSilently(),
      () => contract.read.viewDetailed(),
      () => contract.simulate.failOverflow([2n]),
    ]) {
      await act().catch((error: { shortMessage?: string; message: string; details?: string }) => {
        messages.push(`${error.shortMessage} | ${error.details}`);
      });
    }
    expect(messages).to.have.lengthOf(6);
    expect(messages[0]).to.match(/Plain/);
    expect(messages[2]).to.match(/because/);
  });

  it("libraries are linked", async () => {
    const library = await hre.viem.deployContract("Scale");
    const scaled = await hre.viem.deployContract("Scaled", [4n], {
      libraries: { Scale: library.address },
    });
    expect(await scaled.read.value()).to.equal(8n);
  });

  it("test client: mode hardhat, and its actions", async () => {
    const client = await hre.viem.getTestClient();
    const publicClient = await hre.viem.getPublicClient();
    expect(client.mode).to.equal("hardhat");
    const address = getAddress(`0x${"ab".repeat(20)}`);
    await client.setBalance({ address, value: 5n });
    await client.setCode({ address, bytecode: "0x00" });
    await client.setNonce({ address, nonce: 3 });
    await client.setStorageAt({ address, index: 1, value: `0x${"11".repeat(32)}` });
    await client.mine({ blocks: 2, interval: 10 });
    await client.increaseTime({ seconds: 60 });
    await client.impersonateAccount({ address });
    await client.stopImpersonatingAccount({ address });
    const id = await client.snapshot();
    await client.mine({ blocks: 1 });
    await client.revert({ id });
    await client.setAutomine(true);
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: 100n });
    await client.setCoinbase({ address: zeroAddress });
    expect(await publicClient.getBalance({ address })).to.equal(5n);
    expect(await publicClient.getTransactionCount({ address })).to.equal(3);
    expect(await publicClient.getStorageAt({ address, slot: "0x1" })).to.equal(
      `0x${"11".repeat(32)}`,
    );
  });

  it("watches events (by the clock)", async () => {
    const contract = await hre.viem.deployContract("Everything");
    const client = await hre.viem.getPublicClient({ pollingInterval: 20 });
    const seen = new Promise<bigint | undefined>((found) => {
      const stop = client.watchContractEvent({
        address: contract.address,
        abi: contract.abi,
        eventName: "Numbers",
        onLogs: ([log]) => {
          stop();
          found(log?.args.small);
        },
      });
    });
    await new Promise((done) => setTimeout(done, 100));
    await contract.write.emitNumbers([6n, -1n]);
    expect(await seen).to.equal(6n);
  });
});
