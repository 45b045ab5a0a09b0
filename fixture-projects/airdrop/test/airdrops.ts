import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";
import { leafOf, merkleTree } from "../scripts/merkle";

const SUPPLY = 10_000n;
const AMOUNTS = [10n, 20n, 30n, 40n];

async function deployPush() {
  const [owner, agent, alice, bob] = await ethers.getSigners();
  const token = await ethers.deployContract("AirdropToken", [SUPPLY]);
  const airdrop = await ethers.deployContract("PushAirdrop", [token]);
  await token.transfer(airdrop, 1_000n);
  await airdrop.addAgents([agent]);
  return { token, airdrop, owner, agent, alice, bob };
}

/** Four people on the list; person i has index 100 · i. */
async function deployMerkle() {
  const people = (await ethers.getSigners()).slice(1, 5);
  const tree = merkleTree(
    people.map(({ address }, i) =>
      leafOf(["uint256", "address", "uint256"], [100 * i, address, AMOUNTS[i]]),
    ),
  );
  const token = await ethers.deployContract("AirdropToken", [SUPPLY]);
  const airdrop = await ethers.deployContract("MerkleAirdrop", [token, tree.root]);
  await token.transfer(airdrop, 100n);
  return { token, airdrop, tree, people };
}

async function deployClaimable() {
  const people = (await ethers.getSigners()).slice(1, 5);
  const tree = merkleTree(
    people.map(({ address }, i) => leafOf(["address", "uint256"], [address, AMOUNTS[i]])),
  );
  const token = await ethers.deployContract("ClaimableToken", [tree.root, 100n]);
  return { token, tree, people };
}

describe("PushAirdrop", () => {
  it("an agent sends the same to everyone on a list", async () => {
    const { token, airdrop, agent, alice, bob } = await loadFixture(deployPush);
    const sending = airdrop.connect(agent).distribute([alice, bob], 7n);
    await expect(sending).to.emit(airdrop, "Distributed").withArgs(agent, 2n, 7n);
    await expect(sending).to.changeTokenBalances(token, [airdrop, alice, bob], [-14n, 7n, 7n]);
  });

  it("others send nothing", async () => {
    const { airdrop, alice } = await loadFixture(deployPush);
    await expect(airdrop.connect(alice).distribute([alice], 1n))
      .to.be.revertedWithCustomError(airdrop, "OnlyAgent")
      .withArgs(alice);
  });

  it("agents are added by the owner", async () => {
    const { airdrop, agent, alice, bob } = await loadFixture(deployPush);
    await expect(airdrop.connect(agent).addAgents([alice]))
      .to.be.revertedWithCustomError(airdrop, "OnlyOwner")
      .withArgs(agent);
    await expect(airdrop.addAgents([alice, bob]))
      .to.emit(airdrop, "AgentsAdded")
      .withArgs(2n);
    expect(await airdrop.isAgent(bob)).to.equal(true);
  });

  it("sends all or nothing", async () => {
    const { token, airdrop, agent, alice, bob } = await loadFixture(deployPush);
    await expect(
      airdrop.connect(agent).distribute([alice, bob], 501n),
    ).to.be.revertedWithCustomError(token, "ERC20InsufficientBalance");
    expect(await token.balanceOf(alice)).to.equal(0n);
  });

  it("ends empty after a block of pushes", async () => {
    const { token, airdrop, agent, alice, owner } = await loadFixture(deployPush);
    await airdrop.addAgents([owner]);
    const receipts = await mineInOneBlock(
      [agent, owner].map(
        (who) => () => airdrop.connect(who).distribute([alice], 500n, { gasLimit: 200_000n }),
      ),
    );
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1]);
    expect(await token.balanceOf(airdrop)).to.equal(0n);
  });
});

describe("MerkleAirdrop", () => {
  it("pays a claim from its balance and remembers it", async () => {
    const { token, airdrop, tree, people } = await loadFixture(deployMerkle);
    const claim = airdrop.claim(300n, people[3], 40n, tree.proof(3));
    await expect(claim).to.emit(airdrop, "Claimed").withArgs(300n, people[3], 40n);
    await expect(claim).to.changeTokenBalances(token, [airdrop, people[3]], [-40n, 40n]);
    expect(await airdrop.isClaimed(300n)).to.equal(true);
    expect(await airdrop.isClaimed(0n)).to.equal(false);
  });

  it("keeps 256 claims in a word", async () => {
    const { airdrop, tree, people } = await loadFixture(deployMerkle);
    for (const i of [0, 1, 3]) await airdrop.claim(100 * i, people[i], AMOUNTS[i], tree.proof(i));
    expect(await airdrop.claimedBitMap(0n)).to.equal(1n | (1n << 100n));
    expect(await airdrop.claimedBitMap(1n)).to.equal(1n << 44n);
  });

  it("pays once", async () => {
    const { airdrop, tree, people } = await loadFixture(deployMerkle);
    await airdrop.claim(0n, people[0], 10n, tree.proof(0));
    await expect(airdrop.claim(0n, people[0], 10n, tree.proof(0)))
      .to.be.revertedWithCustomError(airdrop, "AlreadyClaimed")
      .withArgs(0n);
  });

  it("refuses other amounts, accounts, indices and proofs", async () => {
    const { airdrop, tree, people } = await loadFixture(deployMerkle);
    for (const [index, account, amount, proof] of [
      [0n, people[0], 11n, tree.proof(0)],
      [0n, people[1], 10n, tree.proof(0)],
      [1n, people[0], 10n, tree.proof(0)],
      [0n, people[0], 10n, tree.proof(1)],
      [0n, people[0], 10n, []],
    ] as const) {
      await expect(airdrop.claim(index, account, amount, [...proof])).to.be.revertedWithCustomError(
        airdrop,
        "InvalidProof",
      );
    }
  });
});

describe("ClaimableToken", () => {
  it("has the whole list in its supply before anyone claims", async () => {
    const { token, people } = await loadFixture(deployClaimable);
    expect(await token.totalSupply()).to.equal(100n);
    expect(await token.balanceOf(people[0])).to.equal(0n);
  });

  it("credits a claim and emits Transfer", async () => {
    const { token, tree, people } = await loadFixture(deployClaimable);
    await expect(token.claim(people[1], 20n, tree.proof(1)))
      .to.emit(token, "Transfer")
      .withArgs(ZeroAddress, people[1], 20n);
    expect(await token.balanceOf(people[1])).to.equal(20n);
    expect(await token.totalSupply()).to.equal(100n);
  });

  it("credits once, and only what is on the list", async () => {
    const { token, tree, people } = await loadFixture(deployClaimable);
    await token.claim(people[1], 20n, tree.proof(1));
    await expect(token.claim(people[1], 20n, tree.proof(1)))
      .to.be.revertedWithCustomError(token, "AlreadyClaimed")
      .withArgs(people[1]);
    await expect(token.claim(people[0], 20n, tree.proof(1))).to.be.revertedWithCustomError(
      token,
      "InvalidProof",
    );
  });

  it("is transferred like any token", async () => {
    const { token, tree, people } = await loadFixture(deployClaimable);
    await token.claim(people[2], 30n, tree.proof(2));
    await expect(token.connect(people[2]).transfer(people[0], 12n)).to.changeTokenBalances(
      token,
      [people[2], people[0]],
      [-12n, 12n],
    );
    await expect(token.connect(people[2]).transfer(people[0], 19n))
      .to.be.revertedWithCustomError(token, "NotEnough")
      .withArgs(18n, 19n);
  });

  it("everyone can claim in one block", async () => {
    const { token, tree, people } = await loadFixture(deployClaimable);
    const receipts = await mineInOneBlock(
      people.map(
        (person, i) => () =>
          token.connect(person).claim(person, AMOUNTS[i], tree.proof(i), { gasLimit: 150_000n }),
      ),
    );
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1, 1]);
    const balances = await Promise.all(people.map((person) => token.balanceOf(person)));
    expect(balances.reduce((sum, balance) => sum + balance)).to.equal(await token.totalSupply());
  });
});
