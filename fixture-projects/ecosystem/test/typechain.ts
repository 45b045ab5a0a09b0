/** TypeChain's factories and types, over hardhat-ethers' signers. */
import { expect } from "chai";
import { ethers } from "hardhat";
import { Coin__factory, type Everything, Everything__factory } from "../typechain-types";

describe("typechain", () => {
  it("deploys, calls and reads events by its factories", async () => {
    const [owner, alice] = await ethers.getSigners();
    const coin = await new Coin__factory(owner).deploy(100n);
    await coin.transfer(alice, 5n);
    expect(await coin.balanceOf(alice)).to.equal(5n);
    const transfers = await coin.queryFilter(coin.filters.Transfer(owner.address, alice.address));
    expect(transfers.map(({ args }) => args.value)).to.deep.equal([5n]);
  });

  it("links libraries and connects", async () => {
    const everything: Everything = await ethers.deployContract("Everything");
    const connected = Everything__factory.connect(await everything.getAddress(), ethers.provider);
    await everything.store(3n);
    expect(await connected.stored()).to.equal(3n);
    await expect(everything.failPlain()).to.be.revertedWithCustomError(connected, "Plain");
  });
});
