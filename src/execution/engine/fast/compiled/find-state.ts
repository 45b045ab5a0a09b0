/** Which compiled state, if any, a frame is in. */
import type { ControlFlow } from "./control-flow";

/**
 * The state that begins at `pc` and can be entered with this stack; -1 if there is none. Of several, the one
 * that knows most of the stack.
 */
export function findState(
  flow: ControlFlow,
  pc: number,
  stack: readonly bigint[],
  height: number,
): number {
  let found = -1;
  let most = -1;
  for (const id of flow.statesAt.get(pc) ?? []) {
    const state = flow.states[id];
    if (state !== undefined && state.height === height && state.known.size > most) {
      if (holds(state.known, stack)) {
        found = id;
        most = state.known.size;
      }
    }
  }
  return found;
}

function holds(known: ReadonlyMap<number, bigint>, stack: readonly bigint[]): boolean {
  for (const [place, word] of known) {
    if (stack[place] !== word) {
      return false;
    }
  }
  return true;
}
