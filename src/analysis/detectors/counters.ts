/** Numbers that all calls change: D1 totals, D2 ids, D10 supply, D14 hash chains. */
import type { RunAnalysis } from "../run-analysis";
import { VALUE_USE } from "../value-use";
import { hasOneStep } from "../write-rule";
import {
  MIN_TRANSACTIONS,
  transactionsText,
  type VariableDetector,
  variableFinding,
} from "./context";
import type { VariableFacts } from "./variable-facts";

/** Written by enough transactions, whatever the key they choose. */
function isSharedNumber({ group, writers }: VariableFacts): boolean {
  return group.kind === "storage" && !group.keyed && writers.size >= MIN_TRANSACTIONS;
}

export const total: VariableDetector = (variable) => {
  const { counts, writers } = variable;
  const onlyAdded = counts !== null && counts.delta > 0 && counts.append + counts.overwrite === 0;
  return isSharedNumber(variable) && onlyAdded
    ? variableFinding(
        "D1",
        variable,
        {
          remedy:
            "emit an event instead, keep it per user, or split it: counter[uint160(msg.sender) % 16], summed up in a view",
          caution: "reading a split counter costs one slot for each part",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} is written by ${transactionsText(writers.size)} and only ever added to`,
          freeOn: ["deltaAware"],
        },
      )
    : null;
};

const FLOWS =
  VALUE_USE.beforeAsKey |
  VALUE_USE.afterAsKey |
  VALUE_USE.beforeWrittenElsewhere |
  VALUE_USE.afterWrittenElsewhere |
  VALUE_USE.beforeAsArgument |
  VALUE_USE.afterAsArgument;

export const nextId: VariableDetector = (variable) =>
  isSharedNumber(variable) &&
  hasOneStep(variable.changes) &&
  (variable.usedInAll & FLOWS) !== 0 &&
  !variable.group.variable.endsWith(".length")
    ? variableFinding(
        "D2",
        variable,
        {
          remedy:
            "make ids from what the caller brings: keccak256(msg.sender, its own nonce), or a range for each user",
          caution: "ids are then neither dense nor in order",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} hands out the numbers of ${transactionsText(variable.writers.size)} one after the other`,
        },
      )
    : null;

export const supply: VariableDetector = (variable) =>
  isSharedNumber(variable) && !variable.use.restored && /^_?total_?supply$/i.test(variable.name)
    ? variableFinding(
        "D10",
        variable,
        {
          remedy: "fix the supply, mint in batches, or keep it in parts that a view sums up",
          caution: "totalSupply() then costs one slot for each part",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} is changed by ${transactionsText(variable.writers.size)} that mint or burn: any two of them conflict`,
          confidence: variable.counts?.overwrite === 0 ? "high" : "medium",
          freeOn: variable.counts?.overwrite === 0 ? ["deltaAware"] : [],
        },
      )
    : null;

/**
 * Changes whose new value is a hash over the variable's last one, its own or another element's, that
 * another transaction of the run left there: a chain of each user's own makes nobody wait.
 */
function chainedChanges(
  { changes, group }: VariableFacts,
  { groups }: RunAnalysis,
): VariableFacts["changes"] {
  const writers = new Map<number, Set<unknown>>();
  for (const { location, transaction } of changes) {
    const own = writers.get(location) ?? new Set();
    writers.set(location, own.add(transaction));
  }
  return changes.filter(({ location, transaction, change: { use, hashedFrom } }) => {
    const isOver = (source: number): boolean => {
      const known = writers.get(source) ?? new Set();
      return known.size > (known.has(transaction) ? 1 : 0);
    };
    return (
      ((use & VALUE_USE.hashChain) !== 0 && isOver(location)) ||
      (hashedFrom !== null && groups.groupOf(hashedFrom) === group.id && isOver(hashedFrom))
    );
  });
}

export const hashChain: VariableDetector = (variable, { analysis }) => {
  const { changes, group } = variable;
  const chained = chainedChanges(variable, analysis);
  const transactions = new Set(chained.map(({ transaction }) => transaction)).size;
  // the first value of a chain is a hash over nothing
  return group.kind === "storage" &&
    transactions >= MIN_TRANSACTIONS &&
    4 * chained.length >= 3 * changes.length
    ? variableFinding(
        "D14",
        variable,
        {
          remedy:
            "collect what is to be hashed and commit to it once a batch, or keep a chain per sender",
          caution: "who verifies the chain must learn the new form",
          label: "inherent",
        },
        {
          message: (name) =>
            `${name} is a hash over its own last value in ${transactionsText(transactions)}: one after the other by design`,
          transactions,
        },
      )
    : null;
};
