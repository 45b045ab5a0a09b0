import "../offline-solc";
import "hardhat-parallel";
import "@nomicfoundation/hardhat-chai-matchers";
import "@nomicfoundation/hardhat-ethers";
import type { HardhatUserConfig } from "hardhat/config";
import { nameSeededSlots } from "./scripts/name-seeded-slots";

const config: HardhatUserConfig = {
  solidity: {
    version: "0.8.30",
    settings: { optimizer: { enabled: true, runs: 200 }, viaIR: false, evmVersion: "cancun" },
  },
  parallel: {
    report: { layoutFiles: ["layouts/vault.json"], slotResolver: nameSeededSlots },
  },
};

export default config;
