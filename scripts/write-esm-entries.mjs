/**
 * Writes dist/esm: for each public entry in package.json's `exports` a module that re-exports the
 * CommonJS build. One build, one copy of every module at run time, whichever way it is loaded.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

for (const [subpath, target] of Object.entries(manifest.exports)) {
  if (typeof target === "string") {
    continue; // ./package.json
  }
  const cjs = basename(target.require.default);
  if (!/^\.\/dist\/cjs\/[a-z0-9]+\.js$/.test(target.require.default)) {
    throw new Error(
      `exports["${subpath}"].require.default must be a file directly in dist/cjs, got ${target.require.default}`,
    );
  }
  const text = `export * from "../cjs/${cjs}";\n`;
  for (const file of [target.import.default, target.import.types]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}
