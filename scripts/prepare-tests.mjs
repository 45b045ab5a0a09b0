/**
 * What comes before the tests: the build, and at the same time lint and types, as each keeps one core busy.
 * What one of them prints is shown in one piece; if one fails, so does this.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs scripts of package.json, one after the other, until one fails. Whether none did. */
async function runInTurn(...scripts) {
  for (const script of scripts) {
    if (!(await run(script))) {
      return false;
    }
  }
  return true;
}

function run(script) {
  const child = spawn(`npm run ${script}`, { cwd: ROOT, shell: true });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part) => printed.push(part));
  }
  return new Promise((done, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(printed));
      done(code === 0);
    });
  });
}

const results = await Promise.all([runInTurn("build"), runInTurn("lint", "typecheck")]);
process.exitCode = results.every((isGood) => isGood) ? 0 : 1;
