/** Swaps through Uniswap V2's router on a fork, as its authors compiled it: new users wait once. */
import { expect } from "chai";
import { AbiCoder, Interface } from "ethers";
import { networkOptions, startOurs } from "../../helpers/our-network";
import { Anvil } from "../../helpers/remote/anvil";
import { user } from "../../helpers/remote/deep-vault";
import { forkConfig } from "../../helpers/remote/forked-pair";
import { RemoteProxy } from "../../helpers/remote/slow-proxy";

interface Artifact {
  readonly bytecode: string;
}

const FACTORY: Artifact = require("@uniswap/v2-core/build/UniswapV2Factory.json");
const TOKEN: Artifact = require("@uniswap/v2-core/build/ERC20.json");
const ROUTER: Artifact = require("@uniswap/v2-periphery/build/UniswapV2Router02.json");

const ABI = new Interface([
  "function approve(address spender, uint256 amount)",
  "function transfer(address to, uint256 amount)",
  "function addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)",
  "function swapExactTokensForTokens(uint256,uint256,address[],address,uint256)",
]);
const SUPPLY = 10n ** 24n;
const LIQUIDITY = 10n ** 20n;
const FAR_FUTURE = 10n ** 12n;
const USERS = 4;
const GAS = "0x7a120";

describe("prefetch of swaps on a fork", () => {
  let anvil: Anvil;
  let proxy: RemoteProxy;
  let router: string;
  /** two pools: of the first two, and of the last two */
  const tokens: string[] = [];

  before(async () => {
    anvil = await Anvil.start();
    const [owner = ""] = (await anvil.request("eth_accounts")) as string[]; // JSON-RPC's
    const send = (from: string, to: string | undefined, data: string) =>
      anvil.request("eth_sendTransaction", { from, to, data, gas: "0x5b8d80" });
    const deploy = async (
      { bytecode }: Artifact,
      types: readonly string[],
      values: readonly unknown[],
    ) => {
      const prefix = bytecode.startsWith("0x") ? bytecode : `0x${bytecode}`;
      const rest = AbiCoder.defaultAbiCoder().encode(types, values).slice(2);
      const hash = await send(owner, undefined, prefix + rest);
      await anvil.request("evm_mine");
      const receipt = await anvil.request("eth_getTransactionReceipt", hash);
      return (receipt as { contractAddress: string }).contractAddress; // a creation's
    };
    const factory = await deploy(FACTORY, ["address"], [owner]);
    for (let i = 0; i < 3; i++) {
      tokens.push(await deploy(TOKEN, ["uint256"], [SUPPLY]));
    }
    router = await deploy(ROUTER, ["address", "address"], [factory, tokens[0]]);
    const approval = ABI.encodeFunctionData("approve", [router, SUPPLY]);
    for (const token of tokens) {
      await send(owner, token, approval);
    }
    for (const pair of [tokens.slice(0, 2), tokens.slice(1)]) {
      const amounts = [LIQUIDITY, LIQUIDITY, 0, 0, owner, FAR_FUTURE];
      await send(owner, router, ABI.encodeFunctionData("addLiquidity", [...pair, ...amounts]));
      await anvil.request("evm_mine");
    }
    for (let n = 0; n < 3 * USERS; n++) {
      await anvil.request("anvil_setBalance", user(n), "0xde0b6b3a7640000");
      await anvil.request("anvil_impersonateAccount", user(n));
      for (const token of tokens) {
        await send(owner, token, ABI.encodeFunctionData("transfer", [user(n), 10n ** 9n]));
        await send(user(n), token, approval);
      }
      await anvil.request("evm_mine");
    }
    proxy = await RemoteProxy.start(anvil.url);
  });

  after(async () => {
    await proxy.stop();
    await anvil.stop();
  });

  it("of one pool, then of another with the same code", async () => {
    const network = await startOurs(
      { automine: false },
      {
        chain: {
          ...networkOptions({ automine: false }).chain,
          fork: forkConfig({ url: proxy.url }),
        },
      },
    );
    const ask = (method: string, ...params: unknown[]) => network.request({ method, params });
    /** waits of a block of swaps by users of their own */
    const waits = async (first: number, path: readonly string[]): Promise<number> => {
      const hashes: unknown[] = [];
      for (let n = first; n < first + USERS; n++) {
        const swap = [1_000n, 1n, path, user(n), FAR_FUTURE];
        const data = ABI.encodeFunctionData("swapExactTokensForTokens", swap);
        await ask("hardhat_impersonateAccount", user(n));
        hashes.push(
          await ask("eth_sendTransaction", { from: user(n), to: router, data, gas: GAS }),
        );
      }
      proxy.forget();
      proxy.latency = 10;
      await ask("evm_mine");
      proxy.latency = 0;
      const { waves } = proxy;
      for (const hash of hashes) {
        const receipt = await ask("eth_getTransactionReceipt", hash);
        expect((receipt as { status: string }).status).to.equal("0x1");
      }
      return waves;
    };
    try {
      // each token, pool and reserve leads to the next
      expect(await waits(0, tokens.slice(0, 2))).to.be.greaterThan(10);
      expect(await waits(USERS, tokens.slice(0, 2))).to.equal(1);
      // its address is the hash of its tokens in ascending order
      expect(await waits(2 * USERS, tokens.slice(1))).to.equal(1);
    } finally {
      await network.close();
    }
  });
});
