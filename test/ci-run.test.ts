/** .ci/run with an `npm` that only prints: what it adds up, and when it fails. */
import { strict as assert } from "node:assert";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, type Run, runProgram } from "./integration/project-copy";

/** Runs .ci/run where `npm test` prints the text and ends with the code. */
async function runCi(output: string, code: number, ciCode = 0): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-ci-"));
  try {
    mkdirSync(join(directory, ".ci"));
    mkdirSync(join(directory, "bin"));
    cpSync(join(ROOT, ".ci", "run"), join(directory, ".ci", "run"));
    writeFileSync(join(directory, "output.txt"), output);
    const npm = join(directory, "bin", "npm");
    writeFileSync(
      npm,
      `#!/bin/sh\nif [ "$1" = ci ]; then exit ${ciCode}; fi\ncat output.txt\nexit ${code}\n`,
    );
    chmodSync(npm, 0o755);
    return await runProgram(join(directory, ".ci", "run"), [], {
      cwd: tmpdir(),
      env: {
        ...process.env,
        PATH: `${join(directory, "bin")}:${process.env.PATH}`,
        CHROMIUM_PATH: "a browser", // where there is one, .ci/run installs none
      },
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function lastLine({ stdout }: Run): string {
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

describe(".ci/run", () => {
  it("adds up the closing lines of all mocha runs", async () => {
    const run = await runCi(
      "12 passed, 0 failed\nnoise 3 passed, 9 failed\n30 passed, 0 failed\n",
      0,
    );
    assert.equal(lastLine(run), "42 passed, 0 failed");
    assert.equal(run.code, 0);
  });

  it("fails if a test failed", async () => {
    const run = await runCi("12 passed, 2 failed\n", 2);
    assert.equal(lastLine(run), "12 passed, 2 failed");
    assert.notEqual(run.code, 0);
  });

  it("counts a failed step before or after the tests as a failure", async () => {
    const lint = await runCi("lint: error\n", 1);
    assert.equal(lastLine(lint), "0 passed, 1 failed");
    assert.notEqual(lint.code, 0);
    const later = await runCi("5 passed, 0 failed\n", 1);
    assert.equal(lastLine(later), "5 passed, 1 failed");
    assert.notEqual(later.code, 0);
  });

  it("does not run the tests where the installation fails", async () => {
    const run = await runCi("5 passed, 0 failed\n", 0, 1);
    assert.equal(lastLine(run), "0 passed, 1 failed");
    assert.notEqual(run.code, 0);
  });

  it("takes a run without any test for a failure", async () => {
    const run = await runCi("0 passed, 0 failed\n", 0);
    assert.equal(lastLine(run), "0 passed, 1 failed");
    assert.notEqual(run.code, 0);
  });
});
