/**
 * Conflicts and accesses of a few transactions with names: what assertions ask. The transactions are
 * one window, in order; deployments among them count like others.
 *
 * Owns: names for edges and accesses. Does not own: finding edges (conflicts.ts), causes
 * (pair-cause.ts), names (Naming).
 */
import type { LocationKind } from "../state/location";
import { type AccessSet, CAUSE, type ConflictRule, findConflicts } from "./conflicts";
import { type DependencyGraph, dependencyGraph } from "./dependency-graph";
import { FunctionRows } from "./function-rows";
import { type MatrixCause, pairCause, type SlotUser } from "./pair-cause";
import { measureRun, type RunMetrics } from "./run-metrics";
import { SlotGroups } from "./slot-groups";
import type { Naming } from "./slot-name";
import {
  type GasMode,
  transactionWeight,
  type Workload,
  type WorkloadTransaction,
} from "./workload";

/** A location by its names. */
export interface NamedPlace {
  readonly kind: LocationKind;
  /** `Pool`; an address where the contract is unknown */
  readonly contract: string;
  /** `balances[*]`, `reserve0`, `(ether balance)` */
  readonly variable: string;
  /** `balances[0xa11c…]` with its full key */
  readonly label: string;
  readonly resolved: boolean;
}

/** One location that one transaction used. */
export interface NamedAccess extends NamedPlace {
  readonly read: boolean;
  readonly write: boolean;
  /** functions that did, `contract` and full signature, in order */
  readonly functions: readonly string[];
}

/** A lower transaction writes a location that a higher one reads. */
export interface NamedConflict extends NamedPlace {
  /** place of the lower transaction in the list */
  readonly writer: number;
  readonly reader: number;
  readonly cause: MatrixCause;
  /** functions that wrote, and that read; `Pool.swap(uint256)` */
  readonly writtenBy: readonly string[];
  readonly readBy: readonly string[];
}

export interface NamedConflictsOptions {
  /** default "version", as in the report */
  readonly rule?: ConflictRule;
  /** default "total" */
  readonly gasMode?: GasMode;
}

export class NamedConflicts {
  /** `Pool.swap(uint256)` by transaction: what it called; null for a plain transfer or a deployment */
  readonly functions: readonly (string | null)[];
  /** the contracts' conflicts: a sender's own nonce and fees are none */
  readonly conflicts: readonly NamedConflict[];
  readonly #graph: DependencyGraph;
  readonly #workload: Workload;
  readonly #groups: SlotGroups;
  readonly #rows: FunctionRows;

  constructor(workload: Workload, naming: Naming, options: NamedConflictsOptions = {}) {
    const { rule = "version", gasMode = "total" } = options;
    this.#workload = workload;
    this.#groups = new SlotGroups(workload, naming);
    this.#rows = new FunctionRows(workload, naming);
    const sets: AccessSet[] = workload.transactions.map((transaction) => ({
      transaction,
      reads: transaction.reads,
      writes: transaction.writes,
      weight: transactionWeight(transaction, gasMode),
    }));
    const conflicts = findConflicts(sets, workload, rule);
    this.#graph = dependencyGraph(sets, conflicts);
    this.functions = workload.transactions.map((transaction) => this.#called(transaction));
    const named: NamedConflict[] = [];
    for (let reader = 0; reader < conflicts.size; reader++) {
      const end = conflicts.start[reader + 1] ?? 0;
      for (let edge = conflicts.start[reader] ?? 0; edge < end; edge++) {
        const [writer, location] = [conflicts.from[edge], conflicts.location[edge]];
        if (
          writer !== undefined &&
          location !== undefined &&
          conflicts.cause[edge] === CAUSE.contract
        ) {
          named.push(this.#conflict(writer, reader, location));
        }
      }
    }
    this.conflicts = named;
  }

  /** @param lanes p of the speed-up with p lanes, at least 1 */
  metrics(lanes: number): RunMetrics {
    return measureRun([this.#graph], lanes);
  }

  /** What a transaction used, in order of first access; locations that no call made come last. */
  accesses(index: number): readonly NamedAccess[] {
    const transaction = this.#workload.transactions[index];
    if (transaction === undefined) {
      return [];
    }
    const inOrder = new Set([
      ...transaction.accesses.map(({ location }) => location),
      ...transaction.reads,
      ...transaction.writes,
    ]);
    const [reads, writes] = [new Set(transaction.reads), new Set(transaction.writes)];
    return [...inOrder].map((location) => ({
      ...this.#place(location),
      read: reads.has(location),
      write: writes.has(location),
      functions: this.#users(transaction, location, () => true),
    }));
  }

  #conflict(writer: number, reader: number, location: number): NamedConflict {
    const [lower, higher] = [this.#user(writer, location), this.#user(reader, location)];
    const group = this.#groups.get(this.#groups.groupOf(location));
    return {
      ...this.#place(location),
      writer,
      reader,
      cause: pairCause(lower, higher, {
        location,
        keyed: group.keyed,
        packed: this.#groups.parts(location).length > 1,
        isFee: false,
      }),
      writtenBy: this.#users(lower.transaction, location, ({ write }) => write),
      readBy: this.#users(higher.transaction, location, ({ read }) => read),
    };
  }

  #user(index: number, location: number): SlotUser {
    // edges are between places of the list
    const transaction = this.#workload.transactions[index] as WorkloadTransaction;
    return {
      index,
      transaction,
      read: transaction.reads.includes(location),
      write: transaction.writes.includes(location),
    };
  }

  #place(location: number): NamedPlace {
    const { group, label } = this.#groups.name(location);
    const { kind, contract, variable, resolved } = this.#groups.get(group);
    return { kind, contract, variable, label, resolved };
  }

  #called(transaction: WorkloadTransaction): string | null {
    const [entry] = transaction.entries;
    const row = entry === undefined ? null : this.#rows.functionRow(entry);
    return row === null ? null : this.#functionName(row);
  }

  #users(
    transaction: WorkloadTransaction,
    location: number,
    counts: (access: { readonly read: boolean; readonly write: boolean }) => boolean,
  ): string[] {
    const names = new Set<string>();
    for (const access of transaction.accesses) {
      const entry = transaction.entries[access.entry];
      const row =
        access.location === location && entry !== undefined && counts(access)
          ? this.#rows.functionRow(entry)
          : null;
      if (row !== null) {
        names.add(this.#functionName(row));
      }
    }
    return [...names];
  }

  #functionName(row: number): string {
    const { contract, signature } = this.#rows.functionName(row);
    return `${contract}.${signature}`;
  }
}
