import "../offline-solc";
import { extendProvider, type HardhatUserConfig } from "hardhat/config";
import { ProviderWrapper } from "hardhat/plugins";
import type { EIP1193Provider, RequestArguments } from "hardhat/types";
import { mochaOptions } from "../transcript";

/** What the runs differ in. */
const { ORDER = "first", WRAPPER, GAS_REPORT } = process.env;

if (ORDER === "first") {
  require("hardhat-parallel");
}
require("@nomicfoundation/hardhat-chai-matchers");
require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-viem");
require("@nomicfoundation/hardhat-ignition-ethers");
require("@nomicfoundation/hardhat-verify");
require("@typechain/hardhat");
require("@openzeppelin/hardhat-upgrades");
require("hardhat-deploy");
require("solidity-coverage");
require("hardhat-gas-reporter");
if (ORDER === "last") {
  require("hardhat-parallel");
}

/** As hardhat-tracer does: looks at every request, and asks for more on the way. */
class Watcher extends ProviderWrapper {
  readonly counts = new Map<string, number>();

  constructor(provider: EIP1193Provider) {
    super(provider);
    this.on("message", () => undefined);
  }

  override async request(args: RequestArguments): Promise<unknown> {
    this.counts.set(args.method, (this.counts.get(args.method) ?? 0) + 1);
    const result = await this._wrappedProvider.request(args);
    if (args.method === "eth_sendTransaction") {
      await this._wrappedProvider.request({
        method: "eth_getTransactionByHash",
        params: [result],
      });
    }
    return result;
  }
}

if (WRAPPER === "1") {
  extendProvider(async (provider) => new Watcher(provider));
}

// The plugins' own config keys are typed by their imports, which would fix their order.
const config: HardhatUserConfig & Record<string, unknown> = {
  solidity: {
    compilers: [
      {
        version: "0.8.30",
        settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
      },
    ],
  },
  networks: { hardhat: { initialDate: "2030-01-01T00:00:00Z" } },
  namedAccounts: {
    deployer: 0,
    user: { default: 1 },
    stranger: "0x00000000000000000000000000000000000000aa",
  },
  gasReporter: {
    enabled: GAS_REPORT !== undefined,
    noColors: true,
    offline: true,
    outputFile: GAS_REPORT,
  },
  mocha: { timeout: 120_000, ...mochaOptions },
};

export default config;
