/**
 * eth_estimateGas: the gas that a message uses, or, where it needs more to get through than it uses
 * (EIP-150 keeps a 64th back; contracts look at the gas left), the least limit found by bisection.
 */
import type { BlockSelector, CallOutcome, CallRequest } from "../chain/chain";
import { smaller } from "./codec/quantity";
import { loggedCode, type RpcContext } from "./context";
import { executionFailure } from "./errors/execution-failure";
import { ErrorCode, ProviderError } from "./errors/provider-error";

const MAX_STEPS = 20;

interface Attempt extends CallOutcome {
  /** an inner message ran out of gas, whatever its caller made of it */
  readonly innerOutOfGas: boolean;
}

/** gas. Throws the execution's own error if it fails with the request's gas. */
export async function estimateGas(
  context: RpcContext,
  request: CallRequest,
  selector: BlockSelector,
): Promise<bigint> {
  const run = (gas: bigint): Promise<Attempt> => attempt(context, { ...request, gas }, selector);
  const first = await run(request.gas);
  const { outcome } = first;
  if (outcome.status === 0) {
    context.logger.consoleLogs(first.consoleLogs);
    if (context.logger.enabled) {
      context.logger.call(await loggedCode(context, request.to), request, first, true);
    }
    throw await executionFailure(context, {
      request,
      ...first.context,
      outcome,
      transactionHash: null,
      kind: "estimateGas",
    });
  }
  if (first.innerOutOfGas) {
    throw innerOutOfGasError();
  }
  const initial =
    outcome.gasUsed <= outcome.intrinsicGas ? outcome.intrinsicGas + 1n : outcome.gasUsed;
  if (succeeds(await run(initial))) {
    return initial;
  }
  const { gasLimit, rules } = first.context.environment;
  const cap = context.dialect.estimatesUpToTheCap ? rules.transactionGasCap : null;
  return bisect(run, initial, cap === null ? gasLimit : smaller(gasLimit, cap));
}

async function bisect(
  run: (gas: bigint) => Promise<Attempt>,
  initial: bigint,
  most: bigint,
): Promise<bigint> {
  let low = initial;
  let high = most;
  for (let step = 0; step < MAX_STEPS && high - low > tolerance(low); step += 1) {
    const middle = low + (high - low) / 2n;
    // The first guess stays close to what was used.
    const gas = step === 0 ? smaller(middle, 3n * low) : middle;
    if (succeeds(await run(gas))) {
      high = gas;
    } else {
      low = gas + 1n;
    }
  }
  return high;
}

function succeeds({ outcome, innerOutOfGas }: Attempt): boolean {
  return outcome.status === 1 && !innerOutOfGas;
}

async function attempt(
  { chain, dialect }: RpcContext,
  request: CallRequest,
  selector: BlockSelector,
): Promise<Attempt> {
  if (!dialect.estimatesWithoutInnerOutOfGas) {
    return { ...(await chain.call(request, selector)), innerOutOfGas: false };
  }
  let depth = 0;
  let innerOutOfGas = false;
  const outcome = await chain.call(request, selector, {
    onBegin: () => {
      depth = 0;
      innerOutOfGas = false;
    },
    frames: {
      enter: () => {
        depth += 1;
      },
      exit: ({ halt }) => {
        depth -= 1;
        innerOutOfGas ||= depth > 0 && halt?.reason === "OutOfGas";
      },
      log: () => undefined,
    },
  });
  return { ...outcome, innerOutOfGas };
}

/** Hardhat 3's own words and data. */
function innerOutOfGasError(): ProviderError {
  const error = new ProviderError(
    "Gas estimation failed: an internal call runs out of gas regardless of the transaction's gas limit, so no reliable estimate exists. Set an explicit gas limit for the transaction, or set the network's gasEstimationMode to 'topLevelSuccess' to only require the top-level call to succeed.",
    ErrorCode.InvalidInput,
    { reason: "InternalCallOutOfGas", data: "0x", transactionHash: null },
  );
  error.name = "InternalCallOutOfGasError";
  return error;
}

/** How close the bisection gets, in gas. */
function tolerance(low: bigint): bigint {
  const steps: readonly (readonly [from: bigint, tolerance: bigint])[] = [
    [4_000_000n, 50_000n],
    [1_000_000n, 10_000n],
    [100_000n, 1_000n],
    [50_000n, 500n],
    [30_000n, 300n],
  ];
  return steps.find(([from]) => low >= from)?.[1] ?? 200n;
}
