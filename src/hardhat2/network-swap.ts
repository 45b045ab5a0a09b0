/**
 * Puts the parallel network behind `hre.network.provider` and behind `hardhat node`.
 *
 * Owns: when the swap happens. Does not own: how the provider is built (hardhat-provider.ts).
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { disabledByEnvironment } from "./config";
import { providerExtenders, replaceProviderFactory, setNetwork } from "./hardhat-internals";
import {
  type BaseProviderFactory,
  coverageRunning,
  createHardhatProvider,
  HARDHAT_NETWORK,
} from "./hardhat-provider";
import { reasonToStepAside, showStepAside } from "./network-choice";

/** Why there is no parallel network in this environment, in words for the user; null = there is. */
export function reasonDisabled(hre: HardhatRuntimeEnvironment): string | null {
  if (disabledByEnvironment(process.env)) {
    return "the environment has PARALLEL=0";
  }
  return hre.config.parallel.enabled ? null : "hardhat.config has parallel.enabled: false";
}

/**
 * Keeps the identity of `hre.network.provider` and changes what it will create at its first
 * request. Does nothing on other networks and where the parallel network is disabled.
 * @throws ParallelError PROVIDER_ALREADY_CREATED, PROVIDER_REPLACED, HARDHAT_INTERNALS_MISSING
 */
export function swapNetwork(hre: HardhatRuntimeEnvironment, createBase: BaseProviderFactory): void {
  if (hre.network.name !== HARDHAT_NETWORK || reasonDisabled(hre) !== null) {
    return;
  }
  const extenders = providerExtenders();
  replaceProviderFactory(hre.network.provider, () =>
    createHardhatProvider(hre, createBase, extenders),
  );
}

/**
 * Says that a run of solidity-coverage is on stock: it puts a network of its own in our place, so
 * that createHardhatProvider never gets to say it.
 */
export function noticeCoverage(hre: HardhatRuntimeEnvironment): void {
  if (coverageRunning(hre) && reasonDisabled(hre) === null) {
    const reason = reasonToStepAside(hre.config.networks.hardhat, { coverage: true });
    if (reason !== null) {
      showStepAside(reason);
    }
  }
}

/**
 * Runs stock's `node:get-provider` on the parallel network. With another default network Hardhat
 * would create a network of its own there, so ours takes the place of `hre.network` meanwhile.
 * `--fork` comes as a hardhat_reset.
 */
export async function provideForNode(
  hre: HardhatRuntimeEnvironment,
  createBase: BaseProviderFactory,
  runSuper: () => Promise<unknown>,
): Promise<unknown> {
  if (reasonDisabled(hre) !== null || hre.network.name === HARDHAT_NETWORK) {
    return runSuper();
  }
  const { network } = hre;
  // As stock: no extenders, which belong to the network that was chosen.
  const provider = await createHardhatProvider(hre, createBase, []);
  setNetwork(hre, { name: HARDHAT_NETWORK, config: hre.config.networks.hardhat, provider });
  try {
    return await runSuper();
  } finally {
    setNetwork(hre, network);
  }
}
