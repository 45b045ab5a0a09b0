/** With the fast engine, nothing of the reference engine is loaded: neither by the network nor by its threads. */
import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { assemble, deploying } from "../../helpers/assembler";

const ROOT = `${__dirname}/../../..`;

/** Stores SHA-256 of nothing, the pairing of nothing and 3^2 modulo 5, and logs. */
const CONTRACT = assemble(`
  0x20 0x0 0x0 0x0 0x2 0xffff STATICCALL POP 0x0 MLOAD 0x1 SSTORE
  0x20 0x0 0x0 0x0 0x8 0xffff STATICCALL POP 0x0 MLOAD 0x2 SSTORE
  0x1 0x0 MSTORE 0x1 0x20 MSTORE 0x1 0x40 MSTORE 0x030205${"00".repeat(29)} 0x60 MSTORE
  0x20 0x0 0x63 0x0 0x5 0xffff STATICCALL POP 0x0 MLOAD 0x3 SSTORE
  0x0 0x0 LOG0`);

/** Mines with `engine`, by transactions and by calls, and loads what a worker thread loads; the packages then. */
function packagesLoadedWith(engine: string): {
  readonly packages: string[];
  readonly slot: string;
} {
  const script = `
    const { createParallelNetwork, networkOptions } = require("./dist/cjs/network.js");
    require("./dist/cjs/worker/entry.js");
    (async () => {
      const accounts = [{ privateKey: "0x" + "11".repeat(32), balance: 10n ** 20n }];
      const network = await createParallelNetwork(networkOptions({ engine: ${JSON.stringify(engine)}, workers: 1, chain: { accounts } }));
      const request = (method, ...params) => network.request({ method, params });
      const [from] = await request("eth_accounts");
      const data = "0x${Buffer.from(deploying(CONTRACT)).toString("hex")}";
      const hash = await request("eth_sendTransaction", { from, data, gas: "0x200000" });
      const { contractAddress: to } = await request("eth_getTransactionReceipt", hash);
      await request("eth_sendTransaction", { from, to, gas: "0x200000" });
      await request("eth_call", { from, to }, "latest");
      await request("eth_estimateGas", { from, to });
      const slot = await request("eth_getStorageAt", to, "0x3", "latest");
      await network.close();
      const names = Object.keys(require.cache).map((file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1] ?? "");
      console.log(JSON.stringify({ packages: [...new Set(names)], slot }));
    })();`;
  const output = execFileSync(process.execPath, ["-e", script], { encoding: "utf8", cwd: ROOT });
  return JSON.parse(output);
}

const ofEthereumjs = (packages: readonly string[]): string[] =>
  packages.filter((name) => name.startsWith("@ethereumjs/")).sort();

describe("what a network loads", () => {
  it("fast: of @ethereumjs only the encoding", function () {
    this.timeout(60_000);
    const { packages, slot } = packagesLoadedWith("fast");
    expect(ofEthereumjs(packages)).to.deep.equal(["@ethereumjs/rlp"]);
    expect(BigInt(slot) >> 248n, "3^2 modulo 5, in one byte").to.equal(4n);
  });

  it("ethereumjs: the reference engine (the check checks)", function () {
    this.timeout(60_000);
    const { packages, slot } = packagesLoadedWith("ethereumjs");
    expect(ofEthereumjs(packages)).to.include("@ethereumjs/evm");
    expect(BigInt(slot) >> 248n).to.equal(4n);
  });
});
