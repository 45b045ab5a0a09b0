import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { DEADLINE, deployMarket, LIQUIDITY } from "../scripts/market";

const ONE = ethers.parseEther("1");

async function deployPool() {
  const [, alice, bob] = await ethers.getSigners();
  const market = await deployMarket(1, [alice, bob]);
  const pool = market.pools[0];
  const token0 = await ethers.getContractAt("TestToken", await pool.token0());
  const token1 = await ethers.getContractAt("TestToken", await pool.token1());
  return { ...market, pool, token0, token1, alice, bob };
}

async function deployEmptyPool() {
  const factory = await ethers.deployContract("PoolFactory");
  const a = await ethers.deployContract("TestToken", ["A", "A"]);
  const b = await ethers.deployContract("TestToken", ["B", "B"]);
  await factory.createPool(a, b);
  const pool = await ethers.getContractAt("Pool", await factory.getPool(a, b));
  return { factory, pool, a, b };
}

describe("Pool", () => {
  describe("mint", () => {
    it("locks the minimum liquidity for ever", async () => {
      const { pool, deployer } = await loadFixture(deployPool);
      expect(await pool.totalSupply()).to.equal(LIQUIDITY);
      expect(await pool.balanceOf(ZeroAddress)).to.equal(1000n);
      expect(await pool.balanceOf(deployer)).to.equal(LIQUIDITY - 1000n);
    });

    it("emits Sync and Mint", async () => {
      const { pool, a, b } = await loadFixture(deployEmptyPool);
      const [provider] = await ethers.getSigners();
      await a.mint(pool, 4n * ONE);
      await b.mint(pool, ONE);
      const zeroIsA = (await pool.token0()) === (await a.getAddress());
      const [amount0, amount1] = zeroIsA ? [4n * ONE, ONE] : [ONE, 4n * ONE];
      await expect(pool.mint(provider))
        .to.emit(pool, "Sync")
        .withArgs(amount0, amount1)
        .and.to.emit(pool, "Mint")
        .withArgs(provider, amount0, amount1);
      expect(await pool.totalSupply()).to.equal(2n * ONE);
    });

    it("reverts if nothing was sent", async () => {
      const { pool, deployer } = await loadFixture(deployPool);
      await expect(pool.mint(deployer)).to.be.revertedWithCustomError(
        pool,
        "InsufficientLiquidityMinted",
      );
    });

    it("reverts with a panic below the minimum", async () => {
      const { pool, a, b } = await loadFixture(deployEmptyPool);
      const [provider] = await ethers.getSigners();
      await a.mint(pool, 10n);
      await b.mint(pool, 10n);
      await expect(pool.mint(provider)).to.be.revertedWithPanic(0x11);
    });
  });

  describe("swap", () => {
    it("pays out by x * y = k", async () => {
      const { pool, token0, token1, alice } = await loadFixture(deployPool);
      // 1 * 0.997 * 10000 / (10000 + 0.997), in wei
      const out = (ONE * 997n * LIQUIDITY) / (LIQUIDITY * 1000n + ONE * 997n);
      await token0.mint(pool, ONE);
      await expect(pool.swap(0n, out, alice))
        .to.emit(pool, "Swap")
        .withArgs((await ethers.getSigners())[0], ONE, 0n, 0n, out, alice);
      expect(await token1.balanceOf(alice)).to.be.at.least(out);
      const [reserve0, reserve1] = await pool.getReserves();
      expect(reserve0).to.equal(LIQUIDITY + ONE);
      expect(reserve1).to.equal(LIQUIDITY - out);
    });

    it("refuses a wei more", async () => {
      const { pool, token0, alice } = await loadFixture(deployPool);
      const out = (ONE * 997n * LIQUIDITY) / (LIQUIDITY * 1000n + ONE * 997n);
      await token0.mint(pool, ONE);
      await expect(pool.swap(0n, out + 1n, alice)).to.be.revertedWithCustomError(pool, "K");
    });

    it("refuses to give for nothing", async () => {
      const { pool, alice } = await loadFixture(deployPool);
      await expect(pool.swap(0n, ONE, alice)).to.be.revertedWithCustomError(
        pool,
        "InsufficientInputAmount",
      );
    });

    it("refuses to give nothing", async () => {
      const { pool, alice } = await loadFixture(deployPool);
      await expect(pool.swap(0n, 0n, alice)).to.be.revertedWithCustomError(
        pool,
        "InsufficientOutputAmount",
      );
    });

    it("refuses to give everything", async () => {
      const { pool, alice } = await loadFixture(deployPool);
      await expect(pool.swap(LIQUIDITY, 0n, alice)).to.be.revertedWithCustomError(
        pool,
        "InsufficientLiquidity",
      );
    });

    it("does not pay to a token", async () => {
      const { pool, token0 } = await loadFixture(deployPool);
      await expect(pool.swap(ONE, 0n, token0)).to.be.revertedWithCustomError(pool, "InvalidTo");
    });

    it("cannot be entered twice", async () => {
      const [provider] = await ethers.getSigners();
      const factory = await ethers.deployContract("PoolFactory");
      const evil = await ethers.deployContract("ReentrantToken");
      const plain = await ethers.deployContract("TestToken", ["Plain", "P"]);
      await factory.createPool(evil, plain);
      const pool = await ethers.getContractAt("Pool", await factory.getPool(evil, plain));
      await evil.mint(pool, 10n * ONE);
      await plain.mint(pool, 10n * ONE);
      await pool.mint(provider);
      await evil.attack(pool);
      await plain.mint(pool, ONE);
      const evilIsZero = (await pool.token0()) === (await evil.getAddress());
      const amounts = evilIsZero ? [1n, 0n] : [0n, 1n];
      await expect(pool.swap(amounts[0], amounts[1], provider)).to.be.revertedWithCustomError(
        pool,
        "Locked",
      );
    });
  });

  describe("burn", () => {
    it("returns the share of both tokens", async () => {
      const { pool, token0, token1, deployer, alice } = await loadFixture(deployPool);
      await pool.transfer(pool, LIQUIDITY / 4n);
      await expect(pool.burn(alice))
        .to.emit(pool, "Burn")
        .withArgs(deployer, LIQUIDITY / 4n, LIQUIDITY / 4n, alice);
      expect(await token0.balanceOf(pool)).to.equal((LIQUIDITY * 3n) / 4n);
      expect(await token1.balanceOf(pool)).to.equal((LIQUIDITY * 3n) / 4n);
      expect(await pool.totalSupply()).to.equal((LIQUIDITY * 3n) / 4n);
    });

    it("reverts if no liquidity was sent", async () => {
      const { pool, alice } = await loadFixture(deployPool);
      await expect(pool.burn(alice)).to.be.revertedWithCustomError(
        pool,
        "InsufficientLiquidityBurned",
      );
    });
  });

  describe("liquidity shares", () => {
    it("can be given away", async () => {
      const { pool, deployer, alice } = await loadFixture(deployPool);
      await expect(pool.transfer(alice, 5n)).to.changeTokenBalances(
        pool,
        [deployer, alice],
        [-5n, 5n],
      );
    });

    it("can be spent by others up to the allowance", async () => {
      const { pool, deployer, alice, bob } = await loadFixture(deployPool);
      await expect(pool.approve(alice, 10n))
        .to.emit(pool, "Approval")
        .withArgs(deployer, alice, 10n);
      await pool.connect(alice).transferFrom(deployer, bob, 4n);
      expect(await pool.allowance(deployer, alice)).to.equal(6n);
      await expect(pool.connect(alice).transferFrom(deployer, bob, 7n)).to.be.revertedWithPanic(
        0x11,
      );
    });
  });

  describe("price sums", () => {
    it("grow with time by the price", async () => {
      const { pool, token0, router, alice, tokens } = await loadFixture(deployPool);
      const [, , last] = await pool.getReserves();
      const before = await pool.price0CumulativeLast();
      await time.setNextBlockTimestamp(last + 100n);
      await token0.mint(pool, ONE);
      await time.setNextBlockTimestamp(last + 110n);
      await router.connect(alice).swapExactTokens(ONE, 0n, [tokens[0], tokens[1]], alice, DEADLINE);
      // equal reserves: the price is 1, in units of 2^112
      expect(await pool.price0CumulativeLast()).to.equal(before + 110n * 2n ** 112n);
    });
  });

  it("is initialised by its factory only", async () => {
    const { pool, token0, token1 } = await loadFixture(deployPool);
    await expect(pool.initialize(token0, token1)).to.be.revertedWithCustomError(pool, "Forbidden");
  });
});

describe("PoolFactory", () => {
  it("creates a pool once, under both orders", async () => {
    const { factory, a, b, pool } = await loadFixture(deployEmptyPool);
    expect(await factory.getPool(b, a)).to.equal(await pool.getAddress());
    expect(await factory.allPools(0n)).to.equal(await pool.getAddress());
    expect(await factory.allPoolsLength()).to.equal(1n);
    await expect(factory.createPool(b, a))
      .to.be.revertedWithCustomError(factory, "PoolExists")
      .withArgs(pool);
  });

  it("announces it", async () => {
    const { factory, a } = await loadFixture(deployEmptyPool);
    const c = await ethers.deployContract("TestToken", ["C", "C"]);
    await expect(factory.createPool(a, c)).to.emit(factory, "PoolCreated");
  });

  it("refuses equal tokens and the zero address", async () => {
    const { factory, a } = await loadFixture(deployEmptyPool);
    await expect(factory.createPool(a, a)).to.be.revertedWithCustomError(
      factory,
      "IdenticalTokens",
    );
    await expect(factory.createPool(a, ZeroAddress)).to.be.revertedWithCustomError(
      factory,
      "ZeroAddress",
    );
  });
});
