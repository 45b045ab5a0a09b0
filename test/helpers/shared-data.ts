/** Where the shared test data lies, if it is there: beside the project, never in it. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..", "shared");

/** Path of a folder of the shared data, or null with a reason to skip. */
export function sharedData(folder: "blocks" | "vectors"): string | null {
  const path = join(ROOT, folder);
  return existsSync(path) ? path : null;
}

/** Skips the running suite or test with a clear message unless the data is there. */
export function requireSharedData(context: Mocha.Context, folder: "blocks" | "vectors"): string {
  const path = sharedData(folder);
  if (path === null) {
    console.log(`      skipped: no test data at ${join(ROOT, folder)}`);
    context.skip();
  }
  return path;
}
