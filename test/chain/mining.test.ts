import { expect } from "chai";
import { impersonateTransaction } from "../../src/chain/transaction-codec";
import { hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { authorize } from "./authorize";
import { account, NetworkPair, signed } from "./network-pair";

/** Init code that deploys `runtime` (at most 255 bytes). */
function deploying(runtime: string): Uint8Array {
  const size = (runtime.length / 2).toString(16).padStart(2, "0");
  // PUSH1 size DUP1 PUSH1 11 PUSH1 0 CODECOPY PUSH1 0 RETURN: 11 bytes
  return hexToBytes(`0x60${size}80600b6000396000f3${runtime}`);
}

/** slot 0 += 1, then logs the counter with one topic */
const COUNTER = "6001600054018060005560005260aa60206000a100";
/** reverts with one word */
const REVERTER = "602a60005260206000fd";

describe("mining", () => {
  for (const hardfork of [
    "byzantium",
    "berlin",
    "london",
    "merge",
    "shanghai",
    "cancun",
    "prague",
    "osaka",
  ]) {
    it(`gives the stock network's blocks for transfers, deployments, calls and failures under ${hardfork}`, async () => {
      const pair = await NetworkPair.start({ hardfork });
      const isLondon = !["byzantium", "berlin"].includes(hardfork);
      const type = isLondon ? 2 : 0;
      await pair.sendAndCompare(0, { type, nonce: 0n, value: 12_345n });
      await pair.sendAndCompare(2, {
        type: 0,
        nonce: 0n,
        value: 1n,
        to: "0x00000000000000000000000000000000000000ee",
      });
      const deployment = await pair.sendAndCompare(0, {
        type,
        nonce: 1n,
        to: null,
        data: deploying(COUNTER),
      });
      const counter = deployment.receipts[0]?.outcome.createdAddress as Address;
      const call = await pair.sendAndCompare(1, { type, nonce: 0n, to: counter });
      expect(call.receipts[0]?.outcome.logs).to.have.length(1);
      await pair.sendAndCompare(1, { type, nonce: 1n, to: counter, gasLimit: 30_000n });
      await pair.sendAndCompare(1, {
        type,
        nonce: 2n,
        to: null,
        data: hexToBytes(`0x${REVERTER}`),
      });
      await pair.sendAndCompare(3, {
        type,
        nonce: 0n,
        to: null,
        data: deploying(REVERTER),
        gasLimit: 60_000n,
      });
      await pair.mineAndCompare();
      if (hardfork !== "byzantium") {
        await pair.sendAndCompare(4, {
          type: 1,
          nonce: 0n,
          to: counter,
          accessList: [{ address: counter, slots: [0n, 1n] }],
        });
      }
    });
  }

  it("puts an EIP-7702 transaction's authorizations into effect as the stock network does", async () => {
    const pair = await NetworkPair.start();
    const { address } = account(1);
    await pair.sendAndCompare(0, { nonce: 0n, to: null, data: deploying(COUNTER) });
    const counter = pair.chain.latest.receipts[0]?.outcome.createdAddress as Address;
    await pair.sendAndCompare(2, {
      type: 4,
      nonce: 0n,
      to: address,
      signedAuthorizations: [authorize(1, { chainId: 31337n, address: counter, nonce: 0n })],
    });
    const state = await pair.chain.stateAt("latest");
    expect(state.storage(address, 0n)).to.equal(1n);
    // a delegated account goes on sending
    await pair.sendAndCompare(1, { nonce: 1n, to: address });
  });

  it("mines impersonated senders, contracts included, with the stock network's hashes", async () => {
    const pair = await NetworkPair.start();
    const sender: Address = "0x00000000000000000000000000000000000000cc";
    const ether = 10n ** 18n;
    await pair.rpc("hardhat_setBalance", sender, `0x${ether.toString(16)}`);
    await pair.chain.setBalance(sender, ether);
    await pair.rpc("hardhat_setCode", sender, `0x${COUNTER}`);
    await pair.chain.setCode(sender, hexToBytes(`0x${COUNTER}`));
    await pair.rpc("hardhat_impersonateAccount", sender);
    const fees = { maxFeePerGas: "0x2540be400", maxPriorityFeePerGas: "0x1" };
    for (const [nonce, request] of [
      fees,
      { gasPrice: "0x2540be400" },
      { gasPrice: "0x2540be400", accessList: [] },
    ].entries()) {
      await pair.setNextTimestamp(pair.chain.latest.header.timestamp + 1n);
      const hash = await pair.rpc("eth_sendTransaction", {
        from: sender,
        to: account(0).address,
        gas: "0x186a0",
        value: "0x1",
        ...request,
      });
      const { input } = signed(0, { nonce: 0n });
      const transaction = impersonateTransaction(
        {
          ...input,
          type: nonce === 0 ? 2 : nonce === 1 ? 0 : 1,
          chainId: 31337n,
          nonce: BigInt(nonce),
          gasLimit: 100_000n,
          to: account(0).address,
          value: 1n,
          maxFeePerGas: 10_000_000_000n,
          maxPriorityFeePerGas: nonce === 0 ? 1n : 10_000_000_000n,
          signedAuthorizations: [],
        },
        sender,
      );
      expect(transaction.input.hash).to.equal(hash);
      expect((await pair.chain.submit(transaction)).ok).to.equal(true);
      await pair.compareLatest();
      const theirs = await pair.rpc<{ v: string }>("eth_getTransactionByHash", hash);
      expect(`0x${transaction.signature.v.toString(16)}`).to.equal(theirs.v);
    }
  });

  it("lets the base fee move with the gas used", async () => {
    const pair = await NetworkPair.start({ blockGasLimit: 100_000n });
    // 21000, 42000, 63000, 84000 of 100000 gas: below and above the target
    await pair.rpc("evm_setAutomine", false);
    pair.chain.setAutomine(false);
    let nonce = 0n;
    for (const count of [1, 4, 4, 2, 3, 0, 4]) {
      for (let i = 0; i < count; i++) {
        await pair.send(0, { nonce: nonce++, gasLimit: 21_000n });
      }
      const { header } = await pair.mineAndCompare();
      expect(header.gasUsed).to.equal(21_000n * BigInt(count));
    }
  });

  it("takes the base fee that was set, for one block", async () => {
    const pair = await NetworkPair.start();
    await pair.rpc("hardhat_setNextBlockBaseFeePerGas", "0x77359400");
    pair.chain.setNextBaseFeePerGas(2_000_000_000n);
    expect((await pair.mineAndCompare()).header.baseFeePerGas).to.equal(2_000_000_000n);
    await pair.mineAndCompare();
  });

  it("takes the prevrandao that was set, and goes on from it", async () => {
    const pair = await NetworkPair.start();
    const value = `0x${"11".repeat(32)}` as const;
    await pair.rpc("hardhat_setPrevRandao", value);
    pair.chain.setPrevRandao(value);
    expect((await pair.mineAndCompare()).header.mixHash).to.equal(value);
    await pair.mineAndCompare();
  });

  it("pays fees and rewards to the coinbase that was set", async () => {
    for (const hardfork of ["byzantium", "berlin", "osaka"]) {
      const pair = await NetworkPair.start({ hardfork });
      const coinbase: Address = "0x00000000000000000000000000000000000000c0";
      await pair.rpc("hardhat_setCoinbase", coinbase);
      pair.chain.setCoinbase(coinbase);
      await pair.mineAndCompare();
      await pair.sendAndCompare(0, { type: 0, nonce: 0n });
      const state = await pair.chain.stateAt("latest");
      expect(state.balance(coinbase)).to.equal(BigInt(await pair.rpc("eth_getBalance", coinbase)));
    }
  });

  it("shows irregular changes at once, and in the root of the next block", async () => {
    const pair = await NetworkPair.start();
    const target: Address = "0x00000000000000000000000000000000000000dd";
    const before = pair.chain.latest.header.stateRoot;
    await pair.rpc("hardhat_setBalance", target, "0x7");
    await pair.chain.setBalance(target, 7n);
    await pair.rpc("hardhat_setNonce", target, "0x9");
    await pair.chain.setNonce(target, 9n);
    await pair.rpc("hardhat_setCode", target, "0x6001");
    await pair.chain.setCode(target, hexToBytes("0x6001"));
    await pair.rpc("hardhat_setStorageAt", target, "0x3", `0x${"5".padStart(64, "0")}`);
    await pair.chain.setStorage(target, 3n, 5n);
    expect((await pair.chain.stateAt("latest")).balance(target)).to.equal(7n);
    expect(pair.chain.latest.header.stateRoot).to.equal(before);
    await pair.mineAndCompare();
    expect(pair.chain.latest.header.stateRoot).to.not.equal(before);
    // the changes belong to the block after which they were made
    expect((await pair.chain.stateAt({ number: 0n })).balance(target)).to.equal(
      BigInt(await pair.rpc("eth_getBalance", target, "0x0")),
    );
  });
});
