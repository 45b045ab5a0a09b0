/**
 * The stock Hardhat network in process, as oracle: the provider below Hardhat's wrappers, which
 * fill in sender, gas and fees.
 */
import type { EIP1193Provider } from "hardhat/types";
import type { EngineName } from "../../src/network";

/** Hardhat's own: where the log of requests goes. */
export interface LoggerConfig {
  readonly enabled: boolean;
  readonly printLineFn?: (line: string) => void;
  readonly replaceLastLineFn?: (line: string) => void;
}

// Hardhat exports the factory, the accounts and the defaults by internal paths only.
const construction: {
  createHardhatNetworkProvider(
    config: Record<string, unknown>,
    logger: LoggerConfig,
  ): Promise<EIP1193Provider>;
} = require("hardhat/internal/hardhat-network/provider/provider");

const accounts: {
  normalizeHardhatNetworkAccountsConfig(
    config: unknown,
  ): { privateKey: `0x${string}`; balance: string }[];
} = require("hardhat/internal/core/providers/util");

const defaults: {
  defaultHardhatNetworkParams: { accounts: object };
} = require("hardhat/internal/core/config/default-config");

/** What a test may ask for; equal for both networks. */
export interface NetworkSettings {
  /** Hardhat's name; default osaka */
  readonly hardfork?: string;
  /** seconds; default 1700000000 */
  readonly initialTimestamp?: number;
  readonly chainId?: number;
  readonly blockGasLimit?: number;
  readonly automine?: boolean;
  readonly mempoolOrder?: "fifo" | "priority";
  readonly allowUnlimitedContractSize?: boolean;
  readonly allowBlocksWithSameTimestamp?: boolean;
  readonly throwOnTransactionFailures?: boolean;
  readonly throwOnCallFailures?: boolean;
  readonly initialBaseFeePerGas?: number;
  readonly minGasPrice?: bigint;
  readonly coinbase?: `0x${string}`;
  /** ours only: what runs transactions; default PARALLEL_ENGINE in the environment, else ours */
  readonly engine?: EngineName;
  /** ours only: worker threads, for blocks of two transactions on; default none */
  readonly threads?: number;
}

export const DEFAULT_TIMESTAMP = 1_700_000_000;
const ACCOUNT_COUNT = 4;

type Account = { readonly privateKey: `0x${string}`; readonly balance: bigint };

let derived: readonly Account[] | null = null;

/** The first accounts of "test test … junk" with 10000 ETH each; derived once, which takes 50 ms. */
export function testAccounts(): Account[] {
  derived ??= accounts
    .normalizeHardhatNetworkAccountsConfig({
      ...defaults.defaultHardhatNetworkParams.accounts,
      count: ACCOUNT_COUNT,
    })
    .map(({ privateKey, balance }) => ({ privateKey, balance: BigInt(balance) }));
  return [...derived];
}

export async function startStock(
  settings: NetworkSettings = {},
  logger: LoggerConfig = { enabled: false },
): Promise<EIP1193Provider> {
  const {
    initialTimestamp = DEFAULT_TIMESTAMP,
    chainId = 31337,
    threads: _threads,
    engine: _engine,
    ...rest
  } = settings;
  return construction.createHardhatNetworkProvider(
    {
      chainId,
      networkId: chainId,
      hardfork: "osaka",
      blockGasLimit: 60_000_000,
      minGasPrice: 0n,
      automine: true,
      intervalMining: 0,
      mempoolOrder: "priority",
      chains: new Map(),
      genesisAccounts: testAccounts().map(({ privateKey, balance }) => ({
        privateKey,
        balance: balance.toString(),
      })),
      allowUnlimitedContractSize: false,
      allowBlocksWithSameTimestamp: false,
      throwOnTransactionFailures: true,
      throwOnCallFailures: true,
      initialDate: new Date(initialTimestamp * 1000),
      enableTransientStorage: false,
      enableRip7212: false,
      ...rest,
    },
    logger,
  );
}
