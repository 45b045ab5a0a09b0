/** Conflicts that are not about values: D5 packed slots, D6 reentrancy guards. */
import {
  MIN_TRANSACTIONS,
  transactionsText,
  type VariableDetector,
  variableFinding,
} from "./context";

export const guard: VariableDetector = (variable) => {
  const { group, use, writers } = variable;
  return group.kind === "storage" &&
    !group.keyed &&
    use.restored &&
    writers.size >= MIN_TRANSACTIONS
    ? variableFinding(
        "D6",
        variable,
        {
          remedy: "use transient storage: OpenZeppelin's ReentrancyGuardTransient (EIP-1153)",
          caution: "needs a chain from Cancun on",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} is changed and put back by ${transactionsText(writers.size)}, as a reentrancy guard does`,
          freeOn: ["value"],
        },
      )
    : null;
};

export const falseSharing: VariableDetector = (variable, { analysis }) => {
  const slots = analysis.matrix
    .flatMap((pair) => pair.slots)
    .filter(({ group }) => group === variable.group.id);
  const pairs = sumOf(slots.filter(({ cause }) => cause === "FALSE_SHARING"));
  // where most pairs meet in one member, that member is what to look at
  return pairs > 0 && 2 * pairs >= sumOf(slots)
    ? variableFinding(
        "D5",
        variable,
        {
          remedy:
            "put them into slots of their own: reorder the declarations, or widen one to 32 bytes",
          caution: "a call that uses both then pays for two slots (2,100 gas cold)",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} share a slot but not their users: calls wait for what ${transactionsText(variable.writers.size)} write beside what they use`,
        },
      )
    : null;
};

function sumOf(slots: readonly { readonly pairs: number }[]): number {
  return slots.reduce((sum, { pairs }) => sum + pairs, 0);
}
