/**
 * The README does what it says: its commands are run, its configs are compiled and loaded, its
 * report is the one that prints. `UPDATE_README=1` writes the report anew.
 */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileCopy } from "./integration/compiled-project";
import { linkPackage, type ProjectCopy, ROOT, withProjectCopy } from "./integration/project-copy";

const README = join(ROOT, "README.md");
/** Shows the README's report, too. */
const READING = join(ROOT, "docs", "reading-the-report.md");
/** Runs until it is ended: covered by its own test in integration/hardhat2.test.ts. */
const ENDLESS = "npx hardhat node";
/** Commands that stand for the whole of this test run, or install over it: run by clean-clone.test.ts. */
const WHOLE_REPOSITORY = [
  "npm ci && npm test",
  "npm ci && npm run demo",
  "npm run bench",
  "npm run bench:growth",
  "npm run bench:memory",
  "npm run bench:analysis",
  "npm run bench:endurance",
  "npm run bench:tests",
];

interface Block {
  readonly language: string;
  readonly text: string;
}

function blocks(file = README): Block[] {
  return [...readFileSync(file, "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", text = ""]) => ({ language, text }),
  );
}

function commands(): string[] {
  return blocks()
    .filter(({ language }) => language === "bash")
    .flatMap(({ text }) => text.trim().split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim());
}

/** What the console block shows: its command and the output below it. */
function shownReport(file = README): { command: string; output: string } {
  const [block] = blocks(file).filter(({ language }) => language === "console");
  const [, command = "", output = ""] = /^\$ (.*)\n([\s\S]*)$/.exec(block?.text ?? "") ?? [];
  return { command, output };
}

async function inProject(body: (project: ProjectCopy) => Promise<void>): Promise<void> {
  await withProjectCopy("counter", linkPackage, async (project) => {
    await compileCopy(project);
    await body(project);
  });
}

/** Runs a command line of the README in a project: `NAME=value npx hardhat …`. */
function run(project: ProjectCopy, command: string) {
  const words = command.split(/\s+/);
  const environment: Record<string, string> = {};
  while (words[0]?.includes("=")) {
    const [name = "", value = ""] = (words.shift() ?? "").split("=");
    environment[name] = value;
  }
  assert.deepEqual(words.splice(0, 2), ["npx", "hardhat"], command);
  return project.hardhatWith(environment, ...words);
}

describe("README", function () {
  this.timeout(300_000);

  it("its sections are in their order", () => {
    const sections = [...readFileSync(README, "utf8").matchAll(/^## (.*)$/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(sections, [
      "Install",
      "First run",
      "How to read the report",
      "Configuration",
      "Beyond the stock network",
      "Limits",
      "Development",
      "Licence",
    ]);
  });

  it("every command is one that a test runs", () => {
    const known = (command: string): boolean =>
      command === "npm i -D hardhat-parallel" || // packaging.test.ts installs the tarball
      WHOLE_REPOSITORY.includes(command) ||
      /^(\w+=\S+ )*npx hardhat /.test(command);
    assert.deepEqual(
      commands().filter((command) => !known(command)),
      [],
    );
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    );
    for (const name of ["demo", "test", "bench"]) {
      assert.ok(scripts[name] !== undefined, `npm run ${name}`);
    }
  });

  it("the commands of the first run work in a project", async () => {
    await inProject(async (project) => {
      const runs = commands().filter((command) => /npx hardhat (?!node)/.test(command));
      assert.ok(runs.length >= 5 && commands().includes(ENDLESS));
      for (const command of runs) {
        const { code, stdout, stderr } = await run(project, command);
        assert.equal(code, 0, `${command}\n${stdout}\n${stderr}`);
      }
      assert.ok(existsSync(join(project.directory, "report.json")));
    });
  });

  it("the report is the one that prints", async () => {
    await inProject(async (project) => {
      const { command } = shownReport();
      const { stdout } = await run(project, command);
      for (const file of [README, READING]) {
        const shown = shownReport(file);
        assert.equal(shown.command, command, file);
        if (process.env.UPDATE_README === "1") {
          const text = readFileSync(file, "utf8");
          const replaced = text.replace(`\n${shown.output}`, () => `\n${stdout}`);
          writeFileSync(file, replaced);
        } else {
          assert.equal(shown.output, stdout, file);
        }
      }
    });
  });

  it("the configs compile and Hardhat takes them", async () => {
    const configs = blocks().filter(({ language }) => ["ts", "js"].includes(language));
    assert.equal(configs.length, 3);
    await inProject(async (project) => {
      for (const { language, text } of configs) {
        const name = `readme.config.${language}`;
        writeFileSync(join(project.directory, name), text);
        if (language === "ts") {
          const tsc = require.resolve("typescript/bin/tsc");
          const options = ["--noEmit", "--strict", "--skipLibCheck", "--esModuleInterop"];
          execFileSync(
            process.execPath,
            [tsc, ...options, "--module", "node16", "--target", "es2022", name],
            { cwd: project.directory, stdio: "pipe" },
          );
        }
        const taken = await project.hardhat("--config", name, "help", "parallel-report");
        assert.equal(taken.code, 0, taken.stderr);
        assert.match(taken.stdout, /parallel-report/);
      }
    });
  });

  it("the options of the table are the task's", async () => {
    const text = readFileSync(README, "utf8");
    await inProject(async ({ hardhat }) => {
      const { stdout } = await hardhat("help", "parallel-report");
      const [usage = ""] = /Usage: .*/.exec(stdout) ?? [];
      const flags = [...usage.matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
      assert.ok(flags.length >= 8, usage);
      assert.deepEqual(
        flags.filter((flag) => !text.includes(`\`${flag}`)),
        [],
      );
    });
  });

  it("the files it links to are there", () => {
    const links = [...readFileSync(README, "utf8").matchAll(/\]\((?!http)([^)]+)\)/g)];
    assert.ok(links.length >= 4);
    assert.deepEqual(
      links.map(([, path = ""]) => path).filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
    for (const name of ["reading-the-report.md", "gallery.md"]) {
      const text = readFileSync(join(ROOT, "docs", name), "utf8");
      const paths = [...text.matchAll(/\]\((?!http)([^)]+)\)/g)].map(([, path = ""]) => path);
      assert.ok(paths.length >= 4, name);
      assert.deepEqual(
        paths.filter((path) => !existsSync(join(ROOT, "docs", path))),
        [],
      );
    }
  });
});
