/** Money that many transactions move at one place: D4 push payments, D8 and D9 shared balances. */
import type { Address } from "../../state/hex";
import { variableName } from "../assumption";
import type { WorkloadTransaction } from "../workload";
import {
  type DetectorContext,
  MIN_TRANSACTIONS,
  type RunDetector,
  transactionsText,
  type VariableDetector,
  variableFinding,
} from "./context";
import type { CodePlace, Finding } from "./finding";
import { freeOn } from "./rule-sets";
import { MAX_PLACES } from "./variable-facts";

/** Users that one call pays from which on it is called a loop. */
const MANY_KEYS = 5;

function transactionsOf({ analysis }: DetectorContext): readonly WorkloadTransaction[] {
  return analysis.windows.windows.flatMap(({ transactions }) => transactions);
}

export const pushPayments: RunDetector = (context) => {
  const { analysis, workload } = context;
  const found = new Map<
    number,
    {
      most: number;
      group: number | null;
      transactions: number;
      /** writes of the group, by code and position */
      places: Map<string, CodePlace>;
    }
  >();
  for (const transaction of transactionsOf(context)) {
    const keys = new Map<number | null, number>();
    for (const location of transaction.writes) {
      const group = analysis.groups.get(analysis.groups.groupOf(location));
      const isOther = workload.locations.at(location).location.address !== transaction.sender;
      const isPaid = transaction.credits.has(location) && isOther;
      if (isPaid || (group.kind === "storage" && group.keyed)) {
        const key = isPaid ? null : group.id;
        keys.set(key, (keys.get(key) ?? 0) + 1);
      }
    }
    const [entry] = transaction.entries;
    const row = entry === undefined ? null : analysis.rows.functionRow(entry);
    const [group, most] = [...keys].reduce((a, b) => (b[1] > a[1] ? b : a), [null, 0]);
    if (row !== null && most >= MANY_KEYS) {
      const before = found.get(row);
      const places = before?.places ?? new Map<string, CodePlace>();
      for (const { location, write, codeHash, writePc } of transaction.accesses) {
        const counts =
          group === null
            ? transaction.credits.has(location)
            : analysis.groups.groupOf(location) === group;
        if (write && writePc >= 0 && counts) {
          places.set(`${codeHash}:${writePc}`, { codeHash, pc: writePc });
        }
      }
      found.set(row, {
        places,
        group: (before?.most ?? 0) >= most ? (before?.group ?? null) : group,
        most: Math.max(before?.most ?? 0, most),
        transactions: (before?.transactions ?? 0) + 1,
      });
    }
  }
  return [...found].map(([row, { most, group, transactions, places }]): Finding => {
    const paid =
      group === null ? "ether balances" : `entries of ${variableName(analysis.groups.get(group))}`;
    const { signature } = analysis.rows.functionName(row);
    return {
      id: "D4",
      group,
      functions: [row],
      transactions,
      message: `${signature.replace(/\(.*/, "")} touches up to ${most} ${paid} in one call: it conflicts with everyone who uses one of them`,
      remedy: "let each user claim (pull) instead of paying all in a loop (push)",
      caution: "each user then sends a transaction; unclaimed money stays",
      label: "fixable",
      confidence: "high",
      criticalPathWithout: null,
      freeOn: freeOn(),
      places: [...places.values()].slice(0, MAX_PLACES),
    };
  });
};

/** Accounts whose code ran. */
function contractsIn(context: DetectorContext): ReadonlySet<Address> {
  return new Set(
    transactionsOf(context).flatMap(({ entries }) =>
      entries.filter(({ plainTransfer }) => !plainTransfer).map((entry) => entry.storageOwner),
    ),
  );
}

export const etherSink: RunDetector = (context) => {
  const { analysis, workload } = context;
  const contracts = contractsIn(context);
  const sinks = new Map<number, { rows: Set<number>; transactions: number }>();
  for (const transaction of transactionsOf(context)) {
    const [entry] = transaction.entries;
    const row = entry === undefined ? null : analysis.rows.functionRow(entry);
    for (const location of transaction.credits) {
      const { address } = workload.locations.at(location).location;
      if (row === null || address === transaction.sender || contracts.has(address)) {
        continue;
      }
      const sink = sinks.get(location) ?? { rows: new Set<number>(), transactions: 0 };
      sink.rows.add(row);
      sink.transactions++;
      sinks.set(location, sink);
    }
  }
  return [...sinks]
    .filter(([, { transactions }]) => transactions >= MIN_TRANSACTIONS)
    .map(([location, { rows, transactions }]): Finding => {
      const { address } = workload.locations.at(location).location;
      return {
        id: "D8",
        group: null,
        functions: [...rows],
        transactions,
        message: `${transactionsText(transactions)} send ether to one account, ${address}`,
        remedy: "keep the ether in the contract that was paid and sweep it later",
        caution: "whoever may sweep must be trusted as the account is now",
        label: "fixable",
        confidence: "high",
        criticalPathWithout: null,
        freeOn: freeOn("deltaAware"),
        places: [],
      };
    });
};

export const contractBalance: VariableDetector = (variable, context) => {
  const { groups } = context.analysis;
  const contracts = contractsIn(context);
  const writers = new Map<number, Set<WorkloadTransaction>>();
  for (const { location, transaction } of variable.changes) {
    const [part, ...others] = groups.parts(location);
    const [key, ...keys] = part?.keys ?? [];
    const owner: Address = `0x${key?.value.slice(-40) ?? ""}`;
    if (
      others.length === 0 &&
      keys.length === 0 &&
      key?.kind === "mapping" &&
      contracts.has(owner)
    ) {
      writers.set(location, (writers.get(location) ?? new Set()).add(transaction));
    }
  }
  const [location, most] = [...writers].reduce(
    (a, b) => (b[1].size > a[1].size ? b : a),
    [-1, new Set<WorkloadTransaction>()],
  );
  return most.size >= MIN_TRANSACTIONS
    ? variableFinding(
        "D9",
        variable,
        {
          remedy:
            "book inside the contract what belongs to whom (as ERC-6909 does) and settle the net amount once",
          caution:
            "the token's own balance then lags behind; or split the contract into several vaults",
          label: "fixable",
        },
        {
          message: () =>
            `${transactionsText(most.size)} change the token balance of one contract, ${variable.group.contract.slice(variable.group.contract.lastIndexOf(":") + 1)}.${groups.name(location).label}`,
          transactions: most.size,
        },
      )
    : null;
};
