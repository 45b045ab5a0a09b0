/**
 * The report as Markdown for a pull request or a job summary: what changed comes first, the whole
 * table is folded, and nothing is longer than GitHub takes.
 *
 * Owns: sections, their order, the size. Does not own: escaping (markdown/escape.ts), tables
 * (markdown/sections.ts), cutting (markdown/fit.ts).
 */
import type { CheckResult } from "../check";
import type { Comparison } from "../comparison";
import type { Report } from "../report";
import { comparisonSections } from "./markdown/comparison";
import { fitInto, text } from "./markdown/fit";
import { scenario } from "./markdown/scenario";
import {
  checkSection,
  findings,
  fixes,
  footer,
  functionTable,
  headline,
} from "./markdown/sections";

/** bytes of UTF-8; a comment on GitHub takes 65,536 characters */
export const MAX_MARKDOWN_BYTES = 60_000;

/** The first line: by it a workflow finds the comment that it is to update. */
export const MARKDOWN_MARK = "<!-- hardhat-parallel -->";

export interface MarkdownOptions {
  /** with the baseline; null or absent = there is none */
  readonly comparison?: Comparison | null;
  readonly check?: CheckResult | null;
  /** path of the baseline, as the user gave it */
  readonly baseline?: string;
  /** default MAX_MARKDOWN_BYTES */
  readonly maxBytes?: number;
}

/** The whole text, ending with a line break. */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { comparison = null, check = null, baseline = "", maxBytes = MAX_MARKDOWN_BYTES } = options;
  return fitInto(
    [
      headline(report, MARKDOWN_MARK),
      ...(check === null ? [] : checkSection(check, baseline)),
      ...(comparison === null ? [] : comparisonSections(comparison, baseline)),
      ...fixes(report),
      ...findings(report),
      ...scenario(report),
      footer(report),
      functionTable(report),
    ],
    maxBytes,
  );
}

/** Two runs compared, without the report of either. */
export function renderComparisonMarkdown(
  comparison: Comparison,
  check: CheckResult,
  before: string,
): string {
  return fitInto(
    [
      text(`${MARKDOWN_MARK}\n### Parallel report: comparison\n`),
      ...checkSection(check, before),
      ...comparisonSections(comparison, before),
    ],
    MAX_MARKDOWN_BYTES,
  );
}
