import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";

const INITIAL_SUPPLY = 1_000_000n;
const TRANSFER_GAS = 100_000n;

async function deployToken() {
  const [admin, shop, alice, bob, carol] = await ethers.getSigners();
  const token = await ethers.deployContract("LoyaltyToken", [admin, INITIAL_SUPPLY]);
  await token.grantRole(await token.MINTER_ROLE(), shop);
  return { token, admin, shop, alice, bob, carol };
}

/** Ten customers with 1,000 points each. */
async function deployWithCustomers() {
  const deployment = await deployToken();
  const customers = (await ethers.getSigners()).slice(10, 20);
  for (const customer of customers) {
    await deployment.token.connect(deployment.shop).mint(customer, 1_000n);
  }
  return { ...deployment, customers };
}

describe("LoyaltyToken", () => {
  describe("deployment", () => {
    it("has a name, a symbol and 18 decimals", async () => {
      const { token } = await loadFixture(deployToken);
      expect(await token.name()).to.equal("Loyalty");
      expect(await token.symbol()).to.equal("LOY");
      expect(await token.decimals()).to.equal(18n);
    });

    it("gives the initial supply to the admin", async () => {
      const { token, admin } = await loadFixture(deployToken);
      expect(await token.totalSupply()).to.equal(INITIAL_SUPPLY);
      expect(await token.balanceOf(admin)).to.equal(INITIAL_SUPPLY);
    });

    it("makes the deployer no minter", async () => {
      const { token, admin } = await loadFixture(deployToken);
      expect(await token.hasRole(await token.MINTER_ROLE(), admin)).to.equal(false);
      expect(await token.hasRole(await token.DEFAULT_ADMIN_ROLE(), admin)).to.equal(true);
    });
  });

  describe("mint", () => {
    it("lets a shop give points", async () => {
      const { token, shop, alice } = await loadFixture(deployToken);
      await expect(token.connect(shop).mint(alice, 250n))
        .to.emit(token, "Transfer")
        .withArgs(ZeroAddress, alice, 250n)
        .and.to.emit(token, "Earned")
        .withArgs(shop, alice, 250n);
      expect(await token.balanceOf(alice)).to.equal(250n);
      expect(await token.totalSupply()).to.equal(INITIAL_SUPPLY + 250n);
    });

    it("notes the day", async () => {
      const { token, shop, alice } = await loadFixture(deployToken);
      await token.connect(shop).mint(alice, 1n);
      const block = await ethers.provider.getBlock("latest");
      expect(await token.lastEarned(alice)).to.equal(BigInt(block?.timestamp ?? 0) / 86_400n);
    });

    it("is refused to anyone else", async () => {
      const { token, alice } = await loadFixture(deployToken);
      await expect(token.connect(alice).mint(alice, 1n))
        .to.be.revertedWithCustomError(token, "AccessControlUnauthorizedAccount")
        .withArgs(alice, await token.MINTER_ROLE());
    });

    it("refuses to mint nothing", async () => {
      const { token, shop, alice } = await loadFixture(deployToken);
      await expect(token.connect(shop).mint(alice, 0n)).to.be.revertedWithCustomError(
        token,
        "NothingToMint",
      );
    });

    it("refuses the zero address", async () => {
      const { token, shop } = await loadFixture(deployToken);
      await expect(token.connect(shop).mint(ZeroAddress, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });
  });

  describe("transfer", () => {
    it("moves points", async () => {
      const { token, admin, alice } = await loadFixture(deployToken);
      await expect(token.transfer(alice, 100n)).to.changeTokenBalances(
        token,
        [admin, alice],
        [-100n, 100n],
      );
    });

    it("emits Transfer", async () => {
      const { token, admin, alice } = await loadFixture(deployToken);
      await expect(token.transfer(alice, 7n)).to.emit(token, "Transfer").withArgs(admin, alice, 7n);
    });

    it("reverts above the balance", async () => {
      const { token, alice, bob } = await loadFixture(deployToken);
      await expect(token.connect(alice).transfer(bob, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(alice, 0n, 1n);
    });

    it("to oneself changes nothing", async () => {
      const { token, admin } = await loadFixture(deployToken);
      await token.transfer(admin, 10n);
      expect(await token.balanceOf(admin)).to.equal(INITIAL_SUPPLY);
    });
  });

  describe("allowances", () => {
    it("approve sets the allowance and emits Approval", async () => {
      const { token, admin, bob } = await loadFixture(deployToken);
      await expect(token.approve(bob, 500n)).to.emit(token, "Approval").withArgs(admin, bob, 500n);
      expect(await token.allowance(admin, bob)).to.equal(500n);
    });

    it("transferFrom spends it", async () => {
      const { token, admin, bob, carol } = await loadFixture(deployToken);
      await token.approve(bob, 500n);
      await token.connect(bob).transferFrom(admin, carol, 200n);
      expect(await token.allowance(admin, bob)).to.equal(300n);
      expect(await token.balanceOf(carol)).to.equal(200n);
    });

    it("an infinite allowance stays", async () => {
      const { token, admin, bob, carol } = await loadFixture(deployToken);
      await token.approve(bob, ethers.MaxUint256);
      await token.connect(bob).transferFrom(admin, carol, 200n);
      expect(await token.allowance(admin, bob)).to.equal(ethers.MaxUint256);
    });

    it("transferFrom reverts above the allowance", async () => {
      const { token, admin, bob, carol } = await loadFixture(deployToken);
      await token.approve(bob, 10n);
      await expect(token.connect(bob).transferFrom(admin, carol, 11n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(bob, 10n, 11n);
    });
  });

  describe("burn", () => {
    it("lowers balance and supply", async () => {
      const { token, admin } = await loadFixture(deployToken);
      await token.burn(400n);
      expect(await token.balanceOf(admin)).to.equal(INITIAL_SUPPLY - 400n);
      expect(await token.totalSupply()).to.equal(INITIAL_SUPPLY - 400n);
    });

    it("burnFrom needs an allowance", async () => {
      const { token, admin, bob } = await loadFixture(deployToken);
      await expect(token.connect(bob).burnFrom(admin, 1n)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientAllowance",
      );
    });
  });

  describe("pausing", () => {
    it("stops transfers and mints, not approvals", async () => {
      const { token, admin, shop, alice } = await loadFixture(deployToken);
      await expect(token.pause()).to.emit(token, "Paused").withArgs(admin);
      await expect(token.transfer(alice, 1n)).to.be.revertedWithCustomError(token, "EnforcedPause");
      await expect(token.connect(shop).mint(alice, 1n)).to.be.revertedWithCustomError(
        token,
        "EnforcedPause",
      );
      await expect(token.approve(alice, 1n)).not.to.be.reverted;
    });

    it("ends with unpause", async () => {
      const { token, alice } = await loadFixture(deployToken);
      await token.pause();
      await token.unpause();
      await expect(token.transfer(alice, 1n)).to.changeTokenBalance(token, alice, 1n);
    });

    it("is for pausers only", async () => {
      const { token, alice } = await loadFixture(deployToken);
      await expect(token.connect(alice).pause()).to.be.revertedWithCustomError(
        token,
        "AccessControlUnauthorizedAccount",
      );
    });
  });

  describe("roles", () => {
    it("a revoked shop can no longer mint", async () => {
      const { token, shop, alice } = await loadFixture(deployToken);
      await expect(token.revokeRole(await token.MINTER_ROLE(), shop)).to.emit(token, "RoleRevoked");
      await expect(token.connect(shop).mint(alice, 1n)).to.be.reverted;
    });

    it("only the admin grants", async () => {
      const { token, alice } = await loadFixture(deployToken);
      await expect(
        token.connect(alice).grantRole(await token.MINTER_ROLE(), alice),
      ).to.be.revertedWithCustomError(token, "AccessControlUnauthorizedAccount");
    });
  });

  describe("many in one block", () => {
    it("payments of ten customers to ten others all go through", async () => {
      const { token, customers } = await loadFixture(deployWithCustomers);
      const receivers = (await ethers.getSigners()).slice(20, 30);
      const receipts = await mineInOneBlock(
        customers.map(
          (customer, i) => () =>
            token.connect(customer).transfer(receivers[i], 100n, { gasLimit: TRANSFER_GAS }),
        ),
      );
      expect(receipts.map((receipt) => receipt.status)).to.deep.equal(customers.map(() => 1));
      for (const [i, customer] of customers.entries()) {
        expect(await token.balanceOf(customer)).to.equal(900n);
        expect(await token.balanceOf(receivers[i])).to.equal(100n);
      }
    });

    it("points go down a chain of customers in block order", async () => {
      const { token, admin } = await loadFixture(deployToken);
      const chain = (await ethers.getSigners()).slice(10, 20);
      const payers = [admin, ...chain.slice(0, -1)];
      await mineInOneBlock(
        payers.map(
          (payer, i) => () =>
            token.connect(payer).transfer(chain[i], 50n, { gasLimit: TRANSFER_GAS }),
        ),
      );
      expect(await token.balanceOf(chain[chain.length - 1])).to.equal(50n);
      expect(await token.balanceOf(chain[0])).to.equal(0n);
    });

    it("ten mints of one shop add up", async () => {
      const { token, shop } = await loadFixture(deployToken);
      const customers = (await ethers.getSigners()).slice(10, 20);
      await mineInOneBlock(
        customers.map(
          (customer) => () => token.connect(shop).mint(customer, 5n, { gasLimit: 150_000n }),
        ),
      );
      expect(await token.totalSupply()).to.equal(INITIAL_SUPPLY + 50n);
    });

    it("the block's later spender fails when the first empties the account", async () => {
      const { token, admin, alice, bob, carol } = await loadFixture(deployToken);
      await token.transfer(alice, 10n);
      await token.connect(alice).approve(bob, 10n);
      await token.connect(alice).approve(carol, 10n);
      await ethers.provider.send("evm_setAutomine", [false]);
      const first = await token
        .connect(bob)
        .transferFrom(alice, bob, 10n, { gasLimit: TRANSFER_GAS, gasPrice: 20_000_000_000n });
      const second = await token
        .connect(carol)
        .transferFrom(alice, carol, 10n, { gasLimit: TRANSFER_GAS, gasPrice: 10_000_000_000n });
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
      const statusOf = async (hash: string) =>
        (await ethers.provider.getTransactionReceipt(hash))?.status;
      expect(await statusOf(first.hash)).to.equal(1);
      expect(await statusOf(second.hash)).to.equal(0);
      expect(await token.balanceOf(bob)).to.equal(10n);
      expect(await token.balanceOf(admin)).to.equal(INITIAL_SUPPLY - 10n);
    });
  });
});
