/** "hardhat-parallel/report": from recorded logs to the versioned report object and its formats. */
export { AccessLogReader, type ReadLogOptions } from "./access-log/access-log-reader";
export { createRecorder, type Recorder, type RecorderOptions } from "./access-log/recorder";
export { buildReport, type ReportOptions, type RunInfo } from "./report/build-report";
export {
  type CheckResult,
  type CheckRules,
  checkReport,
  type Thresholds,
  type Tolerance,
} from "./report/check";
export { type Comparison, compareSnapshots, gasByRow } from "./report/comparison";
export type { AcceptedSlot, ReportFilters } from "./report/filters";
export { parseReport, readReport } from "./report/read-report";
export { renderCheck, renderComparison } from "./report/renderers/check-text";
export type { SourcePath } from "./report/renderers/finding-places";
export { githubAnnotations } from "./report/renderers/github-annotations";
export { renderHtml } from "./report/renderers/html";
export { renderJson } from "./report/renderers/json";
export { type MarkdownOptions, renderMarkdown } from "./report/renderers/markdown";
export { renderSarif } from "./report/renderers/sarif";
export { renderTerminal, type TerminalOptions, terminalOptions } from "./report/renderers/terminal";
export { type DetailedReport, REPORT_SCHEMA, REPORT_VERSION, type Report } from "./report/report";
export { type ReportLogsInput, reportOnLogs } from "./report/report-logs";
export { type NoiseFloor, type Snapshot, type SnapshotRow, snapshotOf } from "./report/snapshot";
export { parseSnapshot, renderSnapshot } from "./report/snapshot-file";
export { writeReportFile } from "./report/write-file";
