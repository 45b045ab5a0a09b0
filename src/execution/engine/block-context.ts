/** A block environment as @ethereumjs/evm wants to see it, made once per environment. */
import type { EVMRunCallOpts } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { InvariantError } from "../../errors/base-error";
import { hexToBytes } from "../../state/bytes";
import { ancestorHash } from "../ancestor-hash";
import { blobBaseFee } from "../blob-gas";
import { forkRules } from "../fork-rules";
import type { StateView } from "../state-view";
import type { BlockEnvironment } from "../transaction";

export type EvmBlock = NonNullable<EVMRunCallOpts["block"]>;

const cache = new WeakMap<BlockEnvironment, EvmBlock>();

export function blockContext(environment: BlockEnvironment): EvmBlock {
  let block = cache.get(environment);
  if (block === undefined) {
    block = createBlockContext(environment);
    cache.set(environment, block);
  }
  return block;
}

/** BLOCKHASH. Throws if the environment does not know the block: it must know all that can be asked. */
export function ancestorHashBytes(
  environment: BlockEnvironment,
  view: StateView,
  number: bigint,
): Uint8Array {
  const hash = ancestorHash(environment, view, number);
  if (hash === undefined) {
    throw new InvariantError(
      `block ${environment.number} was given without the hash of its ancestor ${number}`,
    );
  }
  return hexToBytes(hash);
}

function createBlockContext(environment: BlockEnvironment): EvmBlock {
  const blobFee = blobBaseFee(environment, forkRules(environment.rules));
  return {
    header: {
      number: environment.number,
      coinbase: createAddressFromString(environment.coinbase),
      timestamp: environment.timestamp,
      difficulty: environment.difficulty,
      prevRandao: hexToBytes(environment.prevRandao),
      gasLimit: environment.gasLimit,
      ...(environment.baseFeePerGas === null ? {} : { baseFeePerGas: environment.baseFeePerGas }),
      slotNumber: environment.slotNumber ?? 0n,
      getBlobGasPrice: () => blobFee ?? undefined,
    },
  };
}
