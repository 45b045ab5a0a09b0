/**
 * The report as one HTML file that needs nothing else: no network, no other file. Script, style and
 * data stand in it; a content security policy forbids everything but these.
 *
 * Owns: the file. Does not own: what it shows and how (html/page/), cleaning (html/embed.ts).
 */
import type { DetailedReport } from "../report";
import { cleaned, escapeHtml, jsonForScript, sourceHash, visibleLine } from "./html/embed";
import { pageFiles } from "./html/page-files";
import { plainText } from "./plain-text";
import { renderTerminal } from "./terminal";

/** Width of the text that stands in for the page where scripts do not run. */
const TEXT_COLUMNS = 100;

/** The whole file. Without `details` in the report it has no charts of single transactions and no sources. */
export function renderHtml(report: DetailedReport): string {
  const { script, style } = pageFiles();
  const policy = [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const title = `Parallel report: ${plainText(report.workload.source)}`;
  const text = renderTerminal(report, { columns: TEXT_COLUMNS, color: false });
  return `<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>Charts and pages need JavaScript. This is the report as text.</p><pre>${escapeHtml(text)}</pre></noscript>
<div id="app"></div>
<script type="application/json" id="data">${jsonForScript(pageData(report))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Sources keep their shape; of everything else only plain text is left. */
function pageData(report: DetailedReport): DetailedReport {
  const clean = cleaned(report);
  if (report.details === undefined || clean.details === undefined) {
    return clean;
  }
  const { code } = report.details;
  const excerpts = code.excerpts.map(({ file, from, lines }) => ({
    file: plainText(file),
    from,
    lines: lines.map(visibleLine),
  }));
  return {
    ...clean,
    details: { ...clean.details, code: { ...clean.details.code, excerpts } },
  };
}
