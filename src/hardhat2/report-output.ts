/**
 * From recorded logs to the report of a project.
 * Owns: which contracts, labels and filters. Does not own: content (report/), outputs
 * (publish-report.ts).
 */
import { basename } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { LOG_EXTENSION } from "../access-log/access-log-file";
import { AccessLogReader } from "../access-log/access-log-reader";
import type { NamedAssumption } from "../analysis/assumption";
import type { RedrawOptions } from "../analysis/workload-redraw/redraw-options";
import { createCallReplay } from "../chain/replay-call";
import { createEngine } from "../execution/engine/engine-choice";
import { plainText } from "../report/renderers/plain-text";
import { count } from "../report/renderers/words";
import type { DetailedReport } from "../report/report";
import { reportOnLogs } from "../report/report-logs";
import type { ScenarioInput } from "../report/scenario-report";
import { accountLabels } from "./account-labels";
import { loadContractMetadata } from "./compiler-metadata";
import { withLayoutFiles } from "./layout-files";
import { Progress } from "./progress";

export interface ReportInput {
  /** open and unread */
  readonly logs: readonly AccessLogReader[];
  readonly window: "mined" | number;
  /** null = the recording as it is */
  readonly redraw: RedrawOptions | null;
  readonly assumptions: readonly NamedAssumption[];
  /** for the HTML report */
  readonly details: boolean;
  /** the scenario that was recorded; absent = something else was */
  readonly scenario?: ScenarioInput;
}

/** Opens logs. One whose process was killed is read as far as it goes, and stderr says so. */
export function openLogs(paths: readonly string[]): Promise<AccessLogReader[]> {
  return Promise.all(paths.map(openLog));
}

function openLog(path: string): Promise<AccessLogReader> {
  if (path.endsWith(LOG_EXTENSION)) {
    return AccessLogReader.open(path);
  }
  console.warn(
    `hardhat-parallel: the process that recorded ${basename(path)} was killed, its last blocks are missing`,
  );
  return AccessLogReader.open(path, { allowIncomplete: true });
}

/**
 * Builds the report of recorded logs.
 * @throws ParallelError REPORT_EMPTY, and what reading logs and build infos throws
 */
export async function projectReport(
  hre: HardhatRuntimeEnvironment,
  input: ReportInput,
): Promise<DetailedReport> {
  const { engine, report: options } = hre.config.parallel;
  const { layoutFiles, slotResolver, filters } = options;
  const { logs, window, redraw, assumptions, details } = input;
  const [first] = logs;
  const progress = new Progress();
  try {
    progress.phase("reading the compiler's output");
    const contracts = await withLayoutFiles(await loadContractMetadata(hre), layoutFiles, hre);
    progress.phase("reading the recording");
    return await reportOnLogs({
      logs,
      contracts,
      ...(slotResolver === null ? {} : { slotResolver }),
      onBlock: (blocks) => progress.step(`block ${count(blocks)}`),
      onAnalysis: () => progress.phase("analysing"),
      onNamingNote: (note) => {
        progress.end();
        console.warn(`hardhat-parallel: ${plainText(note)}`);
      },
      accounts: accountLabels(hre),
      window,
      ...(redraw === null ? {} : { redraw }),
      ...(first === undefined
        ? {}
        : { replayer: createCallReplay(createEngine(engine), first.header.chainId) }),
      assumptions,
      forked: hre.config.networks.hardhat.forking?.enabled === true,
      details,
      ...(input.scenario === undefined ? {} : { scenario: input.scenario }),
      filters,
    });
  } finally {
    progress.end();
  }
}
