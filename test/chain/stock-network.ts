/**
 * The oracle of the chain's tests: the stock Hardhat network, in process, without the wrappers that
 * fill in defaults.
 */
import type { EIP1193Provider } from "hardhat/types";

// Hardhat exports the factory only by its internal path.
const construction: {
  createHardhatNetworkProvider(
    config: Record<string, unknown>,
    logger: { enabled: boolean },
  ): Promise<EIP1193Provider>;
} = require("hardhat/internal/hardhat-network/provider/provider");

const util: {
  normalizeHardhatNetworkAccountsConfig(
    accounts: unknown,
  ): { privateKey: string; balance: string }[];
} = require("hardhat/internal/core/providers/util");

const defaults: {
  defaultHardhatNetworkParams: Record<string, unknown> & { accounts: unknown };
} = require("hardhat/internal/core/config/default-config");

/** Deriving the keys takes long: once. */
const stockAccounts = util.normalizeHardhatNetworkAccountsConfig(
  defaults.defaultHardhatNetworkParams.accounts,
);

/** Accounts of "test test … junk", as stock makes them. */
export const DEFAULT_ACCOUNTS: readonly { privateKey: `0x${string}`; balance: bigint }[] =
  stockAccounts.map(({ privateKey, balance }) => ({
    privateKey: `0x${privateKey.slice(2).toLowerCase()}`,
    balance: BigInt(balance),
  }));

export interface StockOptions {
  readonly hardfork?: string;
  readonly initialDate?: Date;
  readonly [key: string]: unknown;
}

/** A stock network with the defaults of `hardhat.config` and the given changes. */
export async function startStock(options: StockOptions = {}): Promise<EIP1193Provider> {
  return construction.createHardhatNetworkProvider(
    {
      chainId: 31337,
      networkId: 31337,
      hardfork: "osaka",
      blockGasLimit: 60_000_000,
      minGasPrice: 0n,
      throwOnTransactionFailures: true,
      throwOnCallFailures: true,
      automine: true,
      intervalMining: 0,
      mempoolOrder: "priority",
      chains: new Map(),
      genesisAccounts: stockAccounts,
      allowUnlimitedContractSize: false,
      allowBlocksWithSameTimestamp: false,
      enableTransientStorage: false,
      enableRip7212: false,
      ...options,
    },
    { enabled: false },
  );
}
