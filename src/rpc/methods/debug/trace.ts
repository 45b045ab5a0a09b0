/** debug_traceTransaction and debug_traceCall. */
import type { BlockSelector } from "../../../chain/chain";
import { invariant } from "../../../errors/base-error";
import type { Hash } from "../../../state/hex";
import { type MethodTable, method } from "../../method";
import { blockSpec } from "../../params/block-spec";
import { type TraceConfig, traceConfig } from "../../params/other-values";
import { hash } from "../../params/scalars";
import { type CallParams, callParams } from "../../params/transaction-request";
import { required, trailing, tuple } from "../../params/tuple";
import { beginningAgain } from "../../tracers/tracer";
import { chooseTracer } from "../../tracers/tracer-choice";
import { resolveCall } from "../eth/call";

export const traceMethods: MethodTable = {
  debug_traceTransaction: method(
    tuple<[Hash, TraceConfig | undefined]>(
      "DebugTraceTransaction",
      required(hash),
      trailing(traceConfig),
    ),
    async (context, [wanted, config]) => {
      const tracer = beginningAgain(() => chooseTracer(context, config));
      const { chain } = context;
      const traced = await chain.traceTransaction(wanted, tracer.observers);
      const location = chain.transaction(wanted);
      invariant(location !== undefined, "a transaction that was traced is in a block");
      const { block, index } = location;
      const transaction = block.transactions[index];
      invariant(transaction !== undefined, "a location names a transaction of its block");
      const { from, gasLimit } = transaction.input;
      const mined = { blockHash: block.header.hash, transactionHash: wanted, index };
      return tracer.result({ ...traced, from, gasLimit, mined });
    },
  ),
  debug_traceCall: method(
    tuple<[CallParams, BlockSelector | undefined, TraceConfig | undefined]>(
      "DebugTraceCall",
      required(callParams),
      trailing(blockSpec),
      trailing(traceConfig),
    ),
    async (context, [params, block, config]) => {
      const selector = block ?? "latest";
      const request = resolveCall(context, params, selector);
      const tracer = beginningAgain(() => chooseTracer(context, config));
      const traced = await context.chain.call(request, selector, tracer.observers);
      return tracer.result({ ...traced, from: request.from, gasLimit: request.gas });
    },
  ),
};
