/**
 * Fixable findings as annotations of GitHub Actions: workflow commands on stdout, one a finding.
 * (docs.github.com, "Workflow commands for GitHub Actions")
 *
 * Owns: these commands, and how to keep other output from being taken for some. Does not own: which
 * findings and places (finding-places.ts).
 */
import { randomBytes } from "node:crypto";
import type { Report } from "../report";
import { FINDING_NAMES } from "./finding-names";
import { fixableFindings, type SourcePath } from "./finding-places";
import { sentence } from "./sarif";

/** GitHub shows no more warnings of a step. */
export const MAX_ANNOTATIONS = 10;

/** One line each; most gain first, without those whose variable is accepted. */
export function githubAnnotations(report: Report, sourcePath: SourcePath): string[] {
  return fixableFindings(report, sourcePath)
    .flatMap(({ finding, places: [place], accepted }) => {
      if (place === undefined || accepted !== undefined) {
        return [];
      }
      const title = `hardhat-parallel: ${FINDING_NAMES[finding.id].text}`;
      const remedy = `${finding.remedy.charAt(0).toUpperCase()}${finding.remedy.slice(1)}.`;
      return [
        `::warning file=${property(place.path)},line=${place.line},title=${property(title)}::${data(`${sentence(finding)} ${remedy}`)}`,
      ];
    })
    .slice(0, MAX_ANNOTATIONS);
}

/** Text in which the runner of GitHub Actions looks for no commands, whatever names are in it. */
export function withoutCommands(text: string): string {
  const token = randomBytes(16).toString("hex");
  return `::stop-commands::${token}\n${text.endsWith("\n") ? text : `${text}\n`}::${token}::\n`;
}

function data(value: string): string {
  return value.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(value: string): string {
  return data(value).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
