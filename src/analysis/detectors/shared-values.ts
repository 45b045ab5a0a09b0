/** Values that all calls read: D7 hot reads, D12 prices of a pool, D13 indices that accrue. */
import { variableName } from "../assumption";
import {
  MIN_TRANSACTIONS,
  transactionsText,
  type VariableDetector,
  variableFinding,
} from "./context";
import type { VariableFacts } from "./variable-facts";

export const hotRead: VariableDetector = (variable) => {
  const { group, readers } = variable;
  // a first value is set where the contract is set up
  const writers = new Set(
    variable.changes.filter(({ before }) => before !== 0n).map(({ transaction }) => transaction),
  );
  const isHot =
    readers.size >= MIN_TRANSACTIONS && writers.size > 0 && readers.size >= 3 * writers.size;
  return group.kind === "storage" && !group.keyed && !variable.use.restored && isHot
    ? variableFinding(
        "D7",
        variable,
        {
          remedy:
            "make it immutable or constant if it is; else let a new value hold from a later block on, or keep one per key",
          caution:
            "readers then see an old value for a while; or put the update first in its block",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} is read by ${transactionsText(readers.size)} and written by ${writers.size}: a write makes the readers after it wait`,
          transactions: readers.size + writers.size,
          withReaders: true,
        },
      )
    : null;
};

const POOL_STATE = /^(_?reserves?([01AB])?|slot0|_?(current)?tick|_?sqrtPrice(X96)?|_?liquidity)$/i;

function names({ group }: VariableFacts): string[] {
  return group.variable.split(/[,{}\s]+/).map((name) => name.split(".").at(-1) ?? name);
}

export const poolPrice: VariableDetector = (variable) => {
  const { counts, group, writers } = variable;
  return counts !== null &&
    counts.overwrite > 0 &&
    !group.keyed &&
    writers.size >= MIN_TRANSACTIONS &&
    names(variable).some((name) => POOL_STATE.test(name))
    ? variableFinding(
        "D12",
        variable,
        {
          remedy: "several pools for one pair, or trades settled in batches",
          caution: "each trade's price depends on the one before: this is what a pool does",
          label: "inherent",
        },
        {
          message: (name) =>
            `Each of ${transactionsText(writers.size)} goes on from the state of the pool that the last one left, ${name}`,
          confidence: "medium",
        },
      )
    : null;
};

/** Every change stores the time or the number of its block. */
function isClock({ changes }: VariableFacts, blockOf: (position: number) => readonly bigint[]) {
  const stored = new Set(changes.map(({ after }) => after));
  return (
    stored.size >= 2 &&
    changes.every(({ transaction, after }) => blockOf(transaction.position).includes(after))
  );
}

export const accrual: VariableDetector = (variable, { workload, variables }) => {
  const { group, writers, use } = variable;
  const blockOf = (position: number): readonly bigint[] => {
    const block = workload.blocks[workload.transactions[position]?.block ?? -1];
    return block === undefined ? [] : [block.number, block.timestamp];
  };
  if (group.keyed || writers.size < MIN_TRANSACTIONS || !isClock(variable, blockOf)) {
    return null;
  }
  const indices = variables.filter(
    (other) =>
      other !== variable &&
      !other.group.keyed &&
      (other.counts?.overwrite ?? 0) > 0 &&
      [...other.use.writers].some((row) => use.writers.has(row)),
  );
  const [index] = indices;
  return index === undefined
    ? null
    : variableFinding(
        "D13",
        variable,
        {
          remedy:
            "accrue once a block: return before any write when the block's time is already stored; keep markets apart",
          caution: "only the first call of a block then changes it; the others still read it",
          label: "fixable",
        },
        {
          message: (name) =>
            `${name} and ${variableName(index.group)} are brought up to date by every call (${transactionsText(writers.size)})`,
        },
      );
};
