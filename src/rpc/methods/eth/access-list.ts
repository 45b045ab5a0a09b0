/**
 * eth_createAccessList, which the stock network does not have: as geth answers it. The call is
 * repeated with the list that it was found to need, until the list does not grow.
 */
import type { BlockSelector, CallOutcome, CallRequest } from "../../../chain/chain";
import { createAddress } from "../../../execution/contract-address";
import type { Address } from "../../../state/hex";
import { AccessListTracer, accessListJson } from "../../access-list-tracer";
import { quantity } from "../../codec/quantity";
import type { RpcContext } from "../../context";
import { type MethodTable, method } from "../../method";
import { blockSpec } from "../../params/block-spec";
import { type CallParams, callParams } from "../../params/transaction-request";
import { required, trailing, tuple } from "../../params/tuple";
import { precompiles } from "../../precompiles";
import { frameError } from "../../tracers/frame-errors";
import { resolveCall } from "./call";

/** Throws what eth_call throws for the request; a failing execution is part of the answer. */
async function createAccessList(
  context: RpcContext,
  params: CallParams,
  selector: BlockSelector,
): Promise<object> {
  // Hardforks without access lists refuse the field.
  const given = { ...params, accessList: params.accessList ?? [] };
  const request = resolveCall(context, given, selector);
  const excluded = await warmAnyway(context, request, selector);
  let { accessList } = request;
  for (;;) {
    const size = new AccessListTracer(accessList, excluded).size;
    const { tracer, outcome } = await trace(
      context,
      { ...request, accessList },
      selector,
      excluded,
    );
    accessList = tracer.list();
    if (tracer.size === size) {
      const { halt, gasUsed } = outcome;
      return {
        accessList: accessListJson(accessList),
        ...(halt === undefined ? {} : { error: frameError(halt) }),
        gasUsed: quantity(gasUsed),
      };
    }
  }
}

async function trace(
  { chain }: RpcContext,
  request: CallRequest,
  selector: BlockSelector,
  excluded: ReadonlySet<Address>,
): Promise<{ readonly tracer: AccessListTracer; readonly outcome: CallOutcome["outcome"] }> {
  const begin = (): AccessListTracer => new AccessListTracer(request.accessList, excluded);
  let tracer = begin();
  const { outcome } = await chain.call(request, selector, {
    onBegin: () => {
      tracer = begin();
    },
    onStep: (step) => tracer.onStep(step),
  });
  return { tracer, outcome };
}

/** Sender, receiver or new contract, precompiles, authorities. */
async function warmAnyway(
  { chain, hardfork }: RpcContext,
  { from, to, authorizationList }: CallRequest,
  selector: BlockSelector,
): Promise<ReadonlySet<Address>> {
  const receiver = to ?? createAddress(from, (await chain.stateAt(selector)).nonce(from));
  const authorities = authorizationList.flatMap(({ authority }) => authority ?? []);
  return new Set([from, receiver, ...precompiles(hardfork), ...authorities]);
}

export const accessListMethods: MethodTable = {
  eth_createAccessList: method(
    tuple<[CallParams, BlockSelector | undefined]>(
      "CreateAccessList",
      required(callParams),
      trailing(blockSpec),
    ),
    (context, [params, selector]) => createAccessList(context, params, selector ?? "latest"),
  ),
};
