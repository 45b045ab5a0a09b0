/**
 * node -r ./bench/run-built.cjs bench/<file>.ts: runs the benchmark's TypeScript with the built package
 * (dist/cjs) in the place of src. What is measured is what users run, and no TypeScript compiler sits
 * in the measured process or in its threads.
 */
const Module = require("node:module");
const { join, sep } = require("node:path");
require("../scripts/typescript-hook.cjs");

const SOURCE = join(__dirname, "..", "src") + sep;
const BUILT = join(__dirname, "..", "dist", "cjs") + sep;

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function resolveBuilt(...request) {
  const file = resolveFilename.apply(this, request);
  return file.startsWith(SOURCE)
    ? `${BUILT}${file.slice(SOURCE.length).replace(/\.ts$/, ".js")}`
    : file;
};
