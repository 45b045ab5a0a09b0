/**
 * eth_estimateGas: the gas that a message uses, or, where it needs more to get through than it uses
 * (EIP-150 keeps a 64th back; contracts look at the gas left), the least limit found by bisection.
 */
import type { BlockSelector, CallOutcome, CallRequest } from "../chain/chain";
import { smaller } from "./codec/quantity";
import { loggedCode, type RpcContext } from "./context";
import { executionFailure } from "./errors/execution-failure";

const MAX_STEPS = 20;

/** gas. Throws the execution's own error if it fails with the request's gas. */
export async function estimateGas(
  context: RpcContext,
  request: CallRequest,
  selector: BlockSelector,
): Promise<bigint> {
  const run = (gas: bigint): Promise<CallOutcome> =>
    context.chain.call({ ...request, gas }, selector);
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
  const initial =
    outcome.gasUsed <= outcome.intrinsicGas ? outcome.intrinsicGas + 1n : outcome.gasUsed;
  if (await succeeds(run, initial)) {
    return initial;
  }
  return bisect(run, initial, first.context.environment.gasLimit);
}

async function bisect(
  run: (gas: bigint) => Promise<CallOutcome>,
  initial: bigint,
  blockGasLimit: bigint,
): Promise<bigint> {
  let low = initial;
  let high = blockGasLimit;
  for (let step = 0; step < MAX_STEPS && high - low > tolerance(low); step += 1) {
    const middle = low + (high - low) / 2n;
    // The first guess stays close to what was used.
    const gas = step === 0 ? smaller(middle, 3n * low) : middle;
    if (await succeeds(run, gas)) {
      high = gas;
    } else {
      low = gas + 1n;
    }
  }
  return high;
}

async function succeeds(run: (gas: bigint) => Promise<CallOutcome>, gas: bigint): Promise<boolean> {
  return (await run(gas)).outcome.status === 1;
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
