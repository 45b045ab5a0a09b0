/** OpenZeppelin's extensions of ERC20, its SafeERC20 and ERC4626. */
import { loadFixture, mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Contract } from "ethers";
import { ethers } from "hardhat";
import { MAX, wallet, ZERO } from "./support";

describe("ERC20Pausable", () => {
  async function deployed() {
    const [owner, alice] = await ethers.getSigners();
    const coin = await ethers.deployContract("Coin");
    await coin.mint(owner, 1000n);
    return { coin, owner, alice };
  }

  it("pauses and says who did", async () => {
    const { coin, owner } = await loadFixture(deployed);
    await expect(coin.pause()).to.emit(coin, "Paused").withArgs(owner);
    expect(await coin.paused()).to.equal(true);
  });

  for (const [what, act] of [
    ["transfer", (coin: Contract, to: string) => coin.getFunction("transfer")(to, 1n)],
    ["mint", (coin: Contract, to: string) => coin.getFunction("mint")(to, 1n)],
    ["burn", (coin: Contract) => coin.getFunction("burn")(1n)],
  ] as const) {
    it(`refuses to ${what} while paused`, async () => {
      const { coin, alice } = await loadFixture(deployed);
      await coin.pause();
      await expect(act(coin, alice.address)).to.be.revertedWithCustomError(coin, "EnforcedPause");
    });
  }

  it("approves while paused", async () => {
    const { coin, alice } = await loadFixture(deployed);
    await coin.pause();
    await expect(coin.approve(alice, 1n)).to.emit(coin, "Approval");
  });

  it("unpauses", async () => {
    const { coin, alice } = await loadFixture(deployed);
    await coin.pause();
    await coin.unpause();
    await expect(coin.transfer(alice, 1n)).not.to.be.reverted;
  });

  it("refuses to pause twice and to unpause what runs", async () => {
    const { coin } = await loadFixture(deployed);
    await expect(coin.unpause()).to.be.revertedWithCustomError(coin, "ExpectedPause");
    await coin.pause();
    await expect(coin.pause()).to.be.revertedWithCustomError(coin, "EnforcedPause");
  });

  it("is for the owner only", async () => {
    const { coin, alice } = await loadFixture(deployed);
    await expect(coin.connect(alice).getFunction("pause")())
      .to.be.revertedWithCustomError(coin, "OwnableUnauthorizedAccount")
      .withArgs(alice);
  });
});

describe("ERC20Burnable.burnFrom, ERC20Capped", () => {
  async function deployed() {
    const [owner, alice] = await ethers.getSigners();
    const coin = await ethers.deployContract("Coin");
    await coin.mint(owner, 1000n);
    const capped = await ethers.deployContract("CappedCoin", [100n]);
    return { coin, owner, alice, capped };
  }

  it("burns what is allowed", async () => {
    const { coin, owner, alice } = await loadFixture(deployed);
    await coin.approve(alice, 10n);
    await expect(coin.connect(alice).getFunction("burnFrom")(owner, 10n)).to.changeTokenBalance(
      coin,
      owner,
      -10n,
    );
    expect(await coin.allowance(owner, alice)).to.equal(0n);
  });

  it("refuses to burn more than is allowed", async () => {
    const { coin, owner, alice } = await loadFixture(deployed);
    await coin.approve(alice, 10n);
    await expect(coin.connect(alice).getFunction("burnFrom")(owner, 11n))
      .to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance")
      .withArgs(alice, 10n, 11n);
  });

  it("mints up to the cap", async () => {
    const { alice, capped } = await loadFixture(deployed);
    await capped.mint(alice, 100n);
    expect(await capped.totalSupply()).to.equal(await capped.cap());
  });

  it("refuses to mint over the cap", async () => {
    const { alice, capped } = await loadFixture(deployed);
    await capped.mint(alice, 99n);
    await expect(capped.mint(alice, 2n))
      .to.be.revertedWithCustomError(capped, "ERC20ExceededCap")
      .withArgs(101n, 100n);
  });

  it("refuses a cap of zero in the constructor", async () => {
    const { capped } = await loadFixture(deployed);
    await expect(ethers.deployContract("CappedCoin", [0n]))
      .to.be.revertedWithCustomError(capped, "ERC20InvalidCap")
      .withArgs(0n);
  });
});

describe("ERC20FlashMint", () => {
  async function lending(manners: number) {
    const [owner] = await ethers.getSigners();
    const coin = await ethers.deployContract("Coin");
    const borrower = await ethers.deployContract("FlashBorrower", [manners]);
    return { coin, owner, borrower };
  }
  const good = () => lending(0);
  const noApproval = () => lending(1);
  const wrongAnswer = () => lending(2);

  it("lends up to what is left of a uint256", async () => {
    const { coin, owner } = await loadFixture(good);
    await coin.mint(owner, 5n);
    expect(await coin.maxFlashLoan(coin)).to.equal(MAX - 5n);
    expect(await coin.maxFlashLoan(owner)).to.equal(0n);
  });

  it("lends and gets back in one transaction", async () => {
    const { coin, borrower } = await loadFixture(good);
    const address = await coin.getAddress();
    await expect(coin.flashLoan(borrower, coin, 1_000_000n, "0xaabbcc"))
      .to.emit(borrower, "Borrowed")
      .withArgs(address, 1_000_000n, 1_000_000n, "0xaabbcc")
      .and.to.emit(coin, "Transfer")
      .withArgs(ZERO, borrower, 1_000_000n)
      .and.to.emit(coin, "Transfer")
      .withArgs(borrower, ZERO, 1_000_000n);
    expect(await coin.totalSupply()).to.equal(0n);
  });

  it("fails if the loan is not approved for return", async () => {
    const { coin, borrower } = await loadFixture(noApproval);
    await expect(coin.flashLoan(borrower, coin, 1n, "0x"))
      .to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance")
      .withArgs(coin, 0n, 1n);
  });

  it("fails if the borrower answers wrongly", async () => {
    const { coin, borrower } = await loadFixture(wrongAnswer);
    await expect(coin.flashLoan(borrower, coin, 1n, "0x"))
      .to.be.revertedWithCustomError(coin, "ERC3156InvalidReceiver")
      .withArgs(borrower);
  });

  it("refuses an account without code", async () => {
    const { coin, owner } = await loadFixture(good);
    await expect(coin.flashLoan(owner, coin, 1n, "0x")).to.be.revertedWithoutReason();
  });
});

describe("ERC20Votes", () => {
  async function deployed() {
    const [owner, alice, bob] = await ethers.getSigners();
    const coin = await ethers.deployContract("VoteCoin");
    await coin.mint(owner, 1000n);
    return { coin, owner, alice, bob };
  }

  it("counts no votes before they are delegated", async () => {
    const { coin, owner } = await loadFixture(deployed);
    expect(await coin.getVotes(owner)).to.equal(0n);
  });

  it("delegates to itself", async () => {
    const { coin, owner } = await loadFixture(deployed);
    await expect(coin.delegate(owner))
      .to.emit(coin, "DelegateChanged")
      .withArgs(owner, ZERO, owner)
      .and.to.emit(coin, "DelegateVotesChanged")
      .withArgs(owner, 0n, 1000n);
  });

  it("moves votes with transfers", async () => {
    const { coin, owner, alice, bob } = await loadFixture(deployed);
    await coin.delegate(owner);
    await coin.connect(alice).getFunction("delegate")(bob);
    await expect(coin.transfer(alice, 100n))
      .to.emit(coin, "DelegateVotesChanged")
      .withArgs(owner, 1000n, 900n)
      .and.to.emit(coin, "DelegateVotesChanged")
      .withArgs(bob, 0n, 100n);
  });

  it("remembers votes by block", async () => {
    const { coin, owner, alice } = await loadFixture(deployed);
    await coin.delegate(owner);
    const first = await time.latestBlock();
    await mine(5);
    await coin.transfer(alice, 1n);
    const second = await time.latestBlock();
    await mine();
    expect(await coin.getPastVotes(owner, first - 1)).to.equal(0n);
    expect(await coin.getPastVotes(owner, first)).to.equal(1000n);
    expect(await coin.getPastVotes(owner, second - 1)).to.equal(1000n);
    expect(await coin.getPastVotes(owner, second)).to.equal(999n);
    expect(await coin.getPastTotalSupply(second)).to.equal(1000n);
    expect(await coin.numCheckpoints(owner)).to.equal(2n);
  });

  it("does not tell votes of this block or later", async () => {
    const { coin, owner } = await loadFixture(deployed);
    const number = await time.latestBlock();
    await expect(coin.getPastVotes(owner, number + 10))
      .to.be.revertedWithCustomError(coin, "ERC5805FutureLookup")
      .withArgs(number + 10, number);
  });

  it("keeps one checkpoint for a block of several transfers", async () => {
    const { coin, owner, alice } = await loadFixture(deployed);
    await coin.delegate(owner);
    await ethers.provider.send("evm_setAutomine", [false]);
    const gasLimit = 200_000n;
    await coin.transfer(alice, 1n, { gasLimit });
    await coin.transfer(alice, 2n, { gasLimit });
    await coin.transfer(alice, 3n, { gasLimit });
    await mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    expect(await coin.numCheckpoints(owner)).to.equal(2n);
    expect(await coin.getVotes(owner)).to.equal(994n);
  });

  it("delegates by signature", async () => {
    const { coin, alice, owner } = await loadFixture(deployed);
    const domain = {
      name: "Vote",
      version: "1",
      chainId: 31337,
      verifyingContract: await coin.getAddress(),
    };
    const types = {
      Delegation: [
        { name: "delegatee", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "expiry", type: "uint256" },
      ],
    };
    const message = { delegatee: alice.address, nonce: 0n, expiry: MAX };
    const { v, r, s } = ethers.Signature.from(
      await wallet(0).signTypedData(domain, types, message),
    );
    const submit = () => coin.connect(alice).getFunction("delegateBySig")(alice, 0n, MAX, v, r, s);
    await expect(submit()).to.emit(coin, "DelegateChanged").withArgs(owner, ZERO, alice);
    await expect(submit())
      .to.be.revertedWithCustomError(coin, "InvalidAccountNonce")
      .withArgs(owner, 1n);
  });
});

describe("ERC20Wrapper", () => {
  async function deployed() {
    const [owner, alice] = await ethers.getSigners();
    const coin = await ethers.deployContract("Coin");
    await coin.mint(owner, 1000n);
    const wrapped = await ethers.deployContract("WrappedCoin", [coin]);
    await coin.approve(wrapped, 500n);
    return { coin, wrapped, owner, alice };
  }

  it("wraps for another account", async () => {
    const { coin, wrapped, owner, alice } = await loadFixture(deployed);
    const deposit = await wrapped.depositFor(alice, 100n);
    await expect(deposit).to.changeTokenBalances(coin, [owner, wrapped], [-100n, 100n]);
    await expect(deposit).to.changeTokenBalance(wrapped, alice, 100n);
  });

  it("unwraps", async () => {
    const { coin, wrapped, owner } = await loadFixture(deployed);
    await wrapped.depositFor(owner, 100n);
    await expect(wrapped.withdrawTo(owner, 60n)).to.changeTokenBalance(coin, owner, 60n);
  });

  it("refuses more than is approved, in the inner token's words", async () => {
    const { coin, wrapped, owner } = await loadFixture(deployed);
    await expect(wrapped.depositFor(owner, 501n))
      .to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance")
      .withArgs(wrapped, 500n, 501n);
  });

  it("refuses itself as the inner token", async () => {
    const { wrapped, owner } = await loadFixture(deployed);
    const nonce = await owner.getNonce();
    const own = ethers.getCreateAddress({ from: owner.address, nonce });
    await expect(ethers.deployContract("WrappedCoin", [own]))
      .to.be.revertedWithCustomError(wrapped, "ERC20InvalidUnderlying")
      .withArgs(own);
  });
});

describe("SafeERC20", () => {
  async function deployed() {
    const [owner, alice] = await ethers.getSigners();
    const spender = await ethers.deployContract("Spender");
    const old = await ethers.deployContract("OldToken");
    await old.transfer(spender, 500n);
    const lying = await ethers.deployContract("LyingToken");
    const coin = await ethers.deployContract("Coin");
    await coin.mint(spender, 100n);
    return { owner, alice, spender, old, lying, coin };
  }

  it("pays in a token without return values", async () => {
    const { spender, old, alice } = await loadFixture(deployed);
    await spender.pay(old, alice, 10n);
    expect(await old.balanceOf(alice)).to.equal(10n);
  });

  it("passes on the token's own failure", async () => {
    const { spender, old, alice } = await loadFixture(deployed);
    await expect(spender.pay(old, alice, 501n)).to.be.revertedWith("too little");
  });

  it("takes false as a failure", async () => {
    const { spender, lying, alice } = await loadFixture(deployed);
    await expect(spender.pay(lying, alice, 1n))
      .to.be.revertedWithCustomError(spender, "SafeERC20FailedOperation")
      .withArgs(lying);
  });

  it("refuses an account without code", async () => {
    const { spender, owner, alice } = await loadFixture(deployed);
    await expect(spender.pay(owner, alice, 1n)).to.be.revertedWithCustomError(
      spender,
      "SafeERC20FailedOperation",
    );
  });

  it("forces an approval through zero", async () => {
    const { spender, old, alice } = await loadFixture(deployed);
    await spender.force(old, alice, 10n);
    await spender.force(old, alice, 20n);
    expect(await old.allowance(spender, alice)).to.equal(20n);
  });

  it("increases and decreases an allowance", async () => {
    const { spender, coin, alice } = await loadFixture(deployed);
    await spender.increase(coin, alice, 10n);
    await spender.decrease(coin, alice, 4n);
    expect(await coin.allowance(spender, alice)).to.equal(6n);
    await expect(spender.decrease(coin, alice, 7n))
      .to.be.revertedWithCustomError(spender, "SafeERC20FailedDecreaseAllowance")
      .withArgs(alice, 6n, 7n);
    await expect(spender.increase(coin, alice, MAX)).to.be.revertedWithPanic(0x11);
  });
});

describe("ERC4626", () => {
  async function deployed() {
    const [owner, alice, bob] = await ethers.getSigners();
    const coin = await ethers.deployContract("Coin");
    const vault = await ethers.deployContract("Vault", [coin]);
    for (const holder of [owner, alice]) {
      await coin.mint(holder, 10_000n);
      await coin.connect(holder).getFunction("approve")(vault, MAX);
    }
    return { coin, vault, owner, alice, bob };
  }

  async function invested() {
    const context = await loadFixture(deployed);
    await context.vault.deposit(1000n, context.owner);
    await context.vault.connect(context.alice).getFunction("deposit")(2000n, context.alice);
    return context;
  }

  it("gives a share for each asset at first", async () => {
    const { coin, vault, owner } = await loadFixture(deployed);
    await expect(vault.deposit(1000n, owner))
      .to.emit(vault, "Deposit")
      .withArgs(owner, owner, 1000n, 1000n);
    expect(await vault.totalAssets()).to.equal(1000n);
    expect(await vault.asset()).to.equal(await coin.getAddress());
  });

  it("mints shares for assets", async () => {
    const { coin, vault, alice, owner } = await loadFixture(invested);
    await expect(vault.mint(500n, alice)).to.changeTokenBalances(
      coin,
      [owner, vault],
      [-500n, 500n],
    );
  });

  it("shares profits", async () => {
    const { coin, vault, owner, alice } = await loadFixture(invested);
    await coin.mint(vault, 1500n);
    expect(await vault.convertToAssets(1000n)).to.equal(1499n);
    await expect(
      vault.connect(alice).getFunction("redeem")(2000n, alice, alice),
    ).to.changeTokenBalance(coin, alice, 2999n);
    expect(await vault.maxWithdraw(owner)).to.equal(1500n);
  });

  it("previews what it does", async () => {
    const { coin, vault, owner } = await loadFixture(invested);
    await coin.mint(vault, 777n);
    for (const method of ["deposit", "mint"]) {
      const name = `preview${method[0]?.toUpperCase()}${method.slice(1)}`;
      const foreseen = await vault.getFunction(name)(123n);
      expect(await vault.getFunction(method).staticCall(123n, owner)).to.equal(foreseen);
    }
    for (const method of ["withdraw", "redeem"]) {
      const name = `preview${method[0]?.toUpperCase()}${method.slice(1)}`;
      const foreseen = await vault.getFunction(name)(123n);
      expect(await vault.getFunction(method).staticCall(123n, owner, owner)).to.equal(foreseen);
    }
  });

  it("withdraws for an account that allows it", async () => {
    const { coin, vault, owner, alice, bob } = await loadFixture(invested);
    await vault.approve(bob, 100n);
    const withdrawal = vault.connect(bob).getFunction("withdraw")(100n, alice, owner);
    await expect(withdrawal).to.emit(vault, "Withdraw").withArgs(bob, alice, owner, 100n, 100n);
    await expect(withdrawal).to.changeTokenBalances(coin, [vault, alice], [-100n, 100n]);
  });

  it("refuses to withdraw for one that does not", async () => {
    const { vault, owner, bob } = await loadFixture(invested);
    await expect(vault.connect(bob).getFunction("withdraw")(100n, bob, owner))
      .to.be.revertedWithCustomError(vault, "ERC20InsufficientAllowance")
      .withArgs(bob, 0n, 100n);
  });

  it("refuses more than an account can withdraw or redeem", async () => {
    const { vault, owner } = await loadFixture(invested);
    await expect(vault.withdraw(1001n, owner, owner))
      .to.be.revertedWithCustomError(vault, "ERC4626ExceededMaxWithdraw")
      .withArgs(owner, 1001n, 1000n);
    await expect(vault.redeem(1001n, owner, owner))
      .to.be.revertedWithCustomError(vault, "ERC4626ExceededMaxRedeem")
      .withArgs(owner, 1001n, 1000n);
  });

  it("rounds against the one who asks", async () => {
    const { coin, vault } = await loadFixture(invested);
    await coin.mint(vault, 1n);
    expect(await vault.previewDeposit(1n)).to.equal(0n);
    expect(await vault.previewMint(1n)).to.equal(2n);
    expect(await vault.previewRedeem(1n)).to.equal(1n);
    expect(await vault.previewWithdraw(1n)).to.equal(1n);
  });

  it("survives an inflation attack with a loss for the attacker", async () => {
    const { coin, vault, owner, alice } = await loadFixture(deployed);
    await vault.deposit(1n, owner);
    await coin.transfer(vault, 5000n);
    await vault.connect(alice).getFunction("deposit")(5000n, alice);
    expect(await vault.balanceOf(alice)).to.equal(1n);
    expect(await vault.maxWithdraw(owner)).to.be.lessThan(5001n);
  });
});
