/**
 * Findings at places in files, for outputs that point into the source: fixable ones, in code of the
 * project.
 *
 * Owns: which findings, and where each is shown. Does not own: formats (sarif.ts,
 * github-annotations.ts), which files are the project's (given in).
 */
import { type AcceptedSlotReport, isAccepted } from "../filters";
import type { FindingReport } from "../insights";
import type { Report } from "../report";

/**
 * The path, from the root of the repository and with forward slashes, of a source by the compiler's
 * name for it; null if it is not a file of the repository, as a library is not.
 */
export type SourcePath = (sourceName: string) => string | null;

export interface Place {
  readonly path: string;
  /** from 1 */
  readonly line: number;
}

export interface PlacedFinding {
  readonly finding: FindingReport;
  /** in the repository; the first is where it is shown */
  readonly places: readonly Place[];
  /** the entry that accepts it */
  readonly accepted: AcceptedSlotReport | undefined;
}

/** Most gain first, as in the report; those without a place have none. */
export function fixableFindings(report: Report, sourcePath: SourcePath): PlacedFinding[] {
  return report.findings.findings
    .filter(({ label }) => label === "fixable")
    .map((finding) => ({
      finding,
      places: finding.locations.flatMap((location) => placeOf(location, sourcePath) ?? []),
      accepted: isAccepted(finding, report.filters),
    }));
}

/** `contracts/Token.sol:12` */
function placeOf(location: string, sourcePath: SourcePath): Place | null {
  const colon = location.lastIndexOf(":");
  const line = Number(location.slice(colon + 1));
  const path =
    colon > 0 && Number.isSafeInteger(line) && line >= 1
      ? sourcePath(location.slice(0, colon))
      : null;
  return path === null ? null : { path, line };
}
