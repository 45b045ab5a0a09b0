/**
 * Fixable findings as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as code scanning takes it:
 * a rule for each kind of finding, a result at file and line for each finding. A variable that is
 * accepted is a suppressed result, with the reason.
 *
 * Owns: this form. Does not own: which findings and places (finding-places.ts).
 */
import { createHash } from "node:crypto";
import type { FindingReport } from "../insights";
import type { Report } from "../report";
import { FINDING_NAMES } from "./finding-names";
import { fixableFindings, type Place, type PlacedFinding, type SourcePath } from "./finding-places";
import { jsonText } from "./json";
import { prose } from "./markdown/escape";
import { plainText } from "./plain-text";
import { speedUpNumber } from "./words";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** The whole text, ending with a line break. */
export function renderSarif(report: Report, sourcePath: SourcePath): string {
  const findings = fixableFindings(report, sourcePath);
  const placed = findings.filter(({ places }) => places.length > 0);
  const ruleIds = [...new Set(placed.map(({ finding }) => finding.id))];
  const results = placed.map((finding) => result(finding, ruleIds.indexOf(finding.finding.id)));
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules: ruleIds.flatMap((id) => {
              const example = placed.find(({ finding }) => finding.id === id);
              return example === undefined ? [] : [rule(example.finding)];
            }),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: findings
              .filter(({ places }) => places.length === 0)
              .map(({ finding }) => ({
                level: "note",
                message: {
                  text: messageText(
                    `Not in a source file of this repository: ${sentence(finding)}`,
                  ),
                },
              })),
          },
        ],
        results,
      },
    ],
  };
  return jsonText(log);
}

function rule({ id, remedy, caution }: FindingReport): object {
  const { name, text } = FINDING_NAMES[id];
  return {
    id,
    name,
    shortDescription: { text: `${text}: transactions wait for each other.` },
    fullDescription: {
      text: `${text}. Transactions that use it cannot run at the same time.`,
    },
    help: {
      text: `What to do: ${remedy}. What that costs: ${caution}.`,
      markdown: `**What to do:** ${prose(remedy)}.\n\n**What that costs:** ${prose(caution)}.`,
    },
    defaultConfiguration: { level: "warning" },
    properties: { tags: ["performance", "parallel-execution"], precision: "high" },
  };
}

function result({ finding, places, accepted }: PlacedFinding, ruleIndex: number): object {
  const [first, ...others] = places.map(location);
  return {
    ruleId: finding.id,
    ruleIndex,
    level: "warning",
    message: { text: messageText(sentence(finding)) },
    locations: [first],
    ...(others.length > 0
      ? { relatedLocations: others.map((place, index) => ({ id: index + 1, ...place })) }
      : {}),
    partialFingerprints: { "hardhatParallelFinding/v1": fingerprint(finding) },
    ...(accepted === undefined
      ? {}
      : { suppressions: [{ kind: "external", justification: plainText(accepted.reason) }] }),
    properties: {
      confidence: finding.confidence,
      transactions: finding.transactions,
      speedUpBefore: finding.speedUpBefore,
      speedUpIfFixed: finding.speedUpIfFixed,
    },
  };
}

function location({ path, line }: Place) {
  return {
    physicalLocation: {
      artifactLocation: {
        uri: path.split("/").map(encodeURIComponent).join("/"),
        uriBaseId: "%SRCROOT%",
      },
      region: { startLine: line },
    },
  };
}

/** Literal text of a message: braces are doubled (§3.11.5), and no link begins (§3.11.6). */
function messageText(text: string): string {
  return text.replace(/[{}]/g, "$&$&").replace(/\](?=\()/g, "\\]");
}

/** `Token.totalSupply is written by …. Speed-up 1.0 → 6.3 without it.` */
export function sentence({ message, speedUpBefore, speedUpIfFixed }: FindingReport): string {
  const gains =
    speedUpIfFixed === null || speedUpIfFixed <= speedUpBefore
      ? ""
      : ` Speed-up ${speedUpNumber(speedUpBefore)} → ${speedUpNumber(speedUpIfFixed)} without it.`;
  return `${plainText(message)}.${gains}`;
}

/** The same for the same pattern of the same variable and functions, wherever its lines move to. */
function fingerprint({ id, slot, functions }: FindingReport): string {
  const parts = [
    id,
    slot === null ? "" : `${slot.contract}.${slot.variable}`,
    ...functions.map(({ contract, signature }) => `${contract}.${signature}`).sort(),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
