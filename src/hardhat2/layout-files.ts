/**
 * Brings the layout files of the config together with the contracts they describe: by the bytecode
 * in the file, or by the contract's name among what was compiled and the project's artifacts.
 *
 * Owns: reading the files and this pairing. Does not own: the formats (analysis/layout-files), whether
 * the recording bears a layout out (analysis/naming).
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Artifact, HardhatRuntimeEnvironment } from "hardhat/types";
import type { ContractMetadata, StorageLayout } from "../analysis/contract-metadata";
import { type LayoutOfContract, readLayoutFile } from "../analysis/layout-files/layout-file";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Hex } from "../state/hex";
import { methodIdentifiers } from "./method-identifiers";

type Environment = Pick<HardhatRuntimeEnvironment, "artifacts" | "config">;

function invalid(path: string, reason: string, cause?: unknown): ParallelError {
  return new ParallelError(ERRORS.LAYOUT_FILE_INVALID, { path, reason }, { cause });
}

/**
 * The contracts with what the files say of them. `paths`: relative to the project root.
 * @throws ParallelError LAYOUT_FILE_INVALID
 */
export async function withLayoutFiles(
  contracts: readonly ContractMetadata[],
  paths: readonly string[],
  hre: Environment,
): Promise<ContractMetadata[]> {
  let all = [...contracts];
  for (const path of paths) {
    let content: string;
    try {
      content = await readFile(resolve(hre.config.paths.root, path), "utf8");
    } catch (cause) {
      throw invalid(path, cause instanceof Error ? cause.message : String(cause), cause);
    }
    for (const layout of readLayoutFile(path, content)) {
      const { contractName, compiled } = layout;
      if (compiled !== null) {
        all.push(imported(path, layout, { ...NO_CODE, ...compiled, contractName }));
        continue;
      }
      const known = all.filter((contract) => contract.contractName === contractName);
      if (known.length > 0) {
        all = all.map((one) => (known.includes(one) ? imported(path, layout, one) : one));
        continue;
      }
      all.push(imported(path, layout, await artifactNamed(contractName, path, hre)));
    }
  }
  return all;
}

const NO_CODE = {
  fullyQualifiedName: "",
  sourceName: "",
  linkRanges: [],
  deployedLinkRanges: [],
  immutableRanges: [],
};

function imported(
  path: string,
  { storage, transient, hashing, complete, contractName }: LayoutOfContract,
  contract: Omit<ContractMetadata, "storageLayout" | "transientStorageLayout"> &
    Partial<ContractMetadata>,
): ContractMetadata {
  const own = contract.storageLayout ?? null;
  const hasOwn = own !== null && own.storage.length > 0;
  const sourceName = contract.sourceName === "" ? path : contract.sourceName;
  return {
    ...contract,
    fullyQualifiedName: contract.fullyQualifiedName || `${sourceName}:${contractName}`,
    sourceName,
    storageLayout: hasOwn ? own : storage,
    transientStorageLayout: transient ?? contract.transientStorageLayout ?? null,
    ...(hasOwn ? { namespaces: beside(path, own, contract.namespaces, storage) } : {}),
    dataBehindCode: hashing === "vyper",
    imported: { path, hashing, complete: complete && !hasOwn },
  };
}

/** Variables of the file beside those that the compiler has laid out, which stand. */
function beside(
  path: string,
  own: StorageLayout,
  namespaces: StorageLayout | undefined,
  added: StorageLayout,
): StorageLayout {
  const before = [...own.storage, ...(namespaces?.storage ?? [])];
  const storage = added.storage.filter((variable) => {
    const same = before.find(
      ({ slot, offset }) => slot === variable.slot && offset === variable.offset,
    );
    if (same !== undefined && same.label !== variable.label) {
      throw invalid(
        path,
        `it has ${variable.label} at slot ${variable.slot}, where the compiler has ${same.label}`,
      );
    }
    return same === undefined;
  });
  return {
    storage: [...(namespaces?.storage ?? []), ...storage],
    types: { ...added.types, ...namespaces?.types },
  };
}

function hex(code: string): Hex {
  return `0x${code.toLowerCase().replace(/^0x/, "")}`;
}

async function artifactNamed(
  contractName: string,
  path: string,
  { artifacts }: Environment,
): Promise<ContractMetadata> {
  const names = (await artifacts.getAllFullyQualifiedNames()).filter((name) =>
    name.endsWith(`:${contractName}`),
  );
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    const found =
      name === undefined ? "there is no contract" : `there are ${names.length} contracts`;
    throw invalid(path, `${found} ${contractName} among the artifacts`);
  }
  const artifact: Artifact = await artifacts.readArtifact(name);
  return {
    ...NO_CODE,
    fullyQualifiedName: name,
    sourceName: artifact.sourceName,
    contractName,
    bytecode: hex(artifact.bytecode),
    deployedBytecode: hex(artifact.deployedBytecode),
    abi: artifact.abi,
    methodIdentifiers: methodIdentifiers(artifact.abi),
    storageLayout: null,
    transientStorageLayout: null,
  };
}
