/**
 * Gives Hardhat the compiler of the npm package `solc` instead of a download, so that the fixture
 * projects compile offline. Required first by each project's hardhat.config.ts.
 */
import { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";

const VERSION = "0.8.30";
const LONG_VERSION = "0.8.30+commit.73712a01";

subtask(
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  async ({ solcVersion }: { readonly solcVersion: string }) => {
    if (solcVersion !== VERSION) {
      throw new Error(`The fixture projects compile with solc ${VERSION}, not with ${solcVersion}`);
    }
    return {
      compilerPath: require.resolve("solc/soljson.js"),
      isSolcJs: true,
      version: VERSION,
      longVersion: LONG_VERSION,
    };
  },
);
