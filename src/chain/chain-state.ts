/**
 * Everything that changes when the chain moves, in one place, and what never changes beside it.
 *
 * Owns: which parts there are. Does not own: the rules of moving (miner.ts, snapshots.ts).
 */
import type { ExecutionRules } from "../execution/transaction";
import type { Address } from "../state/hex";
import { createSharedStateStore } from "../state/shared-state-store";
import type { StateStore } from "../state/state-store";
import type { RootThread } from "../state/trie/distant-tries";
import { INITIAL_BASE_FEE } from "./base-fee";
import { BlockClock, type TimeSource } from "./block-clock";
import { ZERO_HASH } from "./block-header";
import type { ChainConfig } from "./chain";
import type { ForkBase } from "./fork/fork-base";
import { genesisBlock, writeForkState, writeGenesisState } from "./genesis";
import { ethereumjsHardfork, type HardforkName, hardforkName, isAtLeast } from "./hardfork";
import { HashChain } from "./hash-chain";
import { History } from "./history";
import { Mempool } from "./mempool";

/** Seeds of the stock network. */
const MIX_HASH_SEED = "randomMixHashSeed";
const PARENT_BEACON_BLOCK_ROOT_SEED = "randomParentBeaconBlockRootSeed";

export interface ChainState {
  readonly config: ChainConfig;
  readonly hardfork: HardforkName;
  readonly rules: ExecutionRules;
  readonly store: StateStore;
  /** null = not a fork */
  readonly base: ForkBase | null;
  readonly history: History;
  readonly clock: BlockClock;
  /** mixHash of the next blocks (from the merge on) */
  readonly prevRandaos: HashChain;
  readonly parentBeaconBlockRoots: HashChain;
  pool: Mempool;
  coinbase: Address;
  /** wei per gas; set for the next block only */
  nextBaseFeePerGas: bigint | null;
  /** wei per gas; before London only */
  minGasPrice: bigint;
  /** discontinuities so far (BlockRecord.segment) */
  segment: number;
}

/**
 * A new chain's state. Throws ParallelError FORK_… where the remote cannot be forked.
 * @param rootThread see SharedStateOptions; of no use to a fork, which has no state roots
 */
export async function openChainState(
  config: ChainConfig,
  time: TimeSource,
  rootThread: RootThread | null,
): Promise<ChainState> {
  if (config.fork === undefined) {
    return createChainState(config, createSharedStateStore({ rootThread }), time);
  }
  const fork: typeof import("./fork/fork-base") = require("./fork/fork-base"); // most chains are no forks
  const base = await fork.ForkBase.connect(config.fork);
  return createForkedChainState(config, base, createSharedStateStore({ source: base.state }), time);
}

/** A chain with its genesis block only; fills the empty store. */
function createChainState(config: ChainConfig, store: StateStore, time: TimeSource): ChainState {
  const hardfork = hardforkName(config.hardfork);
  const now = time.now();
  const timestamp = config.initialTimestamp ?? now;
  const prevRandaos = HashChain.fromSeed(MIX_HASH_SEED);
  const preMark = store.mark();
  writeGenesisState(store, config, hardfork);
  const genesis = genesisBlock(
    config,
    hardfork,
    store.stateRoot(),
    timestamp,
    isAtLeast(hardfork, "merge") ? prevRandaos.take() : ZERO_HASH,
  );
  return {
    ...commonParts(config, hardfork),
    store,
    base: null,
    history: new History(hardfork, genesis, preMark),
    clock: new BlockClock(
      time,
      config.initialTimestamp === null ? 0n : timestamp - now,
      config.allowBlocksWithSameTimestamp,
    ),
    prevRandaos,
    nextBaseFeePerGas: null,
  };
}

/**
 * A chain that continues a remote one. Its time goes on from the fork block's, and the first base fee
 * can be given. Throws what the remote's failure is.
 */
async function createForkedChainState(
  config: ChainConfig,
  base: ForkBase,
  store: StateStore,
  time: TimeSource,
): Promise<ChainState> {
  const hardfork = hardforkName(config.hardfork);
  const preMark = store.mark();
  await writeForkState(store, config, hardfork, base);
  const { header } = base.block;
  const needsFirstBaseFee = isAtLeast(hardfork, "london") && header.baseFeePerGas === undefined;
  return {
    ...commonParts(config, hardfork),
    store,
    base,
    history: new History(hardfork, base.block, preMark, base),
    clock: new BlockClock(time, header.timestamp - time.now(), config.allowBlocksWithSameTimestamp),
    prevRandaos: HashChain.fromSeed(MIX_HASH_SEED),
    nextBaseFeePerGas: isAtLeast(hardfork, "london")
      ? (config.initialBaseFeePerGas ?? (needsFirstBaseFee ? INITIAL_BASE_FEE : null))
      : null,
  };
}

function commonParts(config: ChainConfig, hardfork: HardforkName) {
  return {
    config,
    hardfork,
    rules: {
      chainId: config.chainId,
      hardfork: ethereumjsHardfork(hardfork),
      allowUnlimitedContractSize: config.allowUnlimitedContractSize,
      // as in stock: impersonated contracts may send
      allowSenderWithCode: true,
      transactionGasCap: config.transactionGasCap,
    },
    parentBeaconBlockRoots: HashChain.fromSeed(PARENT_BEACON_BLOCK_ROOT_SEED),
    pool: new Mempool(config.blockGasLimit, config.transactionGasCap),
    coinbase: config.coinbase,
    minGasPrice: config.minGasPrice,
    segment: 0,
  };
}
