/**
 * From recorded logs to the report on the screen and in a file.
 * Owns: which contracts, labels and outputs. Does not own: content and looks (report/).
 */
import { basename } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { LOG_EXTENSION } from "../access-log/access-log-file";
import { AccessLogReader } from "../access-log/access-log-reader";
import type { NamedAssumption } from "../analysis/assumption";
import type { RedrawOptions } from "../analysis/workload-redraw/redraw-options";
import { createCallReplay } from "../chain/replay-call";
import { createEngine } from "../execution/engine/engine-choice";
import { renderJson } from "../report/renderers/json";
import { renderTerminal, terminalOptions } from "../report/renderers/terminal";
import type { Report } from "../report/report";
import { reportOnLogs } from "../report/report-logs";
import { writeReportFile } from "../report/write-file";
import { accountLabels } from "./account-labels";
import { loadContractMetadata } from "./compiler-metadata";
import { withLayoutFiles } from "./layout-files";

export interface ReportOutput {
  /** paths of the recorded logs */
  readonly logs: readonly string[];
  readonly window: "mined" | number;
  /** null = the recording as it is */
  readonly redraw: RedrawOptions | null;
  readonly assumptions: readonly NamedAssumption[];
  /** absolute path of the JSON file; null = none */
  readonly json: string | null;
}

/** Opens a log. One whose process was killed is read as far as it goes, and stderr says so. */
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
 * Builds the report, prints it, writes it where it was asked for, and returns it.
 * @throws ParallelError REPORT_EMPTY, REPORT_UNWRITABLE, and what reading logs and build infos throws
 */
export async function showReport(
  hre: HardhatRuntimeEnvironment,
  output: ReportOutput,
): Promise<Report> {
  const { engine, report: options } = hre.config.parallel;
  const { layoutFiles, slotResolver } = options;
  const logs = await Promise.all(output.logs.map(openLog));
  const [first] = logs;
  const report = await reportOnLogs({
    logs,
    contracts: await withLayoutFiles(await loadContractMetadata(hre), layoutFiles, hre),
    ...(slotResolver === null ? {} : { slotResolver }),
    onNamingNote: (note) => console.warn(`hardhat-parallel: ${note}`),
    accounts: accountLabels(hre),
    window: output.window,
    ...(output.redraw === null || first === undefined
      ? {}
      : {
          redraw: output.redraw,
          replayer: createCallReplay(createEngine(engine), first.header.chainId),
        }),
    assumptions: output.assumptions,
  });
  process.stdout.write(renderTerminal(report, terminalOptions(process.stdout, process.env)));
  if (output.json !== null) {
    await writeReportFile(output.json, renderJson(report));
    console.log(`Report written to ${output.json}`);
  }
  return report;
}
