/** docs/api.md is one program: it compiles, strictly, and prints what the page says. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  cleanEnvironment,
  linkPackage,
  ROOT,
  runProgram,
  withProjectCopy,
} from "./integration/project-copy";

const API = readFileSync(join(ROOT, "docs", "api.md"), "utf8");

function blocks(language: string): string[] {
  return [...API.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
}

describe("docs/api.md", function () {
  this.timeout(300_000);

  it("compiles and prints what it says", async () => {
    const [expected] = blocks("text");
    await withProjectCopy("counter", linkPackage, async ({ directory }) => {
      writeFileSync(join(directory, "api.ts"), blocks("ts").join("\n"));
      const options = ["--strict", "--skipLibCheck", "--esModuleInterop", "--types", "node"];
      const target = ["--module", "node16", "--target", "es2022", "--outDir", "built"];
      execFileSync(
        process.execPath,
        [require.resolve("typescript/bin/tsc"), ...options, ...target, "api.ts"],
        { cwd: directory, stdio: "pipe" },
      );
      const run = await runProgram(process.execPath, ["built/api.js"], {
        cwd: directory,
        env: cleanEnvironment({}),
      });
      assert.equal(run.code, 0, run.stderr);
      assert.equal(run.stdout.trim(), expected?.trim());
    });
  });

  it("the files and entries that it names are there", () => {
    const links = [...API.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, path = ""]) => path);
    assert.ok(links.length >= 2);
    assert.deepEqual(
      links.filter((path) => !existsSync(join(ROOT, "docs", path))),
      [],
    );
    const manifest: { exports: Record<string, unknown> } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    );
    const entries = [...API.matchAll(/`hardhat-parallel(\/[a-z/.]+)`/g)].map(
      ([, path]) => `.${path}`,
    );
    assert.ok(entries.length >= 5);
    assert.deepEqual(
      entries.filter((entry) => manifest.exports[entry] === undefined),
      [],
    );
  });
});
