/**
 * The project's scenario files: everything in its folder `parallel/`.
 *
 * Owns: finding and loading them. Does not own: what they name (scenario/).
 */
import { readdir } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { clearScenarios } from "../scenario/scenario";

const FOLDER = "parallel";
const EXTENSIONS: ReadonlySet<string> = new Set([".ts", ".cts", ".js", ".cjs"]);

/**
 * Loads every file, in the order of their paths. Afterwards the scenarios that they name are known.
 * @param root absolute path of the project
 * @throws ParallelError SCENARIO_NEEDS_TYPESCRIPT, and what a file throws
 */
export async function loadScenarioFiles(root: string): Promise<void> {
  clearScenarios();
  for (const path of await scenarioFiles(join(root, FOLDER))) {
    const extension = extname(path);
    if (require.extensions[extension] === undefined && extension.endsWith("ts")) {
      throw new ParallelError(ERRORS.SCENARIO_NEEDS_TYPESCRIPT, { path: relative(root, path) });
    }
    delete require.cache[path]; // a file names its scenarios whenever it is loaded
    require(path);
  }
}

async function scenarioFiles(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder, { recursive: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return []; // no scenarios
    }
    throw error;
  }
  return names
    .filter((name) => EXTENSIONS.has(extname(name)) && !/\.d\.c?ts$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
