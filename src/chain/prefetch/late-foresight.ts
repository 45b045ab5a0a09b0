/** The foresight of a fork, loaded when there is one: most chains are no forks. */
import type { Engine } from "../../execution/engine/engine";
import type { ForkBase } from "../fork/fork-base";
import type { Foresight } from "./foresight";

/** @param base null = not a fork */
export function lateForesight(base: ForkBase | null, engine: Engine): Foresight | null {
  if (base === null) {
    return null;
  }
  const room: typeof import("./foresight") = require("./foresight");
  return new room.Foresight(engine);
}
