/**
 * Translates `networks.hardhat` of a resolved Hardhat 2 config into the chain's own config.
 *
 * Follows createProvider and EdrProviderWrapper.create of Hardhat 2.29 field by field. Does not own:
 * `gas`, `gasPrice`, `from` (the provider wrappers apply them), what makes the network step aside
 * (network-choice.ts), `loggingEnabled` and `throwOn…` (options of the network).
 */
import { join } from "node:path";
import type { HardhatNetworkConfig } from "hardhat/types";
import type { ChainConfig } from "../chain/chain";
import { DEFAULT_CHAIN_CONFIG } from "../chain/default-config";
import type { ForkConfig } from "../chain/fork/fork-config";
import type { HardforkHistory } from "../chain/fork/hardfork-history";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Hex } from "../state/hex";
import { genesisAccounts } from "./account-keys";
import { parseDate } from "./hardhat-internals";

/** EIP-7825, in force from osaka on. */
const TRANSACTION_GAS_CAP = 16_777_216n;
const HARDFORKS_WITH_GAS_CAP = ["osaka"];
/** solidity-coverage sets this block gas limit; stock takes it as "no cap for a transaction". */
const COVERAGE_BLOCK_GAS_LIMIT = 0x1fffffffffffff;

/** Lower-case hex with 0x of a string that Hardhat's config validation has already accepted. */
function hex(text: string): Hex {
  return `0x${text.toLowerCase().replace(/^0x/, "")}`;
}

function forkOf(
  { forking }: HardhatNetworkConfig,
  settings: Omit<ForkConfig, "url">,
): Pick<ChainConfig, "fork"> {
  if (forking?.enabled !== true) {
    return {};
  }
  const { url, blockNumber, httpHeaders } = forking;
  return {
    fork: {
      ...settings,
      url,
      ...(blockNumber === undefined ? {} : { blockNumber: BigInt(blockNumber) }),
      ...(httpHeaders === undefined ? {} : { httpHeaders }),
    },
  };
}

function mempoolOrder(order: string): "fifo" | "priority" {
  if (order !== "fifo" && order !== "priority") {
    throw new ParallelError(ERRORS.CONFIG_INVALID_VALUE, {
      key: "networks.hardhat.mining.mempool.order",
      expected: '"fifo" or "priority"',
      actual: JSON.stringify(order),
    });
  }
  return order;
}

/** What holds for every remote that the network forks, now or by hardhat_reset. */
export function forkSettings(
  network: HardhatNetworkConfig,
  cacheDirectory: string,
  warn: (message: string) => void,
): Omit<ForkConfig, "url"> {
  return {
    cacheDirectory: join(cacheDirectory, "hardhat-parallel-fork"),
    warn,
    hardforkHistories: new Map(
      [...network.chains].map(([chainId, { hardforkHistory }]) => [
        BigInt(chainId),
        [...hardforkHistory].map(([hardfork, block]) => ({
          hardfork,
          since: { block: BigInt(block) },
        })) satisfies HardforkHistory,
      ]),
    ),
  };
}

/** The chain that stock would run for the same config. */
export function chainConfig(
  network: HardhatNetworkConfig,
  settings: Omit<ForkConfig, "url"> = { hardforkHistories: new Map() },
): ChainConfig {
  return {
    ...forkOf(network, settings),
    chainId: BigInt(network.chainId),
    networkId: BigInt(network.chainId),
    hardfork: network.hardfork,
    blockGasLimit: BigInt(network.blockGasLimit),
    transactionGasCap:
      HARDFORKS_WITH_GAS_CAP.includes(network.hardfork) &&
      network.blockGasLimit !== COVERAGE_BLOCK_GAS_LIMIT
        ? TRANSACTION_GAS_CAP
        : null,
    initialBaseFeePerGas:
      network.initialBaseFeePerGas === undefined ? null : BigInt(network.initialBaseFeePerGas),
    minGasPrice: network.minGasPrice,
    coinbase: hex(network.coinbase ?? DEFAULT_CHAIN_CONFIG.coinbase),
    accounts: genesisAccounts(network.accounts).map(({ privateKey, balance }) => ({
      privateKey: hex(privateKey),
      balance: BigInt(balance),
    })),
    genesisState: new Map(),
    automine: network.mining.auto,
    miningInterval: network.mining.interval,
    mempoolOrder: mempoolOrder(network.mining.mempool.order),
    allowUnlimitedContractSize: network.allowUnlimitedContractSize,
    allowBlocksWithSameTimestamp: network.allowBlocksWithSameTimestamp ?? false,
    initialTimestamp: BigInt(Math.floor(parseDate(network.initialDate).getTime() / 1000)),
  };
}
