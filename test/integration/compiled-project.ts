/**
 * Compiles a copy of a fixture project, or gives it what an earlier copy of the same project was compiled to:
 * Hardhat knows sources by their absolute paths, and would compile each copy anew.
 *
 * Invariant: the sources and the config are the repository's; a test changes them only afterwards.
 */
import { strict as assert } from "node:assert";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ProjectCopy } from "./project-copy";

const FOLDERS = ["artifacts", "cache"];
/** Stands for the copy's directory in the texts that are kept. */
const DIRECTORY = "<directory of the copy>";

/** Texts by path in the project, by the project's name. */
const compiled = new Map<string, ReadonlyMap<string, string>>();

export async function compileCopy(project: ProjectCopy): Promise<void> {
  const { directory } = project;
  const name = basename(directory);
  const known = compiled.get(name);
  if (known === undefined) {
    const { code, stdout, stderr } = await project.hardhat("compile", "--quiet");
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    compiled.set(name, filesOf(directory));
    return;
  }
  for (const [path, text] of known) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      text.replaceAll(DIRECTORY, () => directory),
    );
  }
}

function filesOf(directory: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const path of readdirSync(join(directory, folder), {
      recursive: true,
      encoding: "utf8",
    })) {
      const file = join(directory, folder, path);
      if (statSync(file).isFile()) {
        files.set(join(folder, path), readFileSync(file, "utf8").replaceAll(directory, DIRECTORY));
      }
    }
  }
  return files;
}
