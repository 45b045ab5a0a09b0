/** The package as users get it: packed, installed outside the repository, run. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../src/report/report";
import { ROOT, withProjectCopy } from "./project-copy";

describe("the packed package", function () {
  this.timeout(300_000);
  let directory: string;
  let tarball: string;
  let files: string[];

  before(() => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-pack-"));
    const [packed]: { filename: string; files: { path: string }[] }[] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", directory], {
        cwd: ROOT,
        encoding: "utf8",
      }),
    );
    assert.ok(packed !== undefined);
    tarball = join(directory, packed.filename);
    files = packed.files.map(({ path }) => path);
  });

  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** What npm does with a tarball; its dependencies are linked beside it. */
  function install(modules: string): void {
    const target = join(modules, "hardhat-parallel");
    mkdirSync(target);
    execFileSync("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  }

  it("holds the build, the report's schema, README and licence, and nothing else", () => {
    assert.deepEqual(files.filter((path) => !path.startsWith("dist/")).sort(), [
      "LICENSE",
      "README.md",
      "package.json",
      "schema/report-v1.json",
    ]);
    assert.ok(files.includes("dist/cjs/worker/entry.js"), "the worker's entry");
    const wrong = files.filter(
      (path) =>
        !/^dist\/(cjs|esm)\/.*\.(js|js\.map|mjs|d\.ts|d\.mts)$/.test(path) &&
        !/^dist\/page\/(page\.js|page\.css|third-party-licences\.txt)$/.test(path),
    );
    assert.equal(wrong.length, 4);
    assert.ok(files.includes("dist/page/page.js"), "the page of the HTML report");
  });

  it("runs an installed project's tests and its report, with threads", async () => {
    await withProjectCopy("counter", install, async (project) => {
      const test = await project.hardhat("test");
      assert.equal(test.code, 0, test.stdout + test.stderr);
      assert.match(test.stdout, /\d+ passing/);

      const report = await project.hardhat(
        "parallel-report",
        "--script",
        "scripts/load.ts",
        "--json",
        "report.json",
        "--workers",
        "2",
      );
      assert.equal(report.code, 0, report.stdout + report.stderr);
      assert.match(report.stdout, /parallel state root = sequential state root: yes/);
      // 64-transaction blocks really went to worker threads, started from the installed package
      const { observed }: Report = JSON.parse(
        readFileSync(join(project.directory, "report.json"), "utf8"),
      );
      assert.ok(observed.blocksParallel >= 1);
      assert.deepEqual(observed.fallbacks, []);
    });
  });
});
