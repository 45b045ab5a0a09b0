/**
 * One request from its JSON form to its answer: finds the method, and turns what goes wrong into the
 * errors of the stock network.
 *
 * Owns: the translation of errors. Does not own: order of requests, instances (rpc-network.ts).
 */
import { ChainError } from "../chain/chain-error";
import { invariant, isParallelError } from "../errors/base-error";
import { whenLoaded } from "../state/missing";
import type { RpcContext } from "./context";
import { ErrorCode, providerError } from "./errors/provider-error";
import { chainProblemError, inputError, unsupportedMethod } from "./errors/words";
import { METHODS } from "./method-table";
import { UNKNOWN_VARIANT } from "./params/block-spec";
import { columnOf, type Json } from "./params/place";
import { ShapeError } from "./params/shape-error";
import {
  NestedShapeError,
  STORAGE_KEY_TOO_LARGE,
  STORAGE_VALUE_LENGTH,
} from "./params/strict-strings";

export interface JsonRequest {
  /** the caller's number, where there is one: Hardhat 3 shows it in errors */
  readonly id: number | string | null;
  readonly method: string;
  readonly params: readonly Json[];
}

/** Throws ProviderError or SolidityError; anything else is a bug. */
export async function handleRequest(context: RpcContext, request: JsonRequest): Promise<unknown> {
  const handler = METHODS.get(request.method);
  if (handler === undefined) {
    throw unsupportedMethod(request.method, context.dialect.shownRequest(request));
  }
  const { chain } = context;
  const { changes } = chain;
  try {
    // On a fork a method begins again when it missed something, unless it has changed the chain: such
    // a method has to have read everything before.
    return await whenLoaded(async () => {
      invariant(chain.changes === changes, `${request.method} misses state after a change`);
      return handler(context, request.params);
    });
  } catch (error) {
    throw error instanceof Error ? translate(context, error, request) : error;
  }
}

function translate(context: RpcContext, error: Error, request: JsonRequest): Error {
  if (error instanceof ShapeError) {
    return shapeError(context, error, request);
  }
  if (isParallelError(error)) {
    // what went wrong between the fork's remote and us
    return Object.assign(inputError(error.message), { cause: error });
  }
  return error instanceof ChainError ? chainProblemError(error.problem) : error;
}

function shapeError({ dialect }: RpcContext, error: ShapeError, request: JsonRequest): Error {
  const { method, params } = request;
  const { params: _, ...before } = dialect.shownRequest(request);
  // The stock network recognises some of its parser's messages by their beginning.
  if (error.message.startsWith(UNKNOWN_VARIANT)) {
    return unsupportedMethod(method, { ...before, params });
  }
  const isStorage =
    error.message.startsWith(STORAGE_KEY_TOO_LARGE) ||
    error.message.startsWith(STORAGE_VALUE_LENGTH);
  const head = `${JSON.stringify(before).slice(0, -1)},"params":`;
  const column = columnOf(head, params, error.place, error.reach);
  const message = error instanceof NestedShapeError ? error.complete(head, params) : error.message;
  return providerError(
    `${dialect.shapeMessage(message)} at line 1 column ${column}`,
    isStorage ? ErrorCode.InvalidInput : ErrorCode.InvalidParams,
    { ...before, params },
  );
}
