import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { AccessLogReader } from "../../src/access-log/access-log-reader";
import type { BlockRecord } from "../../src/access-log/block-record";
import { createRecorder } from "../../src/access-log/recorder";
import { block as arbitraryBlock } from "./record-arbitraries";
import { inTemporaryDirectory } from "./temporary-directory";

const HEADER = {
  format: 1,
  tool: "hardhat-parallel",
  toolVersion: "0.1.0",
  chainId: 31337n,
  source: "test",
} as const;

async function read(path: string): Promise<{ blocks: BlockRecord[]; complete: boolean }> {
  const reader = await AccessLogReader.open(path);
  const blocks: BlockRecord[] = [];
  for await (const block of reader.blocks()) {
    blocks.push(block);
  }
  return { blocks, complete: reader.totals !== null };
}

describe("access-log/recorder closeNow", () => {
  it("completes a log without waiting, also while chunks are written in the background", async () => {
    await inTemporaryDirectory(async (directory) => {
      const blocks = fc.sample(arbitraryBlock, { numRuns: 20, seed: 7 });
      const recorder = createRecorder({ directory, header: HEADER });
      const recorded: BlockRecord[] = [];
      // several chunks of a megabyte, so that background writes are under way
      for (let round = 0; round < 60; round++) {
        for (const block of blocks) {
          recorder.record(block);
          recorded.push(block);
        }
      }
      recorder.closeNow();
      const log = await read(recorder.path);
      assert.equal(log.complete, true);
      assert.equal(log.blocks.length, recorded.length);
      expect(log.blocks.slice(-20)).to.deep.equal(blocks);
      assert.equal(readdirSync(directory).length, 1);
    });
  });

  it("does nothing after close", async () => {
    await inTemporaryDirectory(async (directory) => {
      const recorder = createRecorder({ directory, header: HEADER });
      await recorder.close();
      recorder.closeNow();
      assert.equal((await read(recorder.path)).complete, true);
    });
  });
});
