/**
 * Executes one message on any state, as the only transaction of a block without fees: what the
 * analysis uses to send recorded calls again.
 *
 * Owns: the block and the transaction around the message. Does not own: the state, which call it is.
 */
import type { BlockRecord } from "../access-log/block-record";
import type { Engine } from "../execution/engine/engine";
import type { TransactionOutcome } from "../execution/outcome";
import { SequentialExecutor } from "../execution/sequential-executor";
import { hexToBytes } from "../state/bytes";
import type { Address, Hex } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import { ZERO_HASH } from "./block-header";
import { ethereumjsHardfork, hardforkName, isAtLeast } from "./hardfork";

export interface MessageToReplay {
  readonly block: Pick<BlockRecord, "number" | "timestamp" | "coinbase" | "hardfork" | "gasLimit">;
  readonly from: Address;
  readonly to: Address;
  /** wei */
  readonly value: bigint;
  readonly data: Hex;
}

/** Null if no block could have the transaction. Throws what the state throws. */
export type ReplayCall = (
  message: MessageToReplay,
  state: StateReader,
) => Promise<TransactionOutcome | null>;

/** Contracts of any size may run, and accounts with code may send, as on a local network. */
export function createCallReplay(engine: Engine, chainId: bigint): ReplayCall {
  const executor = new SequentialExecutor(engine);
  return async ({ block, from, to, value, data }, state) => {
    const { number, timestamp, coinbase, gasLimit } = block;
    const hardfork = hardforkName(block.hardfork);
    const hasBlobs = isAtLeast(hardfork, "cancun");
    const { outcomes } = await executor.execute(
      {
        environment: {
          rules: {
            chainId,
            hardfork: ethereumjsHardfork(hardfork),
            allowUnlimitedContractSize: true,
            allowSenderWithCode: true,
            transactionGasCap: null,
          },
          number,
          timestamp,
          coinbase,
          gasLimit,
          baseFeePerGas: isAtLeast(hardfork, "london") ? 0n : null,
          difficulty: 0n,
          prevRandao: ZERO_HASH,
          excessBlobGas: hasBlobs ? 0n : null,
          parentBeaconBlockRoot: hasBlobs ? ZERO_HASH : null,
          parentHash: ZERO_HASH,
          blockHashes: new Map(),
        },
        transactions: [
          {
            type: 0,
            hash: ZERO_HASH,
            from,
            to,
            nonce: state.nonce(from),
            gasLimit,
            maxFeePerGas: 0n,
            maxPriorityFeePerGas: 0n,
            value,
            data: hexToBytes(data),
            accessList: [],
            blobVersionedHashes: [],
            maxFeePerBlobGas: 0n,
            authorizationList: [],
          },
        ],
        gasAvailable: gasLimit,
        trace: true,
      },
      state,
    );
    return outcomes[0] ?? null;
  };
}
