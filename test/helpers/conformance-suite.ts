/**
 * Conformance vectors on an executor, through their own runner in a process of its own. A run of all
 * takes minutes; the suite takes one block of `shards`.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { requireSharedData } from "./shared-data";

const run = promisify(execFile);
const MODULE = join(__dirname, "..", "integration", "vector-executor.mjs");

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly reject: { readonly ok: number; readonly accepted: number };
  readonly failures: readonly unknown[];
  readonly rejectFailures: readonly unknown[];
}

/**
 * `executor`: a name of executors.ts. Each run takes another of the shards and says which:
 * HHP_VECTOR_SHARD=i/n takes that one again, 0/1 all vectors.
 */
export function conformanceSuite(executor: string, shards: number): void {
  describe(`conformance vectors on the ${executor} executor`, () => {
    const today = Math.floor(Date.now() / 1000) % shards;
    const shard = process.env.HHP_VECTOR_SHARD ?? `${today}/${shards}`;

    it(`valid blocks pass and invalid ones are rejected (shard ${shard})`, async function () {
      this.timeout(1_200_000);
      const folder = requireSharedData(this, "vectors");
      const { report, table } = await runShard(folder, executor, shard);
      const { passed, reject, failures, rejectFailures } = report;
      console.log(table.replace(/^/gm, "      ")); // its last line must not be taken for that of a test run
      expect(failures).to.deep.equal([]);
      expect(rejectFailures).to.deep.equal([]);
      expect(passed).to.be.greaterThan(0);
      expect(reject.accepted).to.equal(0);
    });
  });
}

/** The runner's report, and what it prints: counts by suite and fork. */
async function runShard(
  folder: string,
  executor: string,
  shard: string,
): Promise<{ readonly report: Report; readonly table: string }> {
  const temporary = await mkdtemp(join(tmpdir(), "vectors-"));
  try {
    const out = join(temporary, "report.json");
    // the runner starts only under its real path, and the shared folder may be a link
    const runner = join(await realpath(folder), "run-vectors.mjs");
    const { stdout } = await run(
      process.execPath,
      [runner, "--module", MODULE, "--shard", shard, "--out", out],
      {
        env: { ...process.env, HHP_EXECUTOR: executor },
      },
    ).catch((error: { readonly code?: unknown; readonly stdout: string }) => {
      // 1 = some block failed: the report says which; anything else broke the run
      if (error.code !== 1) {
        throw error;
      }
      return error;
    });
    const report = JSON.parse(await readFile(out, "utf8")) as Report; // the runner's own format
    return { report, table: stdout };
  } finally {
    await rm(temporary, { recursive: true });
  }
}
