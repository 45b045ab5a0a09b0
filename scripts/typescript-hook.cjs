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
/** esbuild's last word on exports: an object with a getter for each getter of the first one. */
const EXPORTS = /^module\.exports = __toCommonJS\((\w+)\);$/m;
const CACHE = join(__dirname, "..", "node_modules", ".cache", "typescript-hook");
const SETTINGS = JSON.stringify([version, OPTIONS, String(withPlainExports)]);

mkdirSync(CACHE, { recursive: true });

/**
 * Exports as plain properties once the module has run: getters cost the tests 6% of their time. Until then, for
 * modules that need each other, they are getters. What is exported must keep its value: no `export let`.
 */
function withPlainExports(code) {
  if (!EXPORTS.test(code)) {
    return code;
  }
  const end = code.lastIndexOf("//# sourceMappingURL=");
  return [
    code
      .slice(0, end)
      .replace(
        "{ get: all[name], enumerable: true }",
        "{ get: all[name], enumerable: true, configurable: true }",
      )
      .replace(EXPORTS, 'module.exports = __defProp($1, "__esModule", { value: true });'),
    "for (const name of Object.keys(module.exports)) __defProp(module.exports, name, { value: module.exports[name] });\n",
    code.slice(end),
  ].join("");
}

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
  if (/^export let /m.test(source)) {
    throw new Error(`${file} exports a variable: its importers would not see it change`);
  }
  const { code: plain } = require("esbuild").transformSync(source, {
    ...OPTIONS,
    sourcefile: file,
  });
  const code = withPlainExports(plain);
  // others may read it, or write it too, at this moment
  const partial = `${cached}.${process.pid}.${threadId}`;
  writeFileSync(partial, code);
  renameSync(partial, cached);
  return code;
}

Module._extensions[".ts"] = (module, file) => {
  module._compile(translated(readFileSync(file, "utf8"), file), file);
};
