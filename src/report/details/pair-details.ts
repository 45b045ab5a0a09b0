/**
 * For each two functions that conflict: two transactions that do, and everything between them.
 * Owns: which places are shared and how each of the two uses them. Does not own: which two
 * transactions (analysis/function-matrix.ts).
 */
import type { FunctionPair } from "../../analysis/function-matrix";
import { pairCause, type SlotUser } from "../../analysis/pair-cause";
import type { RunAnalysis } from "../../analysis/run-analysis";
import { usedBytes } from "../../analysis/value-probes/used-bytes";
import type { Workload, WorkloadTransaction } from "../../analysis/workload";
import {
  MAX_PAIRS,
  MAX_SHARED,
  type PairDetails,
  type SharedPlaceDetails,
  type UseDetails,
} from "../details";
import { hexWord } from "./hex-word";
import type { ReferenceTables } from "./reference-tables";

export function pairDetails(
  analysis: RunAnalysis,
  workload: Workload,
  tables: ReferenceTables,
): { readonly pairs: PairDetails[]; readonly pairsLeftOut: number } {
  const conflicting = analysis.matrix
    .filter((pair) => pair.conflicting > 0)
    .sort((a, b) => b.conflicting - a.conflicting);
  return {
    pairs: conflicting
      .slice(0, MAX_PAIRS)
      .flatMap((pair) => detailsOf(pair, analysis, workload, tables) ?? []),
    pairsLeftOut: Math.max(0, conflicting.length - MAX_PAIRS),
  };
}

function detailsOf(
  pair: FunctionPair,
  analysis: RunAnalysis,
  workload: Workload,
  tables: ReferenceTables,
): PairDetails | null {
  const [first, second] = (pair.slots.find(({ cause }) => cause !== "INFRA")?.example ?? []).map(
    (position) => workload.transactions[position],
  );
  if (first === undefined || second === undefined) {
    return null;
  }
  const places = sharedPlaces(first, second, analysis, workload);
  return {
    functions: [tables.function(pair.functions[0]), tables.function(pair.functions[1])],
    calls: [tables.call(first), tables.call(second)],
    places: places.slice(0, MAX_SHARED),
    placesLeftOut: Math.max(0, places.length - MAX_SHARED),
  };
}

/** Places that one of the two writes and the other reads, variables that no key chooses first. */
function sharedPlaces(
  first: WorkloadTransaction,
  second: WorkloadTransaction,
  { groups, options }: RunAnalysis,
  workload: Workload,
): SharedPlaceDetails[] {
  const shared: { readonly keyed: boolean; readonly place: SharedPlaceDetails }[] = [];
  const [a, b] = [usesOf(first), usesOf(second)];
  for (const [location, lower] of a) {
    const higher = b.get(location);
    if (higher === undefined || !((lower.write && higher.read) || (lower.read && higher.write))) {
      continue;
    }
    const { kind, address } = workload.locations.at(location).location;
    const isFee = [lower, higher].every(
      ({ write, transaction }) => !write || transaction.feeWrites.has(location),
    );
    const isSenders =
      (kind === "nonce" || kind === "balance") &&
      (address === first.sender || address === second.sender);
    if (isFee || isSenders) {
      continue;
    }
    const { group, label } = groups.name(location);
    const { contract, variable, keyed } = groups.get(group);
    const parts = groups.parts(location);
    const packed = parts.length > 1;
    const withBytes = (user: SlotUser): SlotUser =>
      packed
        ? { ...user, usedBytes: usedBytes(user.transaction, location, parts, options.probes) }
        : user;
    const place = { location, keyed, packed, isFee };
    shared.push({
      keyed,
      place: {
        contract,
        variable,
        label,
        cause: pairCause(withBytes(lower), withBytes(higher), place),
        uses: [useDetails(lower, location), useDetails(higher, location)],
      },
    });
  }
  return shared
    .sort((left, right) => Number(left.keyed) - Number(right.keyed))
    .map(({ place }) => place);
}

function usesOf(transaction: WorkloadTransaction): Map<number, SlotUser> {
  const reads = new Set(transaction.reads);
  const writes = new Set(transaction.writes);
  return new Map(
    [...new Set([...reads, ...writes])].map((location) => [
      location,
      { index: 0, transaction, read: reads.has(location), write: writes.has(location) },
    ]),
  );
}

function useDetails({ transaction, read, write }: SlotUser, location: number): UseDetails {
  const change = transaction.changes.get(location);
  return change === undefined
    ? { read, write }
    : { read, write, before: hexWord(change.before), after: hexWord(change.after) };
}
