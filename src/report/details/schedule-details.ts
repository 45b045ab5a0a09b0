/** The windows on the lanes, as the Gantt chart shows them. Owns: the columns and the cap. */
import { findConflicts } from "../../analysis/conflicts";
import { criticalPath } from "../../analysis/critical-path";
import { dependencyGraph, forEachDependency } from "../../analysis/dependency-graph";
import { scheduleOnLanes } from "../../analysis/lane-schedule";
import type { RunAnalysis } from "../../analysis/run-analysis";
import type { Workload } from "../../analysis/workload";
import { MAX_SCHEDULED, type ScheduleDetails, type WindowSchedule } from "../details";
import { Numbered, type ReferenceTables } from "./reference-tables";

export function scheduleDetails(
  analysis: RunAnalysis,
  workload: Workload,
  tables: ReferenceTables,
): ScheduleDetails {
  const places = new Numbered<string>();
  const windows: WindowSchedule[] = [];
  let [scheduled, windowsLeftOut, transactionsLeftOut] = [0, 0, 0];
  for (const [index, sets] of analysis.sets.entries()) {
    if (sets.length < 2) {
      continue;
    }
    if (scheduled + sets.length > MAX_SCHEDULED && scheduled > 0) {
      windowsLeftOut++;
      transactionsLeftOut += sets.length;
      continue;
    }
    scheduled += sets.length;
    windows.push(windowSchedule(index, analysis, workload, tables, places));
  }
  return {
    lanes: analysis.options.lanes,
    windows,
    windowsLeftOut,
    transactionsLeftOut,
    places: places.values,
  };
}

function windowSchedule(
  index: number,
  { sets: windows, options, groups }: RunAnalysis,
  workload: Workload,
  tables: ReferenceTables,
  places: Numbered<string>,
): WindowSchedule {
  const sets = windows[index] ?? [];
  const graph = dependencyGraph(sets, findConflicts(sets, workload));
  const { lane, start, makespan } = scheduleOnLanes(graph, options.lanes);
  const path = criticalPath(graph);
  const after: number[] = [];
  const on: number[] = [];
  for (const place of sets.keys()) {
    let [last, end, location] = [-1, -1, -1];
    forEachDependency(graph, place, (from, at) => {
      const ends = (start[from] ?? 0) + (graph.weights[from] ?? 0);
      if (ends > end) {
        [last, end, location] = [from, ends, at];
      }
    });
    after.push(last);
    on.push(
      location === -1
        ? -1
        : places.number(location.toString(), () => {
            const { group, label } = groups.name(location);
            return `${groups.get(group).contract}${label.startsWith("(") ? " " : "."}${label}`;
          }),
    );
  }
  const calls = sets.map(({ transaction }) => tables.call(transaction));
  return {
    number: index + 1,
    gas: graph.weights.reduce((sum, weight) => sum + weight, 0),
    criticalPath: path.length,
    makespan,
    critical: path.transactions,
    block: calls.map(({ block }) => block),
    transactionIndex: calls.map(({ transactionIndex }) => transactionIndex),
    account: calls.map(({ account }) => account),
    function: calls.map((call) => call.function),
    weight: graph.weights,
    failed: sets.map(({ transaction }) => (transaction.failed ? 1 : 0)),
    lane,
    start,
    after,
    on,
  };
}
