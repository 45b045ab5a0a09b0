/** Our network with the same genesis as `startStock` with the same settings. */
import {
  createParallelNetwork,
  type EngineName,
  type ParallelNetwork,
  type ParallelNetworkOptions,
} from "../../src/network";
import { DEFAULT_TIMESTAMP, type NetworkSettings, testAccounts } from "./stock-network";

const TRANSACTION_GAS_CAP = 16_777_216n;
/** What stock answers to web3_clientVersion; a Hardhat project's config says it. */
const CLIENT_VERSION = "HardhatNetwork/2.29.1/@nomicfoundation/edr/0.3.8";

/** PARALLEL_ENGINE in the environment: the engine of every test that does not choose one itself. */
const ENGINE = process.env.PARALLEL_ENGINE as EngineName | undefined; // createEngine knows the names

export async function startOurs(
  settings: NetworkSettings = {},
  changes: Partial<ParallelNetworkOptions> = {},
): Promise<ParallelNetwork> {
  return createParallelNetwork({ ...networkOptions(settings), ...changes });
}

/** Options of a network with the settings, without hooks. */
export function networkOptions(settings: NetworkSettings = {}): ParallelNetworkOptions {
  const { hardfork = "osaka", chainId = 31337, engine = ENGINE } = settings;
  return {
    chain: {
      chainId: BigInt(chainId),
      networkId: BigInt(chainId),
      hardfork,
      blockGasLimit: BigInt(settings.blockGasLimit ?? 60_000_000),
      transactionGasCap: hardfork === "osaka" ? TRANSACTION_GAS_CAP : null,
      initialBaseFeePerGas:
        settings.initialBaseFeePerGas === undefined ? null : BigInt(settings.initialBaseFeePerGas),
      minGasPrice: settings.minGasPrice ?? 0n,
      coinbase: settings.coinbase ?? "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
      accounts: testAccounts(),
      genesisState: new Map(),
      automine: settings.automine ?? true,
      miningInterval: 0,
      mempoolOrder: settings.mempoolOrder ?? "priority",
      allowUnlimitedContractSize: settings.allowUnlimitedContractSize ?? false,
      allowBlocksWithSameTimestamp: settings.allowBlocksWithSameTimestamp ?? false,
      initialTimestamp: BigInt(settings.initialTimestamp ?? DEFAULT_TIMESTAMP),
    },
    workers: settings.threads ?? 1,
    minTransactionsForThreads: settings.threads === undefined ? 1000 : 2,
    clientVersion: CLIENT_VERSION,
    dialect: "hardhat2",
    throwOnTransactionFailures: settings.throwOnTransactionFailures ?? true,
    throwOnCallFailures: settings.throwOnCallFailures ?? true,
    loggingEnabled: false,
    verify: false,
    ...(engine === undefined ? {} : { engine }),
  };
}
