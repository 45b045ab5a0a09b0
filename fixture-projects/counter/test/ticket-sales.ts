import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const PRICE = ethers.parseEther("0.05");

async function deploySale(name: string) {
  const [organiser, alice, bob, carol] = await ethers.getSigners();
  const sale = await ethers.deployContract(name, [PRICE]);
  return { sale, organiser, alice, bob, carol };
}

async function deployTicketSale() {
  return deploySale("TicketSale");
}

async function deployShardedTicketSale() {
  return deploySale("ShardedTicketSale");
}

// The two contracts are told apart by their storage alone: one suite is for both.
const deployments = { TicketSale: deployTicketSale, ShardedTicketSale: deployShardedTicketSale };

for (const [name, deploy] of Object.entries(deployments)) {
  describe(name, () => {
    it("knows its organiser and price", async () => {
      const { sale, organiser } = await loadFixture(deploy);
      expect(await sale.organiser()).to.equal(organiser.address);
      expect(await sale.price()).to.equal(PRICE);
      expect(await sale.closed()).to.equal(false);
    });

    describe("buy", () => {
      it("credits the buyer and counts", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await sale.connect(alice).buy(3n, { value: 3n * PRICE });
        expect(await sale.ticketsOf(alice)).to.equal(3n);
        expect(await sale.totalSold()).to.equal(3n);
        expect(await sale.totalVolume()).to.equal(3n * PRICE);
      });

      it("emits Bought", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(sale.connect(alice).buy(2n, { value: 2n * PRICE }))
          .to.emit(sale, "Bought")
          .withArgs(alice, 2n, 2n * PRICE);
      });

      it("takes the money", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(sale.connect(alice).buy(1n, { value: PRICE })).to.changeEtherBalances(
          [alice, sale],
          [-PRICE, PRICE],
        );
      });

      it("adds up over buyers", async () => {
        const { sale, alice, bob, carol } = await loadFixture(deploy);
        for (const [i, buyer] of [alice, bob, carol, alice].entries()) {
          const tickets = BigInt(i + 1);
          await sale.connect(buyer).buy(tickets, { value: tickets * PRICE });
        }
        expect(await sale.totalSold()).to.equal(10n);
        expect(await sale.totalVolume()).to.equal(10n * PRICE);
        expect(await sale.ticketsOf(alice)).to.equal(5n);
      });

      it("refuses zero tickets", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(sale.connect(alice).buy(0n)).to.be.revertedWithCustomError(sale, "NoTickets");
      });

      it("refuses too little and too much money", async () => {
        const { sale, alice } = await loadFixture(deploy);
        for (const paid of [PRICE - 1n, PRICE + 1n]) {
          await expect(sale.connect(alice).buy(1n, { value: paid }))
            .to.be.revertedWithCustomError(sale, "WrongPayment")
            .withArgs(paid, PRICE);
        }
      });

      it("refuses plain transfers", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(alice.sendTransaction({ to: sale, value: PRICE })).to.be.reverted;
      });

      it("overflows into a panic", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(sale.connect(alice).buy(ethers.MaxUint256)).to.be.revertedWithPanic(0x11);
      });
    });

    describe("close", () => {
      it("ends the sale and reports the totals", async () => {
        const { sale, alice, bob } = await loadFixture(deploy);
        await sale.connect(alice).buy(1n, { value: PRICE });
        await sale.connect(bob).buy(2n, { value: 2n * PRICE });
        await expect(sale.close())
          .to.emit(sale, "Closed")
          .withArgs(3n, 3n * PRICE);
        await expect(sale.connect(alice).buy(1n, { value: PRICE })).to.be.revertedWithCustomError(
          sale,
          "SaleClosed",
        );
      });

      it("is the organiser's", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(sale.connect(alice).close())
          .to.be.revertedWithCustomError(sale, "OnlyOrganiser")
          .withArgs(alice);
      });
    });

    describe("withdraw", () => {
      it("sends everything to the given account", async () => {
        const { sale, alice, bob } = await loadFixture(deploy);
        await sale.connect(alice).buy(4n, { value: 4n * PRICE });
        await expect(sale.withdraw(bob)).to.changeEtherBalances(
          [sale, bob],
          [-4n * PRICE, 4n * PRICE],
        );
      });

      it("fails if the receiver takes no ether", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await sale.connect(alice).buy(1n, { value: PRICE });
        await expect(sale.withdraw(sale)).to.be.revertedWith(`${name}: transfer failed`);
      });

      it("is the organiser's", async () => {
        const { sale, alice } = await loadFixture(deploy);
        await expect(sale.connect(alice).withdraw(alice)).to.be.revertedWithCustomError(
          sale,
          "OnlyOrganiser",
        );
      });
    });

    it("serves a rush of forty buyers in one block", async () => {
      const { sale } = await loadFixture(deploy);
      const buyers = (await ethers.getSigners()).slice(1, 41);
      const receipts = await mineInOneBlock(
        buyers.map(
          (buyer) => () => sale.connect(buyer).buy(1n, { value: PRICE, gasLimit: 150_000n }),
        ),
      );
      expect(receipts.every((receipt) => receipt.status === 1)).to.equal(true);
      expect(await sale.totalSold()).to.equal(40n);
      expect(await sale.totalVolume()).to.equal(40n * PRICE);
      for (const buyer of buyers) expect(await sale.ticketsOf(buyer)).to.equal(1n);
    });

    it("buyers behind the closing in the same block get nothing", async () => {
      const { sale, organiser, alice, bob } = await loadFixture(deploy);
      await ethers.provider.send("evm_setAutomine", [false]);
      const gwei = 1_000_000_000n;
      const early = await sale
        .connect(alice)
        .buy(1n, { value: PRICE, gasLimit: 150_000n, gasPrice: 30n * gwei });
      await sale.connect(organiser).close({ gasLimit: 150_000n, gasPrice: 20n * gwei });
      const late = await sale
        .connect(bob)
        .buy(1n, { value: PRICE, gasLimit: 150_000n, gasPrice: 10n * gwei });
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
      expect((await ethers.provider.getTransactionReceipt(early.hash))?.status).to.equal(1);
      expect((await ethers.provider.getTransactionReceipt(late.hash))?.status).to.equal(0);
      expect(await sale.totalSold()).to.equal(1n);
    });
  });
}

describe("buckets of ShardedTicketSale", () => {
  it("a buyer's bucket is the last hex digit of the address", async () => {
    const { sale, alice } = await loadFixture(deployShardedTicketSale);
    expect(await sale.bucketOf(alice)).to.equal(BigInt(`0x${alice.address.slice(-1)}`));
  });

  it("a purchase changes the buyer's bucket only", async () => {
    const { sale, alice } = await loadFixture(deployShardedTicketSale);
    await sale.connect(alice).buy(2n, { value: 2n * PRICE });
    const own = await sale.bucketOf(alice);
    for (let bucket = 0n; bucket < 16n; bucket++) {
      const [sold, volume] = await sale.buckets(bucket);
      expect(sold).to.equal(bucket === own ? 2n : 0n);
      expect(volume).to.equal(bucket === own ? 2n * PRICE : 0n);
    }
  });
});
