/** The tracers that a request can name; without a name it gets the default one, a struct logger. */
import type { Json } from "../params/place";

export const TRACER_NAMES = [
  "callTracer",
  "prestateTracer",
  "4byteTracer",
  "flatCallTracer",
  "muxTracer",
  "noopTracer",
] as const;

export type TracerName = (typeof TRACER_NAMES)[number];

export function isTracerName(name: Json): name is TracerName {
  return TRACER_NAMES.some((known) => known === name);
}
