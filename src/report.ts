/** "hardhat-parallel/report": from recorded logs to the versioned report object and its formats. */
export { AccessLogReader, type ReadLogOptions } from "./access-log/access-log-reader";
export { buildReport, type ReportOptions, type RunInfo } from "./report/build-report";
export { renderJson } from "./report/renderers/json";
export { renderTerminal, type TerminalOptions, terminalOptions } from "./report/renderers/terminal";
export { REPORT_SCHEMA, REPORT_VERSION, type Report } from "./report/report";
export { type ReportLogsInput, reportOnLogs } from "./report/report-logs";
export { writeReportFile } from "./report/write-file";
