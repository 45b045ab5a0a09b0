/**
 * Messages that are never put in a block (eth_call, eth_estimateGas, debug_traceCall) and repetitions
 * of mined transactions (debug_traceTransaction).
 *
 * Owns: what such an execution begins on. Does not own: how it runs (execution/), which block is
 * meant (local-chain.ts).
 */
import { BlockOverlay } from "../execution/block-overlay";
import type { Engine } from "../execution/engine/engine";
import { IncarnationView } from "../execution/incarnation-view";
import type { InvalidTransaction } from "../execution/invalid-transaction";
import { executeLoaded } from "../execution/loaded-execution";
import { SequentialExecutor } from "../execution/sequential-executor";
import type { BlockEnvironment, TransactionInput } from "../execution/transaction";
import { executeTransaction, type TransactionOptions } from "../execution/transaction-processing";
import { whenLoaded } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import { ZERO_HASH } from "./block-header";
import type {
  CallOptions,
  CallOutcome,
  CallRequest,
  ChainBlock,
  ChainTransaction,
  ExecutionContext,
  ExecutionObservers,
} from "./chain";
import { ChainError } from "./chain-error";
import { type HardforkName, isAtLeast } from "./hardfork";
import type { Watch } from "./prefetch/foresight";
import { neededKeys } from "./prefetch/stated-keys";
import { overrideWrites } from "./state-overrides";

/**
 * Runs a call on the context's state, changed by the options' overrides; changes nothing.
 * Throws ChainError InvalidTransaction where not even a call is allowed (gas below the intrinsic gas,
 * gas above the transaction gas cap, malformed blob or set-code fields).
 */
export async function runCall(
  engine: Engine,
  hardfork: HardforkName,
  context: ExecutionContext,
  request: CallRequest,
  options: CallOptions = {},
): Promise<CallOutcome> {
  const { environment } = context;
  const cap = environment.rules.transactionGasCap;
  if (cap !== null && request.gas > cap) {
    throw invalid({ kind: "ExceedsTransactionGasCap", cap, gasLimit: request.gas });
  }
  const watch = context.watch?.(request);
  await context.load?.(neededKeys([request], null));
  watch?.codesAreHere();
  const { preState, nonce } = await whenLoaded(() => {
    const changed = withOverrides(context.preState, options.overrides);
    return { preState: changed, nonce: changed.nonce(request.from) };
  });
  const input = callInput(hardfork, request, nonce);
  const { lenient = true, onStep, frames, onBegin } = options;
  const observed = {
    lenient,
    ...(onStep === undefined ? {} : { onStep }),
    ...(frames === undefined ? {} : { frames }),
    ...(onBegin === undefined ? {} : { onBegin }),
  };
  return runInput(engine, { ...context, preState }, input, observed, watch);
}

/** The context of a transaction inside a block of which only the state before it is at hand. */
export async function contextInBlock(
  context: ExecutionContext,
  { header, transactions }: ChainBlock,
  index: number,
): Promise<ExecutionContext> {
  const { environment, preState, load } = context;
  const before = transactions.slice(0, index);
  const { outcomes, stopped } = await new SequentialExecutor().execute(
    {
      environment,
      transactions: before.map(({ input }) => input),
      gasAvailable: header.gasLimit,
      trace: false,
      ...(load === undefined ? {} : { load }),
    },
    preState,
  );
  if (stopped !== undefined) {
    const hash = before[stopped.index]?.input.hash ?? header.hash;
    throw new ChainError({ kind: "NotRepeatable", hash, reason: stopped.error.kind });
  }
  const overlay = new BlockOverlay(preState);
  outcomes.forEach(({ writes }, i) => {
    overlay.apply(writes, i);
  });
  return { ...context, preState: overlay };
}

/** Repeats a mined transaction on the state it began on. */
export async function repeatTransaction(
  engine: Engine,
  context: ExecutionContext,
  { input }: ChainTransaction,
  observers: ExecutionObservers,
): Promise<CallOutcome> {
  return runInput(engine, context, input, observers);
}

/**
 * Runs a transaction on the context's state. Throws ChainError InvalidTransaction.
 * @param watch the context's, of this input
 */
export async function runInput(
  engine: Engine,
  context: ExecutionContext,
  input: TransactionInput,
  options: TransactionOptions & Pick<CallOptions, "onBegin">,
  watch: Watch | undefined = context.watch?.(input),
): Promise<CallOutcome> {
  const reader = new BlockOverlay(context.preState);
  const view = new IncarnationView(reader, false);
  const execution = await executeLoaded(
    view,
    () => {
      options.onBegin?.();
      view.reset(reader, false);
      return executeTransaction(engine, view, input, context.environment, options);
    },
    watch?.load ?? context.load,
  );
  if (!execution.ok) {
    throw invalid(execution.error);
  }
  const { outcome } = execution;
  await watch?.learn(context.environment, () => [
    { input, outcome, before: () => context.preState, lenient: options.lenient === true },
  ]);
  return { context, outcome, consoleLogs: outcome.consoleLogs ?? [] };
}

function withOverrides(preState: StateReader, overrides: CallOptions["overrides"]): StateReader {
  if (overrides === undefined || overrides.size === 0) {
    return preState;
  }
  const overlay = new BlockOverlay(preState);
  overlay.apply(overrideWrites(overrides, preState));
  return overlay;
}

function callInput(hardfork: HardforkName, request: CallRequest, nonce: bigint): TransactionInput {
  // Field by field, as transactions are: see `assemble` of transaction-codec.ts.
  return {
    type: callType(hardfork, request),
    hash: ZERO_HASH,
    from: request.from,
    to: request.to,
    nonce,
    gasLimit: request.gas,
    maxFeePerGas: request.maxFeePerGas,
    maxPriorityFeePerGas: request.maxPriorityFeePerGas,
    value: request.value,
    data: request.data,
    accessList: request.accessList,
    blobVersionedHashes: request.blobVersionedHashes,
    maxFeePerBlobGas: 0n,
    authorizationList: request.authorizationList,
  };
}

/** The oldest type that can carry the request's fields. */
function callType(hardfork: HardforkName, request: CallRequest): TransactionInput["type"] {
  if (request.authorizationList.length > 0) {
    return 4;
  }
  if (request.blobVersionedHashes.length > 0) {
    return 3;
  }
  if (request.maxFeePerGas !== request.maxPriorityFeePerGas && isAtLeast(hardfork, "london")) {
    return 2;
  }
  return request.accessList.length > 0 ? 1 : 0;
}

function invalid(reason: InvalidTransaction): ChainError {
  return new ChainError({ kind: "InvalidTransaction", reason });
}

/** Contexts are for callers to keep: the environment gets its own copy of the ancestors. */
export function keepable(environment: BlockEnvironment): BlockEnvironment {
  return { ...environment, blockHashes: new Map(environment.blockHashes) };
}
