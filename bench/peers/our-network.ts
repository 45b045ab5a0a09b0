/**
 * Our network behind JSON-RPC, in this process: the same requests as the stock network gets. It is put
 * together as src/network.ts does it, but for the tier, which no user can choose.
 */
import { createLocalChain } from "../../src/chain/local-chain";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { DEFAULT_ENGINE } from "../../src/execution/engine/engine-name";
import { networkOptions } from "../../src/network";
import { RpcNetwork } from "../../src/rpc/rpc-network";
import { createPooledExecutor } from "../../src/worker/pooled-executor";
import { createRootThread } from "../../src/worker/root-thread";
import { type BenchPlan, CHAIN_ID, COINBASE, GENESIS_TIMESTAMP } from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

/** "default" = what users get: code climbs through the tiers as it becomes hot. */
export type Tier = "default" | "interpreter" | "javascript" | "webassembly";

export interface OursOptions {
  readonly tier: Tier;
  /** 1 = the calling thread alone, and no pool */
  readonly threads: number;
}

/** The executor of a network with these options. */
export function createOurExecutor({ tier, threads }: OursOptions): BlockExecutor {
  const tierModule = tier === "default" ? null : require.resolve(`../tiers/${tier}.cjs`);
  return createPooledExecutor({
    workers: threads,
    minTransactionsForThreads:
      threads === 1 ? Number.MAX_SAFE_INTEGER : networkOptions().minTransactionsForThreads,
    engine: tierModule === null ? createEngine(DEFAULT_ENGINE) : require(tierModule).createEngine(),
    threadEngine: tierModule === null ? { engine: DEFAULT_ENGINE } : { engineModule: tierModule },
  });
}

export async function createOurNetworkPeer(
  name: string,
  plan: BenchPlan,
  ours: OursOptions,
): Promise<Peer> {
  let mode: string | undefined;
  const options = networkOptions({
    loggingEnabled: false,
    throwOnTransactionFailures: false,
    chain: {
      chainId: BigInt(CHAIN_ID),
      networkId: BigInt(CHAIN_ID),
      hardfork: "osaka",
      blockGasLimit: BigInt(plan.blockGasLimit),
      coinbase: COINBASE,
      automine: false,
      mempoolOrder: "fifo",
      initialTimestamp: BigInt(GENESIS_TIMESTAMP),
    },
  });
  const network = await RpcNetwork.create(
    () =>
      createLocalChain({
        config: options.chain,
        executor: observed(createOurExecutor(ours), (ran) => {
          mode = ran;
        }),
        engine: createEngine(DEFAULT_ENGINE),
        trace: false,
        ...(ours.threads > 1 ? { rootThread: createRootThread() } : {}),
      }),
    options,
  );
  return createRpcPeer(name, plan, (method, params = []) => network.request({ method, params }), {
    mode: () => mode,
    close: () => network.close(),
  });
}

/** Tells where each block ran. */
function observed(executor: BlockExecutor, tell: (mode: string) => void): BlockExecutor {
  return {
    prepare: (...waiting) => executor.prepare(...waiting),
    async execute(input, preState) {
      const execution = await executor.execute(input, preState);
      tell(execution.observed.mode);
      return execution;
    },
    close: () => executor.close(),
  };
}
