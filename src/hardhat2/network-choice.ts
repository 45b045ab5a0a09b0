/**
 * Which network `hardhat` is: ours, or stock because ours is switched off or does not serve what
 * was asked for. Stepping aside is never silent, except where the user asked for it.
 */
import type { HardhatNetworkConfig } from "hardhat/types";

/** Why the stock network runs instead of the parallel one; null = the parallel one runs. */
export type StepAside = string | null;

/** What in `networks.hardhat` (or around it) the parallel network does not serve. */
export function reasonToStepAside(
  network: HardhatNetworkConfig,
  circumstances: { readonly coverage: boolean },
): StepAside {
  if (circumstances.coverage) {
    return "solidity-coverage is running, and its instrumented contracts say nothing about conflicts";
  }
  if (network.enableRip7212 === true && network.hardfork !== "osaka") {
    return `networks.hardhat.enableRip7212 is set for the hardfork ${network.hardfork}, and the precompile is served from osaka on only`;
  }
  return null;
}

const shown = new Set<string>();

/** Says once per process, on stderr, that the stock network runs and why. */
export function showStepAside(reason: string): void {
  if (!shown.has(reason)) {
    shown.add(reason);
    console.warn(`hardhat-parallel: ${reason}. This run uses the stock Hardhat network.`);
  }
}
