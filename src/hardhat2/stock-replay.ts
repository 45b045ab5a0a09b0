/**
 * The stock network on which failures are replayed: the project's rules and artifacts, no accounts,
 * no mining of its own, and silent (a replayed call must not print its console.log again).
 *
 * It knows the contracts that failures so far have come to, and is made anew for others, as stock's
 * decoder takes long to read all of a large project's; where that happens often, or where it cannot be
 * told which contracts there are, it knows all.
 *
 * Owns: which network there is. Does not own: its blocks (replay-environment.ts).
 */
import { readFile } from "node:fs/promises";
import type { EIP1193Provider } from "hardhat/types";
import type { Hash } from "../state/hex";
import { BuildInfoText } from "./build-info-slice";
import {
  createStockNetwork,
  createStockNetworkKnowing,
  type StockLoggerConfig,
  type StockNetworkConfig,
} from "./hardhat-internals";
import type { ProviderEnvironment } from "./hardhat-provider";
import { ReplayContracts } from "./replay-contracts";

/** Codes that a failure has come to; null = which ones cannot be told. */
export type FailureCodes = {
  /** code of accounts, by hash */
  readonly runtime: ReadonlyMap<Hash, Uint8Array>;
  readonly initCode: Uint8Array | null;
} | null;

/** bytes of build infos that are not worth a choice: 30 ms of reading */
const ALL_AT_ONCE = 4 * 1024 * 1024;
/** networks that know some contracts, before one that knows all */
const MAX_NETWORKS = 4;

const silent = (): void => undefined;
const LOGGER: StockLoggerConfig = {
  enabled: false,
  printLineFn: silent,
  replaceLastLineFn: silent,
};

export class StockForReplay {
  readonly #environment: ProviderEnvironment;
  readonly #allAtOnce: number;
  /** null = the network knows all contracts; undefined = nobody has looked */
  #contracts: ReplayContracts | null | undefined;
  #knownFiles = 0;
  readonly #knownCodes = new Set<Hash>();
  #networks = 0;
  #network: Promise<EIP1193Provider> | undefined;

  /** @param allAtOnce bytes of build infos up to which the network knows all contracts from the start */
  constructor(environment: ProviderEnvironment, allAtOnce = ALL_AT_ONCE) {
    this.#environment = environment;
    this.#allAtOnce = allAtOnce;
  }

  /** The network, which knows the contracts of the codes. Calls come one after the other. */
  async knowing(codes: FailureCodes): Promise<EIP1193Provider> {
    if (this.#contracts === undefined) {
      this.#contracts = codes === null ? null : await this.#readBuildInfos();
    }
    const contracts = this.#contracts;
    if (contracts === null) {
      this.#network ??= this.#createKnowingAll();
      return this.#network;
    }
    if (codes === null || !this.#choose(contracts, codes)) {
      return this.#knowAll();
    }
    if (this.#network === undefined || contracts.size > this.#knownFiles) {
      return this.#createKnowing(contracts);
    }
    return this.#network;
  }

  #knowAll(): Promise<EIP1193Provider> {
    this.#contracts = null;
    this.#network = this.#createKnowingAll();
    return this.#network;
  }

  async #createKnowing(contracts: ReplayContracts): Promise<EIP1193Provider> {
    const parts = this.#networks < MAX_NETWORKS ? contracts.cut() : null;
    if (parts === null) {
      return this.#knowAll();
    }
    this.#networks++;
    this.#knownFiles = contracts.size;
    const created = createStockNetworkKnowing(this.#config(), LOGGER, parts);
    this.#network = created;
    try {
      return await created;
    } catch {
      return this.#knowAll(); // stock says what is wrong with the build infos, if anything
    }
  }

  /** False if it cannot be told which contracts there are. */
  #choose(contracts: ReplayContracts, { runtime, initCode }: NonNullable<FailureCodes>): boolean {
    for (const [hash, code] of runtime) {
      if (!this.#knownCodes.has(hash)) {
        if (!contracts.add(code)) {
          return false;
        }
        this.#knownCodes.add(hash);
      }
    }
    return initCode === null || contracts.add(initCode);
  }

  /** null where a choice is not worth it, or where they cannot be read (stock says so). */
  async #readBuildInfos(): Promise<ReplayContracts | null> {
    const paths = await this.#environment.artifacts.getBuildInfoPaths();
    let texts: Buffer[];
    try {
      texts = await Promise.all(paths.map((path) => readFile(path)));
    } catch {
      return null;
    }
    const bytes = texts.reduce((sum, { length }) => sum + length, 0);
    return bytes <= this.#allAtOnce
      ? null
      : new ReplayContracts(texts.map((text) => new BuildInfoText(text)));
  }

  #createKnowingAll(): Promise<EIP1193Provider> {
    return createStockNetwork(this.#config(), LOGGER, this.#environment.artifacts);
  }

  #config(): StockNetworkConfig {
    const network = this.#environment.config.networks.hardhat;
    return {
      chainId: network.chainId,
      networkId: network.chainId,
      hardfork: network.hardfork,
      blockGasLimit: network.blockGasLimit,
      minGasPrice: 0n,
      automine: false,
      intervalMining: 0,
      mempoolOrder: "priority",
      chains: network.chains,
      genesisAccounts: [],
      allowUnlimitedContractSize: network.allowUnlimitedContractSize,
      throwOnTransactionFailures: true,
      throwOnCallFailures: true,
      allowBlocksWithSameTimestamp: true,
      initialDate: new Date(0), // before any block whose environment it is given
      enableTransientStorage: network.enableTransientStorage ?? false,
      enableRip7212: network.enableRip7212 ?? false,
    };
  }
}
