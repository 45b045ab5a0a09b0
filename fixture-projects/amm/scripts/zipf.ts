/** 64 traders who prefer some pools to others: 64 trades over 8 pools, Zipf with exponent 1. */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";
import { DEADLINE, deployMarket, TRADER_BALANCE } from "./market";

const TRADERS = 64;
const POOLS = 8;
const AMOUNT = ethers.parseEther("1");
const gasLimit = 300_000n;

/** How many of `n` choose each rank: quotas n / (rank · H), rounded by largest remainder. */
function zipfCounts(n: number, ranks: number): number[] {
  const shares = Array.from({ length: ranks }, (_, i) => 1 / (i + 1));
  const sum = shares.reduce((a, b) => a + b);
  const quotas = shares.map((share) => (n * share) / sum);
  const counts = quotas.map(Math.floor);
  const left = n - counts.reduce((a, b) => a + b);
  const byRemainder = quotas
    .map((quota, rank) => ({ rank, remainder: quota - counts[rank] }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { rank } of byRemainder.slice(0, left)) counts[rank]++;
  return counts;
}

async function main() {
  const traders = (await ethers.getSigners()).slice(1, 1 + TRADERS);
  const { router, tokens } = await deployMarket(POOLS, []);
  const poolOf = zipfCounts(TRADERS, POOLS).flatMap((count, pool) =>
    Array.from({ length: count }, () => pool),
  );
  for (const [i, trader] of traders.entries()) {
    const token = tokens[2 * poolOf[i]];
    await token.mint(trader, TRADER_BALANCE);
    await token.connect(trader).approve(router, ethers.MaxUint256);
  }
  await runLoad({
    [`swaps over ${POOLS} pools, most in the first`]: traders.map((trader, i) => () => {
      const path = [tokens[2 * poolOf[i]], tokens[2 * poolOf[i] + 1]];
      return router
        .connect(trader)
        .swapExactTokens(AMOUNT, 0n, path, trader, DEADLINE, { gasLimit });
    }),
  });
}

run(main);
