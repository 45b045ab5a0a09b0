import "../offline-solc";
import "hardhat-parallel";
import "@nomicfoundation/hardhat-chai-matchers";
import "@nomicfoundation/hardhat-ethers";
import type { HardhatUserConfig } from "hardhat/config";
import { mochaOptions } from "../transcript";

const optimizer = { enabled: true, runs: 200 };

const config: HardhatUserConfig = {
  solidity: {
    compilers: [
      { version: "0.8.30", settings: { optimizer, evmVersion: "prague" } },
      { version: "0.6.6", settings: { optimizer: { enabled: true, runs: 999_999 } } },
      {
        version: "0.5.16",
        settings: { optimizer: { enabled: true, runs: 999_999 }, evmVersion: "istanbul" },
      },
    ],
    overrides: {
      "contracts/Lending.sol": {
        version: "0.8.10",
        settings: { optimizer: { enabled: true, runs: 1000 }, evmVersion: "london" },
      },
      "contracts/Accounts.sol": {
        version: "0.8.28",
        settings: {
          optimizer: { enabled: true, runs: 1_000_000 },
          evmVersion: "cancun",
          viaIR: true,
        },
      },
    },
  },
  parallel: {
    engine: process.env.ENGINE === "ethereumjs" ? "ethereumjs" : "fast",
    minTransactionsForThreads: Number(process.env.MIN_TRANSACTIONS_FOR_THREADS ?? 16),
  },
  networks: {
    hardhat: {
      // timestamps in signatures and locks do not depend on the day
      initialDate: "2030-01-01T00:00:00Z",
    },
  },
  mocha: { timeout: 120_000, ...mochaOptions },
};

export default config;
