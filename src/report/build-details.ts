/** Builds the details of a report (details.ts). Pure. */
import { findConflicts } from "../analysis/conflicts";
import { dependencyGraph } from "../analysis/dependency-graph";
import type { RunAnalysis } from "../analysis/run-analysis";
import type { LocateCode } from "../analysis/source-location";
import type { Workload } from "../analysis/workload";
import type { Address } from "../state/hex";
import { MAX_VARIABLES, type ReportDetails } from "./details";
import { codeDetails } from "./details/code-details";
import { pairDetails } from "./details/pair-details";
import { ReferenceTables } from "./details/reference-tables";
import { scheduleDetails } from "./details/schedule-details";
import type { SourceLookup } from "./details/source-lookup";
import { variableDetails } from "./details/variable-details";

export interface DetailsInput {
  readonly sources: SourceLookup;
  /** by lower-case address */
  readonly accounts?: ReadonlyMap<Address, string>;
}

export function buildDetails(
  analysis: RunAnalysis,
  workload: Workload,
  locate: LocateCode,
  { sources, accounts }: DetailsInput,
): ReportDetails {
  const tables = new ReferenceTables(analysis, workload, accounts);
  const groups = analysis.blame.slots.slice(0, MAX_VARIABLES).map(({ group }) => group);
  const places = new Map(groups.map((group, place) => [group, place]));
  const schedule = scheduleDetails(analysis, workload, tables);
  const pairs = pairDetails(analysis, workload, tables);
  const variables = variableDetails(groups, waitsByLocation(analysis, workload), analysis, tables);
  const code = codeDetails(places, analysis, locate, sources, tables);
  return {
    schedule,
    ...pairs,
    variables,
    code,
    // last: they are filled by what is above
    functions: tables.functions,
    accounts: tables.accounts,
    blocks: tables.blocks,
  };
}

function waitsByLocation({ sets }: RunAnalysis, workload: Workload): Map<number, number> {
  const waits = new Map<number, number>();
  for (const window of sets) {
    for (const location of dependencyGraph(window, findConflicts(window, workload)).location) {
      waits.set(location, (waits.get(location) ?? 0) + 1);
    }
  }
  return waits;
}
