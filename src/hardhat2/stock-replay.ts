/**
 * The stock network on which failures are replayed: the project's rules and artifacts, no accounts,
 * no mining of its own, and silent (a replayed call must not print its console.log again).
 */
import type { EIP1193Provider } from "hardhat/types";
import { createStockNetwork } from "./hardhat-internals";
import type { ProviderEnvironment } from "./hardhat-provider";

const silent = (): void => undefined;

/** Creates it; reads the project's build infos once, as stock does. */
export function createStockForReplay({
  artifacts,
  config,
}: ProviderEnvironment): Promise<EIP1193Provider> {
  const network = config.networks.hardhat;
  return createStockNetwork(
    {
      chainId: network.chainId,
      networkId: network.chainId,
      hardfork: network.hardfork,
      blockGasLimit: network.blockGasLimit,
      minGasPrice: 0n,
      automine: false,
      intervalMining: 0,
      mempoolOrder: "priority",
      chains: network.chains,
      genesisAccounts: [],
      allowUnlimitedContractSize: network.allowUnlimitedContractSize,
      throwOnTransactionFailures: true,
      throwOnCallFailures: true,
      allowBlocksWithSameTimestamp: true,
      initialDate: new Date(0), // before any block whose environment it is given
      enableTransientStorage: network.enableTransientStorage ?? false,
      enableRip7212: network.enableRip7212 ?? false,
    },
    { enabled: false, printLineFn: silent, replaceLastLineFn: silent },
    artifacts,
  );
}
