/**
 * What transactions see of their block: of the next one, and of any block that exists.
 */
import type { StateLoader } from "../execution/block-executor";
import type { BlockEnvironment, ExecutionRules } from "../execution/transaction";
import type { Hash } from "../state/hex";
import type { StateStore } from "../state/state-store";
import { nextBaseFee, nextExcessBlobGas } from "./base-fee";
import { ZERO_HASH } from "./block-header";
import type { BlockHeader } from "./chain";
import { ChainError } from "./chain-error";
import type { ChainState } from "./chain-state";
import { nextDifficulty } from "./difficulty";
import { ethereumjsHardfork, isAtLeast } from "./hardfork";

/** wei per gas of the next block; null before London */
export function pendingBaseFee(state: ChainState): bigint | null {
  if (!isAtLeast(state.hardfork, "london")) {
    return null;
  }
  return state.nextBaseFeePerGas ?? nextBaseFee(state.history.latest.header);
}

/** The next block's environment; its blockHashes are valid until the chain moves. */
export function nextEnvironment(state: ChainState, timestamp: bigint): BlockEnvironment {
  const { hardfork, history } = state;
  const parent = history.latest.header;
  const number = parent.number + 1n;
  const hasBlobs = isAtLeast(hardfork, "cancun");
  return {
    rules: state.rules,
    number,
    timestamp,
    coinbase: state.coinbase,
    gasLimit: state.pool.blockGasLimit,
    baseFeePerGas: pendingBaseFee(state),
    difficulty: nextDifficulty(hardfork, parent, timestamp),
    prevRandao: isAtLeast(hardfork, "merge") ? state.prevRandaos.next : ZERO_HASH,
    excessBlobGas: hasBlobs ? nextExcessBlobGas(hardfork, parent) : null,
    parentBeaconBlockRoot: hasBlobs ? state.parentBeaconBlockRoots.next : null,
    parentHash: parent.hash,
    blockHashes: history.ancestorHashes(number),
    ...remoteAncestors(state),
  };
}

/**
 * The environment that a known block's transactions had. Throws ChainError NoHardforkHistory or
 * NoHardforkAt for a block of a fork's remote whose hardfork is not known.
 */
export function environmentOf(
  state: ChainState,
  header: BlockHeader,
  rules: ExecutionRules = rulesAt(state, header),
): BlockEnvironment {
  return {
    rules,
    number: header.number,
    timestamp: header.timestamp,
    coinbase: header.miner,
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas ?? null,
    difficulty: header.difficulty,
    prevRandao: header.mixHash,
    excessBlobGas: header.excessBlobGas ?? null,
    parentBeaconBlockRoot: header.parentBeaconBlockRoot ?? null,
    parentHash: header.parentHash,
    blockHashes: state.history.ancestorHashes(header.number),
    ...remoteAncestors(state),
  };
}

function rulesAt({ base, rules, config }: ChainState, header: BlockHeader): ExecutionRules {
  const { number } = header;
  if (base === null || number > base.number) {
    return rules;
  }
  const hardfork = base.hardforkAt(header);
  if (hardfork === null) {
    throw new ChainError({
      kind: base.hasHardforkHistory ? "NoHardforkAt" : "NoHardforkHistory",
      number,
      forkNumber: base.number,
      chainId: base.chainId,
    });
  }
  return {
    ...rules,
    chainId: base.chainId,
    hardfork: ethereumjsHardfork(hardfork),
    transactionGasCap: isAtLeast(hardfork, "osaka") ? config.transactionGasCap : null,
  };
}

function remoteAncestors({ base }: ChainState): Pick<BlockEnvironment, "lastRemoteAncestor"> {
  return base === null ? {} : { lastRemoteAncestor: base.number };
}

/** Loads what an execution in the environment missed. Undefined where nothing can be missing. */
export function loaderFor(
  { base }: ChainState,
  store: StateStore,
  environment: BlockEnvironment,
): StateLoader | undefined {
  if (base === null) {
    return undefined;
  }
  return async (keys) => {
    for (const key of keys) {
      if (key.kind === "blockHash") {
        // The chain made the map: it is a Map, and grows only here and in ancestor-hashes.ts.
        const hashes = environment.blockHashes as Map<bigint, Hash>;
        hashes.set(key.number, await base.hashOf(key.number));
      }
    }
    await store.load(keys.filter(({ kind }) => kind !== "blockHash"));
  };
}
