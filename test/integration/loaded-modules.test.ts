/** What a network loads: only what its requests need, as a run of tests pays for all of it. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const DIST = join(__dirname, "..", "..", "dist", "cjs");

/** Paths of the modules loaded once the script has run. */
function loadedBy(script: string): string[] {
  const program = `
    const { createParallelNetwork, networkOptions } = require(${JSON.stringify(join(DIST, "network.js"))});
    (async () => {
      ${script}
      process.stdout.write(JSON.stringify(Object.keys(require.cache)));
    })();
  `;
  return JSON.parse(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }));
}

/** Sends a transaction and calls the account it creates; `trace` asks for its opcodes as well. */
const USE = `
  const key = "0x" + "11".repeat(32);
  const accounts = [{ privateKey: key, balance: 10n ** 20n }];
  const network = await createParallelNetwork(networkOptions({ chain: { accounts }, engine }));
  const request = (method, ...params) => network.request({ method, params });
  const [from] = await request("eth_accounts");
  const hash = await request("eth_sendTransaction", { from, data: "0x600a5f5f39600a5ff3" });
  const { contractAddress: to } = await request("eth_getTransactionReceipt", hash);
  await request("eth_call", { from, to }, "latest");
  if (trace) await request("debug_traceTransaction", hash);
  await network.close();
`;

const REFERENCE = /execution\/engine\/ethereumjs-engine\.js$/;

describe("loaded modules", () => {
  it("transactions and calls on the fast engine load no reference engine", () => {
    const loaded = loadedBy(`const engine = "fast", trace = false; ${USE}`);
    assert.ok(loaded.length > 0);
    assert.deepEqual(
      loaded.filter((path) => REFERENCE.test(path)),
      [],
    );
  });

  it("traces of opcodes load it, and so does the choice of it", () => {
    for (const settings of [
      'engine = "fast", trace = true',
      'engine = "ethereumjs", trace = false',
    ]) {
      assert.ok(loadedBy(`const ${settings}; ${USE}`).some((path) => REFERENCE.test(path)));
    }
  });

  it("nor tracers, simulation and the client of forks", () => {
    const loaded = loadedBy(`const engine = "fast", trace = false; ${USE}`);
    assert.deepEqual(
      loaded.filter((path) =>
        /dist\/cjs\/(rpc\/methods\/debug|rpc\/methods\/eth\/simulate|rpc\/tracers\/tracer-choice|chain\/simulation\.|chain\/fork\/(fork-base|json-rpc-client))/.test(
          path,
        ),
      ),
      [],
    );
  });

  it("a network loads nothing of the analysis and of the report, and no cryptography in JavaScript beside the native one", () => {
    const loaded = loadedBy(`const engine = "fast", trace = false; ${USE}`);
    assert.deepEqual(
      loaded.filter((path) =>
        /dist\/cjs\/(analysis|report|hardhat2)\/|node_modules\/(ajv|@noble)\//.test(path),
      ),
      [],
    );
  });
});
