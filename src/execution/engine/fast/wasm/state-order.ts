/** The order in which states are laid out: reverse postorder, so that only loops lead backwards. */
import type { BlockState, ControlFlow, Target } from "../compiled/control-flow";

/** The ids of all states. */
export function forwardOrder({ states }: ControlFlow): number[] {
  const seen = new Uint8Array(states.length);
  const postorder: number[] = [];
  // Roots beside the first state are few, and where they are laid out does not matter.
  for (let root = 0; root < states.length; root++) {
    visitFrom(root, states, seen, postorder);
  }
  return postorder.reverse();
}

/** Depth first, without recursion: hostile code may be one long path. */
function visitFrom(
  root: number,
  states: readonly BlockState[],
  seen: Uint8Array,
  postorder: number[],
): void {
  if (seen[root] === 1) {
    return;
  }
  seen[root] = 1;
  const path: { readonly id: number; readonly open: number[] }[] = [
    { id: root, open: successors(states[root]) },
  ];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.open.pop();
    if (next === undefined) {
      postorder.push(top.id);
      path.pop();
    } else if (seen[next] !== 1) {
      seen[next] = 1;
      path.push({ id: next, open: successors(states[next]) });
    }
  }
}

function successors(state: BlockState | undefined): number[] {
  return targetsOf(state).flatMap((target) => (target.kind === "state" ? [target.id] : []));
}

function targetsOf(state: BlockState | undefined): Target[] {
  const exit = state?.exit;
  switch (exit?.kind) {
    case "jump":
      return [exit.target];
    case "branch":
      return [exit.taken, exit.next];
    case "call":
    case "fall":
      return [exit.next];
    default:
      return [];
  }
}
