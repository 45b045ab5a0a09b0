/** An execution that failed, with all that is needed to explain it. */
import type { CallRequest } from "../chain/chain";
import type { TransactionOutcome } from "../execution/outcome";
import type { BlockEnvironment } from "../execution/transaction";
import type { Hex } from "../state/hex";
import type { StateReader } from "../state/state-reader";

export interface FailedExecution {
  readonly request: CallRequest;
  readonly environment: BlockEnvironment;
  /** the state the execution began on */
  readonly preState: StateReader;
  readonly outcome: TransactionOutcome;
  /** set for a transaction, null for a call */
  readonly transactionHash: Hex | null;
  readonly kind: "transaction" | "call" | "estimateGas";
}
