/** The page's script and style, as the build made them (scripts/build-page.mjs). */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { invariant } from "../../../errors/base-error";

export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

let files: PageFiles | null = null;

/** Works from src and from dist/cjs; read once. */
export function pageFiles(): PageFiles {
  files ??= readPageFiles();
  return files;
}

function readPageFiles(): PageFiles {
  let directory = __dirname;
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    invariant(parent !== directory, "the package's own package.json is above its modules");
    directory = parent;
  }
  const page = join(directory, "dist", "page");
  invariant(existsSync(join(page, "page.js")), `the built page is in ${page} (npm run build)`);
  return {
    script: readFileSync(join(page, "page.js"), "utf8"),
    style: readFileSync(join(page, "page.css"), "utf8"),
  };
}
