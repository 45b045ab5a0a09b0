/** docs/recipes.md: its workflows are YAML, and its commands are ones that the tasks take. */
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { linkPackage, ROOT, withProjectCopy } from "./integration/project-copy";

// mocha's own, without types
const yaml = require("js-yaml") as { load(text: string): unknown };

const RECIPES = readFileSync(join(ROOT, "docs", "recipes.md"), "utf8");
/** Tasks that are not this package's. */
const OTHER_TASKS = ["test", "coverage"];

function blocks(language: string): string[] {
  return [...RECIPES.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

interface Workflow {
  readonly name?: string;
  readonly on?: unknown;
  readonly jobs?: Readonly<
    Record<string, { readonly "runs-on"?: string; readonly steps?: Step[] }>
  >;
}

function workflows(): Workflow[] {
  return blocks("yaml").map((text) => yaml.load(text) as Workflow); // its shape is what is tested
}

/** `npx hardhat TASK …` of scripts and workflows. */
function commands(): string[][] {
  const scripts = [
    ...blocks("bash"),
    ...workflows().flatMap(({ jobs = {} }) =>
      Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run = [] }) => run)),
    ),
  ];
  return scripts
    .flatMap((script) => script.split("\n"))
    .filter((line) => line.startsWith("npx hardhat "))
    .map((line) => line.split(" ").slice(2));
}

describe("recipes", function () {
  this.timeout(120_000);

  it("the workflows are workflows", () => {
    assert.ok(workflows().length >= 5);
    for (const { name, on, jobs = {} } of workflows()) {
      assert.equal(typeof name, "string");
      assert.equal(typeof on, "object");
      assert.ok(Object.keys(jobs).length >= 1);
      for (const job of Object.values(jobs)) {
        assert.equal(job["runs-on"], "ubuntu-latest");
        for (const step of job.steps ?? []) {
          assert.equal(typeof step.run === "string", step.uses === undefined, JSON.stringify(step));
        }
      }
    }
  });

  it("the commands are tasks with options that they have", async () => {
    const all = commands();
    assert.ok(all.length >= 8);
    const options = new Map<string, string>();
    await withProjectCopy("counter", linkPackage, async (project) => {
      for (const [task = "", ...parameters] of all) {
        if (OTHER_TASKS.includes(task)) {
          continue;
        }
        if (!options.has(task)) {
          const { code, stdout, stderr } = await project.hardhat("help", task);
          assert.equal(code, 0, stderr);
          options.set(task, stdout);
        }
        for (const flag of parameters.filter((word) => word.startsWith("--"))) {
          assert.ok(
            options.get(task)?.includes(`${flag} `) || options.get(task)?.includes(`[${flag}]`),
            `${task} ${flag}`,
          );
        }
      }
    });
    assert.deepEqual([...options.keys()].sort(), [
      "parallel-report",
      "parallel-report:diff",
      "parallel-report:merge",
    ]);
  });

  it("the files it links to are there", () => {
    const links = [...RECIPES.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, path = ""]) => path);
    assert.ok(links.length >= 1);
    assert.deepEqual(
      links.filter((path) => !existsSync(join(ROOT, "docs", path))),
      [],
    );
  });
});
