/**
 * Function by function: of two transactions, one calling this and one calling that, how often does
 * one write what the other reads, on which variables and why. docs/metrics.md, "Function matrix".
 *
 * Which of the two came first does not count, nor what others wrote in between: the question is
 * what could stand side by side in a block. Two calls of one contract on different deployments are
 * no pair. Of a window of more than MATRIX_WINDOW transactions that many consecutive ones are
 * compared with each other, which bounds the cost.
 *
 * Owns: the pairs. Does not own: the cause of one of them (pair-cause.ts), rows' names.
 */
import type { FunctionRows } from "./function-rows";
import { type MatrixCause, PairCauses, type SlotUser } from "./pair-cause";
import type { SlotGroups } from "./slot-groups";
import { usedBytes } from "./value-probes/used-bytes";
import type { ValueProbes } from "./value-probes/value-probes";
import type { Windows } from "./windows";
import type { Workload, WorkloadTransaction } from "./workload";

/** Transactions that are compared with each other. */
export const MATRIX_WINDOW = 256;

/**
 * - `never`: no pair conflicts;
 * - `always`: every pair does, on a variable that no key chooses;
 * - `keyDependent`: pairs conflict on variables that are chosen by a key only;
 * - `sometimes`: neither: it depends on what the calls do.
 */
export type PairClass = "never" | "keyDependent" | "always" | "sometimes";

export interface PairSlot {
  readonly group: number;
  /** pairs that conflict on it */
  readonly pairs: number;
  /** the most frequent; of several the first of the list in docs/metrics.md */
  readonly cause: MatrixCause;
  /** places in the workload of the first pair that conflicts on it */
  readonly example: readonly [number, number];
}

export interface FunctionPair {
  /** rows; the first has the lower number, or both are the same */
  readonly functions: readonly [number, number];
  /** pairs observed */
  readonly pairs: number;
  readonly conflicting: number;
  readonly kind: PairClass;
  /** pairs in which one sender made both, and they conflict on its nonce or balance: no contract's conflict */
  readonly senderPairs: number;
  /** most pairs first */
  readonly slots: readonly PairSlot[];
}

interface Call {
  readonly transaction: WorkloadTransaction;
  readonly row: number;
  readonly contract: number;
}

interface Collected {
  readonly functions: readonly [number, number];
  pairs: number;
  conflicting: number;
  unkeyed: number;
  senderPairs: number;
  readonly slots: Map<number, PairCauses>;
}

/** Pairs of functions that were observed, in order of their rows. */
export function functionMatrix(
  windows: Windows,
  workload: Workload,
  groups: SlotGroups,
  rows: FunctionRows,
  probes?: ValueProbes,
): FunctionPair[] {
  const found = new Map<string, Collected>();
  for (const { transactions } of windows.windows) {
    const calls = transactions.flatMap((transaction): Call[] => {
      const [entry] = transaction.entries;
      const row = entry === undefined ? null : rows.functionRow(entry);
      const contract = entry === undefined ? null : rows.contractRow(entry);
      return row === null || contract === null ? [] : [{ transaction, row, contract }];
    });
    for (let start = 0; start < calls.length; start += MATRIX_WINDOW) {
      const compared = calls.slice(start, start + MATRIX_WINDOW);
      new Comparison(compared, workload, groups, found, probes).run();
    }
  }
  return [...found.values()]
    .map(summarise)
    .sort((a, b) => a.functions[0] - b.functions[0] || a.functions[1] - b.functions[1]);
}

/** Marks of one pair of calls. */
const CONFLICT = 1;
const UNKEYED = 2;
const SENDER = 4;

class Comparison {
  readonly #calls: readonly Call[];
  readonly #workload: Workload;
  readonly #groups: SlotGroups;
  readonly #found: Map<string, Collected>;
  readonly #marks: Uint8Array;
  readonly #probes: ValueProbes | undefined;

  constructor(
    calls: readonly Call[],
    workload: Workload,
    groups: SlotGroups,
    found: Map<string, Collected>,
    probes: ValueProbes | undefined,
  ) {
    this.#probes = probes;
    this.#calls = calls;
    this.#workload = workload;
    this.#groups = groups;
    this.#found = found;
    this.#marks = new Uint8Array(calls.length ** 2);
  }

  run(): void {
    const pairs = this.#pairs();
    for (const [group, locations] of this.#usersByGroup()) {
      const seen = new Set<number>();
      for (const [location, users] of locations) {
        this.#compare(group, location, users, pairs, seen);
      }
    }
    this.#forEachPair((at, first, second) => {
      const pair = this.#comparable(first, second) ? pairs(first, second) : null;
      if (pair === null) {
        return;
      }
      const mark = this.#marks[at] ?? 0;
      pair.pairs++;
      pair.conflicting += (mark & CONFLICT) === 0 ? 0 : 1;
      pair.unkeyed += (mark & UNKEYED) === 0 ? 0 : 1;
      pair.senderPairs += (mark & SENDER) === 0 ? 0 : 1;
    });
  }

  /** What is collected of a pair of functions, remembered by their rows. */
  #pairs(): (first: Call, second: Call) => Collected {
    const known = new Map<number, Collected>();
    return (first, second) => {
      const [low, high] =
        first.row <= second.row ? [first.row, second.row] : [second.row, first.row];
      const number = low * 2 ** 24 + high;
      let pair = known.get(number);
      if (pair === undefined) {
        const key = `${low}:${high}`;
        pair = this.#found.get(key) ?? {
          functions: [low, high],
          pairs: 0,
          conflicting: 0,
          unkeyed: 0,
          senderPairs: 0,
          slots: new Map(),
        };
        this.#found.set(key, pair);
        known.set(number, pair);
      }
      return pair;
    };
  }

  #forEachPair(visit: (at: number, first: Call, second: Call) => void): void {
    for (const [second, higher] of this.#calls.entries()) {
      for (let first = 0; first < second; first++) {
        const lower = this.#calls[first];
        if (lower !== undefined) {
          visit(first * this.#calls.length + second, lower, higher);
        }
      }
    }
  }

  #comparable(first: Call, second: Call): boolean {
    return (
      first.contract !== second.contract ||
      first.transaction.entries[0]?.storageOwner === second.transaction.entries[0]?.storageOwner
    );
  }

  /** By group and location: who uses it; only locations that someone writes. */
  #usersByGroup(): Map<number, Map<number, SlotUser[]>> {
    const users = new Map<number, SlotUser[]>();
    const written = new Set<number>();
    for (const [index, { transaction }] of this.#calls.entries()) {
      const writes = new Set(transaction.writes);
      const reads = new Set(transaction.reads);
      for (const location of new Set([...reads, ...writes])) {
        const list = users.get(location) ?? [];
        const [read, write] = [reads.has(location), writes.has(location)];
        list.push({ index, transaction, read, write });
        users.set(location, list);
        if (write) {
          written.add(location);
        }
      }
    }
    const byGroup = new Map<number, Map<number, SlotUser[]>>();
    for (const location of written) {
      const list = users.get(location) ?? [];
      if (list.length > 1) {
        const group = this.#groups.groupOf(location);
        const locations = byGroup.get(group) ?? new Map<number, SlotUser[]>();
        locations.set(location, list);
        byGroup.set(group, locations);
      }
    }
    return byGroup;
  }

  #compare(
    group: number,
    location: number,
    found: readonly SlotUser[],
    pairOf: (first: Call, second: Call) => Collected,
    seen: Set<number>,
  ): void {
    const size = this.#calls.length;
    const { keyed } = this.#groups.get(group);
    const parts = this.#groups.parts(location);
    const packed = parts.length > 1;
    const users = !packed
      ? found
      : found.map((user) => ({
          ...user,
          usedBytes: usedBytes(user.transaction, location, parts, this.#probes),
        }));
    const { kind, address } = this.#workload.locations.at(location).location;
    const isAccount = kind === "nonce" || kind === "balance";
    for (const [place, higher] of users.entries()) {
      for (let below = 0; below < place; below++) {
        const lower = users[below];
        const [first, second] = [this.#calls[lower?.index ?? -1], this.#calls[higher.index]];
        const conflict =
          lower !== undefined && ((lower.write && higher.read) || (lower.read && higher.write));
        if (!conflict || first === undefined || second === undefined) {
          continue;
        }
        const at = lower.index * size + higher.index;
        const [sender, other] = [first.transaction.sender, second.transaction.sender];
        if (isAccount && address === sender && address === other) {
          this.#marks[at] = (this.#marks[at] ?? 0) | SENDER;
          continue;
        }
        if (!this.#comparable(first, second)) {
          continue;
        }
        const isFee = [lower, higher].every(
          ({ write, transaction }) => !write || transaction.feeWrites.has(location),
        );
        if (!isFee) {
          this.#marks[at] = (this.#marks[at] ?? 0) | CONFLICT | (keyed ? 0 : UNKEYED);
        }
        if (seen.has(at)) {
          continue;
        }
        seen.add(at);
        const { slots } = pairOf(first, second);
        let causes = slots.get(group);
        if (causes === undefined) {
          causes = new PairCauses([first.transaction.position, second.transaction.position]);
          slots.set(group, causes);
        }
        causes.add(lower, higher, { location, keyed, packed, isFee });
      }
    }
  }
}

function summarise(collected: Collected): FunctionPair {
  const { functions, pairs, conflicting, unkeyed, senderPairs } = collected;
  const slots = [...collected.slots]
    .map(([group, causes]) => ({
      group,
      pairs: causes.pairs,
      cause: causes.mostFrequent(),
      example: causes.example,
    }))
    .sort((a, b) => b.pairs - a.pairs || a.group - b.group);
  const kind: PairClass =
    conflicting === 0
      ? "never"
      : unkeyed === pairs
        ? "always"
        : unkeyed === 0
          ? "keyDependent"
          : "sometimes";
  return { functions, pairs, conflicting, kind, senderPairs, slots };
}
