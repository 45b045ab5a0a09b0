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

/** `executor`: a name of executors.ts. HHP_VECTOR_SHARD=i/n chooses other vectors, 0/1 all of them. */
export function conformanceSuite(executor: string, shards: number): void {
  describe(`conformance vectors on the ${executor} executor`, () => {
    const shard = process.env.HHP_VECTOR_SHARD ?? `0/${shards}`;

    it(`valid blocks pass and invalid ones are rejected (shard ${shard})`, async function () {
      this.timeout(1_200_000);
      const folder = requireSharedData(this, "vectors");
      const { passed, reject, failures, rejectFailures } = await runShard(folder, executor, shard);
      expect(failures).to.deep.equal([]);
      expect(rejectFailures).to.deep.equal([]);
      expect(passed).to.be.greaterThan(0);
      expect(reject.ok).to.be.greaterThan(0);
    });
  });
}

async function runShard(folder: string, executor: string, shard: string): Promise<Report> {
  const temporary = await mkdtemp(join(tmpdir(), "vectors-"));
  try {
    const out = join(temporary, "report.json");
    // the runner starts only under its real path, and the shared folder may be a link
    const runner = join(await realpath(folder), "run-vectors.mjs");
    await run(process.execPath, [runner, "--module", MODULE, "--shard", shard, "--out", out], {
      env: { ...process.env, HHP_EXECUTOR: executor },
    }).catch((error: { readonly code?: unknown }) => {
      // 1 = some block failed: the report says which; anything else broke the run
      if (error.code !== 1) {
        throw error;
      }
    });
    return JSON.parse(await readFile(out, "utf8")) as Report; // the runner's own format
  } finally {
    await rm(temporary, { recursive: true });
  }
}
