/**
 * Which tracer a request means.
 *
 * Owns: names and configs of tracers. Does not own: what differs between Hardhat's versions
 * (dialect.ts).
 */
import type { RpcContext } from "../context";
import { argumentError } from "../errors/words";
import { isObject, type TraceConfig } from "../params/other-values";
import type { Json, JsonObject } from "../params/place";
import { type CallTracerConfig, callTracer } from "./call-tracer";
import { flatCallTracer } from "./flat-call-tracer";
import { fourByteTracer } from "./four-byte-tracer";
import { type PrestateTracerConfig, prestateTracer } from "./prestate-tracer";
import type { Tracer } from "./tracer";
import { isTracerName, type TracerName } from "./tracer-names";

/** Throws ProviderError or ShapeError for a tracer or a config that there is not. */
export function chooseTracer(context: RpcContext, config: TraceConfig | undefined): Tracer {
  const asked = config?.tracer;
  if (asked === undefined) {
    return context.dialect.structLogger(config);
  }
  if (!isTracerName(asked.value)) {
    throw context.dialect.unknownTracer(asked.value, asked.place);
  }
  return namedTracer(context, asked.value, config?.tracerConfig?.value ?? null);
}

function namedTracer(context: RpcContext, name: TracerName, config: Json): Tracer {
  switch (name) {
    case "callTracer":
      return callTracer(booleans<CallTracerConfig>(context, config, ["onlyTopCall", "withLog"]));
    case "prestateTracer":
      return prestateTracer(
        booleans<PrestateTracerConfig>(context, config, [
          "diffMode",
          "disableCode",
          "disableStorage",
        ]),
      );
    case "4byteTracer":
      return fourByteTracer();
    case "flatCallTracer":
      return flatCallTracer(context.hardfork);
    case "noopTracer":
      return { observers: {}, result: () => ({}) };
    case "muxTracer":
      return muxTracer(context, config);
  }
}

/** Several tracers on one execution: their results by name. */
function muxTracer(context: RpcContext, config: Json): Tracer {
  const tracers = Object.entries(object(context, config)).map(
    ([name, ownConfig]): [string, Tracer] => {
      if (!isTracerName(name)) {
        throw argumentError(context.dialect.invalidTracerConfig(`muxTracer knows no "${name}"`));
      }
      if ((name === "4byteTracer" || name === "noopTracer") && ownConfig !== null) {
        throw argumentError(`unexpected config for tracer '${shownName(name)}'`);
      }
      return [name, namedTracer(context, name, ownConfig)];
    },
  );
  const all = tracers.map(([, { observers }]) => observers);
  return {
    observers: {
      frames: {
        enter: (frame) => each(all, ({ frames }) => frames?.enter(frame)),
        exit: (end) => each(all, ({ frames }) => frames?.exit(end)),
        log: (log) => each(all, ({ frames }) => frames?.log(log)),
      },
    },
    // The stock muxTracer leaves out what the transaction itself costs.
    result: ({ gasLimit, ...traced }) => {
      const execution = { ...traced, gasLimit: gasLimit - traced.outcome.intrinsicGas };
      return Object.fromEntries(tracers.map(([name, tracer]) => [name, tracer.result(execution)]));
    },
  };
}

function each<T>(list: readonly T[], run: (element: T) => void): void {
  for (const element of list) {
    run(element);
  }
}

function shownName(name: TracerName): string {
  return name === "4byteTracer" ? "FourByteTracer" : "NoopTracer";
}

/** The named fields of a config, each a boolean or absent. */
function booleans<T extends object>(
  context: RpcContext,
  config: Json,
  names: readonly (keyof T & string)[],
): T {
  const given = object(context, config);
  const result: Record<string, boolean> = {};
  for (const name of names) {
    const value = given[name];
    if (typeof value === "boolean") {
      result[name] = value;
    } else if (value !== undefined && value !== null) {
      throw argumentError(context.dialect.invalidTracerConfig(`${name} must be true or false`));
    }
  }
  return result as T; // every field of T is an optional boolean
}

function object({ dialect }: RpcContext, config: Json): JsonObject {
  if (config === null) {
    return {};
  }
  if (!isObject(config)) {
    throw argumentError(dialect.invalidTracerConfig("tracerConfig must be an object"));
  }
  return config;
}
