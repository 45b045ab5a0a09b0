/**
 * Tests as a team writes them: a fixture, a transaction in a block of its own, an event, a few calls,
 * and in three of ten a revert. REVERTS=0 leaves those three out. `npm run bench:tests` takes their
 * time on stock and on ours.
 */
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

/** Times ten tests, or seven without reverts. */
const ROUNDS = 50;
const reverting = process.env.REVERTS === "0" ? () => undefined : it;

async function deployed() {
  const [owner, alice, bob, carol] = await ethers.getSigners();
  const coin = await ethers.deployContract("Coin");
  const collection = await ethers.deployContract("Collection");
  const vault = await ethers.deployContract("Vault", [coin]);
  await coin.mint(owner, 1_000_000n);
  await coin.mint(alice, 1_000_000n);
  await coin.approve(vault, 1_000_000n);
  await vault.deposit(1000n, owner);
  for (let id = 0n; id < 5n; id++) {
    await collection.mint(owner, id);
  }
  return { owner, alice, bob, carol, coin, collection, vault };
}

for (let round = 0; round < ROUNDS; round++) {
  const amount = BigInt(round) + 1n;
  describe(`round ${round}`, () => {
    it("a transfer changes two balances", async () => {
      const { coin, owner, bob } = await loadFixture(deployed);
      await expect(coin.transfer(bob, amount)).to.changeTokenBalances(
        coin,
        [owner, bob],
        [-amount, amount],
      );
    });

    it("a transfer emits", async () => {
      const { coin, owner, bob } = await loadFixture(deployed);
      await expect(coin.transfer(bob, amount))
        .to.emit(coin, "Transfer")
        .withArgs(owner, bob, amount);
    });

    reverting("a transfer of too much reverts with a custom error", async () => {
      const { coin, bob, carol } = await loadFixture(deployed);
      await expect(coin.connect(bob).getFunction("transfer")(carol, amount))
        .to.be.revertedWithCustomError(coin, "ERC20InsufficientBalance")
        .withArgs(bob, 0n, amount);
    });

    it("an allowance is used", async () => {
      const { coin, owner, alice, carol } = await loadFixture(deployed);
      await coin.approve(alice, amount);
      await coin.connect(alice).getFunction("transferFrom")(owner, carol, amount);
      expect(await coin.allowance(owner, alice)).to.equal(0n);
      expect(await coin.balanceOf(carol)).to.equal(amount);
    });

    reverting("only the owner pauses", async () => {
      const { coin, alice } = await loadFixture(deployed);
      await expect(coin.connect(alice).getFunction("pause")()).to.be.revertedWithCustomError(
        coin,
        "OwnableUnauthorizedAccount",
      );
      await coin.pause();
      expect(await coin.paused()).to.equal(true);
    });

    it("a token moves", async () => {
      const { collection, owner, bob } = await loadFixture(deployed);
      await collection.transferFrom(owner, bob, amount % 5n);
      expect(await collection.ownerOf(amount % 5n)).to.equal(bob.address);
      expect(await collection.balanceOf(owner)).to.equal(4n);
    });

    reverting("an unknown token reverts", async () => {
      const { collection } = await loadFixture(deployed);
      await expect(collection.ownerOf(100n + amount)).to.be.revertedWithCustomError(
        collection,
        "ERC721NonexistentToken",
      );
    });

    it("a vault pays out", async () => {
      const { vault, coin, owner } = await loadFixture(deployed);
      await vault.deposit(amount, owner);
      expect(await vault.totalAssets()).to.equal(1000n + amount);
      await vault.redeem(amount, owner, owner);
      expect(await coin.balanceOf(vault)).to.equal(1000n);
    });

    it("ether moves", async () => {
      const { owner, bob } = await loadFixture(deployed);
      await expect(owner.sendTransaction({ to: bob, value: amount })).to.changeEtherBalance(
        bob,
        amount,
      );
    });

    it("time passes", async () => {
      const { coin, owner } = await loadFixture(deployed);
      const before = await time.latest();
      await time.increase(86_400);
      expect(await time.latest()).to.be.at.least(before + 86_400);
      expect(await coin.balanceOf(owner)).to.be.greaterThan(0n);
    });
  });
}
