/** The same run gives the same report: in any process, with any number of worker threads. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileCopy } from "./compiled-project";
import { linkPackage, type ProjectCopy, withProjectCopy } from "./project-copy";

describe("the report is deterministic", function () {
  this.timeout(300_000);

  const text = (project: ProjectCopy, name: string): string =>
    readFileSync(join(project.directory, name), "utf8");

  /** Without what is marked as observed. */
  const derived = (project: ProjectCopy, name: string): unknown => {
    const { observed: _, ...rest } = JSON.parse(text(project, name));
    return rest;
  };

  it("for 1, 2 and 3 worker threads, and for one recording in two processes, byte by byte", async () => {
    await withProjectCopy("counter", linkPackage, async (project) => {
      await compileCopy(project);
      for (const workers of ["1", "2", "3"]) {
        const load = ["--script", "scripts/load.ts", "--workers", workers];
        const outputs = ["--json", `${workers}.json`, "--record", `recording-${workers}`];
        const run = await project.hardhat("parallel-report", ...load, ...outputs);
        assert.equal(run.code, 0, run.stdout + run.stderr);
      }
      assert.deepEqual(derived(project, "2.json"), derived(project, "1.json"));
      assert.deepEqual(derived(project, "3.json"), derived(project, "1.json"));

      for (const name of ["a.json", "b.json"]) {
        const run = await project.hardhat("parallel-report:merge", "recording-2", "--json", name);
        assert.equal(run.code, 0, run.stdout + run.stderr);
      }
      assert.equal(text(project, "b.json"), text(project, "a.json"));
      assert.equal(text(project, "a.json"), text(project, "2.json"));
    });
  });
});
