/** The network as provider: order of requests, hooks for failures, events, dialects, life cycle. */
import { expect } from "chai";
import { Interface } from "ethers";
import { createParallelNetwork, type FailedExecution } from "../../src/network";
import { caller, deployCode, PROGRAMS, reverting } from "../helpers/bytecode";
import { networkOptions } from "../helpers/our-network";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

type Options = Parameters<typeof createParallelNetwork>[0];
type Network = Awaited<ReturnType<typeof createParallelNetwork>>;

async function withNetwork(
  changes: Partial<Options>,
  use: (network: Network) => Promise<void>,
): Promise<void> {
  const network = await createParallelNetwork({ ...networkOptions(), ...changes });
  try {
    await use(network);
  } finally {
    await network.close();
  }
}

function ask(network: Network, method: string, ...params: readonly unknown[]): Promise<unknown> {
  return network.request({ method, params });
}

async function deploy(network: Network, runtime: string): Promise<string> {
  const hash = await ask(network, "eth_sendTransaction", { from: A, data: deployCode(runtime) });
  const receipt = await ask(network, "eth_getTransactionReceipt", hash);
  return (receipt as { contractAddress: string }).contractAddress; // a creation's receipt has it
}

async function failure(request: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await request;
  } catch (error) {
    return error as Error & Record<string, unknown>; // the network throws errors only
  }
  throw new Error("the request did not fail");
}

describe("requests", () => {
  it("are answered in order of arrival, so that transactions sent together get nonces in a row", () =>
    withNetwork({}, async (network) => {
      const hashes = await Promise.all(
        Array.from({ length: 8 }, () =>
          ask(network, "eth_sendTransaction", { from: A, to: B, gas: "0x5208" }),
        ),
      );
      const nonces = await Promise.all(
        hashes.map(async (hash) => {
          const found = await ask(network, "eth_getTransactionByHash", hash);
          return Number((found as { nonce: string }).nonce);
        }),
      );
      expect(nonces).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    }));

  it("a refused request does not hold up the next one", () =>
    withNetwork({}, async (network) => {
      const [refused, number] = await Promise.all([
        failure(ask(network, "eth_nonsense")),
        ask(network, "eth_blockNumber"),
      ]);
      expect(refused.code).to.equal(-32004);
      expect(number).to.equal("0x0");
    }));

  it("results are the caller's own: changing one changes no other", () =>
    withNetwork({}, async (network) => {
      const first = (await ask(network, "eth_accounts")) as string[];
      first.length = 0;
      expect(await ask(network, "eth_accounts")).to.have.length(4);
    }));
});

describe("failed executions", () => {
  it("are explained by the hook, which gets what the execution began on", async () => {
    const seen: FailedExecution[] = [];
    const explained = new Error("explained");
    const explainFailure = async (failed: FailedExecution) => {
      seen.push(failed);
      return failed.kind === "estimateGas" ? null : explained;
    };
    await withNetwork({ explainFailure }, async (network) => {
      const to = await deploy(network, PROGRAMS.revertReason);
      expect(await failure(ask(network, "eth_call", { from: B, to, data: "0x12" }))).to.equal(
        explained,
      );
      expect(
        await failure(ask(network, "eth_sendTransaction", { from: A, to, value: "0x7" })),
      ).to.equal(explained);
      const own = await failure(ask(network, "eth_estimateGas", { from: B, to }));
      expect(own.message).to.include("reverted with reason string 'no'");
      const [call, transaction, estimate] = seen;
      expect(call?.kind).to.equal("call");
      expect(call?.transactionHash).to.equal(null);
      expect(call?.request.from).to.equal(B);
      expect(Buffer.from(call?.request.data ?? []).toString("hex")).to.equal("12");
      expect(transaction?.kind).to.equal("transaction");
      expect(transaction?.transactionHash).to.match(/^0x[0-9a-f]{64}$/);
      expect(transaction?.request.value).to.equal(7n);
      expect(transaction?.environment.number).to.equal(2n);
      // the value has not been taken yet, nor the fee
      expect(transaction?.preState.nonce(A)).to.equal(1n);
      expect(estimate?.kind).to.equal("estimateGas");
      // the state that a replay needs: the code that ran was read, by each of them
      for (const failed of seen) {
        const codes = failed.outcome.reads.filter(({ kind }) => kind === "code");
        expect(codes.map(({ address }) => address)).to.include(to);
      }
    });
  });

  it("are decoded with the errors that the called code knows", async () => {
    const contract = new Interface(["error Custom(uint256 number)"]);
    const data = contract.encodeErrorResult("Custom", [7]).slice(2);
    const codes: string[] = [];
    const errorAbi = (code: Uint8Array): readonly unknown[] => {
      codes.push(Buffer.from(code).toString("hex"));
      return JSON.parse(contract.formatJson());
    };
    await withNetwork({ errorAbi }, async (network) => {
      const to = await deploy(network, reverting(data));
      const error = await failure(ask(network, "eth_call", { to }));
      expect(error.message).to.equal(
        "VM Exception while processing transaction: reverted with custom error 'Custom(7)'",
      );
      expect(error.data).to.equal(`0x${data}`);
      expect(codes).to.deep.equal([reverting(data)]);
    });
  });

  it("of Hardhat 3 have a code and a name of their own", () =>
    withNetwork({ dialect: "hardhat3" }, async (network) => {
      const to = await deploy(network, PROGRAMS.revertReason);
      const error = await failure(ask(network, "eth_call", { to }));
      expect(error).to.include({ name: "SolidityError", code: 3 });
      expect((await failure(ask(network, "eth_mining"))).code).to.equal(-32004);
    }));
});

describe("console.log", () => {
  const CONSOLE = "0x000000000000000000636f6e736f6c652e6c6f67";

  it("is handed on for calls and mined blocks, not for pending blocks and good estimates", async () => {
    const printed: number[] = [];
    const printConsoleLogs = (calldata: readonly Uint8Array[]) => {
      printed.push(calldata.length);
    };
    await withNetwork({ printConsoleLogs }, async (network) => {
      const to = await deploy(network, caller(CONSOLE));
      await ask(network, "eth_call", { to });
      expect(printed).to.deep.equal([1]);
      await ask(network, "eth_estimateGas", { to });
      await ask(network, "debug_traceCall", { to });
      await ask(network, "evm_setAutomine", false);
      await ask(network, "eth_sendTransaction", { from: A, to, gas: "0x30d40" });
      await ask(network, "eth_sendTransaction", { from: B, to, gas: "0x30d40" });
      await ask(network, "eth_getBlockByNumber", "pending", false);
      expect(printed).to.deep.equal([1]);
      await ask(network, "evm_mine");
      // as stock prints them (rpc-parity/logging.test.ts): the block's lines once for each transaction
      expect(printed).to.deep.equal([1, 2, 2]);
    });
  });
});

describe("events", () => {
  it("a listener that throws is not the request's failure", () =>
    withNetwork({}, async (network) => {
      const thrown: unknown[] = [];
      const listeners = process.listeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      process.once("uncaughtException", (error) => thrown.push(error));
      network.on("message", () => {
        throw new Error("listener");
      });
      await ask(network, "eth_subscribe", "newHeads");
      expect(await ask(network, "evm_mine")).to.equal("0");
      await new Promise((resolve) => setImmediate(resolve));
      for (const listener of listeners) {
        process.on("uncaughtException", listener);
      }
      expect(thrown).to.have.length(1);
    }));
});

describe("records", () => {
  it("of blocks after hardhat_reset belong to another segment", async () => {
    const segments: number[] = [];
    await withNetwork({ record: ({ segment }) => segments.push(segment) }, async (network) => {
      await ask(network, "evm_mine");
      await ask(network, "evm_mine");
      await ask(network, "hardhat_reset");
      await ask(network, "evm_mine");
    });
    expect(segments).to.deep.equal([0, 0, 1]);
  });

  it("say whether the sequential executor came to the same state", async () => {
    const checks: boolean[] = [];
    await withNetwork(
      {
        verify: true,
        record: ({ rootCheck }) => checks.push(rootCheck?.parallel === rootCheck?.sequential),
      },
      async (network) => {
        await ask(network, "eth_sendTransaction", { from: A, to: B, value: "0x1" });
      },
    );
    expect(checks).to.deep.equal([true]);
  });
});

describe("closing", () => {
  it("may be done twice", async () => {
    const network = await createParallelNetwork(networkOptions());
    await network.close();
    await network.close();
  });
});
