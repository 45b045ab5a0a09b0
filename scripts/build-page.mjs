/**
 * Bundles the script and the style of the HTML report, and writes the licences of what is bundled in
 * beside them. At run time the renderer puts both into the report.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Bundled packages with the files that hold their licences. */
const BUNDLED = [
  { name: "echarts", licence: "Apache-2.0", files: ["LICENSE", "NOTICE", "licenses/LICENSE-d3"] },
  { name: "zrender", licence: "BSD-3-Clause", files: ["LICENSE"] },
  { name: "tslib", licence: "0BSD", files: ["LICENSE.txt"] },
];

function modulesOf(root, name) {
  // tslib is there in several versions: the one that echarts uses
  const nested = join(root, "node_modules", "echarts", "node_modules", name);
  const path = [nested, join(root, "node_modules", name)].find((candidate) => {
    try {
      return readFileSync(join(candidate, "package.json")).length > 0;
    } catch (error) {
      if (error.code === "ENOENT") {
        return false;
      }
      throw error;
    }
  });
  if (path === undefined) {
    throw new Error(`${name} is not installed`);
  }
  return path;
}

/** Writes page.js, page.css and third-party-licences.txt into `target`. */
export function buildPage(root, target) {
  const source = join(root, "src", "report", "renderers", "html", "page");
  const names = BUNDLED.map(({ name, licence }) => {
    const { version } = JSON.parse(
      readFileSync(join(modulesOf(root, name), "package.json"), "utf8"),
    );
    return `${name} ${version} (${licence})`;
  });
  mkdirSync(target, { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: { page: join(source, "main.ts") },
    outdir: target,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    legalComments: "inline",
    define: { "process.env.NODE_ENV": '"production"', __DEV__: "false" },
    // what is embedded in the page has been cleaned: the one function of node that words.ts needs does nothing
    alias: { "node:util": join(source, "node-util.ts") },
    banner: { js: `/*! Includes ${names.join(", ")}. */` },
    tsconfig: join(source, "tsconfig.json"),
    logLevel: "warning",
  });
  buildSync({
    entryPoints: { page: join(source, "page.css") },
    outdir: target,
    bundle: true,
    minify: true,
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
  });
  const texts = BUNDLED.flatMap(({ name, files }) =>
    files.map((file) => {
      const text = readFileSync(join(modulesOf(root, name), file), "utf8").trim();
      return `${name}: ${file}\n\n${text}`;
    }),
  );
  writeFileSync(
    join(target, "third-party-licences.txt"),
    `The HTML report includes ${names.join(", ")}.\n\n${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`,
  );
}
