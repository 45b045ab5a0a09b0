/**
 * The stock Hardhat 3 network (EDR), in this process, which has to run on its Node (hardhat3/runtime.ts).
 * Transactions come signed and with fees: without them each submission asks for eth_feeHistory, whose
 * cost grows with the pool.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { HARDHAT3_FOLDER } from "../hardhat3/runtime";
import { type BenchPlan, CHAIN_ID, COINBASE, GENESIS_TIMESTAMP } from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

/** What is used of "hardhat/hre", whose types belong to another Hardhat than this project's. */
interface Hardhat3 {
  createHardhatRuntimeEnvironment(config: object): Promise<{
    readonly network: {
      create(options: { network: string; override: object }): Promise<{
        readonly provider: {
          request(request: { method: string; params: readonly unknown[] }): Promise<unknown>;
        };
        close(): Promise<void>;
      }>;
    };
  }>;
}

export async function createStockHardhat3Peer(name: string, plan: BenchPlan): Promise<Peer> {
  const { resolve } = createRequire(join(HARDHAT3_FOLDER, "package.json"));
  const hardhat: Hardhat3 = await import(pathToFileURL(resolve("hardhat/hre")).href);
  const { network } = await hardhat.createHardhatRuntimeEnvironment({});
  const connection = await network.create({
    network: "default",
    override: {
      // deriving accounts takes seconds, and transactions come signed
      accounts: [],
      hardfork: "osaka",
      chainId: CHAIN_ID,
      networkId: CHAIN_ID,
      blockGasLimit: plan.blockGasLimit,
      minGasPrice: 0n,
      mining: { auto: false, interval: 0, mempool: { order: "fifo" } },
      initialDate: new Date(GENESIS_TIMESTAMP * 1000),
      throwOnTransactionFailures: false,
      throwOnCallFailures: false,
      loggingEnabled: false,
      coinbase: COINBASE,
    },
  });
  return createRpcPeer(
    name,
    plan,
    (method, params = []) => connection.provider.request({ method, params }),
    { close: () => connection.close() },
  );
}
