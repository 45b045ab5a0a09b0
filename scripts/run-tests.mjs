/**
 * Runs the tests in two mocha processes at a time, as most of them keep one core busy. Which file runs in
 * which process, and after which others, is the same in every run.
 *
 * Owns: the split, and the closing line that .ci/run reads. Does not own: how a file is run (.mocharc.json);
 * each process is a plain mocha, which ends only when nothing that a test started is left running.
 *
 * Arguments are handed to mocha: `node scripts/run-tests.mjs --grep root`.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SECONDS } from "./test-seconds.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PROCESSES = 2;
/** Of a file that is not in the table. */
const USUAL_SECONDS = 1;
/** Folders whose files need each other in one process, in order of name. */
const TOGETHER = ["test/integration/rpc-parity/"];
const CLOSING_LINE = /^(\d+) passed, (\d+) failed$/;
/** Begins mocha's list of what failed, which the closing line ends. */
const FAILURES_LINE = /^ +\d+ failing$/;

function testFiles() {
  const files = readdirSync(join(ROOT, "test"), { recursive: true })
    .map((file) => `test/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.ts"))
    .sort();
  const gone = Object.keys(SECONDS).filter((file) => !files.includes(file));
  if (gone.length > 0) {
    throw new Error(`scripts/test-seconds.mjs names files that are not there: ${gone.join(", ")}`);
  }
  return files;
}

/** What is not parted: a file, or the files of such a folder. */
function groupsOf(files) {
  const groups = new Map();
  for (const file of files) {
    const name = TOGETHER.find((folder) => file.startsWith(folder)) ?? file;
    const group = groups.get(name) ?? { files: [], seconds: 0 };
    group.files.push(file);
    group.seconds += SECONDS[file] ?? USUAL_SECONDS;
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** The longest first, each to the process that has the least to do. */
function split(groups) {
  const shares = Array.from({ length: PROCESSES }, () => ({ files: [], seconds: 0 }));
  for (const group of groups.toSorted((a, b) => b.seconds - a.seconds)) {
    const share = shares.reduce((least, other) => (other.seconds < least.seconds ? other : least));
    share.files.push(...group.files);
    share.seconds += group.seconds;
  }
  return shares.map((share) => share.files);
}

/** Prints what the process prints, each line with the number of the process before it. */
function run(files, number) {
  const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
  const options = process.argv.slice(2);
  const child = spawn(process.execPath, [mocha, ...options, ...files], {
    cwd: ROOT,
    // suites that need others then fail without them instead of being skipped
    env: options.length > 0 ? process.env : { ...process.env, HARDHAT_PARALLEL_ALL_TESTS: "1" },
    stdio: ["inherit", "pipe", "pipe"],
  });
  const started = performance.now();
  const result = { passed: 0, failed: 0, isComplete: false, failures: [] };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      console.log(`${number}| ${line}`);
      const closing = CLOSING_LINE.exec(line);
      if (closing !== null) {
        result.passed += Number(closing[1]);
        result.failed += Number(closing[2]);
        result.isComplete = true;
      } else if (!result.isComplete && (result.failures.length > 0 || FAILURES_LINE.test(line))) {
        result.failures.push(`${number}| ${line}`);
      }
    });
  }
  return new Promise((done, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`${number}| ${files.length} files took ${seconds} s`);
      // a test that ends the process with code 0 takes the closing line and the tests after it away
      if (code === 0 && !result.isComplete) {
        console.log(`${number}| ended before all of its tests had run`);
      }
      done({ ...result, isGood: code === 0 && result.isComplete });
    });
  });
}

const results = await Promise.all(
  split(groupsOf(testFiles())).map((files, i) => run(files, i + 1)),
);
// again at the end, where the process that took longer has not buried them
for (const line of results.flatMap(({ failures }) => failures)) {
  console.log(line);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1;
