/**
 * The Hardhat project as assertions and scenarios ask for it (project/project.ts).
 *
 * Owns: the translation from the environment. Does not own: what is asked. What the compiler says is
 * read once, when it is first needed; the modules that read it are not loaded with the plugin.
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import type { ContractMetadata } from "../analysis/contract-metadata";
import type { Project } from "../project/project";
import { coverageRunning, HARDHAT_NETWORK } from "./hardhat-provider";
import { reasonToStepAside } from "./network-choice";
import { reasonDisabled } from "./network-swap";

export function projectOf(hre: HardhatRuntimeEnvironment): Project {
  let contracts: Promise<readonly ContractMetadata[]> | undefined;
  return {
    get unavailable() {
      return reasonUnrecorded(hre);
    },
    request: (method, params = []) => hre.network.provider.request({ method, params: [...params] }),
    contracts: () => {
      contracts ??= readContracts(hre);
      return contracts;
    },
    accounts: () => {
      const { accountLabels }: typeof import("./account-labels") = require("./account-labels");
      return accountLabels(hre);
    },
    slotResolver: hre.config.parallel.report.slotResolver,
  };
}

/** Why the environment's network is not the parallel one, in words for the user; null = it is. */
export function reasonUnrecorded(hre: HardhatRuntimeEnvironment): string | null {
  return hre.network.name === HARDHAT_NETWORK
    ? (reasonDisabled(hre) ??
        reasonToStepAside(hre.config.networks.hardhat, { coverage: coverageRunning(hre) }))
    : `the network is ${hre.network.name}, not ${HARDHAT_NETWORK}`;
}

async function readContracts(hre: HardhatRuntimeEnvironment): Promise<readonly ContractMetadata[]> {
  const {
    loadContractMetadata,
  }: typeof import("./compiler-metadata") = require("./compiler-metadata");
  const { withLayoutFiles }: typeof import("./layout-files") = require("./layout-files");
  const { layoutFiles } = hre.config.parallel.report;
  return withLayoutFiles(await loadContractMetadata(hre), layoutFiles, hre);
}
