/**
 * Why a chain method could not do what it was asked: expected situations, as data. The rpc room
 * has the words and codes that a user sees.
 *
 * Owns: the list of problems. Does not own: rejections of a submitted transaction, which are values
 * (`PoolRejection`), broken invariants (InvariantError).
 */
import type { InvalidTransaction } from "../execution/invalid-transaction";
import type { Hash } from "../state/hex";
import type { BlockSelector } from "./chain";

export type ChainProblem =
  /** stateAt, proofAt, call: no such block */
  | { readonly kind: "UnknownBlock"; readonly selector: BlockSelector; readonly latest: bigint }
  /** call, traceTransaction: a block of a fork's remote whose rules are not known */
  | {
      readonly kind: "NoHardforkHistory" | "NoHardforkAt";
      readonly number: bigint;
      readonly forkNumber: bigint;
      /** the remote's */
      readonly chainId: bigint;
    }
  /** proofAt on a fork whose state was changed: only the remote could prove, and only its own */
  | { readonly kind: "NoProofOfLocalState" }
  /** traceTransaction: a transaction of the fork's remote that the rules here do not allow */
  | { readonly kind: "NotRepeatable"; readonly hash: Hash; readonly reason: string }
  /** traceTransaction: not in a block */
  | { readonly kind: "UnknownTransaction"; readonly hash: Hash }
  /** setNextTimestamp, mine: seconds */
  | {
      readonly kind: "TimestampLowerThanPrevious";
      readonly proposed: bigint;
      readonly previous: bigint;
    }
  /** setNextTimestamp without allowBlocksWithSameTimestamp */
  | { readonly kind: "TimestampEqualsPrevious"; readonly proposed: bigint }
  /** setNonce */
  | { readonly kind: "NonceBelowCurrent"; readonly current: bigint; readonly proposed: bigint }
  /** setNonce */
  | { readonly kind: "PoolNotEmpty" }
  /** dropTransaction: already in a block */
  | { readonly kind: "TransactionMined"; readonly hash: Hash }
  /**
   * call: the message is invalid as it stands. mine, mineMany, pendingBlock and everything on the
   * pending block: a pooled transaction cannot be executed at its place; nothing was mined and the
   * pool is as it was.
   */
  | { readonly kind: "InvalidTransaction"; readonly reason: InvalidTransaction }
  /** simulate: blocks in the order of the request, calls in the order of their block, from 0 */
  | {
      readonly kind: "SimulatedNumber" | "SimulatedTimestamp";
      readonly given: bigint;
      readonly previous: bigint;
    }
  | { readonly kind: "SimulationTooLong"; readonly limit: bigint; readonly needed: bigint }
  | {
      readonly kind: "SimulatedGasLimit";
      readonly call: number;
      readonly gas: bigint;
      readonly gasUsed: bigint;
      readonly gasLimit: bigint;
    }
  | {
      readonly kind: "InvalidSimulatedCall";
      readonly number: bigint;
      readonly call: number;
      readonly reason: InvalidTransaction;
    };

/** Thrown by the chain; see `ChainProblem`. */
export class ChainError extends Error {
  readonly problem: ChainProblem;

  constructor(problem: ChainProblem) {
    super(`chain: ${problem.kind}`);
    this.name = "ChainError";
    this.problem = problem;
  }
}
