/**
 * The window where a transaction locks whole accounts, for reading or for writing, as on chains with
 * declared account locks: a transaction waits for every lower one that wrote an account which it
 * touches, or read one which it writes. docs/metrics.md, "Granularity penalty".
 *
 * What the contract is not to blame for is left out as everywhere: the sender's own nonce and
 * balance, and fees.
 *
 * Owns: these dependencies. Does not own: critical paths.
 */
import type { AccessSet } from "./conflicts";
import type { DependencyGraph } from "./dependency-graph";
import type { Workload, WorkloadTransaction } from "./workload";

interface Lock {
  writer: number | null;
  /** since the last writer */
  readers: number[];
}

/** Dependencies of a window; the location of each is the account's number. */
export function accountLockGraph(
  window: readonly AccessSet[],
  workload: Workload,
): DependencyGraph {
  const locks = new Map<number, Lock>();
  const start = [0];
  const from: number[] = [];
  const location: number[] = [];
  for (const [index, set] of window.entries()) {
    const written = accounts(set.writes, set.transaction, workload);
    const touched = new Set([...written, ...accounts(set.reads, set.transaction, workload)]);
    for (const account of touched) {
      let lock = locks.get(account);
      if (lock === undefined) {
        lock = { writer: null, readers: [] };
        locks.set(account, lock);
      }
      const before = written.has(account) ? lock.readers : [];
      for (const lower of lock.writer === null ? before : [lock.writer, ...before]) {
        from.push(lower);
        location.push(account);
      }
      if (written.has(account)) {
        lock.writer = index;
        lock.readers = [];
      } else {
        lock.readers.push(index);
      }
    }
    start.push(from.length);
  }
  return { weights: window.map(({ weight }) => weight), start, from, location };
}

function accounts(
  numbers: readonly number[],
  transaction: WorkloadTransaction,
  { locations }: Workload,
): Set<number> {
  const found = new Set<number>();
  for (const number of numbers) {
    const { location, owner } = locations.at(number);
    const isOwn =
      (location.kind === "nonce" || location.kind === "balance") &&
      (location.address === transaction.sender || transaction.feeWrites.has(number));
    if (!isOwn) {
      found.add(owner);
    }
  }
  return found;
}
