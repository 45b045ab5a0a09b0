/**
 * "hardhat-parallel/chai": assertions about how transactions run in parallel. Importing it in a test file
 * adds the matchers to chai.
 *
 *     const batch = await mineBatch(() => buyers.map((buyer) => sale.connect(buyer).buy({ value: 1 })));
 *     await expect(batch).to.haveParallelism.above(0.8);
 */
/// <reference types="chai" />
/// <reference types="mocha" />
import "./chai/register";
import type { ParallelismThreshold, SpeedupThreshold } from "./chai/threshold";
import type { TransactionLike } from "./project/transaction-hash";

export type { NamedAccess, NamedConflict, NamedPlace } from "./analysis/named-conflicts";
export { parallelMatchers } from "./chai/matchers";
export type { LanesOption, ParallelismThreshold, SpeedupThreshold } from "./chai/threshold";
export type { JsonReceipt } from "./project/examine";
export {
  type Batch,
  type BatchTransaction,
  type MineBatchOptions,
  mineBatch,
} from "./project/mine-batch";
export type { TransactionLike } from "./project/transaction-hash";

declare global {
  namespace Chai {
    interface Assertion {
      /** The later of two mined transactions reads something that the earlier one wrote. */
      conflictWith(other: TransactionLike | PromiseLike<TransactionLike>): Promise<void>;
      /** Transactions of a batch conflict, and nowhere but there: "Pool.reserve0", "balances[*]". */
      conflictOnlyOn(names: string | readonly string[]): Promise<void>;
      /** A mined transaction read or wrote the variable, or something within it. */
      touchSlot(name: string): Promise<void>;
      /** P of a batch, from 0 (one after the other) to 1 (all at once). */
      readonly haveParallelism: ParallelismThreshold;
      /** How many times faster a batch runs on so many lanes than on one. */
      readonly haveSpeedup: SpeedupThreshold;
    }
  }
}
