/**
 * Where the network of Hardhat 2 and that of Hardhat 3 answer differently: everything is here, and
 * the rest of the room asks a `Dialect`.
 */
import { argumentError } from "./errors/words";
import { shownHardfork } from "./hardforks";
import type { TraceConfig, Unread } from "./params/other-values";
import type { Json, Place } from "./params/place";
import { boolean } from "./params/scalars";
import { ShapeError } from "./params/shape-error";
import type { JsonRequest } from "./request-handler";
import { gethStructLogger } from "./tracers/geth-struct-logger";
import { StructLogger } from "./tracers/struct-logger";
import type { Tracer } from "./tracers/tracer";
import { TRACER_NAMES } from "./tracers/tracer-names";

export type DialectName = "hardhat2" | "hardhat3";

export interface Dialect {
  readonly name: DialectName;
  /** the six methods that Hardhat 2 answers itself: hardhat_reset, eth_mining, … */
  readonly hasHardhat2Methods: boolean;
  /** logs carry `blockTimestamp` */
  readonly logsHaveTimestamp: boolean;
  /** reverts carry this code and `solidityStack` */
  readonly revertCode: number | undefined;
  /** name property of the error for reverts */
  readonly revertErrorName: string;
  /** `transactionHash` of the error of a call that reverts */
  readonly transactionHashOfCalls: null | undefined;
  /** spelling of a hardfork in messages */
  hardfork(name: string): string;
  /** eth_estimateGas demands that no inner call runs out of gas */
  readonly estimatesWithoutInnerOutOfGas: boolean;
  /** eth_estimateGas looks for more gas up to the transaction gas cap, not up to the block's limit */
  readonly estimatesUpToTheCap: boolean;
  /** a failed precompile is told by its number, else it is a contract without source */
  readonly precompileFailuresAreNamed: boolean;
  /** hardhat_metadata.clientVersion: Hardhat's own engine name, which tools expect to see */
  readonly engineVersion: string;
  /** a request as errors about its shape show it; `params` comes last */
  shownRequest(request: JsonRequest): { readonly method: string; readonly params: readonly Json[] };
  /** a message about a parameter's shape, as this version's parser spells it */
  shapeMessage(message: string): string;
  /** the default tracer */
  structLogger(config: TraceConfig | undefined): Tracer;
  /** the error for a tracer that there is not */
  unknownTracer(tracer: Json, place: Place): Error;
  /** message for a tracer's options that it does not have */
  invalidTracerConfig(detail: string): string;
}

const HARDHAT2: Dialect = {
  name: "hardhat2",
  hasHardhat2Methods: true,
  logsHaveTimestamp: false,
  revertCode: undefined,
  revertErrorName: "Error",
  transactionHashOfCalls: undefined,
  hardfork: shownHardfork,
  estimatesWithoutInnerOutOfGas: false,
  estimatesUpToTheCap: false,
  precompileFailuresAreNamed: true,
  engineVersion: "edr/0.3.8/revm/33.1.0",
  shownRequest: ({ method, params }) => ({ method, params }),
  shapeMessage: (message) => message,
  structLogger: (config) =>
    new StructLogger({
      disableStorage: config?.disableStorage === true,
      disableMemory: config?.disableMemory === true,
      disableStack: config?.disableStack === true,
    }),
  // Stock has none but the default one; here its users get those of Hardhat 3.
  unknownTracer: (tracer, place) =>
    new ShapeError(
      `Tracer ${JSON.stringify(tracer)} is not supported. Use one of ${TRACER_NAMES.join(", ")}, or none for the default tracer`,
      place,
      "enclosing",
    ),
  invalidTracerConfig: (detail) => `invalid tracer config: ${detail}`,
};

const HARDHAT3: Dialect = {
  ...HARDHAT2,
  name: "hardhat3",
  hasHardhat2Methods: false,
  logsHaveTimestamp: true,
  revertCode: 3,
  revertErrorName: "SolidityError",
  hardfork: (name) => {
    const shown = shownHardfork(name);
    return shown.charAt(0) + shown.slice(1).toLowerCase();
  },
  transactionHashOfCalls: null,
  estimatesWithoutInnerOutOfGas: true,
  estimatesUpToTheCap: true,
  precompileFailuresAreNamed: false,
  engineVersion: "edr/0.3.8/revm/41.0.0",
  shownRequest: ({ id, method, params }) => ({ jsonrpc: "2.0", id, method, params }),
  shapeMessage: (message) =>
    /^(Invalid string length|Invalid character|Odd number)/.test(message)
      ? message.charAt(0).toLowerCase() + message.slice(1)
      : message.replace("struct DebugTraceConfig", "struct GethDebugTracingOptions"),
  structLogger: (config) =>
    gethStructLogger({
      disableStorage: config?.disableStorage === true,
      disableStack: config?.disableStack === true,
      enableMemory: isTrue(config?.enableMemory),
      enableReturnData: isTrue(config?.enableReturnData),
    }),
  unknownTracer: (tracer, place) =>
    typeof tracer === "string"
      ? argumentError("JS Tracer is not enabled")
      : new ShapeError(
          "data did not match any variant of untagged enum GethDebugTracerType",
          place,
          "enclosing",
        ),
  invalidTracerConfig: () => "invalid tracer config",
};

function isTrue(given: Unread | undefined): boolean {
  return given !== undefined && boolean(given.value, given.place);
}

export function dialectOf(name: DialectName): Dialect {
  return name === "hardhat2" ? HARDHAT2 : HARDHAT3;
}
