import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { mineInOneBlock } from "../../one-block";
import { DEADLINE, deployMarket, LIQUIDITY, TRADER_BALANCE } from "../scripts/market";

const ONE = ethers.parseEther("1");
const gasLimit = 300_000n;

/** Four pools; trader i has the first token of pool i mod 4. */
async function deployFourPools() {
  const signers = await ethers.getSigners();
  const traders = signers.slice(1, 25);
  return { ...(await deployMarket(4, traders)), traders };
}

describe("Router", () => {
  describe("swapExactTokens", () => {
    it("gives what it quoted", async () => {
      const { router, tokens, traders } = await loadFixture(deployFourPools);
      const quoted = await router.quote(ONE, tokens[0], tokens[1]);
      await expect(
        router
          .connect(traders[0])
          .swapExactTokens(ONE, quoted, [tokens[0], tokens[1]], traders[0], DEADLINE),
      ).to.changeTokenBalance(tokens[1], traders[0], quoted);
      expect(await tokens[0].balanceOf(traders[0])).to.equal(TRADER_BALANCE - ONE);
    });

    it("refuses less than the minimum", async () => {
      const { router, tokens, traders } = await loadFixture(deployFourPools);
      const quoted = await router.quote(ONE, tokens[0], tokens[1]);
      await expect(
        router
          .connect(traders[0])
          .swapExactTokens(ONE, quoted + 1n, [tokens[0], tokens[1]], traders[0], DEADLINE),
      )
        .to.be.revertedWithCustomError(router, "InsufficientAmount")
        .withArgs(quoted, quoted + 1n);
    });

    it("refuses after the deadline", async () => {
      const { router, tokens, traders } = await loadFixture(deployFourPools);
      await expect(
        router.connect(traders[0]).swapExactTokens(ONE, 0n, [tokens[0], tokens[1]], traders[0], 1n),
      )
        .to.be.revertedWithCustomError(router, "Expired")
        .withArgs(1n);
    });

    it("refuses tokens without a pool", async () => {
      const { router, tokens, traders } = await loadFixture(deployFourPools);
      await expect(
        router
          .connect(traders[0])
          .swapExactTokens(ONE, 0n, [tokens[0], tokens[2]], traders[0], DEADLINE),
      ).to.be.revertedWithCustomError(router, "NoPool");
    });

    it("goes over two pools", async () => {
      const { router, factory, tokens, traders, deployer } = await loadFixture(deployFourPools);
      await factory.createPool(tokens[1], tokens[2]);
      await router.addLiquidity(tokens[1], tokens[2], LIQUIDITY, LIQUIDITY, 0n, deployer, DEADLINE);
      const middle = await router.quote(ONE, tokens[0], tokens[1]);
      const end = await router.quote(middle, tokens[1], tokens[2]);
      await expect(
        router
          .connect(traders[0])
          .swapExactTokens(ONE, end, [tokens[0], tokens[1], tokens[2]], traders[0], DEADLINE),
      ).to.changeTokenBalance(tokens[2], traders[0], end);
    });

    it("needs an allowance", async () => {
      const { router, tokens, traders } = await loadFixture(deployFourPools);
      await tokens[0].connect(traders[0]).approve(router, 0n);
      await expect(
        router
          .connect(traders[0])
          .swapExactTokens(ONE, 0n, [tokens[0], tokens[1]], traders[0], DEADLINE),
      ).to.be.revertedWithCustomError(tokens[0], "ERC20InsufficientAllowance");
    });
  });

  describe("liquidity", () => {
    it("is added and taken out again", async () => {
      const { router, tokens, pools, deployer } = await loadFixture(deployFourPools);
      const pool = pools[0];
      await router.addLiquidity(
        tokens[0],
        tokens[1],
        LIQUIDITY,
        LIQUIDITY,
        LIQUIDITY,
        deployer,
        DEADLINE,
      );
      await pool.approve(router, ethers.MaxUint256);
      await expect(
        router.removeLiquidity(
          tokens[0],
          tokens[1],
          LIQUIDITY,
          LIQUIDITY,
          LIQUIDITY,
          deployer,
          DEADLINE,
        ),
      ).to.changeTokenBalances(tokens[0], [deployer, pool], [LIQUIDITY, -LIQUIDITY]);
      expect(await pool.totalSupply()).to.equal(LIQUIDITY);
    });

    it("refuses less than the minimum, in the caller's order of tokens", async () => {
      const { router, tokens, pools, deployer } = await loadFixture(deployFourPools);
      await pools[0].approve(router, ethers.MaxUint256);
      const half = LIQUIDITY / 2n;
      await expect(
        router.removeLiquidity(tokens[0], tokens[1], half, half + 1n, half, deployer, DEADLINE),
      )
        .to.be.revertedWithCustomError(router, "InsufficientAmount")
        .withArgs(half, half + 1n);
    });
  });

  describe("many in one block", () => {
    it("24 traders over four pools all trade", async () => {
      const { router, tokens, pools, traders } = await loadFixture(deployFourPools);
      const receipts = await mineInOneBlock(
        traders.map((trader, i) => () => {
          const path = [tokens[2 * (i % 4)], tokens[2 * (i % 4) + 1]];
          return router
            .connect(trader)
            .swapExactTokens(ONE, 0n, path, trader, DEADLINE, { gasLimit });
        }),
      );
      expect(receipts.map((receipt) => receipt.status)).to.deep.equal(traders.map(() => 1));
      for (const [i, pool] of pools.entries()) {
        expect(await tokens[2 * i].balanceOf(pool)).to.equal(LIQUIDITY + 6n * ONE);
      }
    });

    it("the earlier trade in a pool gets the better price", async () => {
      const { router, tokens, traders } = await loadFixture(deployFourPools);
      const inFirstPool = traders.filter((_, i) => i % 4 === 0);
      await mineInOneBlock(
        inFirstPool.map(
          (trader) => () =>
            router
              .connect(trader)
              .swapExactTokens(ONE, 0n, [tokens[0], tokens[1]], trader, DEADLINE, { gasLimit }),
        ),
      );
      const got: bigint[] = [];
      for (const trader of inFirstPool) got.push(await tokens[1].balanceOf(trader));
      const byOrder = [...got].sort((a, b) => (a < b ? 1 : -1));
      expect(got).to.deep.equal(byOrder);
      expect(new Set(got).size).to.equal(got.length);
    });
  });
});
