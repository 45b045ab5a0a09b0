import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const PRICE = 100n;

/** alice and bob hold two tokens each from the beginning. */
async function deploy(name: string) {
  const [artist, alice, bob, carol] = await ethers.getSigners();
  const collection = await ethers.deployContract(name, [PRICE, [alice, bob]]);
  return { collection, artist, alice, bob, carol };
}

async function deployEnumerable() {
  return deploy("EnumerableCollection");
}

async function deploySequential() {
  return deploy("SequentialCollection");
}

async function deployHashed() {
  return deploy("HashedCollection");
}

const deployments = {
  EnumerableCollection: deployEnumerable,
  SequentialCollection: deploySequential,
  HashedCollection: deployHashed,
};

for (const [name, deployCollection] of Object.entries(deployments)) {
  /** Id of a holder's n-th token; `earlier` tokens were minted before the holder's first. */
  const tokenOf = (holder: { address: string }, earlier: number, n: number): bigint =>
    name === "HashedCollection"
      ? BigInt(
          ethers.solidityPackedKeccak256(
            ["uint256", "uint256"],
            [BigInt(holder.address), BigInt(n)],
          ),
        )
      : BigInt(earlier + n);

  describe(name, () => {
    it("gives the first holders two tokens each", async () => {
      const { collection, alice, bob } = await loadFixture(deployCollection);
      expect(await collection.balanceOf(bob)).to.equal(2n);
      for (const n of [0, 1]) {
        expect(await collection.ownerOf(tokenOf(alice, 0, n))).to.equal(alice.address);
        expect(await collection.ownerOf(tokenOf(bob, 2, n))).to.equal(bob.address);
      }
    });

    describe("mint", () => {
      it("gives tokens for the price and emits Transfer", async () => {
        const { collection, carol } = await loadFixture(deployCollection);
        const minting = collection.connect(carol).mint(3n, { value: 3n * PRICE });
        for (const n of [0, 1, 2]) {
          await expect(minting)
            .to.emit(collection, "Transfer")
            .withArgs(ZeroAddress, carol, tokenOf(carol, 4, n));
        }
        expect(await collection.balanceOf(carol)).to.equal(3n);
      });

      it("refuses wrong payments and no tokens", async () => {
        const { collection, carol } = await loadFixture(deployCollection);
        await expect(collection.connect(carol).mint(2n, { value: PRICE }))
          .to.be.revertedWithCustomError(collection, "WrongPayment")
          .withArgs(PRICE, 2n * PRICE);
        await expect(collection.connect(carol).mint(0n)).to.be.revertedWithCustomError(
          collection,
          "NothingToMint",
        );
      });

      it("is closed and opened by the artist", async () => {
        const { collection, carol } = await loadFixture(deployCollection);
        await expect(collection.setSale(false, PRICE))
          .to.emit(collection, "SaleChanged")
          .withArgs(false, PRICE);
        await expect(
          collection.connect(carol).mint(1n, { value: PRICE }),
        ).to.be.revertedWithCustomError(collection, "SaleClosed");
        await collection.setSale(true, 7n);
        await collection.connect(carol).mint(1n, { value: 7n });
      });

      it("pays the artist", async () => {
        const { collection, artist, carol } = await loadFixture(deployCollection);
        await collection.connect(carol).mint(2n, { value: 2n * PRICE });
        await expect(collection.withdraw()).to.changeEtherBalances(
          [collection, artist],
          [-2n * PRICE, 2n * PRICE],
        );
      });

      it("the artist's functions are the artist's", async () => {
        const { collection, alice } = await loadFixture(deployCollection);
        await expect(collection.connect(alice).withdraw())
          .to.be.revertedWithCustomError(collection, "OnlyArtist")
          .withArgs(alice);
        await expect(collection.connect(alice).setSale(true, 0n)).to.be.revertedWithCustomError(
          collection,
          "OnlyArtist",
        );
      });
    });

    describe("transfer", () => {
      it("of one token leaves the other with its owner", async () => {
        for (const n of [0, 1]) {
          const { collection, alice, carol } = await loadFixture(deployCollection);
          const token = tokenOf(alice, 0, n);
          await expect(collection.connect(alice).transferFrom(alice, carol, token))
            .to.emit(collection, "Transfer")
            .withArgs(alice, carol, token);
          expect(await collection.ownerOf(token)).to.equal(carol.address);
          expect(await collection.ownerOf(tokenOf(alice, 0, 1 - n))).to.equal(alice.address);
          expect(await collection.balanceOf(alice)).to.equal(1n);
        }
      });

      it("is for the owner and for those the owner approved", async () => {
        const { collection, alice, bob, carol } = await loadFixture(deployCollection);
        const [first, second] = [tokenOf(alice, 0, 0), tokenOf(alice, 0, 1)];
        await expect(collection.connect(carol).transferFrom(alice, carol, first)).to.be.reverted;
        await collection.connect(alice).approve(carol, first);
        expect(await collection.getApproved(first)).to.equal(carol.address);
        await collection.connect(carol).transferFrom(alice, carol, first);
        expect(await collection.getApproved(first)).to.equal(ZeroAddress);
        await collection.connect(alice).setApprovalForAll(bob, true);
        await collection.connect(bob).transferFrom(alice, carol, second);
        expect(await collection.balanceOf(carol)).to.equal(2n);
      });

      it("refuses the wrong owner, the zero address and tokens that are not there", async () => {
        const { collection, alice, bob } = await loadFixture(deployCollection);
        const token = tokenOf(alice, 0, 0);
        for (const [from, to, id] of [
          [bob.address, bob.address, token],
          [alice.address, ZeroAddress, token],
          [alice.address, bob.address, 999n],
        ] as const) {
          await expect(collection.connect(alice).transferFrom(from, to, id)).to.be.reverted;
        }
        await expect(collection.ownerOf(999n)).to.be.reverted;
      });
    });

    it("mints and transfers of four in one block", async () => {
      const { collection, alice, bob, carol, artist } = await loadFixture(deployCollection);
      const gasLimit = 400_000n;
      const receipts = await mineInOneBlock([
        () => collection.connect(carol).mint(1n, { value: PRICE, gasLimit }),
        () =>
          collection.connect(alice).transferFrom(alice, bob, tokenOf(alice, 0, 0), { gasLimit }),
        () => collection.connect(artist).mint(2n, { value: 2n * PRICE, gasLimit }),
        () => collection.connect(bob).transferFrom(bob, alice, tokenOf(bob, 2, 1), { gasLimit }),
      ]);
      expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1, 1]);
      expect(await collection.balanceOf(alice)).to.equal(2n);
      expect(await collection.balanceOf(artist)).to.equal(2n);
    });
  });
}

describe("what only one collection has", () => {
  it("EnumerableCollection lists its tokens", async () => {
    const { collection, bob } = await loadFixture(deployEnumerable);
    expect(await collection.totalSupply()).to.equal(4n);
    expect(await collection.tokenByIndex(3n)).to.equal(3n);
    expect(await collection.tokenOfOwnerByIndex(bob, 0n)).to.equal(2n);
  });

  it("SequentialCollection counts tokens and who minted them", async () => {
    const { collection, alice, bob } = await loadFixture(deploySequential);
    await collection.connect(alice).transferFrom(alice, bob, 0n);
    expect(await collection.totalSupply()).to.equal(4n);
    expect(await collection.numberMinted(alice)).to.equal(2n);
    expect(await collection.balanceOf(bob)).to.equal(3n);
  });

  it("SequentialCollection keeps a long batch together around a token given away", async () => {
    const { collection, alice, carol } = await loadFixture(deploySequential);
    await collection.connect(carol).mint(5n, { value: 5n * PRICE });
    await collection.connect(carol).transferFrom(carol, alice, 6n);
    const owners = await Promise.all([4n, 5n, 6n, 7n, 8n].map((id) => collection.ownerOf(id)));
    const [c, a] = [carol.address, alice.address];
    expect(owners).to.deep.equal([c, c, a, c, c]);
  });

  it("HashedCollection computes ids from the first owner's own count", async () => {
    const { collection, alice } = await loadFixture(deployHashed);
    expect(await collection.mintedBy(alice)).to.equal(2n);
    expect(await collection.ownerOf(await collection.idOf(alice, 1n))).to.equal(alice.address);
  });
});
