import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { FORMAT_VERSION, MAGIC, PREFIX_LENGTH } from "../../src/access-log/access-log-file";
import { AccessLogReader, type ReadLogOptions } from "../../src/access-log/access-log-reader";
import { AccessLogWriter } from "../../src/access-log/access-log-writer";
import { PARTIAL_SUFFIX } from "../../src/access-log/background-file";
import type { BlockRecord, RunHeader } from "../../src/access-log/block-record";
import { createRecorder } from "../../src/access-log/recorder";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import type { ErrorDescriptor } from "../../src/errors/error-descriptor";
import { block as arbitraryBlock } from "./record-arbitraries";
import { inTemporaryDirectory } from "./temporary-directory";

const HEADER: RunHeader = {
  format: 1,
  tool: "hardhat-parallel",
  toolVersion: "0.1.0",
  chainId: 31337n,
  source: "test",
};

const BLOCKS: readonly BlockRecord[] = fc.sample(arbitraryBlock, { numRuns: 12, seed: 42 });

async function writeLog(path: string, blocks: readonly BlockRecord[]): Promise<void> {
  const writer = new AccessLogWriter(path, HEADER);
  for (const block of blocks) {
    writer.append(block);
  }
  await writer.close();
}

async function readLog(
  path: string,
  options?: ReadLogOptions,
): Promise<{ blocks: BlockRecord[]; reader: AccessLogReader }> {
  const reader = await AccessLogReader.open(path, options);
  const blocks: BlockRecord[] = [];
  for await (const block of reader.blocks()) {
    blocks.push(block);
  }
  return { blocks, reader };
}

async function expectError(run: Promise<unknown>, descriptor: ErrorDescriptor): Promise<string> {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isParallelError(error, descriptor), `expected ${descriptor.code}, got ${error}`).to.equal(
    true,
  );
  return error instanceof Error ? error.message : "";
}

/** Rewrites the uncompressed records of a log. */
function alter(path: string, change: (body: Buffer) => Buffer): void {
  const bytes = readFileSync(path);
  const body = change(gunzipSync(bytes.subarray(PREFIX_LENGTH)));
  writeFileSync(path, Buffer.concat([bytes.subarray(0, PREFIX_LENGTH), gzipSync(body)]));
}

describe("access log file", () => {
  it("gives back the header and the blocks in order, and the totals at the end", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      const { blocks, reader } = await readLog(path);
      expect(reader.header).to.deep.equal(HEADER);
      expect(blocks).to.deep.equal([...BLOCKS]);
      expect(reader.totals).to.deep.equal({
        blocks: BLOCKS.length,
        transactions: BLOCKS.reduce((sum, block) => sum + block.transactions.length, 0),
        droppedBlocks: 0,
        droppedTransactions: 0,
      });
    }));

  it("the same blocks give the same bytes", () =>
    inTemporaryDirectory(async (directory) => {
      const [a, b] = [join(directory, "a"), join(directory, "b")];
      await writeLog(a, BLOCKS);
      await writeLog(b, BLOCKS);
      expect(readFileSync(a).equals(readFileSync(b))).to.equal(true);
    }));

  it("an empty run is a log without blocks", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, []);
      const { blocks, reader } = await readLog(path);
      expect(blocks).to.deep.equal([]);
      expect(reader.totals?.blocks).to.equal(0);
    }));

  it("a log has its name only when it is complete", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      const writer = new AccessLogWriter(path, HEADER);
      expect(existsSync(path)).to.equal(false);
      await writer.close();
      expect(readdirSync(directory)).to.deep.equal(["run.hhplog"]);
    }));

  it("many chunks keep their order, also where the caller has to help writing", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      const [sample] = BLOCKS;
      if (sample === undefined) {
        throw new Error("no sample");
      }
      // 40 blocks of 1 MB in one go: the backlog limit of 16 MB is passed twice
      const filler = Buffer.alloc(500_000, 7).toString("latin1").repeat(2);
      const blocks = Array.from({ length: 40 }, (_, i) => ({
        ...sample,
        number: BigInt(i),
        section: `${i}${filler}`,
      }));
      const writer = new AccessLogWriter(path, HEADER);
      for (const [i, block] of blocks.entries()) {
        writer.append(block);
        if (i === 3) {
          await new Promise((resolve) => setImmediate(resolve)); // a background write is under way
        }
      }
      await writer.close();
      const { blocks: read } = await readLog(path);
      expect(read.map((block) => block.number)).to.deep.equal(blocks.map((block) => block.number));
      expect(read.at(-1)).to.deep.equal(blocks.at(-1));
    }));

  it("blocks beyond the limit on disk are counted, not silently lost", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      const writer = new AccessLogWriter(path, HEADER, { maxBytes: 1 });
      for (const block of BLOCKS) {
        writer.append(block);
      }
      const written = await writer.close();
      expect(written.blocks).to.equal(0);
      expect(written.droppedBlocks).to.equal(BLOCKS.length);
      const { reader } = await readLog(path);
      expect(reader.totals?.droppedTransactions).to.equal(
        BLOCKS.reduce((sum, block) => sum + block.transactions.length, 0),
      );
    }));

  it("a file that is no access log is refused by its first bytes", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      writeFileSync(path, '{"not":"a log"}');
      const message = await expectError(readLog(path), ERRORS.LOG_FOREIGN);
      expect(message).to.include("is not an access log");
      writeFileSync(path, "");
      await expectError(readLog(path), ERRORS.LOG_FOREIGN);
    }));

  it("a log of a newer version is refused with both versions", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      const bytes = readFileSync(path);
      bytes.writeUInt32LE(FORMAT_VERSION + 1, MAGIC.length);
      writeFileSync(path, bytes);
      const message = await expectError(readLog(path), ERRORS.LOG_NEWER_FORMAT);
      expect(message).to.include("format version 2").and.to.include("reads 1");
    }));

  it("a log that is not there is named", () =>
    inTemporaryDirectory(async (directory) => {
      const message = await expectError(
        readLog(join(directory, "absent.hhplog")),
        ERRORS.LOG_UNREADABLE,
      );
      expect(message).to.include("absent.hhplog");
    }));

  it("a log cut anywhere is refused as cut, never read as shorter", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      const whole = readFileSync(path);
      for (let length = MAGIC.length; length < whole.length; length += 97) {
        writeFileSync(path, whole.subarray(0, length));
        await expectError(readLog(path), ERRORS.LOG_TRUNCATED);
      }
      writeFileSync(path, whole);
      truncateSync(path, whole.length - 1);
      await expectError(readLog(path), ERRORS.LOG_TRUNCATED);
    }));

  it("a log without its end marker is read only when asked for, and says that it is incomplete", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, Math.floor(whole.length / 2)));
      await expectError(readLog(path), ERRORS.LOG_TRUNCATED);
      const { blocks, reader } = await readLog(path, { allowIncomplete: true });
      expect(reader.totals).to.equal(null);
      expect(blocks.length).to.be.greaterThan(0).and.lessThan(BLOCKS.length);
      expect(blocks).to.deep.equal(BLOCKS.slice(0, blocks.length));
    }));

  it("a changed byte in the records is a damaged log", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      alter(path, (body) => {
        body.writeUInt8(body.readUInt8(body.length >> 1) ^ 1, body.length >> 1);
        return body;
      });
      const message = await expectError(readLog(path), ERRORS.LOG_CORRUPT);
      expect(message).to.match(/damaged after \d+ whole blocks/);
    }));

  it("a changed byte in the compressed bytes is a damaged log, also if incomplete logs are allowed", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      const bytes = readFileSync(path);
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1);
      writeFileSync(path, bytes);
      await expectError(readLog(path), ERRORS.LOG_CORRUPT);
      await expectError(readLog(path, { allowIncomplete: true }), ERRORS.LOG_CORRUPT);
    }));

  it("records after the end marker are a damaged log", () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      await writeLog(path, BLOCKS);
      alter(path, (body) => Buffer.concat([body, body]));
      await expectError(readLog(path), ERRORS.LOG_CORRUPT);
    }));

  it("a directory that cannot be written is named when recording begins", () =>
    inTemporaryDirectory(async (directory) => {
      const file = join(directory, "file");
      writeFileSync(file, "");
      expect(() => createRecorder({ directory: join(file, "logs"), header: HEADER })).to.throw(
        ERRORS.LOG_UNWRITABLE.code,
      );
    }));
});

describe("recorder", () => {
  it("makes its directory and leaves one complete log", () =>
    inTemporaryDirectory(async (directory) => {
      const recorder = createRecorder({ directory: join(directory, "a", "b"), header: HEADER });
      BLOCKS.forEach(recorder.record);
      const written = await recorder.close();
      expect(written.path).to.equal(recorder.path);
      expect(written.blocks).to.equal(BLOCKS.length);
      expect(readdirSync(join(directory, "a", "b"))).to.have.length(1);
      expect((await readLog(recorder.path)).blocks).to.deep.equal([...BLOCKS]);
      expect(await recorder.close()).to.deep.equal(written);
    }));

  it("two recorders of one directory do not collide", () =>
    inTemporaryDirectory(async (directory) => {
      const [a, b] = [0, 1].map(() => createRecorder({ directory, header: HEADER }));
      expect(a?.path).to.not.equal(b?.path);
      await a?.close();
      await b?.close();
      expect(readdirSync(directory)).to.have.length(2);
    }));

  it("a failure while writing is kept for the end: the user's transaction does not see it", () =>
    inTemporaryDirectory(async (directory) => {
      const recorder = createRecorder({ directory, header: HEADER });
      rmSync(`${recorder.path}${PARTIAL_SUFFIX}`);
      BLOCKS.forEach(recorder.record);
      await expectError(recorder.close(), ERRORS.LOG_UNWRITABLE);
      expect(readdirSync(directory)).to.deep.equal([]);
    }));

  it("a full disk is named", function () {
    if (!existsSync("/dev/full")) {
      this.skip(); // only Linux has it
    }
    return inTemporaryDirectory(async (directory) => {
      const path = join(directory, "run.hhplog");
      symlinkSync("/dev/full", `${path}${PARTIAL_SUFFIX}`);
      expect(() => new AccessLogWriter(path, HEADER)).to.throw(/HHP306.*ENOSPC/s);
    });
  });

  it("discarding leaves nothing behind", () =>
    inTemporaryDirectory(async (directory) => {
      const recorder = createRecorder({ directory, header: HEADER });
      BLOCKS.forEach(recorder.record);
      await recorder.discard();
      expect(readdirSync(directory)).to.deep.equal([]);
    }));
});
