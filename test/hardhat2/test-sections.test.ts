import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Mocha from "mocha";
import { AccessLogReader } from "../../src/access-log/access-log-reader";
import type { BlockRecord } from "../../src/access-log/block-record";
import { startRecording, withRecording } from "../../src/hardhat2/recording";
import { withTestSections } from "../../src/hardhat2/test-sections";

const BLOCK: BlockRecord = {
  number: 1n,
  timestamp: 1n,
  coinbase: `0x${"c0".repeat(20)}`,
  hardfork: "osaka",
  gasLimit: 1n,
  gasUsed: 0n,
  segment: 0,
  transactions: [],
  observed: { mode: "inThread", workers: 0, incarnations: [], aborts: [], milliseconds: 0 },
  rootCheck: null,
};

/** Runs a test file in a mocha of its own, without output; gives the number of failures. */
function runMocha(file: string, options: Mocha.MochaOptions): Promise<number> {
  const mocha = new Mocha(options);
  mocha.reporter(class Silent extends Mocha.reporters.Base {});
  mocha.addFile(file);
  return new Promise((done) => {
    mocha.run(done);
  });
}

describe("hardhat2/test-sections", () => {
  it("blocks carry the full title of the test that mined them, and the user's root hooks still run", async () => {
    const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-sections-"));
    try {
      const file = join(directory, "tests.js");
      writeFileSync(
        file,
        `describe("outer", () => {
           before(() => global.mineForSections());
           it("first", () => global.mineForSections());
           it("second", () => { global.mineForSections(); global.mineForSections(); });
         });`,
      );
      let hooks = 0;
      const own = { beforeEach: () => void hooks++ };
      const options: Mocha.MochaOptions = { rootHooks: own };
      const request = { directory: join(directory, "logs"), source: "test", workers: 1 };
      const failures = await withRecording(request, () => {
        const record = startRecording(request, 31337n);
        Object.assign(global, { mineForSections: () => record(BLOCK) });
        return withTestSections(options, () => runMocha(file, options));
      });
      assert.equal(failures, 0);
      assert.equal(hooks, 2);
      assert.equal(options.rootHooks, own);
      const [log = "none"] = readdirSync(request.directory);
      const reader = await AccessLogReader.open(join(request.directory, log));
      const sections: (string | undefined)[] = [];
      for await (const block of reader.blocks()) {
        sections.push(block.section);
      }
      assert.deepEqual(sections, [undefined, "outer first", "outer second", "outer second"]);
    } finally {
      Reflect.deleteProperty(global, "mineForSections");
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
