/** eth_call and eth_estimateGas. */
import type { BlockSelector, CallOptions, CallRequest, StateOverrides } from "../../../chain/chain";
import { ChainError } from "../../../chain/chain-error";
import { bytesToHex } from "../../../state/bytes";
import type { Address } from "../../../state/hex";
import { quantity } from "../../codec/quantity";
import { defined } from "../../codec/transaction";
import { loggedCode, type RpcContext } from "../../context";
import { executionFailure } from "../../errors/execution-failure";
import { inputError } from "../../errors/words";
import { callFees, estimateFees, suggestedGasPrice } from "../../fees";
import { estimateGas } from "../../gas-estimation";
import { isAtLeast } from "../../hardforks";
import { type MethodTable, method } from "../../method";
import { blockSpec } from "../../params/block-spec";
import { type AccountOverrideParams, stateOverrideParams } from "../../params/state-overrides";
import { type CallParams, callParams } from "../../params/transaction-request";
import { required, trailing, tuple } from "../../params/tuple";
import { callRequest } from "../../transactions/request-builder";
import { validateCall, validateCreation } from "../../validation";

type OverrideParams = ReadonlyMap<Address, AccountOverrideParams>;

async function call(
  context: RpcContext,
  params: CallParams,
  selector: BlockSelector,
  overrides: OverrideParams | undefined,
): Promise<string> {
  const options: CallOptions =
    overrides === undefined ? {} : { overrides: stateOverrides(overrides, "eth_call") };
  const request = resolveCall(context, params, selector);
  const result = await context.chain.call(request, selector, options);
  const { outcome } = result;
  context.logger.consoleLogs(result.consoleLogs);
  if (context.logger.enabled) {
    context.logger.call(await loggedCode(context, request.to), request, result, false);
  }
  if (outcome.status === 0 && context.options.throwOnCallFailures) {
    throw await executionFailure(context, {
      request,
      ...result.context,
      outcome,
      transactionHash: null,
      kind: "call",
    });
  }
  return bytesToHex(outcome.returnData);
}

/** The message of eth_call and debug_traceCall. Throws ProviderError for fields that do not fit. */
export function resolveCall(
  context: RpcContext,
  params: CallParams,
  selector: BlockSelector,
): CallRequest {
  validateCall(context, params, selector);
  requireBlock(context, selector);
  const request = callRequest(context, params, callFees(params), 0n);
  validateCreation(request.to, request.data.length);
  return request;
}

/** An unknown block is reported before anything about the message. Throws ChainError. */
function requireBlock({ chain }: RpcContext, selector: BlockSelector): void {
  if (selector !== "pending" && chain.block(selector) === undefined) {
    throw new ChainError({ kind: "UnknownBlock", selector, latest: chain.latestNumber });
  }
}

async function estimate(
  context: RpcContext,
  params: CallParams,
  selector: BlockSelector,
): Promise<string> {
  validateCall(context, params, selector);
  requireBlock(context, selector);
  const fees = isAtLeast(context.hardfork, "london")
    ? estimateFees(context.chain, selector, params)
    : callFees(params);
  const request = callRequest(context, params, fees, suggestedGasPrice(context.chain));
  validateCreation(request.to, request.data.length);
  return quantity(await estimateGas(context, request, selector));
}

/** Throws ProviderError for an account with both a new storage and changes of it. */
export function stateOverrides(params: OverrideParams, method: string): StateOverrides {
  return new Map(
    [...params].map(([account, override]) => {
      if (override.state !== undefined && override.stateDiff !== undefined) {
        throw inputError(
          `The properties 'state' and 'stateDiff' cannot be used simultaneously when configuring the state override set passed to the ${method} method.`,
        );
      }
      return [
        account,
        defined({
          balance: override.balance,
          nonce: override.nonce,
          code: override.code,
          state: slots(override.state),
          stateDiff: slots(override.stateDiff),
        }) as StateOverrideOf, // `defined` drops exactly the fields that must not be undefined
      ];
    }),
  );
}

type StateOverrideOf = StateOverrides extends ReadonlyMap<Address, infer V> ? V : never;

function slots(
  given: ReadonlyMap<`0x${string}`, bigint> | undefined,
): ReadonlyMap<bigint, bigint> | undefined {
  return given && new Map([...given].map(([slot, value]) => [BigInt(slot), value]));
}

export const callMethods: MethodTable = {
  eth_call: method(
    tuple<[CallParams, BlockSelector | undefined, OverrideParams | undefined]>(
      "Call",
      required(callParams),
      trailing(blockSpec),
      trailing(stateOverrideParams),
    ),
    (context, [params, selector, overrides]) =>
      call(context, params, selector ?? "latest", overrides),
  ),
  eth_estimateGas: method(
    tuple<[CallParams, BlockSelector | undefined]>(
      "EstimateGas",
      required(callParams),
      trailing(blockSpec),
    ),
    (context, [params, selector]) => estimate(context, params, selector ?? "pending"),
  ),
};
