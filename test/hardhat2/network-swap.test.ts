import { strict as assert } from "node:assert";
import type { EIP1193Provider } from "hardhat/types";
import { createStockProvider } from "../../src/hardhat2/hardhat-internals";
import {
  type BaseProviderFactory,
  createHardhatProvider,
} from "../../src/hardhat2/hardhat-provider";
import { reasonToStepAside } from "../../src/hardhat2/network-choice";
import { provideForNode, reasonDisabled, swapNetwork } from "../../src/hardhat2/network-swap";
import { withEnvironment } from "./hardhat-environment";

const PLAIN = "module.exports = { parallel: undefined };";
/** Gives the config what the plugin's config extender gives it, without its environment extender. */
const CONFIGURED = `
  const { extendConfig } = require("hardhat/config");
  extendConfig((config) => { config.parallel = { enabled: true }; });
`;

/** A base network that records what reaches it and answers as stock would where it must. */
function recordingBase(): {
  create: BaseProviderFactory;
  requests: string[];
  created: () => number;
} {
  const requests: string[] = [];
  let created = 0;
  const create: BaseProviderFactory = async ({ config, artifacts }) => {
    created++;
    const stock = await createStockProvider(config, "hardhat", artifacts, []);
    const base: EIP1193Provider = Object.create(stock, {
      request: {
        value: (request: { method: string; params?: unknown[] }) => {
          requests.push(JSON.stringify(request));
          return stock.request(request);
        },
      },
    });
    return base;
  };
  return { create, requests, created: () => created };
}

describe("hardhat2/network-swap", () => {
  it("hre.network.provider stays the same object and creates the base at the first request", async () => {
    await withEnvironment(`${CONFIGURED} ${PLAIN}`, async ({ hre }) => {
      const { create, requests, created } = recordingBase();
      const before = hre.network.provider;
      swapNetwork(hre, create);
      assert.equal(hre.network.provider, before);
      assert.equal(created(), 0);
      assert.equal(await hre.network.provider.send("eth_chainId"), "0x7a69");
      assert.equal(await before.request({ method: "eth_blockNumber" }), "0x0");
      assert.equal(created(), 1);
      assert.equal(requests.length, 2);
    });
  });

  it("listeners registered before the first request hear the base's events", async () => {
    await withEnvironment(`${CONFIGURED} ${PLAIN}`, async ({ hre }) => {
      swapNetwork(hre, recordingBase().create);
      let heard = 0;
      hre.network.provider.on("hardhatNetworkRevertSnapshot", () => heard++);
      const id = await hre.network.provider.send("evm_snapshot");
      await hre.network.provider.send("evm_revert", [id]);
      assert.equal(heard, 1);
    });
  });

  it("without other extenders a transaction reaches the base with stock's gas and sender and no fee fields", async () => {
    await withEnvironment(`${CONFIGURED} ${PLAIN}`, async ({ hre }) => {
      const { create, requests } = recordingBase();
      swapNetwork(hre, create);
      await hre.network.provider.send("eth_sendTransaction", [{ to: `0x${"11".repeat(20)}` }]);
      const sent = requests
        .map((text) => JSON.parse(text))
        .find(({ method }) => method === "eth_sendTransaction");
      assert.deepEqual(sent.params, [
        {
          to: `0x${"11".repeat(20)}`,
          from: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
          gas: "0x1000000", // 16,777,216: stock's FixedGasProvider on osaka
        },
      ]);
    });
  });

  it("other plugins' extenders run in their order, once, with stock's fee wrapper on top", async () => {
    const extenders = `
      const { extendProvider } = require("hardhat/config");
      for (const name of ["first", "second"]) {
        extendProvider(async (provider, config, network) => Object.create(provider, {
          request: { value: async (request) => request.method === "trail"
            ? [...(await provider.request(request).catch(() => [])), name + ":" + network]
            : provider.request(request) },
        }));
      }
    `;
    await withEnvironment(`${CONFIGURED} ${extenders} ${PLAIN}`, async ({ hre }) => {
      const { create, requests } = recordingBase();
      swapNetwork(hre, create);
      assert.deepEqual(await hre.network.provider.send("trail"), [
        "first:hardhat",
        "second:hardhat",
      ]);
      await hre.network.provider.send("eth_sendTransaction", [{ to: `0x${"11".repeat(20)}` }]);
      const sent = requests.find((text) => text.includes("eth_sendTransaction")) ?? "";
      assert.match(sent, /maxFeePerGas/); // as stock: extenders bring AutomaticGasPriceProvider
    });
  });

  it("a provider that was already used is refused with advice, not half replaced", async () => {
    const early = `
      const { extendEnvironment } = require("hardhat/config");
      extendEnvironment((hre) => { hre.network.provider.request({ method: "eth_chainId" }); });
    `;
    await assert.rejects(
      withEnvironment(`${early} require(PLUGIN); ${PLAIN}`, () => {}),
      /HHP112.*used hre\.network\.provider before hardhat-parallel[\s\S]*before the other plugins/,
    );
  });

  it("a provider that another plugin replaced is refused with advice", async () => {
    const early = `
      const { extendEnvironment } = require("hardhat/config");
      class OtherProvider extends require("node:events") {}
      extendEnvironment((hre) => { hre.network.provider = new OtherProvider(); });
    `;
    await assert.rejects(
      withEnvironment(`${early} require(PLUGIN); ${PLAIN}`, () => {}),
      /HHP111.*replaced hre\.network\.provider \(by a OtherProvider\)/,
    );
  });

  for (const [why, config, environment] of [
    ["enabled: false", "{ parallel: { enabled: false } }", undefined],
    ["PARALLEL=0", "{}", "0"],
  ] as const) {
    it(`${why} leaves the stock network completely untouched`, async () => {
      const before = process.env.PARALLEL;
      if (environment !== undefined) {
        process.env.PARALLEL = environment;
      }
      try {
        await withEnvironment(`require(PLUGIN); module.exports = ${config};`, async ({ hre }) => {
          assert.notEqual(reasonDisabled(hre), null);
          const version = await hre.network.provider.send("web3_clientVersion");
          assert.match(String(version), /@nomicfoundation\/edr/);
        });
      } finally {
        if (before === undefined) {
          delete process.env.PARALLEL;
        } else {
          process.env.PARALLEL = before;
        }
      }
    });
  }

  it("another network is left alone, and its extenders are its own", async () => {
    await withEnvironment(
      `${CONFIGURED} ${PLAIN}`,
      ({ hre }) => {
        swapNetwork(hre, async () => assert.fail("must not be created"));
        assert.equal(hre.network.name, "localhost");
      },
      "localhost",
    );
  });

  /** What is printed to stderr meanwhile. */
  async function warningsOf(body: () => Promise<void>): Promise<string[]> {
    const warnings: string[] = [];
    const warn = console.warn;
    console.warn = (text: string) => warnings.push(text);
    try {
      await body();
    } finally {
      console.warn = warn;
    }
    return warnings;
  }

  const never: BaseProviderFactory = async () => assert.fail("must not be created");

  it("an unserved precompile gives the stock network, with a notice", async () => {
    const config = `${CONFIGURED} module.exports = {
      networks: { hardhat: { hardfork: "cancun", enableRip7212: true } } };`;
    const warnings = await warningsOf(() =>
      withEnvironment(config, async ({ hre }) => {
        const provider = await createHardhatProvider(hre, never, []);
        assert.match(String(await provider.send("web3_clientVersion")), /edr/);
      }),
    );
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /enableRip7212.*stock Hardhat network/);
  });

  it("a run of solidity-coverage is on the stock network, and is told so once when its tests begin", async () => {
    const warnings = await warningsOf(() =>
      withEnvironment("require(PLUGIN); module.exports = {};", async ({ hre }) => {
        await hre.run("test:setup-test-environment");
        Object.assign(hre, { __SOLIDITY_COVERAGE_RUNNING: true });
        await hre.run("test:setup-test-environment");
        const provider = await createHardhatProvider(hre, never, []);
        assert.match(String(await provider.send("web3_clientVersion")), /edr/);
      }),
    );
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /solidity-coverage is running.*stock Hardhat network/);
  });

  it("forked networks are ours", async () => {
    const config = `${CONFIGURED} module.exports = {
      networks: { hardhat: { forking: { url: "http://127.0.0.1:9" } } } };`;
    await withEnvironment(config, ({ hre }) => {
      assert.equal(reasonToStepAside(hre.config.networks.hardhat, { coverage: false }), null);
    });
  });

  describe("hardhat node", () => {
    it("serves the base network with the default network hardhat", async () => {
      await withEnvironment(`${CONFIGURED} ${PLAIN}`, async ({ hre }) => {
        const { create, requests } = recordingBase();
        swapNetwork(hre, create);
        const provider = await provideForNode(hre, create, () => hre.run("node:get-provider"));
        assert.equal(provider, hre.network.provider);
        assert.ok(requests.some((text) => text.includes("hardhat_setLoggingEnabled")));
      });
    });

    it("serves the base network with another default network, and puts hre.network back", async () => {
      const config = `${CONFIGURED} module.exports = { defaultNetwork: "localhost" };`;
      await withEnvironment(config, async ({ hre }) => {
        const { create, requests } = recordingBase();
        const { network } = hre;
        const provider = await provideForNode(hre, create, () => hre.run("node:get-provider"));
        assert.notEqual(provider, network.provider);
        assert.equal(hre.network, network);
        assert.ok(requests.some((text) => text.includes("hardhat_setLoggingEnabled")));
      });
    });
  });
});
