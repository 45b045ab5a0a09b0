/** The stock network and ours, forking the same remote. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ForkConfig } from "../../../src/chain/fork/fork-config";
import type { HardforkHistory } from "../../../src/chain/fork/hardfork-history";
import { Pair } from "../../integration/rpc-parity/pair";
import { networkOptions, startOurs } from "../our-network";
import { type NetworkSettings, startStock } from "../stock-network";

export interface ForkSettings extends NetworkSettings {
  readonly url: string;
  readonly blockNumber?: number;
  /** first block of each hardfork of the remote, by Hardhat's names */
  readonly hardforks?: Readonly<Record<string, number>>;
  /** default: none for ours, a new directory for stock, which always wants one */
  readonly cacheDirectory?: string;
  readonly transport?: ForkConfig["transport"];
}

const REMOTE_CHAIN_ID = 31337;

/** Settings of our network's fork. */
export function forkConfig(settings: ForkSettings): ForkConfig {
  const { url, blockNumber, hardforks, cacheDirectory, transport } = settings;
  const history: HardforkHistory = Object.entries(hardforks ?? {}).map(([hardfork, block]) => ({
    hardfork,
    since: { block: BigInt(block) },
  }));
  return {
    url,
    ...(blockNumber === undefined ? {} : { blockNumber: BigInt(blockNumber) }),
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
    ...(transport === undefined ? {} : { transport }),
    hardforkHistories: hardforks === undefined ? new Map() : new Map([[31337n, history]]),
  };
}

export function startForked(settings: ForkSettings): ReturnType<typeof startOurs> {
  const { chain } = networkOptions(settings);
  const fork = forkConfig(settings);
  const { url: _url, blockNumber: _blockNumber, ...forkSettings } = fork;
  return startOurs(settings, { chain: { ...chain, fork }, forkSettings });
}

/** Blocks get the times of the pair's own choice (see Pair). */
export async function startForkedPair(settings: ForkSettings): Promise<Pair> {
  const { url, blockNumber, hardforks, cacheDirectory: _, transport: __, ...network } = settings;
  const stock = await startStock({
    ...network,
    ...{
      forkConfig: { jsonRpcUrl: url, blockNumber },
      forkCachePath: mkdtempSync(join(tmpdir(), "stock-fork-")),
      chains:
        hardforks === undefined
          ? new Map()
          : new Map([[REMOTE_CHAIN_ID, { hardforkHistory: new Map(Object.entries(hardforks)) }]]),
    },
  });
  return new Pair(await startForked(settings), stock);
}
