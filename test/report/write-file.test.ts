/** Files that cannot be written: clear errors, and nothing half-written. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import { addToStepSummary } from "../../src/hardhat2/step-summary";
import { writeReportFile } from "../../src/report/write-file";

const MIB = 1024 * 1024;

async function unwritable(write: Promise<unknown>): Promise<string> {
  const error = await write.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isParallelError(error, ERRORS.REPORT_UNWRITABLE)) {
    throw new Error(`not refused: ${error}`);
  }
  return error.shortMessage;
}

describe("writing reports", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-write-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("a link keeps pointing where it does", async () => {
    mkdirSync(join(directory, "real"));
    const target = join(directory, "real", "report.json");
    const link = join(directory, "report.json");
    writeFileSync(target, "old");
    symlinkSync(target, link);
    await writeReportFile(link, "new");
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
    expect(readFileSync(target, "utf8")).to.equal("new");
    expect(readdirSync(join(directory, "real"))).to.deep.equal(["report.json"]);
  });

  it("a device is written to and never replaced; a full one is an error", async function () {
    if (!existsSync("/dev/full")) {
      return this.skip(); // there is no /dev/full on this system
    }
    await writeReportFile("/dev/null", "text");
    expect(statSync("/dev/null").isCharacterDevice()).to.equal(true);
    expect(await unwritable(writeReportFile("/dev/full", "text"))).to.match(
      /\/dev\/full: .*ENOSPC/,
    );
    expect(statSync("/dev/full").isCharacterDevice()).to.equal(true);
  });

  it("on a full disk an older report stays, and nothing is left of the new one", async function () {
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]);
    if (mount.status !== 0) {
      return this.skip(); // mounting needs rights that this user has not
    }
    try {
      const path = join(directory, "report.json");
      await writeReportFile(path, "old");
      expect(await unwritable(writeReportFile(path, "x".repeat(MIB)))).to.match(
        /cannot write the report .*report\.json: .*ENOSPC/,
      );
      expect(readFileSync(path, "utf8")).to.equal("old");
      expect(readdirSync(directory)).to.deep.equal(["report.json"]);

      const summary = join(directory, "summary.md");
      writeFileSync(summary, "before");
      expect(await unwritable(addToStepSummary(summary, "x".repeat(MIB / 2)))).to.match(/ENOSPC/);
      expect(readFileSync(summary, "utf8")).to.equal("before");
    } finally {
      execFileSync("umount", [directory]);
    }
  });
});

describe("summary of a step", () => {
  let path = "";

  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), "hardhat-parallel-summary-")), "summary.md");
  });

  afterEach(() => {
    rmSync(join(path, ".."), { recursive: true, force: true });
  });

  it("is begun, and added to", async () => {
    expect(await addToStepSummary(path, "a\n")).to.equal(true);
    expect(await addToStepSummary(path, "b\n")).to.equal(true);
    expect(readFileSync(path, "utf8")).to.equal("a\n\nb\n");
  });

  it("what would make it longer than GitHub shows is not added", async () => {
    writeFileSync(path, "x".repeat(MIB - 3));
    expect(await addToStepSummary(path, "ab\n")).to.equal(false);
    expect(statSync(path).size).to.equal(MIB - 3);
    expect(await addToStepSummary(path, "a\n")).to.equal(true);
    expect(statSync(path).size).to.equal(MIB);
  });

  it("a path that cannot be written is named", async () => {
    const absent = join(path, "summary.md");
    expect(await unwritable(addToStepSummary(absent, "a"))).to.include(absent);
  });
});
