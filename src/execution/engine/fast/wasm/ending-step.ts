import type { BlockState, Step } from "../compiled/control-flow";
import { ENDS } from "../compiled/opcode-facts";

/** The step that ends the block and goes with its exit: JUMP, JUMPI, a call, RETURN and their like. */
export function endingStep({ block: { steps, ending } }: BlockState): Step | undefined {
  const last = steps.at(-1);
  switch (ending) {
    case "fall":
    case "halt":
      return undefined;
    case "end":
      return last !== undefined && ENDS.has(last.opcode) ? last : undefined; // the code's end has no step
    default:
      return last;
  }
}
