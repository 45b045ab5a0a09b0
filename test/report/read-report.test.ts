/** Reports on disk: the published schema, reading them back, what is wrong with what is none. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { expect } from "chai";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import type { ErrorDescriptor } from "../../src/errors/error-descriptor";
import { parseReport, readReport } from "../../src/report/read-report";
import { renderJson } from "../../src/report/renderers/json";
import { REPORT_VERSION, type Report } from "../../src/report/report";
import { saleReport } from "../helpers/hand-made-report";

const ROOT = join(__dirname, "..", "..");
const SCHEMA_FILE = join(ROOT, "schema", `report-v${REPORT_VERSION}.json`);
const REPORT = saleReport({ contended: true });
const TEXT = renderJson(REPORT);

/** The report as JSON, changed. */
function changed(change: (report: Record<string, unknown>) => void): string {
  const report: Record<string, unknown> = JSON.parse(TEXT);
  change(report);
  return JSON.stringify(report);
}

function failure(text: string): { code: string; message: string } {
  try {
    parseReport(text, "report.json");
  } catch (error) {
    if (isParallelError(error)) {
      return { code: error.code, message: error.shortMessage };
    }
    throw error;
  }
  throw new Error("accepted");
}

describe("schema of the report", () => {
  it("is what the types say (after a change of them: npm run schema)", function () {
    this.timeout(120_000);
    const script = join(ROOT, "scripts", "report-schema.mjs");
    const made = execFileSync(process.execPath, [script, "--print"], { encoding: "utf8" });
    expect(readFileSync(SCHEMA_FILE, "utf8")).to.equal(made);
  });

  it("is valid, knows a report, and nothing but it", () => {
    const validate = new Ajv2020({ allErrors: true }).compile<Report>(
      JSON.parse(readFileSync(SCHEMA_FILE, "utf8")),
    );
    expect(validate(JSON.parse(TEXT)), JSON.stringify(validate.errors)).to.equal(true);
    for (const change of [
      (report: Record<string, unknown>) => {
        report.more = 1;
      },
      (report: Record<string, unknown>) => {
        delete report.metrics;
      },
      (report: Record<string, unknown>) => {
        report.slots = [{ contract: "a", variable: "b" }];
      },
    ]) {
      expect(validate(JSON.parse(changed(change)))).to.equal(false);
    }
  });
});

describe("reading a report", () => {
  it("gives what was written", () => {
    expect(parseReport(TEXT, "report.json")).to.deep.equal(JSON.parse(TEXT));
  });

  it("fields that a later tool has added are ignored", () => {
    const text = changed((report) => {
      report.somethingNew = { a: 1 };
    });
    expect(parseReport(text, "report.json").metrics).to.deep.equal(REPORT.metrics);
  });

  const WRONG: readonly [string, string, ErrorDescriptor, RegExp][] = [
    ["nothing", "", ERRORS.REPORT_FOREIGN, /report\.json is not a report: it is empty/],
    ["text", "hello", ERRORS.REPORT_FOREIGN, /it is not JSON/],
    ["another JSON file", '{"name":"x"}', ERRORS.REPORT_FOREIGN, /it has no field schema/],
    ["a list", "[]", ERRORS.REPORT_FOREIGN, /it has no field schema/],
    ["null", "null", ERRORS.REPORT_FOREIGN, /it has no field schema/],
    [
      "another tool's report",
      '{"schema":"other","version":1}',
      ERRORS.REPORT_FOREIGN,
      /its schema is "other"/,
    ],
    [
      "a report of the future",
      changed((report) => {
        report.version = REPORT_VERSION + 1;
        report.tool = { name: "hardhat-parallel", version: "9.1.0" };
      }),
      ERRORS.REPORT_NEWER_VERSION,
      /a report of version 2 \(hardhat-parallel 9\.1\.0\), this hardhat-parallel reads 1/,
    ],
    [
      "a report that was cut",
      TEXT.slice(0, TEXT.length / 2),
      ERRORS.REPORT_TRUNCATED,
      /cut off or damaged/,
    ],
    [
      "a report without a part",
      changed((report) => {
        delete report.contracts;
      }),
      ERRORS.REPORT_INVALID,
      /not a whole report: .*'contracts'/,
    ],
    [
      "a report with a wrong part",
      changed((report) => {
        report.slots = "none";
      }),
      ERRORS.REPORT_INVALID,
      /\/slots must be array/,
    ],
    [
      "a version that is no number",
      changed((report) => {
        report.version = "1";
      }),
      ERRORS.REPORT_INVALID,
      /\/version/,
    ],
    ["escape sequences", "\u001b[31mhello\u0007", ERRORS.REPORT_FOREIGN, /^[^\p{Cc}]*$/u],
  ];
  for (const [what, text, descriptor, message] of WRONG) {
    it(`${what} is refused, with the reason`, () => {
      const { code, message: said } = failure(text);
      expect(code).to.equal(descriptor.code);
      expect(said).to.match(message);
    });
  }

  it("a file that is not there, and a directory, are named", async () => {
    const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-read-"));
    try {
      mkdirSync(join(directory, "folder"));
      writeFileSync(join(directory, "report.json"), TEXT);
      expect((await readReport(join(directory, "report.json"))).version).to.equal(1);
      for (const name of ["absent.json", "folder"]) {
        const error = await readReport(join(directory, name)).catch((reason: unknown) => reason);
        expect(isParallelError(error, ERRORS.REPORT_UNREADABLE), name).to.equal(true);
        expect(String(error)).to.include(name);
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
