/**
 * Every place where this package reaches inside Hardhat 2, checked as it is reached.
 *
 * Hardhat 2 has no public way to swap the local network without changing its default fees (an
 * extendProvider callback adds AutomaticGasPriceProvider), so the adapter rebuilds createProvider
 * from Hardhat's own parts. If a Hardhat lacks one of them the user gets HARDHAT_INTERNALS_MISSING,
 * never a TypeError.
 *
 * Owns: module paths, names and shapes of those internals. Does not own: what is done with them.
 */
import type { EventEmitter } from "node:events";
import type {
  Artifacts,
  EIP1193Provider,
  EthereumProvider,
  HardhatConfig,
  HardhatNetworkAccountConfig,
  HardhatNetworkAccountsConfig,
  HardhatRuntimeEnvironment,
  Network,
  NetworkConfig,
  ProviderExtender,
} from "hardhat/types";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

type Construction = typeof import("hardhat/internal/core/providers/construction");
type Stock = typeof import("hardhat/internal/hardhat-network/provider/provider");
type Runner = typeof import("hardhat/internal/util/scripts-runner");

/** Version of the Hardhat that runs this plugin. */
export function hardhatVersion(): string {
  const manifest: { version: string } = require("hardhat/package.json"); // typed: package.json has a version
  return manifest.version;
}

function missing(what: string): ParallelError {
  return new ParallelError(ERRORS.HARDHAT_INTERNALS_MISSING, { what, version: hardhatVersion() });
}

/** Loads `hardhat/internal/<path>` and checks that it exports a function of that name. */
function internal(path: string, name: string): unknown {
  let loaded: Record<string, unknown>;
  try {
    loaded = require(`hardhat/internal/${path}`);
  } catch (cause) {
    throw new ParallelError(
      ERRORS.HARDHAT_INTERNALS_MISSING,
      { what: `hardhat/internal/${path}`, version: hardhatVersion() },
      { cause },
    );
  }
  const value = loaded[name];
  if (value === undefined) {
    throw missing(`${name} of hardhat/internal/${path}`);
  }
  return value;
}

// The casts below give each internal the type it has in the Hardhat this package is built against;
// `internal` has checked that the export is there.

/** The provider extenders of the other plugins: the live array that Hardhat passes to createProvider. */
export function providerExtenders(): ProviderExtender[] {
  const context = internal(
    "context",
    "HardhatContext",
  ) as typeof import("hardhat/internal/context").HardhatContext;
  const { providerExtenders: extenders } = context.getHardhatContext();
  if (!Array.isArray(extenders)) {
    throw missing("providerExtenders of HardhatContext");
  }
  return extenders;
}

/** True while a Hardhat config is being loaded or a Hardhat runs: the plugin can register itself. */
export function hardhatContextExists(): boolean {
  const context = internal(
    "context",
    "HardhatContext",
  ) as typeof import("hardhat/internal/context").HardhatContext;
  return context.isCreated();
}

/** Stock's whole provider of a network, as `hre.network.provider` would build it. */
export function createStockProvider(
  config: HardhatConfig,
  networkName: string,
  artifacts: Artifacts,
  extenders: ProviderExtender[],
): Promise<EthereumProvider> {
  const createProvider = internal(
    "core/providers/construction",
    "createProvider",
  ) as Construction["createProvider"];
  return createProvider(config, networkName, artifacts, extenders);
}

/** Sender, gas and gas-price wrappers as stock chooses them, and the draft-EIP-1193 methods on top. */
export function wrapProvider(
  provider: EIP1193Provider,
  networkConfig: NetworkConfig,
  extenders: ProviderExtender[],
): EthereumProvider {
  const applyProviderWrappers = internal(
    "core/providers/construction",
    "applyProviderWrappers",
  ) as Construction["applyProviderWrappers"];
  const Adapter = internal(
    "core/providers/backwards-compatibility",
    "BackwardsCompatibilityProviderAdapter",
  ) as typeof import("hardhat/internal/core/providers/backwards-compatibility").BackwardsCompatibilityProviderAdapter;
  return new Adapter(applyProviderWrappers(provider, networkConfig, extenders));
}

/**
 * Replaces the factory inside a LazyInitializationProviderAdapter, so that the object other plugins
 * already hold stays the same. Returns the factory that was there.
 * @throws ParallelError PROVIDER_ALREADY_CREATED, PROVIDER_REPLACED
 */
export function replaceProviderFactory(
  provider: EthereumProvider,
  factory: () => Promise<EthereumProvider>,
): () => Promise<EthereumProvider> {
  const lazy = provider as unknown as Record<string, unknown>; // private fields, looked at with care
  const stock = lazy._providerFactory;
  if (typeof stock !== "function") {
    throw new ParallelError(ERRORS.PROVIDER_REPLACED, { found: provider.constructor.name });
  }
  if (lazy.provider !== undefined || lazy._initializingPromise !== undefined) {
    throw new ParallelError(ERRORS.PROVIDER_ALREADY_CREATED, {});
  }
  lazy._providerFactory = factory;
  return () => stock.call(provider);
}

/** Puts a network in the place of `hre.network` (typed read-only, a plain field in fact). */
export function setNetwork(hre: HardhatRuntimeEnvironment, network: Network): void {
  const writable: { network: Network } = hre;
  writable.network = network;
}

/** The genesis accounts with their private keys; `balance` is a decimal or hex string of wei. 10 ms for each. */
export function normalizeAccounts(
  accounts: HardhatNetworkAccountsConfig,
): HardhatNetworkAccountConfig[] {
  const normalize = internal(
    "core/providers/util",
    "normalizeHardhatNetworkAccountsConfig",
  ) as typeof import("hardhat/internal/core/providers/util").normalizeHardhatNetworkAccountsConfig;
  return normalize(accounts);
}

/** Parses `initialDate`. */
export function parseDate(date: string): Date {
  const parse = internal(
    "util/date",
    "parseDateString",
  ) as typeof import("hardhat/internal/util/date").parseDateString;
  return parse(date);
}

/** A bare stock network, without any wrapper. */
export function createStockNetwork(
  ...parameters: Parameters<Stock["createHardhatNetworkProvider"]>
): Promise<EIP1193Provider> {
  const create = internal(
    "hardhat-network/provider/provider",
    "createHardhatNetworkProvider",
  ) as Stock["createHardhatNetworkProvider"];
  return create(...parameters);
}

export type StockNetworkConfig = Parameters<Stock["createHardhatNetworkProvider"]>[0];
export type StockLoggerConfig = Parameters<Stock["createHardhatNetworkProvider"]>[1];

/** The same with parts of the project's build infos instead of all of its artifacts. */
export function createStockNetworkKnowing(
  config: StockNetworkConfig,
  logger: StockLoggerConfig,
  buildInfos: Uint8Array[],
): Promise<EIP1193Provider> {
  const Wrapper = internal(
    "hardhat-network/provider/provider",
    "EdrProviderWrapper",
  ) as Stock["EdrProviderWrapper"];
  return Wrapper.create(config, logger, { buildInfos });
}

/** Decodes console.log calldata into lines, in stock's format. */
export function decodeConsoleLogs(calldata: Buffer[]): string[] {
  const logger = internal(
    "hardhat-network/stack-traces/consoleLogger",
    "ConsoleLogger",
  ) as typeof import("hardhat/internal/hardhat-network/stack-traces/consoleLogger").ConsoleLogger;
  return logger.getDecodedLogs(calldata);
}

/** Runs a script in a subprocess inside Hardhat's environment, as `hardhat run` does; gives its exit code. */
export function runScriptWithHardhat(
  ...parameters: Parameters<Runner["runScriptWithHardhat"]>
): Promise<number> {
  const run = internal(
    "util/scripts-runner",
    "runScriptWithHardhat",
  ) as Runner["runScriptWithHardhat"];
  return run(...parameters);
}

export interface Socket extends EventEmitter {
  send(text: string): void;
}

/** The two servers inside Hardhat's JsonRpcServer. */
export interface ServerParts {
  readonly http: EventEmitter;
  readonly webSockets: EventEmitter;
}

/** The servers inside a JsonRpcServer of `hardhat node`. */
export function serverParts(server: unknown): ServerParts {
  // private fields of JsonRpcServer, checked here
  const { _httpServer: http, _wsServer: webSockets } = server as Record<string, unknown>;
  if (!isEmitter(http) || !isEmitter(webSockets)) {
    throw missing("_httpServer or _wsServer of the JSON-RPC server");
  }
  return { http, webSockets };
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof value === "object" && value !== null && "removeAllListeners" in value;
}
