/**
 * Creates the parallel network for a Hardhat 2 project: config in, network out. Loaded at the first
 * request, not with the plugin.
 */
import { createParallelNetwork, type ParallelNetwork } from "../network";
import { chainConfig, forkSettings } from "./chain-config";
import { engineOf } from "./config";
import { ErrorAbi } from "./error-abi";
import { FailureExplainer } from "./failure-explainer";
import { decodeConsoleLogs, hardhatVersion } from "./hardhat-internals";
import type { ProviderEnvironment } from "./hardhat-provider";
import { packageVersion } from "./package-version";
import { noteUnrecorded, requestedRecording, startRecording } from "./recording";
import { StockForReplay } from "./stock-replay";

/** Prints as stock does: one line per console.log, on stdout. */
function printConsoleLogs(calldata: readonly Uint8Array[]): void {
  for (const line of decodeConsoleLogs(calldata.map((bytes) => Buffer.from(bytes)))) {
    console.log(line);
  }
}

/** The bottom layer of `hre.network.provider`. */
export async function createBaseNetwork(
  environment: ProviderEnvironment,
): Promise<ParallelNetwork> {
  const { hardhat } = environment.config.networks;
  const { parallel } = environment.config;
  const { paths } = environment.config;
  const settings = forkSettings(hardhat, paths.cache, (message) =>
    console.warn(`hardhat-parallel: ${message}`),
  );
  const chain = chainConfig(hardhat, settings);
  const recording = requestedRecording();
  if (recording === null) {
    noteUnrecorded(environment.config);
  }
  const explainer = new FailureExplainer(new StockForReplay(environment));
  const errors = new ErrorAbi(environment.artifacts);
  return createParallelNetwork({
    chain,
    forkSettings: settings,
    workers: recording?.workers ?? parallel.workers,
    minTransactionsForThreads: parallel.minTransactionsForThreads,
    engine: engineOf(parallel),
    prefetch: parallel.prefetch,
    clientVersion: `HardhatNetwork/${hardhatVersion()}/hardhat-parallel/${packageVersion()}`,
    dialect: "hardhat2",
    throwOnTransactionFailures: hardhat.throwOnTransactionFailures,
    throwOnCallFailures: hardhat.throwOnCallFailures,
    loggingEnabled: hardhat.loggingEnabled,
    ...(recording === null ? {} : { record: startRecording(recording, chain.chainId) }),
    verify: recording !== null || parallel.verify,
    explainFailure: async (failure) => {
      const error = await explainer.explain(failure);
      if (error === null) {
        await errors.load(); // the network's own words come next
      }
      return error;
    },
    errorAbi: (code) => errors.of(code),
    printConsoleLogs,
    decodeConsoleLogs: (calldata) => decodeConsoleLogs(calldata.map((bytes) => Buffer.from(bytes))),
    addCompilationResult: (...result) => explainer.addCompilationResult(...result),
  });
}
