/** A method: how its parameters are read and what it does. */
import type { RpcContext } from "./context";
import type { Json } from "./params/place";
import type { ParamsParser } from "./params/tuple";

export type Handler = (context: RpcContext, params: readonly Json[]) => Promise<unknown>;

export type MethodTable = Readonly<Record<string, Handler>>;

/** `run` sees only parameters that `parse` accepted. */
export function method<T>(
  parse: ParamsParser<T>,
  run: (context: RpcContext, params: T) => unknown,
): Handler {
  return async (context, params) => run(context, parse(params));
}
