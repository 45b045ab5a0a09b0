import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const [ALICE, BOB, CAROL, DAVE] = [1, 2, 3, 4];

/** alice came to the founder, bob to alice, carol to bob, dave to carol. */
async function deploy(name: string) {
  const accounts = (await ethers.getSigners()).slice(0, 6);
  const program = await ethers.deployContract(name);
  for (const i of [ALICE, BOB, CAROL, DAVE]) {
    await program.connect(accounts[i]).register(accounts[i - 1]);
  }
  const [founder, alice, bob, carol, dave, stranger] = accounts;
  return { program, founder, alice, bob, carol, dave, stranger };
}

async function deployProgram() {
  return deploy("ReferralProgram");
}

async function deployPull() {
  return deploy("PullReferral");
}

for (const [name, deployEither] of Object.entries({
  ReferralProgram: deployProgram,
  PullReferral: deployPull,
})) {
  describe(name, () => {
    describe("register", () => {
      it("emits Registered", async () => {
        const { program, dave, stranger } = await loadFixture(deployEither);
        await expect(program.connect(stranger).register(dave)).to.emit(program, "Registered");
      });

      it("takes everyone once", async () => {
        const { program, alice, bob } = await loadFixture(deployEither);
        await expect(program.connect(alice).register(bob))
          .to.be.revertedWithCustomError(program, "AlreadyRegistered")
          .withArgs(alice);
      });

      it("not the founder, who is in it", async () => {
        const { program, founder, alice } = await loadFixture(deployEither);
        expect(await program.root()).to.equal(founder.address);
        await expect(program.connect(founder).register(alice)).to.be.revertedWithCustomError(
          program,
          "AlreadyRegistered",
        );
      });

      it("needs a referrer who is registered", async () => {
        const { program, stranger } = await loadFixture(deployEither);
        await expect(program.connect(stranger).register(stranger))
          .to.be.revertedWithCustomError(program, "NotRegistered")
          .withArgs(stranger);
      });

      it("a referrer may have come earlier in the same block", async () => {
        const { program, dave, stranger } = await loadFixture(deployEither);
        const late = (await ethers.getSigners())[7];
        const receipts = await mineInOneBlock([
          () => program.connect(stranger).register(dave, { gasLimit: 200_000n }),
          () => program.connect(late).register(stranger, { gasLimit: 200_000n }),
        ]);
        expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1]);
      });
    });

    describe("payments", () => {
      it("stay with the program", async () => {
        const { program, dave } = await loadFixture(deployEither);
        await expect(program.connect(dave).payCommission({ value: 1_000n })).to.changeEtherBalances(
          [dave, program],
          [-1_000n, 1_000n],
        );
      });

      it("are refused without anything, and from strangers", async () => {
        const { program, dave, stranger } = await loadFixture(deployEither);
        await expect(program.connect(dave).payCommission()).to.be.revertedWithCustomError(
          program,
          "NothingPaid",
        );
        await expect(program.connect(stranger).payCommission({ value: 1n }))
          .to.be.revertedWithCustomError(program, "NotRegistered")
          .withArgs(stranger);
      });

      it("10, 5 and 2 per cent go to the three above, nothing further up", async () => {
        const { program, founder, alice, bob, carol, dave } = await loadFixture(deployEither);
        await program.connect(dave).payCommission({ value: 1_000n });
        const withdraw = (account: typeof alice) =>
          name === "PullReferral"
            ? program.connect(account).withdraw([dave])
            : program.connect(account).withdraw();
        for (const [account, amount] of [
          [carol, 100n],
          [bob, 50n],
          [alice, 20n],
        ] as const) {
          await expect(withdraw(account)).to.changeEtherBalance(account, amount);
        }
        for (const account of [founder, dave]) await expect(withdraw(account)).to.be.reverted;
      });

      it("are withdrawn once", async () => {
        const { program, alice, bob } = await loadFixture(deployEither);
        await program.connect(bob).payCommission({ value: 500n });
        const withdraw = () =>
          name === "PullReferral"
            ? program.connect(alice).withdraw([bob])
            : program.connect(alice).withdraw();
        await expect(withdraw()).to.changeEtherBalance(alice, 50n);
        await expect(withdraw()).to.be.revertedWithCustomError(program, "NothingEarned");
      });
    });
  });
}

describe("ReferralProgram only", () => {
  it("numbers its users", async () => {
    const { program, founder, carol, dave } = await loadFixture(deployProgram);
    expect(await program.userCount()).to.equal(5n);
    expect(await program.users(0n)).to.equal(founder.address);
    const { id, referrer } = await program.userOf(dave);
    expect([id, referrer]).to.deep.equal([5n, carol.address]);
  });

  it("adds up what it paid", async () => {
    const { program, alice, dave } = await loadFixture(deployProgram);
    await expect(program.connect(dave).payCommission({ value: 1_000n }))
      .to.emit(program, "Commission")
      .withArgs(alice, dave, 2n, 20n);
    await program.connect(alice).payCommission({ value: 1_000n });
    expect(await program.totalPaid()).to.equal(170n + 100n);
  });
});

describe("PullReferral only", () => {
  it("pays for several customers at once, and for payments since the last time", async () => {
    const { program, alice, bob, carol } = await loadFixture(deployPull);
    await program.connect(bob).payCommission({ value: 1_000n });
    await program.connect(carol).payCommission({ value: 1_000n });
    const withdraw = () => program.connect(alice).withdraw([bob, carol]);
    await expect(withdraw()).to.changeEtherBalance(alice, 150n);
    await program.connect(carol).payCommission({ value: 200n });
    await expect(withdraw()).to.changeEtherBalance(alice, 10n);
  });

  it("pays nobody for customers of others", async () => {
    const { program, bob, dave, stranger } = await loadFixture(deployPull);
    for (const [account, customer] of [
      [stranger, dave],
      [dave, bob],
    ]) {
      await expect(program.connect(account).withdraw([customer]))
        .to.be.revertedWithCustomError(program, "NotAbove")
        .withArgs(account, customer);
    }
  });
});
