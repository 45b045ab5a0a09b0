/**
 * The error for a failed execution: what the explainer says if there is one, else what can be told
 * without the contracts' sources.
 *
 * Owns: which failure gets which words. Does not own: decoding of return data (revert-reason.ts).
 */
import { bytesToHex } from "../../state/bytes";
import type { RpcContext } from "../context";
import type { FailedExecution } from "../failed-execution";
import { isPrecompile } from "../precompiles";
import { revertMessage } from "../revert-reason";
import { ErrorCode, ProviderError } from "./provider-error";
import { SolidityError, type StackTraceEntry, StackTraceEntryType } from "./solidity-error";

export async function executionFailure(
  context: RpcContext,
  failure: FailedExecution,
): Promise<Error> {
  const explained = (await context.options.explainFailure?.(failure)) ?? null;
  return explained ?? ownWords(context, failure);
}

const TOO_LARGE = "Transaction reverted: trying to deploy a contract whose code is too large";
const INVALID_OPCODE = "VM Exception while processing transaction: invalid opcode";

function ownWords(context: RpcContext, failure: FailedExecution): Error {
  const { outcome, request, transactionHash } = failure;
  const reason = outcome.halt?.reason ?? "Revert";
  if (reason === "OutOfGas" || reason === "CodeStoreOutOfGas") {
    return new ProviderError("Transaction ran out of gas", ErrorCode.InvalidInput, {
      reason: { OutOfGas: precompileNumber(context, failure) === null ? "Basic" : "Precompile" },
      data: "0x",
      transactionHash,
    });
  }
  const [message, entry] = explain(context, failure, reason);
  return new SolidityError(
    message,
    {
      stackTrace: [
        entry ??
          (request.to === null
            ? { type: StackTraceEntryType.UnrecognizedCreateError, ...details(failure, reason) }
            : {
                type: StackTraceEntryType.UnrecognizedContractError,
                address: Buffer.from(request.to.slice(2), "hex"),
                ...details(failure, reason),
              }),
      ],
      data: outcome.halt?.kind === "revert" ? bytesToHex(outcome.returnData) : "0x",
      transactionHash,
    },
    context.dialect,
  );
}

function explain(
  context: RpcContext,
  failure: FailedExecution,
  reason: string,
): [message: string, entry?: StackTraceEntry] {
  const precompile = precompileNumber(context, failure);
  if (precompile !== null && context.dialect.precompileFailuresAreNamed) {
    return [
      `Transaction reverted: call to precompile ${precompile} failed`,
      { type: StackTraceEntryType.PrecompileError, precompile },
    ];
  }
  switch (reason) {
    case "CodeSizeExceeded":
      return [TOO_LARGE, { type: StackTraceEntryType.ContractTooLargeError }];
    case "InvalidOpcode":
      return [INVALID_OPCODE];
    case "Revert":
      return [revertMessage(failure.outcome.returnData, errorAbi(context, failure))];
    default:
      return [revertMessage(new Uint8Array(0), [])];
  }
}

function details(failure: FailedExecution, reason: string): object {
  return {
    returnData: failure.outcome.returnData,
    isInvalidOpcodeError: reason === "InvalidOpcode",
  };
}

/** Errors that the code which was called knows. */
function errorAbi(context: RpcContext, { request, preState }: FailedExecution): readonly unknown[] {
  const { errorAbi: abiOf } = context.options;
  if (abiOf === undefined) {
    return [];
  }
  const code = request.to === null ? request.data : preState.code(preState.codeHash(request.to));
  return abiOf(code);
}

/** null = the message was not to a precompile. */
function precompileNumber(context: RpcContext, { request }: FailedExecution): number | null {
  const address = request.to === null ? 0n : BigInt(request.to);
  return isPrecompile(address, context.hardfork) ? Number(address) : null;
}
