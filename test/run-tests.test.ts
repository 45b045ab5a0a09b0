/** scripts/run-tests.mjs with a `mocha` that only prints: which files it is given, and when the run fails. */
import { strict as assert } from "node:assert";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT, type Run, runProgram } from "./integration/project-copy";

const FILES = ["a", "b", "folder/c", "folder/d", "e"].map((name) => `test/${name}.test.ts`);
/** Passes one test a file, unless MOCHA says how the process that is given b ends. */
const MOCHA = `
  const files = process.argv.slice(2);
  console.log("files: " + files.join(" "));
  const [failed, code, closing] = files.includes("test/b.test.ts")
    ? JSON.parse(process.env.MOCHA ?? "[0, 0, true]")
    : [0, 0, true];
  if (failed > 0) console.log("  " + failed + " failing\\n\\n  1) adds up\\n");
  if (closing) console.log((files.length - failed) + " passed, " + failed + " failed");
  process.exitCode = code;
`;

async function runTests(
  seconds: Readonly<Record<string, number>>,
  ending?: readonly [failed: number, code: number, closing: boolean],
  more: readonly string[] = [],
): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-run-tests-"));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  try {
    for (const file of [...FILES, ...more, "test/helpers/no-test.ts"]) {
      write(file, "");
    }
    write("scripts/test-seconds.mjs", `export const SECONDS = ${JSON.stringify(seconds)};`);
    write("node_modules/mocha/bin/mocha.js", MOCHA);
    const script = join("scripts", "run-tests.mjs");
    cpSync(join(ROOT, script), join(directory, script));
    return await runProgram(process.execPath, [script], {
      cwd: directory,
      env: {
        ...process.env,
        ...(ending === undefined ? {} : { MOCHA: JSON.stringify(ending) }),
      },
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What each process was given, in its order. */
function given({ stdout }: Run): string[][] {
  return [1, 2].map(
    (number) =>
      new RegExp(`^${number}\\| files: (.*)$`, "m")
        .exec(stdout)?.[1]
        ?.split(" ")
        .map((file) => file.slice("test/".length, -".test.ts".length)) ?? [],
  );
}

function lastLine({ stdout }: Run): string {
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

describe("scripts/run-tests.mjs", () => {
  it("gives each file to one process, the longest first, and adds up what passed", async () => {
    const run = await runTests({ "test/e.test.ts": 9, "test/folder/c.test.ts": 6 });
    assert.deepEqual(given(run), [["e"], ["folder/c", "a", "b", "folder/d"]]);
    assert.equal(lastLine(run), "5 passed, 0 failed");
    assert.equal(run.code, 0);
  });

  it("does not part the files of a folder whose last suite looks at what the others did", async () => {
    const parity = ["calls", "mining", "whole-surface"].map(
      (name) => `test/integration/rpc-parity/${name}.test.ts`,
    );
    const run = await runTests({ "test/e.test.ts": 9 }, undefined, parity);
    const [first, second] = given(run);
    assert.deepEqual(first, ["e"]);
    assert.deepEqual(second?.slice(0, 3), [
      "integration/rpc-parity/calls",
      "integration/rpc-parity/mining",
      "integration/rpc-parity/whole-surface",
    ]);
    assert.equal(lastLine(run), "8 passed, 0 failed");
  });

  it("fails if a test of one process failed, and names it once more at the end", async () => {
    const run = await runTests({ "test/b.test.ts": 9 }, [1, 1, true]);
    assert.equal(lastLine(run), "4 passed, 1 failed");
    assert.match(
      run.stdout,
      /1\| {3}1 failing\n1\| \n1\| {3}1\) adds up\n1\| \n4 passed, 1 failed\n$/,
    );
    assert.notEqual(run.code, 0);
  });

  it("fails if a process broke down, and if it ended before its tests did", async () => {
    assert.notEqual((await runTests({}, [0, 7, true])).code, 0);
    const run = await runTests({}, [0, 0, false]);
    assert.match(run.stdout, /\| ended before all of its tests had run$/m);
    assert.notEqual(run.code, 0);
  });

  it("does not run with a table that names files which are gone", async () => {
    const run = await runTests({ "test/gone.test.ts": 3 });
    assert.match(run.stderr, /files that are not there: test\/gone\.test\.ts/);
    assert.notEqual(run.code, 0);
  });
});
