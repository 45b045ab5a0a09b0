/**
 * What the compiler says of every contract of the project, as the analysis takes it.
 * Owns: which build infos, and what of a contract that is in several. Does not own: the translation
 * (analysis/compilation.ts), layouts (compiler-facts.ts), matching of deployed code.
 */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { compiledContracts } from "../analysis/compilation";
import type { ContractMetadata } from "../analysis/contract-metadata";
import { buildInfos } from "./build-info";
import { compilerFacts } from "./compiler-facts";

/**
 * All contracts of the project's build infos. A contract that is in two of them with the same code
 * is given once, first with a layout; with different codes twice, since either may be deployed.
 */
export async function loadContractMetadata(
  hre: Pick<HardhatRuntimeEnvironment, "artifacts" | "config" | "run">,
): Promise<ContractMetadata[]> {
  const byCode = new Map<string, ContractMetadata>();
  for await (const buildInfo of buildInfos(hre.artifacts)) {
    for (const metadata of compiledContracts(buildInfo, await compilerFacts(buildInfo, hre))) {
      const key = `${metadata.fullyQualifiedName} ${metadata.deployedBytecode}`;
      if ((byCode.get(key)?.storageLayout ?? null) === null) {
        byCode.set(key, metadata);
      }
    }
  }
  return [...byCode.values()];
}
