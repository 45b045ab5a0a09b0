/**
 * The README's first command in a fresh clone. It needs the packages as `npm ci` installs them, so it runs only
 * where HARDHAT_PARALLEL_CLEAN_CLONE=1 says that they are, as .ci/run does after that command: the clone is
 * given those instead of a second installation.
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, statSync } from "node:fs";
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

  it("npm run demo builds and prints a report, with what npm ci has installed", async () => {
    await run("git", "clone", "--quiet", ROOT, ".");
    const packages = join(ROOT, "node_modules");
    // nothing changes a file there: link-self.mjs makes a new link
    const canLink = statSync(packages).dev === statSync(directory).dev;
    await run("cp", canLink ? "-al" : "-a", packages, "node_modules");
    await run("rm", "-rf", join("node_modules", "hardhat-parallel"));
    const { stdout } = await run("npm", "run", "demo");
    assert.match(stdout, /\d+ passing/);
    assert.match(stdout, /Parallel report: \d+ transactions of test/);
    assert.match(stdout, /parallel state root = sequential state root: yes/);
  });
});
