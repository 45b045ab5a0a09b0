/**
 * The README's first command in a fresh clone. It installs every package, so it runs only where
 * HARDHAT_PARALLEL_CLEAN_CLONE=1 is set, as .ci/run does.
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanEnvironment, ROOT, type Run, runProgram } from "./project-copy";

const WANTED = process.env.HARDHAT_PARALLEL_CLEAN_CLONE === "1";

describe(`a clean clone${WANTED ? "" : " (only with HARDHAT_PARALLEL_CLEAN_CLONE=1)"}`, function () {
  this.timeout(900_000);
  let directory: string;

  before(function () {
    if (!WANTED) {
      this.skip();
    }
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-clone-"));
  });

  after(() => {
    if (directory !== undefined) {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  async function run(program: string, ...parameters: string[]): Promise<Run> {
    const done = await runProgram(program, parameters, {
      cwd: directory,
      env: cleanEnvironment({ HARDHAT_PARALLEL_CLEAN_CLONE: undefined }),
    });
    assert.equal(
      done.code,
      0,
      `${program} ${parameters.join(" ")}\n${done.stdout}\n${done.stderr}`,
    );
    return done;
  }

  it("npm ci && npm run demo installs, builds and prints a report", async () => {
    await run("git", "clone", "--quiet", ROOT, ".");
    await run("npm", "ci");
    const { stdout } = await run("npm", "run", "demo");
    assert.match(stdout, /\d+ passing/);
    assert.match(stdout, /Parallel report: \d+ transactions of test/);
    assert.match(stdout, /parallel state root = sequential state root: yes/);
  });
});
