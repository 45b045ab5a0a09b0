import { strict as assert } from "node:assert";
import { computeAddress } from "ethers";
import { DEFAULT_COINBASE } from "hardhat/internal/hardhat-network/provider/provider";
import type { ChainConfig } from "../../src/chain/chain";
import { chainConfig, forkSettings } from "../../src/hardhat2/chain-config";
import { withEnvironment } from "./hardhat-environment";

async function chainOf(network: string, check: (chain: ChainConfig) => void): Promise<void> {
  const source = `
    const { extendConfig } = require("hardhat/config");
    extendConfig((config) => { config.parallel = { enabled: false }; });
    module.exports = { networks: { hardhat: ${network} } };
  `;
  await withEnvironment(source, ({ hre }) => check(chainConfig(hre.config.networks.hardhat)));
}

describe("hardhat2/chain-config", () => {
  it("the defaults are stock's", async () => {
    const before = Math.floor(Date.now() / 1000);
    await chainOf("{}", (chain) => {
      const { accounts, initialTimestamp, ...rest } = chain;
      // rpc-surface.md section 1; the resolved default config of Hardhat 2.29
      assert.deepEqual(rest, {
        chainId: 31337n,
        networkId: 31337n,
        hardfork: "osaka",
        blockGasLimit: 60_000_000n,
        transactionGasCap: 16_777_216n,
        initialBaseFeePerGas: null,
        minGasPrice: 0n,
        coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
        genesisState: new Map(),
        automine: true,
        miningInterval: 0,
        mempoolOrder: "priority",
        allowUnlimitedContractSize: false,
        allowBlocksWithSameTimestamp: false,
      });
      assert.equal(chain.coinbase, DEFAULT_COINBASE);
      assert.equal(accounts.length, 20);
      assert.equal(
        computeAddress(accounts[19]?.privateKey ?? ""),
        "0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199", // Hardhat's account #19
      );
      assert.ok(accounts.every(({ balance }) => balance === 10_000n * 10n ** 18n));
      assert.ok(initialTimestamp !== null && Number(initialTimestamp) >= before);
      assert.ok(Number(initialTimestamp) <= Math.ceil(Date.now() / 1000));
    });
  });

  it("every field of the config is taken", async () => {
    const key = "A".repeat(64);
    await chainOf(
      `{
        chainId: 5, hardfork: "berlin", blockGasLimit: 1000000,
        minGasPrice: "3", coinbase: "0x${"A".repeat(40)}",
        accounts: [{ privateKey: "0x${key}", balance: "12" }],
        mining: { auto: false, interval: [10, 20], mempool: { order: "fifo" } },
        allowUnlimitedContractSize: true, allowBlocksWithSameTimestamp: true,
        initialDate: "2020-01-02T03:04:05Z",
      }`,
      (chain) => {
        assert.deepEqual(chain, {
          chainId: 5n,
          networkId: 5n,
          hardfork: "berlin",
          blockGasLimit: 1_000_000n,
          transactionGasCap: null,
          initialBaseFeePerGas: null,
          minGasPrice: 3n,
          coinbase: `0x${"a".repeat(40)}`,
          accounts: [{ privateKey: `0x${"a".repeat(64)}`, balance: 12n }],
          genesisState: new Map(),
          automine: false,
          miningInterval: [10, 20],
          mempoolOrder: "fifo",
          allowUnlimitedContractSize: true,
          allowBlocksWithSameTimestamp: true,
          initialTimestamp: 1_577_934_245n, // date -u -d 2020-01-02T03:04:05 +%s
        });
      },
    );
  });

  it("there is no gas cap before osaka, nor for solidity-coverage's block gas limit; the base fee is taken", async () => {
    await chainOf(`{ hardfork: "prague" }`, ({ transactionGasCap }) => {
      assert.equal(transactionGasCap, null);
    });
    await chainOf("{ initialBaseFeePerGas: 7 }", ({ initialBaseFeePerGas }) => {
      assert.equal(initialBaseFeePerGas, 7n);
    });
    await chainOf("{ blockGasLimit: 0x1fffffffffffff }", ({ transactionGasCap }) => {
      assert.equal(transactionGasCap, null);
    });
  });

  it("a fork is what the config says, and none where it is not enabled", async () => {
    const forking = `{ url: "http://127.0.0.1:9", blockNumber: 7, httpHeaders: { key: "v" } }`;
    const chains = "{ 99: { hardforkHistory: { london: 0, shanghai: 5 } } }";
    await chainOf(`{ forking: ${forking}, chains: ${chains} }`, ({ fork }) => {
      const { url, blockNumber, httpHeaders } = fork ?? {};
      assert.deepEqual(
        { url, blockNumber, httpHeaders },
        { url: "http://127.0.0.1:9", blockNumber: 7n, httpHeaders: { key: "v" } },
      );
    });
    await chainOf(`{ forking: { url: "http://127.0.0.1:9", enabled: false } }`, ({ fork }) =>
      assert.equal(fork, undefined),
    );
    await withEnvironment(
      `module.exports = { networks: { hardhat: { chains: ${chains} } } };`,
      ({ hre }) => {
        const settings = forkSettings(hre.config.networks.hardhat, "/cache", () => undefined);
        assert.deepEqual(settings.hardforkHistories.get(99n), [
          { hardfork: "london", since: { block: 0n } },
          { hardfork: "shanghai", since: { block: 5n } },
        ]);
      },
    );
  });
});
