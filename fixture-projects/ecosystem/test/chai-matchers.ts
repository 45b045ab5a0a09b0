/** Every matcher of hardhat-chai-matchers, where it holds and where it does not. */
import { anyUint, anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

async function deployed() {
  const [owner, alice, bob] = await ethers.getSigners();
  const contract = await ethers.deployContract("Everything");
  const coin = await ethers.deployContract("Coin", [1000n]);
  await owner.sendTransaction({ to: contract, value: 1000n });
  return { contract, coin, owner, alice, bob };
}

/** The message that a matcher fails with: part of what must be the same on every network. */
async function says(assertion: PromiseLike<unknown>): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("the assertion holds");
}

describe("emit, withArgs", () => {
  it("an event without arguments", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.emitNothing()).to.emit(contract, "Nothing");
    await expect(contract.emitNothing()).not.to.emit(contract, "Numbers");
    expect(await says(expect(contract.emitNothing()).to.emit(contract, "Numbers"))).to.equal(
      'Expected event "Numbers" to be emitted, but it wasn\'t',
    );
    expect(await says(expect(contract.emitNothing()).not.to.emit(contract, "Nothing"))).to.equal(
      'Expected event "Nothing" NOT to be emitted, but it was',
    );
    expect(await says(expect(contract.emitNothing()).to.emit(contract, "Unknown"))).to.equal(
      'Event "Unknown" doesn\'t exist in the contract',
    );
  });

  it("numbers, indexed and not, and predicates", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.emitNumbers(5n, -7n)).to.emit(contract, "Numbers").withArgs(5n, -7n, 5);
    await expect(contract.emitNumbers(5n, -7n))
      .to.emit(contract, "Numbers")
      .withArgs(anyUint, anyValue, (value: bigint) => value === 5n);
    expect(
      await says(
        expect(contract.emitNumbers(5n, -7n)).to.emit(contract, "Numbers").withArgs(6n, -7n, 5),
      ),
    ).to.match(/expected 5 to equal 6/i);
    expect(
      await says(
        expect(contract.emitNumbers(5n, -7n)).to.emit(contract, "Numbers").withArgs(5n, anyUint, 5),
      ),
    ).to.match(/anyUint expected its argument to be an unsigned integer, but it was negative/);
    expect(
      await says(expect(contract.emitNumbers(5n, -7n)).to.emit(contract, "Numbers").withArgs(5n)),
    ).to.match(/Expected arguments array to have length 1, but it has 3/);
  });

  it("texts, an indexed one by its hash", async () => {
    const { contract } = await loadFixture(deployed);
    const selector = ethers.id("some text").slice(0, 10);
    await expect(contract.emitTexts("some text"))
      .to.emit(contract, "Texts")
      .withArgs(
        "some text",
        "some text",
        ethers.hexlify(ethers.toUtf8Bytes("some text")),
        selector,
      );
    expect(
      await says(
        expect(contract.emitTexts("some text"))
          .to.emit(contract, "Texts")
          .withArgs(ethers.id("some text"), anyValue, anyValue, anyValue),
      ),
    ).to.match(/You provided the hash itself/);
  });

  it("structures, lists and addresses", async () => {
    const { contract, owner } = await loadFixture(deployed);
    await expect(contract.emitStructured(3n))
      .to.emit(contract, "Structured")
      .withArgs([3n, -3n], [0n, 3n], owner);
  });

  it("one of several events of the same name", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.emitTwice(1n, 2n)).to.emit(contract, "Numbers").withArgs(2n, 0n, 0n);
    await expect(contract.emitTwice(1n, 2n))
      .to.emit(contract, "Numbers")
      .withArgs(1n, 0n, 0n)
      .and.to.emit(contract, "Numbers")
      .withArgs(2n, 0n, 0n);
    expect(
      await says(
        expect(contract.emitTwice(1n, 2n)).to.emit(contract, "Numbers").withArgs(9n, 0n, 0n),
      ),
    ).to.match(/The specified arguments \(.*\) were not included in any of the 2 emitted/);
  });

  it("by hash of the transaction", async () => {
    const { contract } = await loadFixture(deployed);
    const { hash } = await contract.emitNothing();
    await expect(hash).to.emit(contract, "Nothing");
    await expect(contract.emitNothing()).to.emit(contract, "Nothing");
  });
});

describe("reverted…", () => {
  it("reverted: calls, transactions, receipts, hashes", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.failPlain()).to.be.reverted;
    await expect(contract.failPlain.staticCall()).to.be.reverted;
    await expect(contract.failPlain.estimateGas()).to.be.reverted;
    await expect(contract.store(1n)).not.to.be.reverted;
    await expect((await contract.store(1n)).hash).not.to.be.reverted;
    await expect((await contract.store(1n)).wait()).not.to.be.reverted;
    expect(await says(expect(contract.store(1n)).to.be.reverted)).to.equal(
      "Expected transaction to be reverted",
    );
    expect(await says(expect(contract.failReason("x")).not.to.be.reverted)).to.match(
      /Expected transaction NOT to be reverted, but it reverted with reason 'x'/,
    );
  });

  it("revertedWith: the whole reason, or a pattern", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.failReason("some reason")).to.be.revertedWith("some reason");
    await expect(contract.failReason("some reason")).to.be.revertedWith(/^some/);
    await expect(contract.failReason("some reason")).not.to.be.revertedWith("other");
    const failing = [
      [() => contract.failReason("b"), /but it reverted with reason 'b'/],
      [() => contract.failPlain(), /but it reverted with a custom error/],
      [() => contract.failSilently(), /but it reverted without a reason/],
      [() => contract.failAssert(), /but it reverted with panic code 0x01 \(Assertion error\)/],
      [() => contract.store(1n), /but it didn't/],
    ] as const;
    for (const [act, message] of failing) {
      expect(await says(expect(act()).to.be.revertedWith("a"))).to.match(message);
    }
  });

  it("revertedWithCustomError with arguments", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.failPlain()).to.be.revertedWithCustomError(contract, "Plain");
    for (const act of [contract.failDetailed, contract.failDetailed.staticCall]) {
      await expect(act())
        .to.be.revertedWithCustomError(contract, "Detailed")
        .withArgs(7n, "seven", [1n, -2n], [5n, 0n]);
    }
    await expect(contract.viewDetailed())
      .to.be.revertedWithCustomError(contract, "Detailed")
      .withArgs(anyUint, "eight", anyValue, []);
    const failing = [
      [() => contract.failPlain(), /but it reverted with custom error 'Plain'/],
      [() => contract.failReason("b"), /but it reverted with reason 'b'/],
      [() => contract.failSilently(), /but it reverted without a reason/],
      [() => contract.failOverflow(2n), /but it reverted with panic code 0x11/],
      [() => contract.store(1n), /but it didn't revert/],
    ] as const;
    for (const [act, message] of failing) {
      expect(
        await says(expect(act()).to.be.revertedWithCustomError(contract, "Detailed")),
      ).to.match(message);
    }
  });

  it("revertedWithPanic, with a code and without", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.failAssert()).to.be.revertedWithPanic(0x01);
    await expect(contract.failAssert()).to.be.revertedWithPanic();
    await expect(contract.failOverflow(2n)).to.be.revertedWithPanic("0x11");
    await expect(contract.failReason("x")).not.to.be.revertedWithPanic();
    expect(await says(expect(contract.failAssert()).to.be.revertedWithPanic(0x12))).to.match(
      /but it reverted with panic code 0x01 \(Assertion error\)/,
    );
  });

  it("revertedWithoutReason", async () => {
    const { contract } = await loadFixture(deployed);
    await expect(contract.failSilently()).to.be.revertedWithoutReason();
    await expect(contract.failReason("x")).not.to.be.revertedWithoutReason();
    expect(await says(expect(contract.failPlain()).to.be.revertedWithoutReason())).to.match(
      /but it reverted with a custom error/,
    );
  });

  it("what is no revert is passed on", async () => {
    const { contract, owner } = await loadFixture(deployed);
    expect(await says(expect(contract.store(1n, { gasLimit: 1000n })).to.be.reverted)).to.match(
      /Transaction requires at least \d+ gas but got 1000/,
    );
    expect(
      await says(expect(owner.sendTransaction({ to: owner, nonce: 0 })).to.be.reverted),
    ).to.match(/Nonce too low/);
  });
});

describe("balances", () => {
  it("changeEtherBalance with and without fee", async () => {
    const { owner, alice, contract } = await loadFixture(deployed);
    const transfer = () => owner.sendTransaction({ to: alice, value: 200n });
    await expect(transfer()).to.changeEtherBalance(alice, 200n);
    await expect(transfer).to.changeEtherBalance(owner, -200n);
    await expect(transfer()).to.changeEtherBalance(alice.address, "200");
    await expect(
      owner.sendTransaction({ to: alice, value: 5n, gasPrice: 2_000_000_000n }),
    ).to.changeEtherBalance(owner, -(5n + 21_000n * 2_000_000_000n), { includeFee: true });
    await expect(contract.pay(alice, 50n)).to.changeEtherBalance(contract, -50n);
    expect(await says(expect(transfer()).to.changeEtherBalance(alice, 201n))).to.match(
      /Expected the ether balance of "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" to change by 201 wei, but it changed by 200 wei/,
    );
    await expect(transfer()).to.changeEtherBalance(alice, (change: bigint) => change > 100n);
  });

  it("changeEtherBalances", async () => {
    const { owner, alice, contract } = await loadFixture(deployed);
    await expect(contract.pay(alice, 50n)).to.changeEtherBalances(
      [contract, alice, owner],
      [-50n, 50n, 0n],
    );
    expect(
      await says(expect(contract.pay(alice, 50n)).to.changeEtherBalances([contract], [50n])),
    ).to.match(/the 1st address in the list/);
  });

  it("changeTokenBalance(s)", async () => {
    const { coin, owner, alice } = await loadFixture(deployed);
    await expect(coin.transfer(alice, 5n)).to.changeTokenBalance(coin, alice, 5n);
    await expect(() => coin.transfer(alice, 5n)).to.changeTokenBalances(
      coin,
      [owner, alice],
      [-5n, 5n],
    );
    expect(
      await says(expect(coin.transfer(alice, 5n)).to.changeTokenBalance(coin, alice, 6n)),
    ).to.match(
      /Expected the balance of COIN tokens for "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" to change by 6, but it changed by 5/,
    );
  });
});

describe("values", () => {
  it("properAddress, properPrivateKey, properHex, hexEqual", () => {
    expect("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266").to.be.properAddress;
    expect("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb9226").not.to.be.properAddress;
    expect(`0x${"12".repeat(32)}`).to.be.properPrivateKey;
    expect("0x1234").to.be.properHex(4);
    expect("0x00012AB").to.hexEqual("0x12ab");
  });

  it("big numbers of every kind", async () => {
    const { coin, owner } = await loadFixture(deployed);
    const balance = await coin.balanceOf(owner);
    expect(balance).to.equal(1000);
    expect(balance).to.be.above(999n);
    expect(balance).to.be.at.most(1000n);
    expect(balance).to.be.within(1n, 2000n);
    expect(balance).to.be.closeTo(1005n, 5n);
    expect([balance, 2n]).to.deep.equal([1000, 2]);
  });

  it("addressable", async () => {
    const { contract, owner } = await loadFixture(deployed);
    expect(contract).to.equal(await contract.getAddress());
    expect(owner).to.equal(owner.address);
  });
});
