/** debug_traceTransaction and debug_traceCall. */
import type { BlockSelector } from "../../../chain/chain";
import type { Hash } from "../../../state/hex";
import { type MethodTable, method } from "../../method";
import { blockSpec } from "../../params/block-spec";
import { type TraceConfig, traceConfig } from "../../params/other-values";
import { hash } from "../../params/scalars";
import { type CallParams, callParams } from "../../params/transaction-request";
import { required, trailing, tuple } from "../../params/tuple";
import { StructLogger } from "../../struct-logger";
import { resolveCall } from "../eth/call";

export const traceMethods: MethodTable = {
  debug_traceTransaction: method(
    tuple<[Hash, TraceConfig | undefined]>(
      "DebugTraceTransaction",
      required(hash),
      trailing(traceConfig),
    ),
    async ({ chain }, [wanted, config]) => {
      let logger = new StructLogger(config);
      const { outcome } = await chain.traceTransaction(wanted, {
        onBegin: () => {
          logger = new StructLogger(config);
        },
        onStep: (step) => logger.onStep(step),
      });
      return logger.result(outcome);
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
      let logger = new StructLogger(config);
      const { outcome } = await context.chain.call(request, selector, {
        onBegin: () => {
          logger = new StructLogger(config);
        },
        onStep: (step) => logger.onStep(step),
      });
      return logger.result(outcome);
    },
  ),
};
