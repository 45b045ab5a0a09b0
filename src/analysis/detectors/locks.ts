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
  const pairs = analysis.matrix
    .flatMap(({ slots }) => slots)
    .filter(({ group, cause }) => group === variable.group.id && cause === "FALSE_SHARING")
    .reduce((sum, slot) => sum + slot.pairs, 0);
  return pairs > 0
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
            `${name} share a slot and are written by different calls: ${transactionsText(variable.writers.size)} wait for what they do not use`,
        },
      )
    : null;
};
