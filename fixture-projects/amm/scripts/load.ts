/**
 * 64 traders at once, three times: all in one pool, then over 8 pools, then 8 liquidity providers
 * and 56 traders over 8 pools. No two pools share a token.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";
import { DEADLINE, deployMarket, LIQUIDITY } from "./market";

const TRADERS = 64;
const POOLS = 8;
const AMOUNT = ethers.parseEther("1");
const gasLimit = 300_000n;

async function main() {
  const traders = (await ethers.getSigners()).slice(1, 1 + TRADERS);
  const { router, tokens } = await deployMarket(POOLS, traders);

  const swapIn = (pool: number, trader: (typeof traders)[number]) => () =>
    router
      .connect(trader)
      .swapExactTokens(AMOUNT, 0n, [tokens[2 * pool], tokens[2 * pool + 1]], trader, DEADLINE, {
        gasLimit,
      });
  const provideTo = (pool: number, provider: (typeof traders)[number]) => () =>
    router
      .connect(provider)
      .addLiquidity(
        tokens[2 * pool],
        tokens[2 * pool + 1],
        AMOUNT,
        AMOUNT,
        0n,
        provider,
        DEADLINE,
        {
          gasLimit,
        },
      );

  for (const trader of traders) {
    await tokens[0].mint(trader, LIQUIDITY);
    await tokens[0].connect(trader).approve(router, ethers.MaxUint256);
  }
  const providers = traders.slice(0, POOLS);
  for (const [i, provider] of providers.entries()) {
    await tokens[2 * i + 1].mint(provider, LIQUIDITY);
    await tokens[2 * i + 1].connect(provider).approve(router, ethers.MaxUint256);
  }

  await runLoad({
    "swaps in one pool": traders.map((trader) => swapIn(0, trader)),
    [`swaps over ${POOLS} pools`]: traders.map((trader, i) => swapIn(i % POOLS, trader)),
    [`swaps and additions over ${POOLS} pools`]: traders.map((trader, i) =>
      i < POOLS ? provideTo(i, trader) : swapIn(i % POOLS, trader),
    ),
  });
}

run(main);
