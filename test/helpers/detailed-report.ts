/** Reports with details of hand-made runs. */
import { collectWorkload } from "../../src/analysis/workload-builder";
import { buildReport, type ReportOptions } from "../../src/report/build-report";
import type { DetailedReport } from "../../src/report/report";
import {
  type HandMadeBlock,
  type HandMadeContract,
  handMadeLog,
  handMadeNaming,
} from "./hand-made-log";

export interface DetailedRun {
  readonly blocks: readonly HandMadeBlock[];
  readonly contracts: readonly HandMadeContract[];
  readonly functions: readonly string[];
  readonly source?: string;
}

export const NO_SOURCES = { functionLines: () => null, lines: () => null };

export function detailedReport(
  { blocks, contracts, functions, source = "test" }: DetailedRun,
  options: Partial<ReportOptions> = {},
): DetailedReport {
  return buildReport(
    collectWorkload(handMadeLog(blocks)),
    handMadeNaming(contracts, functions),
    {
      tool: "hardhat-parallel",
      toolVersion: "0.1.0",
      chainId: 31337n,
      hardforks: ["prague"],
      source,
      recording: { logs: 1, complete: true, droppedBlocks: 0, droppedTransactions: 0 },
    },
    { window: 64, details: { sources: NO_SOURCES }, ...options },
  );
}
