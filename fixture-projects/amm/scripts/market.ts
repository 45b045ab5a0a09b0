/** A market to trade on: tokens, pools with liquidity, traders with money. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";

export const DEADLINE = 10_000_000_000n;
export const LIQUIDITY = ethers.parseEther("10000");
export const TRADER_BALANCE = ethers.parseEther("1000");

/** Pool i trades tokens 2i and 2i + 1, so no two pools share a token. */
export async function deployMarket(pools: number, traders: readonly HardhatEthersSigner[]) {
  const [deployer] = await ethers.getSigners();
  const factory = await ethers.deployContract("PoolFactory");
  const router = await ethers.deployContract("Router", [factory]);

  const tokens = [];
  for (let i = 0; i < 2 * pools; i++) {
    const token = await ethers.deployContract("TestToken", [`Token ${i}`, `T${i}`]);
    await token.mint(deployer, 10n * LIQUIDITY);
    await token.approve(router, ethers.MaxUint256);
    tokens.push(token);
  }

  const poolContracts = [];
  for (let i = 0; i < pools; i++) {
    const [a, b] = [tokens[2 * i], tokens[2 * i + 1]];
    await factory.createPool(a, b);
    await router.addLiquidity(a, b, LIQUIDITY, LIQUIDITY, 0n, deployer, DEADLINE);
    poolContracts.push(await ethers.getContractAt("Pool", await factory.getPool(a, b)));
  }

  for (const [i, trader] of traders.entries()) {
    const token = tokens[2 * (i % pools)];
    await token.mint(trader, TRADER_BALANCE);
    await token.connect(trader).approve(router, ethers.MaxUint256);
  }
  return { deployer, factory, router, tokens, pools: poolContracts };
}
