import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const LAND_PRICE = 1_000n;

/** alice is on tile 5, bob on tile 6, both with 10 wood; stranger does not play. */
async function deploy(name: string) {
  const [, alice, bob, stranger] = await ethers.getSigners();
  const world = await ethers.deployContract(name, [[alice, bob], [5, 6], 10]);
  return { world, alice, bob, stranger };
}

async function deployGameWorld() {
  return deploy("GameWorld");
}

async function deployTileWorld() {
  return deploy("TileWorld");
}

for (const [name, deployWorld] of Object.entries({
  GameWorld: deployGameWorld,
  TileWorld: deployTileWorld,
})) {
  describe(name, () => {
    it("players begin on their tiles with wood", async () => {
      const { world, alice, stranger } = await loadFixture(deployWorld);
      const { exists, tile, wood, tools } = await world.players(alice);
      expect([exists, tile, wood, tools]).to.deep.equal([true, 5n, 10n, 0n]);
      expect((await world.players(stranger)).exists).to.equal(false);
    });

    it("strangers have no turn", async () => {
      const { world, stranger } = await loadFixture(deployWorld);
      for (const turn of [
        world.connect(stranger).move(1),
        world.connect(stranger).gather(),
        world.connect(stranger).craft(0),
        world.connect(stranger).buyLand(1, { value: LAND_PRICE }),
      ]) {
        await expect(turn).to.be.revertedWithCustomError(world, "NoPlayer").withArgs(stranger);
      }
    });

    it("a move goes to the tile before or behind", async () => {
      const { world, alice } = await loadFixture(deployWorld);
      await expect(world.connect(alice).move(6)).to.emit(world, "Moved").withArgs(alice, 6n);
      await world.connect(alice).move(5);
      for (const to of [5, 7, 1024]) {
        await expect(world.connect(alice).move(to))
          .to.be.revertedWithCustomError(world, "TooFar")
          .withArgs(5n, to);
      }
    });

    it("gathering takes one to three wood from the tile", async () => {
      const { world, alice } = await loadFixture(deployWorld);
      await expect(world.connect(alice).gather())
        .to.emit(world, "Gathered")
        .withArgs(alice, 5n, anyValue);
      const wood = await world.gatheredFrom(5);
      expect(wood).to.be.within(1n, 3n);
      expect((await world.players(alice)).wood).to.equal(10n + wood);
    });

    it("a tile has a hundred wood", async () => {
      const { world, alice } = await loadFixture(deployWorld);
      const gasLimit = 200_000n;
      const receipts = await mineInOneBlock(
        Array.from({ length: 101 }, () => () => world.connect(alice).gather({ gasLimit })),
      );
      const failed = receipts.filter(({ status }) => status === 0);
      expect(failed.length).to.be.at.least(1);
      expect(await world.gatheredFrom(5)).to.be.within(98n, 100n);
    });

    it("crafting makes tools of wood", async () => {
      const { world, alice } = await loadFixture(deployWorld);
      await expect(world.connect(alice).craft(4)).to.emit(world, "Crafted").withArgs(alice, 4n);
      const { wood, tools, score } = await world.players(alice);
      expect([wood, tools, score]).to.deep.equal([6n, 4n, 4n]);
      await expect(world.connect(alice).craft(7))
        .to.be.revertedWithCustomError(world, "NotEnoughWood")
        .withArgs(6n, 7n);
    });

    it("land is sold once, for its price", async () => {
      const { world, alice, bob } = await loadFixture(deployWorld);
      expect(await world.tileOwner(9)).to.equal(ZeroAddress);
      await expect(world.connect(alice).buyLand(9, { value: LAND_PRICE }))
        .to.emit(world, "LandBought")
        .withArgs(alice, 9n);
      expect(await world.tileOwner(9)).to.equal(alice.address);
      await expect(world.connect(bob).buyLand(9, { value: LAND_PRICE }))
        .to.be.revertedWithCustomError(world, "LandTaken")
        .withArgs(9n, alice);
      await expect(world.connect(bob).buyLand(8, { value: 1n }))
        .to.be.revertedWithCustomError(world, "WrongPayment")
        .withArgs(1n);
    });

    it("different turns of two players in one block", async () => {
      const { world, alice, bob } = await loadFixture(deployWorld);
      const gasLimit = 200_000n;
      const receipts = await mineInOneBlock([
        () => world.connect(alice).gather({ gasLimit }),
        () => world.connect(bob).move(5, { gasLimit }),
        () => world.connect(alice).craft(2, { gasLimit }),
        () => world.connect(bob).gather({ gasLimit }),
      ]);
      expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1, 1]);
      expect(await world.gatheredFrom(5)).to.be.within(2n, 6n);
    });
  });
}

describe("GameWorld only", () => {
  it("counts turns and what was made", async () => {
    const { world, alice, bob } = await loadFixture(deployGameWorld);
    await world.connect(alice).craft(2);
    await world.connect(bob).gather();
    expect(await world.tick()).to.equal(2n);
    expect(await world.rngNonce()).to.equal(1n);
    expect(await world.totalMinted()).to.equal(2n + (await world.gatheredFrom(6)));
  });

  it("knows who leads", async () => {
    const { world, alice, bob } = await loadFixture(deployGameWorld);
    await expect(world.connect(alice).craft(2)).to.emit(world, "NewLeader").withArgs(alice, 2n);
    await expect(world.connect(bob).craft(2)).not.to.emit(world, "NewLeader");
    await expect(world.connect(bob).craft(1)).to.emit(world, "NewLeader").withArgs(bob, 3n);
    expect([await world.leader(), await world.leaderScore()]).to.deep.equal([bob.address, 3n]);
  });
});

describe("TileWorld only", () => {
  it("counts each player's turns", async () => {
    const { world, alice, bob } = await loadFixture(deployTileWorld);
    await world.connect(alice).craft(2);
    await world.connect(alice).gather();
    expect((await world.players(alice)).turns).to.equal(2n);
    expect((await world.players(bob)).turns).to.equal(0n);
  });
});
