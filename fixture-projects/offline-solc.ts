/**
 * Gives Hardhat the compilers of the npm packages `solc` and `solc-<version>` instead of downloads,
 * so that the fixture projects compile offline. Required first by each project's hardhat.config.ts.
 */
import { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";

/** By version: the npm package, and the version as the compiler itself says it. */
const COMPILERS: Readonly<Record<string, { readonly package: string; readonly long: string }>> = {
  "0.5.16": { package: "solc-0.5.16", long: "0.5.16+commit.9c3226ce" },
  "0.6.6": { package: "solc-0.6.6", long: "0.6.6+commit.6c089d02" },
  "0.7.6": { package: "solc-0.7.6", long: "0.7.6+commit.7338295f" },
  "0.8.10": { package: "solc-0.8.10", long: "0.8.10+commit.fc410830" },
  "0.8.28": { package: "solc-0.8.28", long: "0.8.28+commit.7893614a" },
  "0.8.30": { package: "solc", long: "0.8.30+commit.73712a01" },
};

subtask(
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  async ({ solcVersion }: { readonly solcVersion: string }) => {
    const compiler = COMPILERS[solcVersion];
    if (compiler === undefined) {
      throw new Error(
        `The fixture projects compile with solc ${Object.keys(COMPILERS).join(", ")}, not with ${solcVersion}`,
      );
    }
    return {
      compilerPath: require.resolve(`${compiler.package}/soljson.js`),
      isSolcJs: true,
      version: solcVersion,
      longVersion: compiler.long,
    };
  },
);
