/**
 * A Hardhat environment for one test, made from a config's source text, the way Hardhat's own CLI
 * makes it. The plugin is loaded from src.
 */
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HardhatContext } from "hardhat/internal/context";
import { loadConfigAndTasks } from "hardhat/internal/core/config/config-loading";
import { Environment } from "hardhat/internal/core/runtime-environment";
import { resetHardhatContext } from "hardhat/internal/reset";
import type { HardhatArguments, HardhatRuntimeEnvironment } from "hardhat/types";

export const SOURCE = join(__dirname, "..", "..", "src");

export interface TestEnvironment {
  readonly hre: HardhatRuntimeEnvironment;
  readonly directory: string;
}

/**
 * Runs `body` with an environment whose config is the given CommonJS text (`PLUGIN` stands for the
 * plugin's path), and takes everything away afterwards.
 */
export async function withEnvironment(
  configSource: string,
  body: (environment: TestEnvironment) => Promise<void> | void,
  network?: string,
): Promise<void> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "hardhat-parallel-test-")));
  const configFile = join(directory, "hardhat.config.js");
  writeFileSync(join(directory, "package.json"), '{"name":"test-project"}');
  symlinkSync(join(SOURCE, "..", "node_modules"), join(directory, "node_modules"));
  writeFileSync(
    configFile,
    configSource.replaceAll("PLUGIN", JSON.stringify(join(SOURCE, "index"))),
  );
  const hardhatArguments: HardhatArguments = {
    config: configFile,
    showStackTraces: false,
    version: false,
    help: false,
    emoji: false,
    verbose: false,
    ...(network === undefined ? {} : { network }),
  };
  const context = HardhatContext.createHardhatContext();
  try {
    const { resolvedConfig, userConfig } = loadConfigAndTasks(hardhatArguments);
    const hre = new Environment(
      resolvedConfig,
      hardhatArguments,
      context.tasksDSL.getTaskDefinitions(),
      context.tasksDSL.getScopesDefinitions(),
      context.environmentExtenders,
      userConfig,
      context.providerExtenders,
    );
    context.setHardhatRuntimeEnvironment(hre);
    await body({ hre, directory });
  } finally {
    resetHardhatContext();
    rmSync(directory, { recursive: true, force: true });
  }
}
