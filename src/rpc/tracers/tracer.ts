/**
 * What debug_traceTransaction and debug_traceCall can be asked for: a tracer watches one execution and
 * says afterwards what it saw.
 *
 * Owns: the shape. Does not own: which tracers there are (tracer-choice.ts).
 */
import type { ExecutionContext, ExecutionObservers } from "../../chain/chain";
import type { TransactionOutcome } from "../../execution/outcome";
import type { Address, Hash } from "../../state/hex";

/** An execution that has ended. */
export interface TracedExecution {
  readonly context: ExecutionContext;
  readonly outcome: TransactionOutcome;
  readonly from: Address;
  /** gas limit of the transaction or call */
  readonly gasLimit: bigint;
  /** absent for a call */
  readonly mined?: {
    readonly blockHash: Hash;
    readonly transactionHash: Hash;
    readonly index: number;
  };
}

export interface Tracer {
  readonly observers: ExecutionObservers;
  /** JSON; called once, at the end */
  result(traced: TracedExecution): unknown;
}

/** A tracer made anew each time the execution begins, which on a fork it may do several times. */
export function beginningAgain(make: () => Tracer): Tracer {
  let tracer = make();
  const { onStep, frames } = tracer.observers;
  return {
    observers: {
      onBegin: () => {
        tracer = make();
      },
      ...(onStep === undefined ? {} : { onStep: (step) => tracer.observers.onStep?.(step) }),
      ...(frames === undefined
        ? {}
        : {
            frames: {
              enter: (frame) => tracer.observers.frames?.enter(frame),
              exit: (end) => tracer.observers.frames?.exit(end),
              log: (log) => tracer.observers.frames?.log(log),
            },
          }),
    },
    result: (traced) => tracer.result(traced),
  };
}
