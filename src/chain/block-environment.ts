/**
 * What transactions see of their block: of the next one, and of any block that exists.
 */
import type { BlockEnvironment } from "../execution/transaction";
import { nextBaseFee, nextExcessBlobGas } from "./base-fee";
import { ZERO_HASH } from "./block-header";
import type { BlockHeader } from "./chain";
import type { ChainState } from "./chain-state";
import { nextDifficulty } from "./difficulty";
import { isAtLeast } from "./hardfork";

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
  };
}

/** The environment that a known block's transactions had. */
export function environmentOf(state: ChainState, header: BlockHeader): BlockEnvironment {
  return {
    rules: state.rules,
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
  };
}
