/** Collections that all calls change: D3 arrays, D15 enumerable sets and lists, D11 ERC-721A. */
import { VALUE_USE } from "../value-use";
import { hasOneStep } from "../write-rule";
import {
  MIN_TRANSACTIONS,
  transactionsText,
  type VariableDetector,
  variableFinding,
} from "./context";

const isLength = (variable: string): boolean => variable.endsWith(".length");

export const arrayPush: VariableDetector = (variable) => {
  const { counts, group, writers } = variable;
  return isLength(group.variable) &&
    counts !== null &&
    counts.append > 0 &&
    counts.delta + counts.overwrite === 0 &&
    writers.size >= MIN_TRANSACTIONS
    ? variableFinding(
        "D3",
        variable,
        {
          remedy: "keep the elements in a mapping, by a key made of their content or of the sender",
          caution: "they can then not be listed on chain; emit an event for each",
          label: "fixable",
        },
        {
          message: (name) =>
            `${transactionsText(writers.size)} push to one array: all update ${name}`,
        },
      )
    : null;
};

export const enumerableSet: VariableDetector = (variable) => {
  const { counts, group, writers, changes, usedInAll } = variable;
  if (group.kind !== "storage" || group.keyed || writers.size < MIN_TRANSACTIONS) {
    return null;
  }
  const growsAndShrinks =
    isLength(group.variable) && counts !== null && counts.append > 0 && counts.overwrite > 0;
  const isHead =
    !isLength(group.variable) &&
    !hasOneStep(variable.changes) &&
    changes.length >= MIN_TRANSACTIONS &&
    (usedInAll & VALUE_USE.beforeWrittenElsewhere) !== 0 &&
    (usedInAll & VALUE_USE.afterAsKey) !== 0;
  return growsAndShrinks || isHead
    ? variableFinding(
        "D15",
        variable,
        {
          remedy:
            "list the members off chain from events, or keep them in buckets chosen by the sender",
          caution: "contracts that walk through the list need another way",
          label: "fixable",
        },
        {
          message: (name) =>
            isHead
              ? `${name} is the head of a list that ${transactionsText(writers.size)} put something in front of`
              : `${name}: ${transactionsText(writers.size)} add to and remove from one set`,
        },
      )
    : null;
};

export const currentIndex: VariableDetector = (variable) => {
  const { group, name, readers, writers, use } = variable;
  const onlyRead = [...use.readers].some((row) => !use.writers.has(row));
  return !group.keyed &&
    /^_currentIndex$/.test(name) &&
    onlyRead &&
    readers.size >= MIN_TRANSACTIONS
    ? variableFinding(
        "D11",
        variable,
        {
          remedy:
            "give tokens ids that do not follow on each other: hashed ones, or a range for each minter",
          caution: "the batch mint's lower gas is lost",
          label: "fixable",
        },
        {
          message: (label) =>
            `${label} is changed by ${transactionsText(writers.size)} that mint and read by ${readers.size} others (ownerOf): transfers wait for mints`,
          transactions: writers.size + readers.size,
          confidence: "medium",
          withReaders: true,
        },
      )
    : null;
};
