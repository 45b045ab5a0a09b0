import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const RATE = 100n;
const CAP = 10_000n;
const LIMIT = 5_000n;

async function deployCrowdsale() {
  const [wallet, alice, bob] = await ethers.getSigners();
  const sale = await ethers.deployContract("Crowdsale", [RATE, CAP, wallet]);
  const token = await ethers.getContractAt("CrowdToken", await sale.token());
  return { sale, token, wallet, alice, bob };
}

async function deploySettled() {
  const [wallet, alice, bob] = await ethers.getSigners();
  const sale = await ethers.deployContract("SettledCrowdsale", [RATE, LIMIT, wallet]);
  return { sale, token: sale, wallet, alice, bob };
}

for (const [name, deploy] of Object.entries({
  Crowdsale: deployCrowdsale,
  SettledCrowdsale: deploySettled,
})) {
  describe(name, () => {
    it("knows its wallet and rate", async () => {
      const { sale, wallet } = await loadFixture(deploy);
      expect(await sale.wallet()).to.equal(wallet.address);
      expect(await sale.rate()).to.equal(RATE);
      expect(await sale.weiRaised()).to.equal(0n);
    });

    it("sells to a beneficiary and emits TokenPurchase and Transfer", async () => {
      const { sale, token, alice, bob } = await loadFixture(deploy);
      await expect(sale.connect(alice).buyTokens(bob, { value: 30n }))
        .to.emit(sale, "TokenPurchase")
        .withArgs(alice, bob, 30n, 3_000n)
        .and.to.emit(token, "Transfer")
        .withArgs(ZeroAddress, bob, 3_000n);
      expect(await token.balanceOf(bob)).to.equal(3_000n);
      expect(await token.balanceOf(alice)).to.equal(0n);
    });

    it("takes plain transfers as purchases", async () => {
      const { sale, token, alice } = await loadFixture(deploy);
      await alice.sendTransaction({ to: sale, value: 5n });
      expect(await token.balanceOf(alice)).to.equal(500n);
    });

    it("adds up what was raised and the supply", async () => {
      const { sale, token, alice, bob } = await loadFixture(deploy);
      for (const [buyer, value] of [
        [alice, 10n],
        [bob, 20n],
        [alice, 30n],
      ] as const) {
        await sale.connect(buyer).buyTokens(buyer, { value });
      }
      expect(await sale.weiRaised()).to.equal(60n);
      expect(await token.totalSupply()).to.equal(6_000n);
    });

    it("refuses no payment and no beneficiary", async () => {
      const { sale, alice } = await loadFixture(deploy);
      await expect(sale.buyTokens(alice)).to.be.revertedWithCustomError(sale, "NothingPaid");
      await expect(sale.buyTokens(ZeroAddress, { value: 1n })).to.be.revertedWithCustomError(
        sale,
        "NoBeneficiary",
      );
    });

    it("tokens can be passed on", async () => {
      const { sale, token, alice, bob } = await loadFixture(deploy);
      await sale.connect(alice).buyTokens(alice, { value: 1n });
      await expect(token.connect(alice).transfer(bob, 40n)).to.changeTokenBalances(
        token,
        [alice, bob],
        [-40n, 40n],
      );
      await expect(token.connect(alice).transfer(bob, 61n)).to.be.reverted;
    });

    it("serves thirty buyers in one block", async () => {
      const { sale, token } = await loadFixture(deploy);
      const buyers = (await ethers.getSigners()).slice(1, 31);
      const receipts = await mineInOneBlock(
        buyers.map(
          (buyer) => () => sale.connect(buyer).buyTokens(buyer, { value: 2n, gasLimit: 200_000n }),
        ),
      );
      expect(receipts.every(({ status }) => status === 1)).to.equal(true);
      expect(await sale.weiRaised()).to.equal(60n);
      expect(await token.totalSupply()).to.equal(6_000n);
    });
  });
}

describe("Crowdsale only", () => {
  it("passes the ether on at once", async () => {
    const { sale, wallet, alice } = await loadFixture(deployCrowdsale);
    await expect(sale.connect(alice).buyTokens(alice, { value: 9n })).to.changeEtherBalances(
      [alice, sale, wallet],
      [-9n, 0n, 9n],
    );
  });

  it("ends at the cap", async () => {
    const { sale, alice } = await loadFixture(deployCrowdsale);
    await sale.connect(alice).buyTokens(alice, { value: CAP });
    expect(await sale.capReached()).to.equal(true);
    await expect(sale.connect(alice).buyTokens(alice, { value: 1n }))
      .to.be.revertedWithCustomError(sale, "CapExceeded")
      .withArgs(CAP + 1n, CAP);
  });

  it("alone mints the token", async () => {
    const { sale, token, alice } = await loadFixture(deployCrowdsale);
    expect(await token.minter()).to.equal(await sale.getAddress());
    await expect(token.connect(alice).mint(alice, 1n))
      .to.be.revertedWithCustomError(token, "OnlyMinter")
      .withArgs(alice);
  });
});

describe("SettledCrowdsale only", () => {
  it("pays the wallet when someone asks", async () => {
    const { sale, wallet, alice, bob } = await loadFixture(deploySettled);
    await sale.connect(alice).buyTokens(alice, { value: 9n });
    const settling = sale.connect(bob).settle();
    await expect(settling).to.changeEtherBalances([sale, wallet], [-9n, 9n]);
    await expect(settling).to.emit(sale, "Settled").withArgs(9n);
    expect(await sale.weiRaised()).to.equal(9n);
    expect(await sale.totalSupply()).to.equal(900n);
  });

  it("limits what one beneficiary gets", async () => {
    const { sale, alice, bob } = await loadFixture(deploySettled);
    await sale.connect(alice).buyTokens(alice, { value: LIMIT });
    await expect(sale.connect(bob).buyTokens(alice, { value: 1n }))
      .to.be.revertedWithCustomError(sale, "LimitExceeded")
      .withArgs(LIMIT + 1n, LIMIT);
    expect(await sale.contributionOf(alice)).to.equal(LIMIT);
  });
});
