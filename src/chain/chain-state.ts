/**
 * Everything that changes when the chain moves, in one place, and what never changes beside it.
 *
 * Owns: which parts there are. Does not own: the rules of moving (miner.ts, snapshots.ts).
 */
import type { ExecutionRules } from "../execution/transaction";
import type { Address } from "../state/hex";
import type { StateStore } from "../state/state-store";
import { BlockClock, type TimeSource } from "./block-clock";
import { ZERO_HASH } from "./block-header";
import type { ChainConfig } from "./chain";
import { genesisBlock, writeGenesisState } from "./genesis";
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

/** A chain with its genesis block only; fills the empty store. */
export function createChainState(
  config: ChainConfig,
  store: StateStore,
  time: TimeSource,
): ChainState {
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
    store,
    history: new History(hardfork, genesis, preMark),
    clock: new BlockClock(
      time,
      config.initialTimestamp === null ? 0n : timestamp - now,
      config.allowBlocksWithSameTimestamp,
    ),
    prevRandaos,
    parentBeaconBlockRoots: HashChain.fromSeed(PARENT_BEACON_BLOCK_ROOT_SEED),
    pool: new Mempool(config.blockGasLimit, config.transactionGasCap),
    coinbase: config.coinbase,
    nextBaseFeePerGas: null,
    minGasPrice: config.minGasPrice,
    segment: 0,
  };
}
