/**
 * A fixture project's tests on the stock network and on ours: results, and every JSON-RPC request
 * with its answer (fixture-projects/transcript.ts), compared.
 *
 * The projects run where they are, so that what they compiled is there the next time.
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanEnvironment, ROOT, type Run, runProgram } from "./project-copy";

export interface TestResult {
  readonly title: string;
  readonly file: string;
  /** null = passed */
  readonly error: { readonly message?: string } | null;
}

/** What one network did. */
export interface NetworkRun {
  readonly tests: readonly TestResult[];
  /** One line per request, under the title of its test. */
  readonly transcript: readonly TranscriptEntry[];
}

interface TranscriptEntry {
  readonly test: string;
  readonly request: { readonly method: string };
}

interface MochaTest {
  readonly fullTitle: string;
  readonly file: string;
  readonly err: { readonly message?: string };
}

/** The fixture project's directory in the repository. */
export function fixtureDirectory(project: string): string {
  return join(ROOT, "fixture-projects", project);
}

/** Runs Hardhat in the fixture project itself. */
export function hardhat(
  project: string,
  environment: Record<string, string | undefined>,
  ...parameters: string[]
): Promise<Run> {
  return runProgram(
    process.execPath,
    [join(ROOT, "node_modules", "hardhat", "internal", "cli", "bootstrap.js"), ...parameters],
    { cwd: fixtureDirectory(project), env: cleanEnvironment(environment) },
  );
}

/** Compiles what has changed since the last time. */
export async function compile(project: string): Promise<void> {
  const run = await hardhat(project, {}, "compile", "--quiet");
  assert.equal(run.code, 0, `${run.stdout}\n${run.stderr}`);
}

/** Runs the project's tests; `environment` says on what network. */
export async function runTests(
  project: string,
  environment: Record<string, string>,
  files: readonly string[] = [],
): Promise<NetworkRun> {
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-results-"));
  try {
    const results = join(directory, "results.json");
    const transcript = join(directory, "transcript.jsonl");
    const run = await hardhat(
      project,
      { RESULTS: results, TRANSCRIPT: transcript, ...environment },
      "test",
      "--no-compile",
      ...files,
    );
    const read = (file: string): string => {
      try {
        return readFileSync(file, "utf8");
      } catch (cause) {
        throw new Error(`the tests of ${project} did not run\n${run.stdout}\n${run.stderr}`, {
          cause,
        });
      }
    };
    const { tests }: { tests: MochaTest[] } = JSON.parse(read(results)); // mocha's JSON reporter
    return {
      tests: tests.map(({ fullTitle, file, err }) => ({
        title: fullTitle,
        file,
        error: Object.keys(err).length === 0 ? null : { message: String(err.message) },
      })),
      transcript: read(transcript)
        .trim()
        .split("\n")
        .map((line): TranscriptEntry => JSON.parse(line)),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Both networks at the same time. */
export async function runOnBoth(
  project: string,
  ours: Record<string, string> = {},
  files: readonly string[] = [],
): Promise<{ readonly stock: NetworkRun; readonly ours: NetworkRun }> {
  const [stockRun, ourRun] = await Promise.all([
    runTests(project, { PARALLEL: "0" }, files),
    runTests(project, ours, files),
  ]);
  return { stock: stockRun, ours: ourRun };
}

const CHANGES_SOMETHING = /^(eth_send|evm_|hardhat_)/;

/**
 * The order of requests that were sent at the same time is the client's affair: those that only
 * read are sorted between two that change something.
 */
function inOrder(transcript: readonly TranscriptEntry[]): string[] {
  const ordered: string[] = [];
  let reads: string[] = [];
  for (const entry of transcript) {
    const line = JSON.stringify(entry);
    if (CHANGES_SOMETHING.test(entry.request.method)) {
      ordered.push(...reads.sort(), line);
      reads = [];
    } else {
      reads.push(line);
    }
  }
  return [...ordered, ...reads.sort()];
}

/** Fails with the first request that was answered otherwise, and where. */
export function assertSameTranscript(ours: NetworkRun, stock: NetworkRun): void {
  const ourLines = inOrder(ours.transcript);
  const stockLines = inOrder(stock.transcript);
  const different = stockLines.findIndex((line, i) => line !== ourLines[i]);
  if (different >= 0) {
    assert.equal(ourLines[different], stockLines[different], `request ${different}`);
  }
  assert.equal(ourLines.length, stockLines.length);
}
