/** The stock Hardhat 2 network (EDR), in this process. */
import { createHardhatNetworkProvider } from "hardhat/internal/hardhat-network/provider/provider";
import { type BenchPlan, CHAIN_ID, COINBASE, GENESIS_TIMESTAMP } from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

export async function createStockHardhatPeer(name: string, plan: BenchPlan): Promise<Peer> {
  const provider = await createHardhatNetworkProvider(
    {
      hardfork: "osaka",
      chainId: CHAIN_ID,
      networkId: CHAIN_ID,
      blockGasLimit: plan.blockGasLimit,
      minGasPrice: 0n,
      automine: false,
      intervalMining: 0,
      mempoolOrder: "fifo" as never, // a string enum that the package does not export
      chains: new Map(),
      genesisAccounts: [],
      allowUnlimitedContractSize: false,
      allowBlocksWithSameTimestamp: false,
      throwOnTransactionFailures: false,
      throwOnCallFailures: false,
      initialDate: new Date(GENESIS_TIMESTAMP * 1000),
      enableTransientStorage: false,
      enableRip7212: false,
      coinbase: COINBASE,
    },
    { enabled: false },
  );
  return createRpcPeer(
    name,
    plan,
    (method, params = []) => provider.request({ method, params: [...params] }),
    { close: async () => undefined },
  );
}
