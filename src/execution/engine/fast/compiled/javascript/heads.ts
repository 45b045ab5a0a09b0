/** Which states get a case of their own: what is entered from outside, or from several places. */
import type { BlockState, ControlFlow, Exit, Target } from "../control-flow";

/** ids */
export function headsOf({ states, roots }: ControlFlow): number[] {
  const counts = countPredecessors(states);
  const afterCalls = states.flatMap(({ exit }) =>
    exit.kind === "call" && exit.next.kind === "state" ? [exit.next.id] : [],
  );
  const several = states.filter(({ id }) => (counts.get(id) ?? 0) > 1).map(({ id }) => id);
  return [...roots, ...afterCalls, ...several];
}

function countPredecessors(states: readonly BlockState[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { exit } of states) {
    for (const target of targetsOf(exit)) {
      if (target.kind === "state") {
        counts.set(target.id, (counts.get(target.id) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function targetsOf(exit: Exit): readonly Target[] {
  switch (exit.kind) {
    case "jump":
      return [exit.target];
    case "branch":
      return [exit.taken, exit.next];
    case "call":
    case "fall":
      return [exit.next];
    case "end":
    case "halt":
      return [];
  }
}
