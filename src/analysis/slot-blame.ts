/**
 * Which slots to fix: by how much shorter the critical path gets without a slot's dependencies,
 * not by how many pairs conflict (twelve transactions on one slot are 66 pairs but a chain of 12).
 * docs/metrics.md, "Blame".
 *
 * Slots mask each other: an AMM's swap waits on the reserves and on the lock and on a balance, so
 * removing one of them gains nothing. Candidates for a fix are therefore single slots and what makes
 * two neighbours of the path depend on each other, taken together. The one with most gain per slot
 * is taken; where nothing gains, the one that carries most of the path, until the path gets shorter;
 * what turns out not to have been needed is put back. Each fix names all slots it takes.
 *
 * Cost: one pass over the dependencies for each slot on the critical path, and one for each of at
 * most CANDIDATES_PER_WINDOW candidates per step.
 *
 * Owns: the ranking. Does not own: which locations form a slot group (slot-groups.ts).
 */
import { criticalPath, criticalPathLength } from "./critical-path";
import { type DependencyGraph, forEachDependency } from "./dependency-graph";

/** Group of a location. */
export type GroupOf = (location: number) => number;

export interface SlotBlame {
  readonly group: number;
  /** ΔCP: gas by which the critical paths get shorter if this group alone is gone */
  readonly gasRemoved: number;
  /** transactions that wait on this group, summed over windows */
  readonly dependents: number;
}

export interface Fix {
  /** Groups to fix together, in the order found; together they shorten the path, no fewer do. */
  readonly groups: readonly number[];
  /** gas of the critical paths after this and all earlier fixes */
  readonly criticalPath: number;
}

export interface Blame {
  /** gas of the critical paths as they are */
  readonly criticalPath: number;
  /** Groups with dependencies: most gas removed first, then most dependents, then lowest id. */
  readonly slots: readonly SlotBlame[];
  /** Cumulative: each fix assumes the earlier ones. */
  readonly fixes: readonly Fix[];
}

export interface BlameOptions {
  readonly maxFixes: number;
  /** Slots taken away in search of fixes; bounds the cost. Default 24. */
  readonly maxRemovals?: number;
}

/** Things on the path of one window that are tried in search of a fix. */
const CANDIDATES_PER_WINDOW = 32;

interface Candidate {
  /** ascending */
  readonly groups: readonly number[];
  gasRemoved: number;
  /** dependencies of the critical paths that it covers */
  pathEdges: number;
}

export function blameSlots(
  graphs: readonly DependencyGraph[],
  groupOf: GroupOf,
  options: BlameOptions,
): Blame {
  const free = graphs.filter((graph) => graph.from.length === 0);
  const constrained = graphs.filter((graph) => graph.from.length > 0).map(grouped(groupOf));
  const freeGas = totalCriticalPath(free, new Set());
  const alone = candidates(constrained, new Set(), { together: false, limit: Infinity });
  const removedBy = new Map(
    alone.flatMap(({ groups: [group, ...more], gasRemoved }) =>
      group === undefined || more.length > 0 ? [] : [[group, gasRemoved]],
    ),
  );
  const slots = [...countDependents(constrained)].map(([group, dependents]) => ({
    group,
    dependents,
    gasRemoved: removedBy.get(group) ?? 0,
  }));
  slots.sort(
    (a, b) => b.gasRemoved - a.gasRemoved || b.dependents - a.dependents || a.group - b.group,
  );
  return {
    criticalPath: freeGas + totalCriticalPath(constrained, new Set()),
    slots,
    fixes: findFixes(constrained, freeGas, options),
  };
}

/** The graph with the group of each dependency in the place of its location. */
function grouped(groupOf: GroupOf): (graph: DependencyGraph) => DependencyGraph {
  return (graph) => ({ ...graph, location: graph.location.map(groupOf) });
}

/** Transactions waiting on each group: one per reader and group. */
function countDependents(graphs: readonly DependencyGraph[]): Map<number, number> {
  const dependents = new Map<number, number>();
  for (const graph of graphs) {
    for (let reader = 0; reader < graph.weights.length; reader++) {
      const groups = new Set<number>();
      forEachDependency(graph, reader, (_, group) => {
        groups.add(group);
      });
      for (const group of groups) {
        dependents.set(group, (dependents.get(group) ?? 0) + 1);
      }
    }
  }
  return dependents;
}

function findFixes(
  graphs: readonly DependencyGraph[],
  freeGas: number,
  { maxFixes, maxRemovals = 24 }: BlameOptions,
): Fix[] {
  const fixes: Fix[] = [];
  const removed = new Set<number>();
  let together: number[] = [];
  for (let step = 0; step < maxRemovals && fixes.length < maxFixes; step++) {
    const best = candidates(graphs, removed, {
      together: true,
      limit: CANDIDATES_PER_WINDOW,
    }).reduce<Candidate | null>((a, b) => (a === null || isBetter(b, a) ? b : a), null);
    if (best === null) {
      break;
    }
    for (const group of best.groups) {
      removed.add(group);
      together.push(group);
    }
    if (best.gasRemoved > 0) {
      const after = totalCriticalPath(graphs, removed);
      for (const group of together) {
        removed.delete(group);
        if (totalCriticalPath(graphs, removed) > after) {
          removed.add(group);
        }
      }
      fixes.push({
        groups: together.filter((group) => removed.has(group)),
        criticalPath: freeGas + after,
      });
      together = [];
    }
  }
  return fixes;
}

/** More gain per slot; without any gain more of the path per slot; then fewer slots; then lowest ids. */
function isBetter(a: Candidate, b: Candidate): boolean {
  const [sizeA, sizeB] = [a.groups.length, b.groups.length];
  const difference =
    a.gasRemoved * sizeB - b.gasRemoved * sizeA ||
    a.pathEdges * sizeB - b.pathEdges * sizeA ||
    sizeB - sizeA;
  if (difference !== 0) {
    return difference > 0;
  }
  const at = a.groups.findIndex((group, index) => group !== b.groups[index]);
  return (a.groups[at] ?? 0) < (b.groups[at] ?? 0);
}

/** What lies on a critical path: one group, or the groups of one dependency together. */
interface OnPath {
  readonly groups: readonly number[];
  edges: number;
}

/**
 * What lies on one critical path of each window, with the gas its removal saves. What is not on the
 * path cannot save anything. With a limit, only what covers most of each path is tried.
 */
function candidates(
  graphs: readonly DependencyGraph[],
  removed: ReadonlySet<number>,
  { together, limit }: { readonly together: boolean; readonly limit: number },
): Candidate[] {
  const found = new Map<string, Candidate>();
  const ignored = (group: number): boolean => removed.has(group);
  for (const graph of graphs) {
    const path = criticalPath(graph, ignored);
    const onPath = [...groupsOnPath(graph, path.transactions, ignored, together)];
    if (onPath.length > limit) {
      onPath.sort(([, a], [, b]) => b.edges - a.edges);
      onPath.length = limit;
    }
    for (const [key, { groups, edges }] of onPath) {
      const taken = new Set([...groups, ...removed]);
      let candidate = found.get(key);
      if (candidate === undefined) {
        candidate = { groups, gasRemoved: 0, pathEdges: 0 };
        found.set(key, candidate);
      }
      candidate.gasRemoved += path.length - criticalPathLength(graph, (group) => taken.has(group));
      candidate.pathEdges += edges;
    }
  }
  return [...found.values()];
}

function groupsOnPath(
  graph: DependencyGraph,
  path: readonly number[],
  ignored: (group: number) => boolean,
  together: boolean,
): Map<string, OnPath> {
  const onPath = new Map<string, OnPath>();
  const note = (groups: readonly number[]): void => {
    const key = groups.join();
    const noted = onPath.get(key);
    if (noted === undefined) {
      onPath.set(key, { groups, edges: 1 });
    } else {
      noted.edges++;
    }
  };
  for (const [place, transaction] of path.entries()) {
    const previous = path[place - 1];
    const joined = new Set<number>();
    forEachDependency(graph, transaction, (from, group) => {
      if (from === previous && !ignored(group)) {
        joined.add(group);
      }
    });
    for (const group of joined) {
      note([group]);
    }
    if (together && joined.size > 1) {
      note([...joined].sort((a, b) => a - b));
    }
  }
  return onPath;
}

/** @param graphs with groups in the place of locations */
function totalCriticalPath(
  graphs: readonly DependencyGraph[],
  removed: ReadonlySet<number>,
): number {
  return graphs.reduce(
    (sum, graph) => sum + criticalPathLength(graph, (group) => removed.has(group)),
    0,
  );
}
