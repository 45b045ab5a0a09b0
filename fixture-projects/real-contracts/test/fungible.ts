/** ERC20 as OpenZeppelin, solmate and solady have it: one behaviour, three sets of errors. */
import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Contract } from "ethers";
import { ethers } from "hardhat";
import { domainOf, MAX, signPermit, wallet, ZERO } from "./support";

type Expectation = (promise: Promise<unknown>, coin: Contract, ...args: unknown[]) => Promise<void>;

interface Kind {
  readonly name: string;
  readonly tooLittle: Expectation;
  readonly notAllowed: Expectation;
  readonly expired: Expectation;
  readonly badSignature: Expectation;
  readonly zeroReceiver: boolean;
}

const panics: Expectation = async (promise) => {
  await expect(promise).to.be.revertedWithPanic(0x11);
};
const custom =
  (name: string): Expectation =>
  async (promise, coin, ...args) => {
    const matched = expect(promise).to.be.revertedWithCustomError(coin, name);
    await (args.length === 0 ? matched : matched.withArgs(...args));
  };
const reason =
  (text: string): Expectation =>
  async (promise) => {
    await expect(promise).to.be.revertedWith(text);
  };
const withoutArguments =
  (expectation: Expectation): Expectation =>
  (promise, coin) =>
    expectation(promise, coin);

const KINDS: readonly Kind[] = [
  {
    name: "Coin",
    tooLittle: custom("ERC20InsufficientBalance"),
    notAllowed: custom("ERC20InsufficientAllowance"),
    expired: custom("ERC2612ExpiredSignature"),
    badSignature: withoutArguments(custom("ERC2612InvalidSigner")),
    zeroReceiver: false,
  },
  {
    name: "SolmateCoin",
    tooLittle: panics,
    notAllowed: panics,
    expired: reason("PERMIT_DEADLINE_EXPIRED"),
    badSignature: reason("INVALID_SIGNER"),
    zeroReceiver: true,
  },
  {
    name: "SoladyCoin",
    tooLittle: withoutArguments(custom("InsufficientBalance")),
    notAllowed: withoutArguments(custom("InsufficientAllowance")),
    expired: withoutArguments(custom("PermitExpired")),
    badSignature: withoutArguments(custom("InvalidPermit")),
    zeroReceiver: true,
  },
];

for (const kind of KINDS) {
  describe(`ERC20: ${kind.name}`, () => {
    async function deployed() {
      const [owner, alice, bob, carol] = await ethers.getSigners();
      const coin = await ethers.deployContract(kind.name);
      await coin.mint(owner, 1000n);
      return { coin, owner, alice, bob, carol };
    }

    async function allowed() {
      const context = await loadFixture(deployed);
      await context.coin.approve(context.alice, 300n);
      return context;
    }

    it("has a name, a symbol and 18 decimals", async () => {
      const { coin } = await loadFixture(deployed);
      expect(await coin.name()).to.equal("Coin");
      expect(await coin.symbol()).to.equal("COIN");
      expect(await coin.decimals()).to.equal(18n);
    });

    it("mints to an account and emits Transfer from zero", async () => {
      const { coin, alice } = await loadFixture(deployed);
      await expect(coin.mint(alice, 5n)).to.emit(coin, "Transfer").withArgs(ZERO, alice, 5n);
      expect(await coin.totalSupply()).to.equal(1005n);
      expect(await coin.balanceOf(alice)).to.equal(5n);
    });

    it("does not mint more than a uint256 holds", async () => {
      const { coin, alice } = await loadFixture(deployed);
      await expect(coin.mint(alice, MAX)).to.be.reverted;
    });

    it("transfers, and both balances change", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await expect(coin.transfer(alice, 10n)).to.changeTokenBalances(
        coin,
        [owner, alice],
        [-10n, 10n],
      );
    });

    it("emits Transfer", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await expect(coin.transfer(alice, 10n))
        .to.emit(coin, "Transfer")
        .withArgs(owner, alice, anyValue);
    });

    it("transfers nothing and still emits", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await expect(coin.transfer(alice, 0n)).to.emit(coin, "Transfer").withArgs(owner, alice, 0n);
    });

    it("transfers to itself without a change", async () => {
      const { coin, owner } = await loadFixture(deployed);
      await expect(coin.transfer(owner, 10n)).to.changeTokenBalance(coin, owner, 0n);
    });

    it("transfers everything", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await coin.transfer(alice, 1000n);
      expect(await coin.balanceOf(owner)).to.equal(0n);
    });

    it("refuses to transfer more than there is", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await kind.tooLittle(coin.transfer(alice, 1001n), coin, owner.address, 1000n, 1001n);
    });

    it("refuses to transfer from an account that has nothing", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await kind.tooLittle(
        coin.connect(alice).getFunction("transfer")(owner, 1n),
        coin,
        alice.address,
        0n,
        1n,
      );
    });

    it(`${kind.zeroReceiver ? "allows" : "refuses"} the zero address as receiver`, async () => {
      const { coin } = await loadFixture(deployed);
      if (kind.zeroReceiver) {
        await expect(coin.transfer(ZERO, 1n)).not.to.be.reverted;
      } else {
        await expect(coin.transfer(ZERO, 1n))
          .to.be.revertedWithCustomError(coin, "ERC20InvalidReceiver")
          .withArgs(ZERO);
      }
    });

    it("approves and emits Approval", async () => {
      const { coin, owner, alice } = await loadFixture(deployed);
      await expect(coin.approve(alice, 7n)).to.emit(coin, "Approval").withArgs(owner, alice, 7n);
      expect(await coin.allowance(owner, alice)).to.equal(7n);
    });

    it("an approval replaces the one before", async () => {
      const { coin, owner, alice } = await loadFixture(allowed);
      await coin.approve(alice, 1n);
      expect(await coin.allowance(owner, alice)).to.equal(1n);
    });

    it("a spender transfers, and the allowance shrinks", async () => {
      const { coin, owner, alice, bob } = await loadFixture(allowed);
      await expect(
        coin.connect(alice).getFunction("transferFrom")(owner, bob, 100n),
      ).to.changeTokenBalances(coin, [owner, alice, bob], [-100n, 0n, 100n]);
      expect(await coin.allowance(owner, alice)).to.equal(200n);
    });

    it("refuses a spender more than the allowance", async () => {
      const { coin, owner, alice, bob } = await loadFixture(allowed);
      await kind.notAllowed(
        coin.connect(alice).getFunction("transferFrom")(owner, bob, 301n),
        coin,
        alice.address,
        300n,
        301n,
      );
    });

    it("refuses a stranger", async () => {
      const { coin, owner, bob } = await loadFixture(allowed);
      await kind.notAllowed(
        coin.connect(bob).getFunction("transferFrom")(owner, bob, 1n),
        coin,
        bob.address,
        0n,
        1n,
      );
    });

    it("refuses an allowed spender more than the owner has", async () => {
      const { coin, owner, alice, bob } = await loadFixture(allowed);
      await coin.approve(alice, 5000n);
      await kind.tooLittle(
        coin.connect(alice).getFunction("transferFrom")(owner, bob, 2000n),
        coin,
        owner.address,
        1000n,
        2000n,
      );
    });

    it("an unlimited allowance is not used up", async () => {
      const { coin, owner, alice, bob } = await loadFixture(deployed);
      await coin.approve(alice, MAX);
      await coin.connect(alice).getFunction("transferFrom")(owner, bob, 100n);
      expect(await coin.allowance(owner, alice)).to.equal(MAX);
    });

    it("burns and emits Transfer to zero", async () => {
      const { coin, owner } = await loadFixture(deployed);
      await expect(coin.burn(40n)).to.emit(coin, "Transfer").withArgs(owner, ZERO, 40n);
      expect(await coin.totalSupply()).to.equal(960n);
    });

    it("refuses to burn more than there is", async () => {
      const { coin, owner } = await loadFixture(deployed);
      await kind.tooLittle(coin.burn(1001n), coin, owner.address, 1000n, 1001n);
    });

    describe("permit", () => {
      async function signed(changes: { deadline?: bigint; nonce?: bigint; by?: number } = {}) {
        const context = await loadFixture(deployed);
        const { coin, owner, alice } = context;
        const permit = {
          owner: owner.address,
          spender: alice.address,
          value: 42n,
          nonce: changes.nonce ?? 0n,
          deadline: changes.deadline ?? MAX,
        };
        const domain = await domainOf(await coin.getAddress(), "Coin");
        const { v, r, s } = await signPermit(wallet(changes.by ?? 0), domain, permit);
        const submit = () =>
          coin.connect(context.bob).getFunction("permit")(
            permit.owner,
            permit.spender,
            permit.value,
            permit.deadline,
            v,
            r,
            s,
          );
        return { ...context, permit, submit };
      }

      it("has the domain separator of its address and chain", async () => {
        const { coin } = await loadFixture(deployed);
        const domain = await domainOf(await coin.getAddress(), "Coin");
        expect(await coin.DOMAIN_SEPARATOR()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
      });

      it("sets the allowance for whoever submits it", async () => {
        const { coin, owner, alice, submit } = await signed();
        await expect(submit()).to.emit(coin, "Approval").withArgs(owner, alice, 42n);
        expect(await coin.allowance(owner, alice)).to.equal(42n);
        expect(await coin.nonces(owner)).to.equal(1n);
      });

      it("cannot be submitted twice", async () => {
        const { coin, submit } = await signed();
        await submit();
        await kind.badSignature(submit(), coin);
      });

      it("wants the owner's signature", async () => {
        const { coin, submit } = await signed({ by: 1 });
        await kind.badSignature(submit(), coin);
      });

      it("wants the next nonce", async () => {
        const { coin, submit } = await signed({ nonce: 1n });
        await kind.badSignature(submit(), coin);
      });

      it("is good until its deadline", async () => {
        const deadline = BigInt(await time.latest()) + 3600n;
        const { submit } = await signed({ deadline });
        await time.setNextBlockTimestamp(deadline);
        await expect(submit()).not.to.be.reverted;
      });

      it("is no good a second later", async () => {
        const deadline = BigInt(await time.latest()) + 3600n;
        const { coin, submit } = await signed({ deadline });
        await time.setNextBlockTimestamp(deadline + 1n);
        await kind.expired(submit(), coin, deadline);
      });
    });
  });
}
