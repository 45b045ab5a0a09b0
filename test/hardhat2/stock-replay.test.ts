import { strict as assert } from "node:assert";
import { Interface } from "ethers";
import type { EIP1193Provider, HardhatRuntimeEnvironment } from "hardhat/types";
import { FailureExplainer } from "../../src/hardhat2/failure-explainer";
import { type FailureCodes, StockForReplay } from "../../src/hardhat2/stock-replay";
import type { FailedExecution, ParallelNetwork } from "../../src/network";
import { startOurs } from "../helpers/our-network";
import { withReplayProject } from "./replay-project";

/** More than any project's build infos: the network knows all contracts from the start. */
const ALL = Number.MAX_SAFE_INTEGER;

/** An explainer, and the networks that it was given. */
class Observed {
  readonly networks = new Set<EIP1193Provider>();
  /** what the last failure came to */
  last: FailureCodes | undefined;
  readonly explainer: FailureExplainer;

  constructor(hre: HardhatRuntimeEnvironment, allAtOnce: number) {
    const stock = new StockForReplay(hre, allAtOnce);
    this.explainer = new FailureExplainer({
      knowing: async (codes) => {
        this.last = codes;
        const network = await stock.knowing(codes);
        this.networks.add(network);
        return network;
      },
    });
  }
}

/** What a user sees of an error. */
function seen(error: Error | null): unknown {
  assert.ok(error !== null && "data" in error);
  const { name, message, data, stack = "" } = error;
  return {
    name,
    message,
    data,
    lines: stack.split("\n").filter((line) => /\.sol|<Unr/.test(line)),
  };
}

describe("hardhat2/stock-replay", function () {
  this.timeout(120_000);
  const abi = new Interface([
    "function f(uint256) view returns (uint256)",
    "function g(uint256)",
    "function ask(address, uint256) view returns (uint256)",
    "function at(uint256) view returns (uint256)",
    "function make(uint256)",
  ]);

  /**
   * Runs `body` with a network whose failures are explained with parts of the build infos and with all
   * of them: the two have to be equal. `parts` is the first of the two.
   */
  async function withBoth(
    body: (project: {
      readonly hre: HardhatRuntimeEnvironment;
      readonly parts: Observed;
      deploy(name: string, ...words: bigint[]): Promise<string>;
      deployCode(hex: string): Promise<string>;
      /** The words of the call's failure. */
      failure(to: string, name: string, ...values: unknown[]): Promise<string>;
    }) => Promise<void>,
  ): Promise<void> {
    await withReplayProject(async (hre) => {
      const [parts, whole] = [new Observed(hre, 0), new Observed(hre, ALL)];
      const explainFailure = async (failure: FailedExecution): Promise<Error | null> => {
        const error = await parts.explainer.explain(failure);
        assert.deepEqual(seen(error), seen(await whole.explainer.explain(failure)));
        return error;
      };
      const network: ParallelNetwork = await startOurs({}, { explainFailure });
      const request = (method: string, ...params: unknown[]) => network.request({ method, params });
      try {
        const [from] = (await request("eth_accounts")) as string[]; // as it answers
        const deployCode = async (hex: string): Promise<string> => {
          const hash = await request("eth_sendTransaction", { from, data: hex });
          const receipt = (await request("eth_getTransactionReceipt", hash)) as {
            contractAddress: string;
          }; // as above
          return receipt.contractAddress;
        };
        const checks = await hre.artifacts.readArtifact("Checks");
        const library = await deployCode(checks.bytecode);
        await body({
          hre,
          parts,
          deployCode,
          deploy: async (name, ...words) => {
            const { bytecode } = await hre.artifacts.readArtifact(name);
            const linked = bytecode.replace(/__\$.{34}\$__/g, library.slice(2));
            return deployCode(
              linked + words.map((word) => word.toString(16).padStart(64, "0")).join(""),
            );
          },
          failure: async (to, name, ...values) => {
            const data = abi.encodeFunctionData(name, values);
            const error: unknown = await request("eth_call", { from, to, data }, "latest").then(
              () => assert.fail("it does not fail"),
              (thrown: unknown) => thrown,
            );
            assert.ok(error instanceof Error);
            return error.message;
          },
        });
        assert.equal(whole.networks.size, 1);
      } finally {
        await network.close();
      }
    });
  }

  it("knows what failures come to, contract after contract, as stock that knows all does", async () => {
    await withBoth(async ({ deploy, failure, parts }) => {
      const one = await deploy("One", 7n);
      const twin = await deploy("Twin", 8n);
      const linked = await deploy("Linked");
      const other = await deploy("Other");
      assert.match(await failure(one, "f", 3n), /'Low\(3, 7\)'/);
      assert.match(await failure(one, "f", 2n), /'Low\(2, 7\)'/);
      assert.equal(parts.networks.size, 1);
      assert.match(await failure(twin, "f", 3n), /'Low\(3, 8\)'/);
      assert.equal(parts.networks.size, 1);
      assert.match(await failure(one, "g", 3n), /function selector was not recognized/);
      assert.match(await failure(linked, "g", 3n), /'five is too little'/);
      assert.match(await failure(other, "at", 3n), /panic code 0x32/);
      assert.match(await failure(linked, "ask", one, 3n), /'Low\(3, 7\)'/);
      assert.match(await failure(linked, "ask", other, 3n), /function selector was not recognized/);
      // One and Twin (equal up to the immutable), Linked with Checks, Other; then nothing new
      assert.equal(parts.networks.size, 3);
      assert.equal(parts.last?.initCode, null);
    });
  });

  it("knows all after several networks that knew too little", async () => {
    await withBoth(async ({ deploy, failure, parts }) => {
      for (const name of ["Linked", "Other", "Sum", "Quotient", "One"]) {
        const contract = await deploy(name, 7n);
        await failure(contract, "make", 1n);
        await failure(contract, "at", 3n);
      }
      // one each for the first four, and one that knows all
      assert.equal(parts.networks.size, 5);
      await failure(await deploy("Twin", 7n), "f", 3n);
      assert.equal(parts.networks.size, 5);
    });
  });

  it("knows the contract whose creation fails", async () => {
    await withBoth(async ({ deploy, parts }) => {
      await assert.rejects(deploy("One", 0n), /'Low\(0, 1\)'/);
      await assert.rejects(deploy("Twin", 0n), /'Low\(0, 1\)'/);
      assert.ok(parts.last?.initCode instanceof Uint8Array);
    });
  });

  it("knows all where contracts are created on the way, and from then on", async () => {
    await withBoth(async ({ deploy, failure, parts }) => {
      const one = await deploy("One", 7n);
      const factory = await deploy("Factory");
      await failure(one, "f", 3n);
      assert.match(await failure(factory, "make", 0n), /'Low\(0, 1\)'/);
      assert.equal(parts.last, null);
      assert.equal(parts.networks.size, 2);
      await failure(await deploy("Other"), "at", 3n);
      assert.equal(parts.networks.size, 2);
    });
  });

  it("code of no contract of the project is as unknown as there", async () => {
    await withBoth(async ({ deployCode, failure }) => {
      // init code that returns what is behind its 10 bytes
      const runtime = (hex: string) =>
        deployCode(`0x60${(hex.length / 2).toString(16).padStart(2, "0")}80600a5f395ff3fe${hex}`);
      for (const code of ["5f5ffd", "60806040525f5ffd", "fe", "60016002015f5ffd"]) {
        await failure(await runtime(code), "f", 1n);
      }
    });
  });

  it("after hardhat_addCompilationResult it knows all and the new one, and stays", async () => {
    await withBoth(async ({ hre, deploy, failure, parts }) => {
      const one = await deploy("One", 7n);
      await failure(one, "f", 3n);
      const info = await hre.artifacts.getBuildInfo("contracts/Other.sol:Other");
      assert.ok(info !== undefined);
      assert.equal(
        await parts.explainer.addCompilationResult(info.solcVersion, info.input, info.output),
        true,
      );
      assert.equal(parts.networks.size, 2);
      await failure(one, "f", 3n);
      await failure(await deploy("Other"), "at", 3n);
      assert.equal(parts.networks.size, 2);
    });
  });
});
