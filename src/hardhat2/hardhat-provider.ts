/**
 * Builds the provider of the network `hardhat`: the same layers as Hardhat's createProvider, with
 * the parallel network at the bottom.
 *
 *   parallel network -> other plugins' extenders, in order -> sender, gas, gas price -> send, sendAsync
 *
 * Invariant: the wrappers are chosen by the other plugins' extenders alone, so that default fees,
 * gas and senders are exactly what stock gives the same project.
 */
import type {
  EIP1193Provider,
  EthereumProvider,
  HardhatRuntimeEnvironment,
  ProviderExtender,
} from "hardhat/types";
import { createStockProvider, wrapProvider } from "./hardhat-internals";
import { reasonToStepAside, showStepAside } from "./network-choice";

export const HARDHAT_NETWORK = "hardhat";

/** What a provider is built from; a task's or an extender's `hre` has it. */
export type ProviderEnvironment = Pick<HardhatRuntimeEnvironment, "artifacts" | "config">;

/** Creates the bottom layer. */
export type BaseProviderFactory = (environment: ProviderEnvironment) => Promise<EIP1193Provider>;

/** True while solidity-coverage runs this environment's tests on instrumented contracts. */
export function coverageRunning(environment: object): boolean {
  return (
    "__SOLIDITY_COVERAGE_RUNNING" in environment && environment.__SOLIDITY_COVERAGE_RUNNING === true
  );
}

/**
 * Creates the provider that `hre.network.provider` stands for on the network `hardhat`, or stock's
 * where the parallel network steps aside.
 */
export async function createHardhatProvider(
  environment: ProviderEnvironment,
  createBase: BaseProviderFactory,
  extenders: ProviderExtender[],
): Promise<EthereumProvider> {
  const { config, artifacts } = environment;
  const network = config.networks.hardhat;
  const reason = reasonToStepAside(network, { coverage: coverageRunning(environment) });
  if (reason !== null) {
    showStepAside(reason);
    return createStockProvider(config, HARDHAT_NETWORK, artifacts, extenders);
  }
  let provider = await createBase(environment);
  for (const extender of extenders) {
    provider = await extender(provider, config, HARDHAT_NETWORK);
  }
  return wrapProvider(provider, network, extenders);
}
