/**
 * Reads a report back from its JSON file, checked against the published schema.
 *
 * Fields that the schema does not know are ignored: within a version fields are only added. A field
 * that is removed or means something else makes a new version.
 *
 * Owns: what is wrong with a file that is no report. Does not own: the schema, which
 * scripts/report-schema.mjs makes from the types.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { plainText } from "./renderers/plain-text";
import { REPORT_SCHEMA, REPORT_VERSION, type Report } from "./report";

let validator: ValidateFunction<Report> | null = null;

/** Compiled at the first report that is read. */
function reportValidator(): ValidateFunction<Report> {
  if (validator === null) {
    const { Ajv2020 }: typeof import("ajv/dist/2020") = require("ajv/dist/2020");
    // by the package's own name: the same from src and from dist
    const path = require.resolve("hardhat-parallel/schema/report.json");
    const schema: object = JSON.parse(readFileSync(path, "utf8"), (key, value: unknown) =>
      key === "additionalProperties" && value === false ? undefined : value,
    );
    validator = new Ajv2020({ strict: false }).compile<Report>(schema);
  }
  return validator;
}

/** Throws ParallelError REPORT_UNREADABLE, and what parseReport throws. */
export async function readReport(path: string): Promise<Report> {
  return parseReport(await readText(path), path);
}

/** Throws ParallelError REPORT_UNREADABLE. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(ERRORS.REPORT_UNREADABLE, { path, reason }, { cause });
  }
}

/**
 * The report that the text is; `path` is for messages.
 * Throws ParallelError REPORT_FOREIGN, REPORT_TRUNCATED, REPORT_NEWER_VERSION, REPORT_INVALID.
 */
export function parseReport(text: string, path: string): Report {
  const value = parseJson(text, path);
  const { schema, version, tool } = fieldsOf(value);
  if (schema !== REPORT_SCHEMA) {
    const reason =
      schema === undefined
        ? "it has no field schema"
        : `its schema is ${plainText(JSON.stringify(schema)).slice(0, 80)}`;
    throw new ParallelError(ERRORS.REPORT_FOREIGN, { path, reason });
  }
  if (typeof version === "number" && version > REPORT_VERSION) {
    throw new ParallelError(ERRORS.REPORT_NEWER_VERSION, {
      path,
      version,
      supported: REPORT_VERSION,
      tool: plainText(String(fieldsOf(tool).version ?? "of unknown version")),
    });
  }
  const isReport = reportValidator();
  if (!isReport(value)) {
    throw new ParallelError(ERRORS.REPORT_INVALID, {
      path,
      reason: reasonOf(isReport.errors ?? []),
    });
  }
  return value;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Node quotes the text
    const reason = plainText(cause instanceof Error ? cause.message : String(cause));
    const begun = text.slice(0, 200).replace(/\s/g, "").startsWith(`{"schema":"${REPORT_SCHEMA}"`);
    throw begun
      ? new ParallelError(ERRORS.REPORT_TRUNCATED, { path, reason }, { cause })
      : new ParallelError(
          ERRORS.REPORT_FOREIGN,
          { path, reason: text.trim() === "" ? "it is empty" : `it is not JSON (${reason})` },
          { cause },
        );
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function reasonOf([first]: readonly ErrorObject[]): string {
  return first === undefined
    ? "it does not have the shape of a report"
    : plainText(`${first.instancePath || "/"} ${first.message ?? "is wrong"}`);
}
