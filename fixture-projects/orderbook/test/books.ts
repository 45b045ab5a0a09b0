import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const CASH = 1_000n;
const GOODS = 10n;

async function deploy(name: string) {
  const [operator, alice, bob, carol, dave] = await ethers.getSigners();
  const book = await ethers.deployContract(name);
  const traders = [alice, bob, carol];
  await book.open(traders, CASH, GOODS, { value: CASH * 3n });
  return { book, operator, alice, bob, carol, dave };
}

async function deployOrderBook() {
  return deploy("OrderBook");
}

async function deployPairedOrders() {
  return deploy("PairedOrders");
}

/** What both books promise. `firstOrderOf`: id of a trader's first order, the first of the book. */
for (const [name, deployBook] of Object.entries({
  OrderBook: deployOrderBook,
  PairedOrders: deployPairedOrders,
})) {
  const firstOrderOf = (trader: { address: string }) =>
    name === "OrderBook"
      ? 1n
      : ethers.keccak256(
          ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [trader.address, 0n]),
        );

  describe(name, () => {
    describe("accounts", () => {
      it("are opened by the operator with cash and goods", async () => {
        const { book, operator, alice } = await loadFixture(deployBook);
        expect(await book.operator()).to.equal(operator.address);
        expect(await book.cash(alice)).to.equal(CASH);
        expect(await book.goods(alice)).to.equal(GOODS);
      });

      it("are not opened by anyone else", async () => {
        const { book, alice, dave } = await loadFixture(deployBook);
        await expect(book.connect(alice).open([dave], 0n, 1n))
          .to.be.revertedWithCustomError(book, "OnlyOperator")
          .withArgs(alice);
      });

      it("need the cash of all of them", async () => {
        const { book, dave } = await loadFixture(deployBook);
        await expect(book.open([dave, dave], 5n, 0n, { value: 9n }))
          .to.be.revertedWithCustomError(book, "WrongTotal")
          .withArgs(9n, 10n);
      });

      it("pay out cash that is in no order", async () => {
        const { book, alice } = await loadFixture(deployBook);
        await book.connect(alice).place(true, 100n, 4n);
        await expect(book.connect(alice).withdraw(600n)).to.changeEtherBalances(
          [book, alice],
          [-600n, 600n],
        );
        await expect(book.connect(alice).withdraw(1n))
          .to.be.revertedWithCustomError(book, "NotEnough")
          .withArgs(0n, 1n);
      });
    });

    describe("place", () => {
      it("keeps a buyer's cash and emits Placed", async () => {
        const { book, alice } = await loadFixture(deployBook);
        await expect(book.connect(alice).place(true, 100n, 3n))
          .to.emit(book, "Placed")
          .withArgs(firstOrderOf(alice), alice, true, 100n, 3n);
        expect(await book.cash(alice)).to.equal(CASH - 300n);
        expect(await book.goods(alice)).to.equal(GOODS);
      });

      it("keeps a seller's goods", async () => {
        const { book, alice } = await loadFixture(deployBook);
        await book.connect(alice).place(false, 100n, 3n);
        expect(await book.cash(alice)).to.equal(CASH);
        expect(await book.goods(alice)).to.equal(GOODS - 3n);
      });

      it("reverts without enough of either", async () => {
        const { book, alice } = await loadFixture(deployBook);
        await expect(book.connect(alice).place(true, 101n, 10n))
          .to.be.revertedWithCustomError(book, "NotEnough")
          .withArgs(CASH, 1_010n);
        await expect(book.connect(alice).place(false, 1n, 11n))
          .to.be.revertedWithCustomError(book, "NotEnough")
          .withArgs(GOODS, 11n);
      });

      it("refuses no amount and prices outside 1 to 255", async () => {
        const { book, alice } = await loadFixture(deployBook);
        for (const [price, amount] of [
          [0n, 1n],
          [256n, 1n],
          [100n, 0n],
        ]) {
          await expect(
            book.connect(alice).place(false, price, amount),
          ).to.be.revertedWithCustomError(book, "InvalidOrder");
        }
      });
    });

    describe("cancel", () => {
      it("gives back what is open", async () => {
        const { book, alice } = await loadFixture(deployBook);
        await book.connect(alice).place(true, 100n, 3n);
        await expect(book.connect(alice).cancel(firstOrderOf(alice)))
          .to.emit(book, "Cancelled")
          .withArgs(firstOrderOf(alice), 3n);
        expect(await book.cash(alice)).to.equal(CASH);
      });

      it("is for one's own open orders", async () => {
        const { book, alice, bob } = await loadFixture(deployBook);
        await book.connect(alice).place(false, 100n, 3n);
        const id = firstOrderOf(alice);
        await expect(book.connect(bob).cancel(id))
          .to.be.revertedWithCustomError(book, "NotYourOrder")
          .withArgs(id);
        await book.connect(alice).cancel(id);
        await expect(book.connect(alice).cancel(id)).to.be.revertedWithCustomError(
          book,
          "NotYourOrder",
        );
      });
    });

    it("takes orders of three traders in one block", async () => {
      const { book, alice, bob, carol } = await loadFixture(deployBook);
      const receipts = await mineInOneBlock(
        [alice, bob, carol].map(
          (trader, i) => () =>
            book.connect(trader).place(i > 0, BigInt(50 + i), 1n, { gasLimit: 250_000n }),
        ),
      );
      expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
      expect(await book.goods(alice)).to.equal(GOODS - 1n);
      expect(await book.cash(carol)).to.equal(CASH - 52n);
    });
  });
}

describe("matching in OrderBook", () => {
  it("knows the best prices", async () => {
    const { book, alice, bob } = await loadFixture(deployOrderBook);
    for (const price of [100n, 102n, 101n]) {
      await book.connect(alice).place(true, price, 1n);
      await book.connect(bob).place(false, price + 10n, 1n);
    }
    expect(await book.bestBid()).to.equal(102n);
    expect(await book.bestAsk()).to.equal(110n);
  });

  it("trades at the ask's price and gives the buyer the rest back", async () => {
    const { book, alice, bob, dave } = await loadFixture(deployOrderBook);
    await book.connect(alice).place(true, 100n, 4n);
    await book.connect(bob).place(false, 90n, 3n);
    await expect(book.connect(dave).matchBest(10n))
      .to.emit(book, "Matched")
      .withArgs(1n, 2n, 90n, 3n);
    expect(await book.cash(alice)).to.equal(CASH - 3n * 90n - 100n);
    expect(await book.goods(alice)).to.equal(GOODS + 3n);
    expect(await book.cash(bob)).to.equal(CASH + 270n);
    expect((await book.bids(100n)).total).to.equal(1n);
    expect((await book.asks(90n)).total).to.equal(0n);
  });

  it("serves the first at a price first, and passes cancelled orders", async () => {
    const { book, alice, bob, carol } = await loadFixture(deployOrderBook);
    await book.connect(alice).place(false, 90n, 1n);
    await book.connect(bob).place(false, 90n, 1n);
    await book.connect(alice).cancel(1n);
    await book.connect(carol).place(true, 90n, 1n);
    await expect(book.matchBest(1n)).to.emit(book, "Matched").withArgs(3n, 2n, 90n, 1n);
  });

  it("goes on to the next price when one is used up", async () => {
    const { book, alice, bob } = await loadFixture(deployOrderBook);
    await book.connect(alice).place(true, 100n, 1n);
    await book.connect(alice).place(true, 95n, 1n);
    await book.connect(bob).place(false, 95n, 2n);
    await book.matchBest(5n);
    await expect(book.matchBest(5n)).to.emit(book, "Matched").withArgs(2n, 3n, 95n, 1n);
    expect(await book.bestBid()).to.equal(95n);
  });

  it("reverts while prices do not meet, and in an empty book", async () => {
    const { book, alice, bob } = await loadFixture(deployOrderBook);
    await expect(book.matchBest(1n)).to.be.revertedWithCustomError(book, "NothingToMatch");
    await book.connect(alice).place(true, 80n, 1n);
    await book.connect(bob).place(false, 90n, 1n);
    await expect(book.matchBest(1n)).to.be.revertedWithCustomError(book, "NothingToMatch");
  });
});

describe("matching in PairedOrders", () => {
  it("ids are hashes of trader and the trader's own number", async () => {
    const { book, alice } = await loadFixture(deployPairedOrders);
    await book.connect(alice).place(false, 90n, 1n);
    await book.connect(alice).place(false, 91n, 1n);
    expect(await book.nonceOf(alice)).to.equal(2n);
    const second = await book.orders(await book.idOf(alice, 1n));
    expect(second.price).to.equal(91n);
  });

  it("trades two orders that meet", async () => {
    const { book, alice, bob, dave } = await loadFixture(deployPairedOrders);
    await book.connect(alice).place(true, 100n, 4n);
    await book.connect(bob).place(false, 90n, 3n);
    const [buy, sell] = [await book.idOf(alice, 0n), await book.idOf(bob, 0n)];
    await expect(book.connect(dave).matchPair(buy, sell, 2n))
      .to.emit(book, "Matched")
      .withArgs(buy, sell, 90n, 2n);
    expect(await book.goods(alice)).to.equal(GOODS + 2n);
    expect(await book.cash(bob)).to.equal(CASH + 180n);
    expect((await book.orders(buy)).amount).to.equal(2n);
  });

  it("refuses pairs that do not meet, sides that are swapped and what is used up", async () => {
    const { book, alice, bob } = await loadFixture(deployPairedOrders);
    await book.connect(alice).place(true, 100n, 1n);
    await book.connect(bob).place(false, 101n, 1n);
    await book.connect(bob).place(false, 100n, 1n);
    const buy = await book.idOf(alice, 0n);
    const [dear, fair] = [await book.idOf(bob, 0n), await book.idOf(bob, 1n)];
    await book.matchPair.staticCall(buy, fair, 1n);
    for (const [first, second] of [
      [buy, dear],
      [fair, buy],
    ]) {
      await expect(book.matchPair(first, second, 1n)).to.be.revertedWithCustomError(
        book,
        "NothingToMatch",
      );
    }
    await book.matchPair(buy, fair, 1n);
    await expect(book.matchPair(buy, fair, 1n)).to.be.revertedWithCustomError(
      book,
      "NothingToMatch",
    );
  });
});
