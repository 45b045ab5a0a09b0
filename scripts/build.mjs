/**
 * Builds the package into a directory of its own and puts it in the place of `dist` when it is
 * complete: who runs the old build meanwhile, or a build that fails, is not disturbed.
 *
 * The ESM entries are modules that re-export the CommonJS build: one copy of every module at run
 * time, whichever way it is loaded.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPage } from "./build-page.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const staging = join(root, `dist.${process.pid}.tmp`);
const previous = join(root, `dist.${process.pid}.old`);

function compile() {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const options = ["-p", join(root, "tsconfig.build.json"), "--outDir", join(staging, "cjs")];
  execFileSync(process.execPath, [tsc, ...options], { cwd: root, stdio: "inherit" });
}

function writeEsmEntries() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") {
      continue; // ./package.json
    }
    const cjs = target.require.default;
    if (!/^\.\/dist\/cjs\/[a-z0-9]+\.js$/.test(cjs)) {
      throw new Error(
        `exports["${subpath}"].require.default must be a file directly in dist/cjs, got ${cjs}`,
      );
    }
    for (const file of [target.import.default, target.import.types]) {
      const path = join(staging, relative(dist, join(root, file)));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `export * from "../cjs/${basename(cjs)}";\n`);
    }
  }
}

function replaceDist() {
  try {
    renameSync(dist, previous);
  } catch (error) {
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
  renameSync(staging, dist);
  rmSync(previous, { recursive: true, force: true });
}

try {
  compile();
  writeEsmEntries();
  buildPage(root, join(staging, "page"));
  replaceDist();
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  if (error.status === undefined && error.errors === undefined) {
    throw error;
  }
  process.exitCode = 1; // the compiler or the bundler has printed why
}
