import { loadFixture, mine } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const ether = ethers.parseEther;
const HUNDRED = ether("100");
/** The market of IsolatedMarkets in which the tests take place. */
const ID = 7n;

/** 1000 ether of the custodian to lend; alice and bob have 100 units of collateral at 1 ether. */
async function deployOne() {
  const [custodian, keeper, alice, bob, carol] = await ethers.getSigners();
  const feed = await ethers.deployContract("PriceFeed", [keeper, ether("1")]);
  const market = await ethers.deployContract("LendingMarket", [feed]);
  await market.deposit({ value: ether("1000") });
  await market.creditCollateral([alice, bob], HUNDRED);
  return {
    market,
    feed,
    custodian,
    keeper,
    alice,
    bob,
    carol,
    /** first arguments of every function */
    id: [] as bigint[],
    setPrice: (price: bigint) => feed.connect(keeper).setPrice(price),
  };
}

async function deployIsolated() {
  const [custodian, keeper, alice, bob, carol] = await ethers.getSigners();
  const market = await ethers.deployContract("IsolatedMarkets", [keeper]);
  await market.connect(keeper).setPrice(ID, ether("1"));
  await market.deposit(ID, { value: ether("1000") });
  await market.creditCollateral(ID, [alice, bob], HUNDRED);
  return {
    market,
    feed: market,
    custodian,
    keeper,
    alice,
    bob,
    carol,
    id: [ID],
    setPrice: (price: bigint) => market.connect(keeper).setPrice(ID, price),
  };
}

for (const [name, deploy] of Object.entries({
  LendingMarket: deployOne,
  IsolatedMarkets: deployIsolated,
})) {
  describe(name, () => {
    describe("deposit and redeem", () => {
      it("the first deposit gets a share a wei", async () => {
        const { market, custodian, id } = await loadFixture(deploy);
        expect(await market.accountTokens(...id, custodian)).to.equal(ether("1000"));
      });

      it("emits Deposited", async () => {
        const { market, alice, id } = await loadFixture(deploy);
        await expect(market.connect(alice).deposit(...id, { value: 5n }))
          .to.emit(market, "Deposited")
          .withArgs(...id, alice, 5n, 5n);
      });

      it("refuses to take nothing", async () => {
        const { market, id } = await loadFixture(deploy);
        await expect(market.deposit(...id)).to.be.revertedWithCustomError(market, "NothingPaid");
      });

      it("redeeming gives the ether back", async () => {
        const { market, custodian, id } = await loadFixture(deploy);
        await expect(market.redeem(...id, ether("400"))).to.changeEtherBalances(
          [market, custodian],
          [-ether("400"), ether("400")],
        );
        expect(await market.accountTokens(...id, custodian)).to.equal(ether("600"));
      });

      it("shares are worth more after interest", async () => {
        const { market, alice, custodian, id } = await loadFixture(deploy);
        await market.connect(alice).borrow(...id, ether("50"));
        await mine(1_000);
        const before = await ethers.provider.getBalance(custodian);
        await market.redeem(...id, ether("900"));
        expect(await ethers.provider.getBalance(custodian)).to.be.above(before + ether("900"));
      });

      it("refuses to give more than one has", async () => {
        const { market, alice, id } = await loadFixture(deploy);
        await expect(market.connect(alice).redeem(...id, 1n))
          .to.be.revertedWithCustomError(market, "TooMuch")
          .withArgs(1n, 0n);
      });
    });

    describe("borrow and repay", () => {
      it("pays out and notes the debt", async () => {
        const { market, alice, id } = await loadFixture(deploy);
        await expect(market.connect(alice).borrow(...id, ether("75"))).to.changeEtherBalances(
          [market, alice],
          [-ether("75"), ether("75")],
        );
        expect(await market.owed(...id, alice)).to.equal(ether("75"));
      });

      it("needs collateral for it", async () => {
        const { market, alice, carol, id } = await loadFixture(deploy);
        for (const [who, amount] of [
          [alice, ether("75") + 1n],
          [carol, 1n],
        ] as const) {
          await expect(market.connect(who).borrow(...id, amount)).to.be.revertedWithCustomError(
            market,
            "NotEnoughCollateral",
          );
        }
      });

      it("needs the ether to be there", async () => {
        const { market, alice, id } = await loadFixture(deploy);
        await market.redeem(...id, ether("990"));
        await expect(market.connect(alice).borrow(...id, ether("11")))
          .to.be.revertedWithCustomError(market, "TooMuch")
          .withArgs(ether("11"), ether("10"));
      });

      it("debts grow by a millionth a block", async () => {
        const { market, alice, bob, id } = await loadFixture(deploy);
        await market.connect(alice).borrow(...id, ether("10"));
        await mine(99);
        await market.connect(bob).borrow(...id, 1n);
        expect(await market.owed(...id, alice)).to.equal(ether("10.001"));
      });

      it("repaying lowers the debt, not below nothing", async () => {
        const { market, alice, id } = await loadFixture(deploy);
        await market.connect(alice).borrow(...id, ether("10"));
        await expect(market.connect(alice).repay(...id, { value: ether("4") }))
          .to.emit(market, "Repaid")
          .withArgs(...id, alice, ether("4"));
        expect(await market.owed(...id, alice)).to.equal(ether("6.00001"));
        await expect(
          market.connect(alice).repay(...id, { value: ether("7") }),
        ).to.be.revertedWithCustomError(market, "TooMuch");
        await expect(market.connect(alice).repay(...id)).to.be.revertedWithCustomError(
          market,
          "NothingPaid",
        );
      });
    });

    describe("liquidate", () => {
      it("is refused while the collateral covers the debt", async () => {
        const { market, alice, bob, id } = await loadFixture(deploy);
        await market.connect(alice).borrow(...id, ether("75"));
        await expect(
          market.connect(bob).liquidate(...id, alice, { value: ether("1") }),
        ).to.be.revertedWithCustomError(market, "StillCovered");
      });

      it("gives collateral with a bonus for the debt paid", async () => {
        const { market, alice, carol, id, setPrice } = await loadFixture(deploy);
        await market.connect(alice).borrow(...id, ether("75"));
        await setPrice(ether("0.9"));
        await expect(market.connect(carol).liquidate(...id, alice, { value: ether("30") }))
          .to.emit(market, "Liquidated")
          .withArgs(...id, alice, carol, ether("30"), ether("36"));
        expect(await market.collateral(...id, carol)).to.equal(ether("36"));
        expect(await market.collateral(...id, alice)).to.equal(ether("64"));
      });

      it("pays at most half", async () => {
        const { market, alice, carol, id, setPrice } = await loadFixture(deploy);
        await market.connect(alice).borrow(...id, ether("75"));
        await setPrice(ether("0.9"));
        await expect(
          market.connect(carol).liquidate(...id, alice, { value: ether("38") }),
        ).to.be.revertedWithCustomError(market, "TooMuch");
      });
    });

    it("only the keeper sets prices, only the custodian credits collateral", async () => {
      const { market, feed, alice, id } = await loadFixture(deploy);
      await expect(feed.connect(alice).setPrice(...id, 1n))
        .to.be.revertedWithCustomError(feed, "OnlyKeeper")
        .withArgs(alice);
      await expect(market.connect(alice).creditCollateral(...id, [alice], 1n))
        .to.be.revertedWithCustomError(market, "OnlyCustodian")
        .withArgs(alice);
    });

    it("a deposit, a loan and a repayment in one block", async () => {
      const { market, custodian, alice, bob, id } = await loadFixture(deploy);
      await market.connect(bob).borrow(...id, ether("10"));
      const gasLimit = 300_000n;
      const receipts = await mineInOneBlock([
        () => market.connect(custodian).deposit(...id, { value: ether("1"), gasLimit }),
        () => market.connect(alice).borrow(...id, ether("2"), { gasLimit }),
        () => market.connect(bob).repay(...id, { value: ether("3"), gasLimit }),
      ]);
      expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
      expect(await ethers.provider.getBalance(market)).to.equal(ether("992"));
    });
  });
}

describe("LendingMarket only", () => {
  it("refuses a borrower that calls back while it is paid", async () => {
    const { market } = await loadFixture(deployOne);
    const attacker = await ethers.deployContract("ReentrantBorrower", [market]);
    await market.creditCollateral([attacker], HUNDRED);
    await expect(attacker.attack(ether("1"))).to.be.revertedWith("LendingMarket: transfer failed");
  });

  it("adds interest for anyone who asks", async () => {
    const { market, alice } = await loadFixture(deployOne);
    await market.connect(alice).borrow(ether("10"));
    await market.accrueInterest();
    expect(await market.accrualBlockNumber()).to.equal(await ethers.provider.getBlockNumber());
    expect(await market.borrowIndex()).to.be.above(ether("1"));
  });
});

describe("IsolatedMarkets only", () => {
  it("markets know nothing of each other", async () => {
    const { market, keeper, alice } = await loadFixture(deployIsolated);
    await market.connect(keeper).setPrice(8n, ether("1"));
    await expect(market.connect(alice).borrow(8n, 1n)).to.be.revertedWithCustomError(
      market,
      "NotEnoughCollateral",
    );
    expect((await market.markets(8n)).cash).to.equal(0n);
  });

  it("a market begins with its first price", async () => {
    const { market, keeper } = await loadFixture(deployIsolated);
    await expect(market.deposit(9n, { value: 1n }))
      .to.be.revertedWithCustomError(market, "NoMarket")
      .withArgs(9n);
    await expect(market.connect(keeper).setPrice(9n, 3n))
      .to.emit(market, "MarketOpened")
      .withArgs(9n, 3n);
    await expect(market.connect(keeper).setPrice(9n, 4n)).not.to.emit(market, "MarketOpened");
  });
});
