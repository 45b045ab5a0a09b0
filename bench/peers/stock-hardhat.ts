/** The stock Hardhat 2 network (EDR), in this process. */
import { createHardhatNetworkProvider } from "hardhat/internal/hardhat-network/provider/provider";
import {
  BALANCE_WEI,
  type BenchPlan,
  BLOCK_GAS_LIMIT,
  CHAIN_ID,
  GENESIS_TIMESTAMP,
} from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

export async function createStockHardhatPeer(plan: BenchPlan): Promise<Peer> {
  const provider = await createHardhatNetworkProvider(
    {
      hardfork: "osaka",
      chainId: CHAIN_ID,
      networkId: CHAIN_ID,
      blockGasLimit: BLOCK_GAS_LIMIT,
      minGasPrice: 0n,
      automine: false,
      intervalMining: 0,
      mempoolOrder: "fifo" as never, // a string enum that the package does not export
      chains: new Map(),
      genesisAccounts: plan.privateKeys.map((privateKey) => ({ privateKey, balance: BALANCE_WEI })),
      allowUnlimitedContractSize: false,
      allowBlocksWithSameTimestamp: false,
      throwOnTransactionFailures: false,
      throwOnCallFailures: false,
      initialDate: new Date(GENESIS_TIMESTAMP * 1000),
      enableTransientStorage: false,
      enableRip7212: false,
      coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
    },
    { enabled: false },
  );
  return createRpcPeer(
    "stock Hardhat 2",
    plan,
    (method, params = []) => provider.request({ method, params: [...params] }),
    { cpu: true, close: async () => undefined },
  );
}
