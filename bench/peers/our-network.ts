/** Our network behind JSON-RPC, in this process: the same requests as the stock network gets. */
import { createParallelNetwork } from "../../src/network";
import {
  BALANCE_WEI,
  type BenchPlan,
  BLOCK_GAS_LIMIT,
  CHAIN_ID,
  GENESIS_TIMESTAMP,
} from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

export async function createOurNetworkPeer(plan: BenchPlan, workers: number): Promise<Peer> {
  const network = await createParallelNetwork({
    chain: {
      chainId: BigInt(CHAIN_ID),
      networkId: BigInt(CHAIN_ID),
      hardfork: "osaka",
      blockGasLimit: BigInt(BLOCK_GAS_LIMIT),
      transactionGasCap: 16_777_216n,
      initialBaseFeePerGas: null,
      minGasPrice: 0n,
      coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
      accounts: plan.privateKeys.map((privateKey) => ({ privateKey, balance: BALANCE_WEI })),
      genesisState: new Map(),
      automine: false,
      miningInterval: 0,
      mempoolOrder: "fifo",
      allowUnlimitedContractSize: false,
      allowBlocksWithSameTimestamp: false,
      initialTimestamp: BigInt(GENESIS_TIMESTAMP),
    },
    workers,
    minTransactionsForThreads: 8,
    clientVersion: "HardhatNetwork/bench",
    dialect: "hardhat2",
    throwOnTransactionFailures: false,
    throwOnCallFailures: false,
    loggingEnabled: false,
    verify: false,
  });
  return createRpcPeer(
    `network, ${workers} threads`,
    plan,
    (method, params = []) => network.request({ method, params }),
    { cpu: true, close: () => network.close() },
  );
}
