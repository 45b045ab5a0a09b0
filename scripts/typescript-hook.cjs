/**
 * node -r ./scripts/typescript-hook.cjs <file>.ts: runs TypeScript without checking it. For tests, for threads
 * of the repository's own sources and for benchmarks: several times as fast to load as by ts-node.
 *
 * What a source became is kept in node_modules/.cache under a name that only this source has: each thread that
 * tests start would translate the same hundred files again.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { threadId } = require("node:worker_threads");
const { version } = require("esbuild/package.json");

const OPTIONS = {
  format: "cjs",
  loader: "ts",
  platform: "node",
  sourcemap: "inline",
  target: "node20",
};
const CACHE = join(__dirname, "..", "node_modules", ".cache", "typescript-hook");
const SETTINGS = JSON.stringify([version, OPTIONS]);

mkdirSync(CACHE, { recursive: true });

function translated(source, file) {
  const name = createHash("sha256").update(`${SETTINGS}\0${file}\0${source}`).digest("hex");
  const cached = join(CACHE, `${name}.js`);
  try {
    return readFileSync(cached, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
  const { code } = require("esbuild").transformSync(source, { ...OPTIONS, sourcefile: file });
  // others may read it, or write it too, at this moment
  const partial = `${cached}.${process.pid}.${threadId}`;
  writeFileSync(partial, code);
  renameSync(partial, cached);
  return code;
}

Module._extensions[".ts"] = (module, file) => {
  module._compile(translated(readFileSync(file, "utf8"), file), file);
};
