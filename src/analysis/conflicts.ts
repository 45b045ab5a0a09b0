/**
 * Conflicts inside one window: a lower transaction writes a location that a higher one reads
 * (write-write alone is none). docs/metrics.md, "Conflict".
 *
 * - A read conflicts with the last writer before it.
 * - Balances: writes are deltas that commute, so an exact read depends on every writer back to one
 *   that read the balance exactly itself (that one already waits for those before it).
 * - An account's end, or its start with empty storage, writes all its slots (its end also nonce and
 *   code); such an edge carries the existence location.
 *
 * The cause says whose conflict it is: the contract's, or only the sender's nonce or balance, or
 * only a fee. The last two are shown apart and never held against a contract.
 *
 * Cost: near-linear in accesses (a balance adds one edge per writer since its last reading writer).
 *
 * Owns: edges and their cause. Does not own: what they do to the critical path.
 */
import type { LocationIndex } from "./location-index";
import type { Workload, WorkloadTransaction } from "./workload";

/** The part of a transaction that counts: all of it, or what one function did in it. */
export interface AccessSet {
  readonly transaction: WorkloadTransaction;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** gas */
  readonly weight: number;
}

export const CAUSE = { contract: 0, sender: 1, fee: 2 } as const;
export type Cause = (typeof CAUSE)[keyof typeof CAUSE];

/**
 * `version`: any write conflicts, as on chains that validate versions. `value`: a write that puts
 * back the old value does not, as on chains that validate values.
 */
export type ConflictRule = "version" | "value";

/**
 * How a transaction uses a location, where it is not to be taken as recorded.
 *
 * - `delta`: it adds an amount without reading: it waits for nobody, readers wait for it;
 * - `ignored`: not at all;
 * - a number: a write to this shard only. Who merely reads, reads all shards.
 */
export type Use = "recorded" | "delta" | "ignored" | number;
export type UseOf = (transaction: WorkloadTransaction, location: number) => Use;

/** Edges of a window, ordered by reader; indices are places in the window. */
export interface Conflicts {
  /** number of transactions in the window */
  readonly size: number;
  /** edges of reader j are those from start[j] to start[j + 1] */
  readonly start: readonly number[];
  /** writer of each edge */
  readonly from: readonly number[];
  /** location of each edge */
  readonly location: readonly number[];
  readonly cause: readonly Cause[];
}

interface Writers {
  readonly last: Map<number, number>;
  /** every writer of a balance, in order */
  readonly balances: Map<number, number[]>;
  /** By location: the last writer of each shard since the location was last written as a whole. */
  readonly shards: Map<number, Map<number, number>>;
  /** by account: who dropped its slots last, and on which location */
  readonly clearedBy: Map<number, { writer: number; location: number }>;
  readonly removedBy: Map<number, { writer: number; location: number }>;
}

/** All conflicts of a window of transactions in order. */
export function findConflicts(
  window: readonly AccessSet[],
  workload: Workload,
  rule: ConflictRule = "version",
  useOf?: UseOf,
): Conflicts {
  const { locations } = workload;
  const writers: Writers = {
    last: new Map(),
    balances: new Map(),
    shards: new Map(),
    clearedBy: new Map(),
    removedBy: new Map(),
  };
  const start = [0];
  const from: number[] = [];
  const location: number[] = [];
  const cause: Cause[] = [];
  const readsOf: ReadonlySet<number>[] = [];
  for (const [index, reader] of window.entries()) {
    readsOf.push(new Set(reader.reads));
    // many slots of one account can depend on its one end or beginning
    const endedEdges = new Set<number>();
    const addEdge = (writer: number, place: number): void => {
      const lower = window[writer];
      if (lower !== undefined) {
        from.push(writer);
        location.push(place);
        cause.push(causeOf(lower.transaction, reader.transaction, place, workload));
      }
    };
    const written = useOf === undefined ? undefined : new Set(reader.writes);
    for (const read of reader.reads) {
      const use = useOf?.(reader.transaction, read) ?? "recorded";
      const adds = use === "delta" && written?.has(read) === true;
      if (use === "ignored" || adds) {
        continue;
      }
      const own = typeof use === "number" && written?.has(read) === true ? use : null;
      const shards = writers.shards.get(read);
      for (const [shard, writer] of shards ?? []) {
        if (own === null || own === shard) {
          addEdge(writer, read);
        }
      }
      if (own !== null && shards?.has(own) === true) {
        continue;
      }
      if (locations.kind(read) === "balance") {
        const balanceWriters = writers.balances.get(read) ?? [];
        for (let i = balanceWriters.length - 1; i >= 0; i--) {
          const writer = balanceWriters[i] ?? 0;
          addEdge(writer, read);
          if (readsOf[writer]?.has(read) === true) {
            break;
          }
        }
      } else {
        const latest = lastWriter(read, writers, locations);
        if (latest !== undefined && !endedEdges.has(latest.location)) {
          addEdge(latest.writer, latest.location);
          if (latest.location !== read) {
            endedEdges.add(latest.location);
          }
        }
      }
    }
    recordWrites(reader, index, writers, locations, rule, useOf);
    start.push(from.length);
  }
  return { size: window.length, start, from, location, cause };
}

function lastWriter(
  read: number,
  writers: Writers,
  locations: LocationIndex,
): { writer: number; location: number } | undefined {
  const writer = writers.last.get(read);
  const direct = writer === undefined ? undefined : { writer, location: read };
  const { location, owner } = locations.at(read);
  const ended =
    location.kind === "storage"
      ? writers.clearedBy.get(owner)
      : location.kind === "nonce" || location.kind === "code"
        ? writers.removedBy.get(owner)
        : undefined;
  // a life that began in the same transaction is older than that transaction's other writes
  return ended !== undefined && ended.writer > (writer ?? -1) ? ended : direct;
}

function recordWrites(
  set: AccessSet,
  index: number,
  writers: Writers,
  locations: LocationIndex,
  rule: ConflictRule,
  useOf: UseOf | undefined,
): void {
  const { silentWrites, cleared, removed } = set.transaction;
  for (const write of set.writes) {
    if (rule === "value" && silentWrites.has(write)) {
      continue;
    }
    const use = useOf?.(set.transaction, write) ?? "recorded";
    if (use === "ignored") {
      continue;
    }
    if (use !== "recorded") {
      const shards = writers.shards.get(write) ?? new Map<number, number>();
      // each amount that is added has a shard of its own
      shards.set(use === "delta" ? -1 - index : use, index);
      writers.shards.set(write, shards);
      continue;
    }
    writers.shards.delete(write);
    if (locations.kind(write) === "balance") {
      const list = writers.balances.get(write);
      if (list === undefined) {
        writers.balances.set(write, [index]);
      } else {
        list.push(index);
      }
    } else {
      writers.last.set(write, index);
    }
  }
  if (cleared.length + removed.length > 0) {
    const written = new Set(set.writes);
    for (const { owner, location } of cleared) {
      if (written.has(location)) {
        writers.clearedBy.set(owner, { writer: index, location });
      }
    }
    for (const { owner, location } of removed) {
      if (written.has(location)) {
        writers.removedBy.set(owner, { writer: index, location });
      }
    }
  }
}

function causeOf(
  writer: WorkloadTransaction,
  reader: WorkloadTransaction,
  place: number,
  { locations }: Workload,
): Cause {
  const { kind, address } = locations.at(place).location;
  if (kind !== "nonce" && kind !== "balance") {
    return CAUSE.contract;
  }
  if (address === reader.sender && address === writer.sender) {
    return CAUSE.sender;
  }
  return writer.feeWrites.has(place) ? CAUSE.fee : CAUSE.contract;
}
