/** Parameters of single methods: timestamps, mining intervals, trace options, typed data, subscriptions. */
import { isList, type Json, type JsonObject, type Place } from "./place";
import { boolean, optional, type Parser, u64 } from "./scalars";
import { isPlainInteger, ShapeError, wrongKind } from "./shape-error";
import { struct } from "./struct";

/** Seconds: a number or a decimal or hex string. */
export const timestamp: Parser<bigint> = (value, place) =>
  orElse(
    () => u64(value, place),
    (error) =>
      new ShapeError(
        "Timestamp must be a non-negative number not exceeding 2^64 - 1",
        place,
        // A container with something in it was opened and is left as it is.
        error.reach === "opened" && JSON.stringify(value).length > 2 ? "opened" : "enclosing",
      ),
  );

/** ms; JSON numbers only. */
export const miningInterval: Parser<number | readonly [number, number]> = (value, place) => {
  const refuse = new ShapeError(
    "data did not match any variant of untagged enum IntervalConfig",
    place,
    "enclosing",
  );
  if (isMilliseconds(value)) {
    return value;
  }
  if (isList(value) && value.length === 2) {
    const [minimum, maximum] = value;
    if (isMilliseconds(minimum) && isMilliseconds(maximum)) {
      return [minimum, maximum];
    }
  }
  throw refuse;
};

function isMilliseconds(value: Json | undefined): value is number {
  return typeof value === "number" && isPlainInteger(value) && value >= 0;
}

/** A value whose reading depends on other values or on the dialect. */
export interface Unread {
  readonly value: Json;
  readonly place: Place;
}

const unread: Parser<Unread | undefined> = (value, place) =>
  value === null ? undefined : { value, place };

/** Options of debug_traceTransaction and debug_traceCall. */
export interface TraceConfig {
  readonly disableStorage: boolean | undefined;
  readonly disableMemory: boolean | undefined;
  readonly disableStack: boolean | undefined;
  /** Hardhat 3: true or false */
  readonly enableMemory: Unread | undefined;
  /** Hardhat 3: true or false */
  readonly enableReturnData: Unread | undefined;
  /** a tracer's name */
  readonly tracer: Unread | undefined;
  /** options of that tracer */
  readonly tracerConfig: Unread | undefined;
}

export const traceConfig: Parser<TraceConfig> = struct<TraceConfig>({
  name: "DebugTraceConfig",
  fields: {
    disableStorage: optional(boolean),
    disableMemory: optional(boolean),
    disableStack: optional(boolean),
    enableMemory: unread,
    enableReturnData: unread,
    tracer: unread,
    tracerConfig: unread,
  },
});

/** EIP-712 data, as an object or as the JSON text of one. */
export const typedData: Parser<JsonObject> = (value, place) => {
  const given = typeof value === "string" ? parseJson(value) : value;
  if (isTypedData(given)) {
    return given;
  }
  throw new ShapeError("The message parameter is an invalid JSON.", place, "enclosing");
};

/** undefined = not JSON. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function isTypedData(value: Json | undefined): value is JsonObject {
  return (
    isObject(value) &&
    isObject(value.types) &&
    typeof value.primaryType === "string" &&
    isObject(value.domain) &&
    value.message !== undefined
  );
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

export type SubscriptionType = "logs" | "newHeads" | "newPendingTransactions";

export const subscriptionType: Parser<SubscriptionType> = (value, place) => {
  if (typeof value !== "string") {
    throw wrongKind(value, "a string", place);
  }
  switch (value) {
    case "logs":
    case "newHeads":
    case "newPendingTransactions":
      return value;
    default:
      throw new ShapeError("Invalid subscription type", place, "after");
  }
};

/** hardhat_mine's counts. */
export const count: Parser<bigint> = u64;

function orElse<T>(read: () => T, instead: (error: ShapeError) => ShapeError): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ShapeError ? instead(error) : error;
  }
}
