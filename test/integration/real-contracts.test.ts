/**
 * Suites over contracts as they are published (OpenZeppelin, Uniswap v2, Aave v3, ERC-4337, solmate,
 * solady): every test has the same result on the stock network and on ours, and every request of
 * theirs the same answer, block hashes and stack traces included.
 *
 * HARDHAT_PARALLEL_EVERY_ENGINE=1 runs them on our other engine and with a thread for every block too.
 */
import { strict as assert } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  assertSameTranscript,
  compile,
  fixtureDirectory,
  type NetworkRun,
  runOnBoth,
  runTests,
} from "./both-networks";
import { ROOT } from "./project-copy";

const PROJECT = "real-contracts";
/** Fewer would mean that a suite is not run. */
const FEWEST_TESTS = 400;
const EVERY_ENGINE = process.env.HARDHAT_PARALLEL_EVERY_ENGINE === "1";
const SUITES = readdirSync(join(fixtureDirectory(PROJECT), "test")).filter(
  (file) => file !== "support.ts",
);

describe("real contracts", function () {
  this.timeout(600_000);

  let stock: NetworkRun;
  let ours: NetworkRun;

  before(async () => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
    await compile(PROJECT);
    ({ stock, ours } = await runOnBoth(PROJECT));
  });

  for (const suite of SUITES) {
    it(`${suite}: each test passes on stock and on ours`, () => {
      const of = (run: NetworkRun) => run.tests.filter(({ file }) => file.endsWith(`/${suite}`));
      assert.ok(of(stock).length > 0);
      assert.deepEqual(of(ours), of(stock));
      assert.deepEqual(
        of(stock).filter(({ error }) => error !== null),
        [],
      );
    });
  }

  it("there are several hundred of them", () => {
    assert.ok(stock.tests.length >= FEWEST_TESTS, `${stock.tests.length} tests`);
  });

  it("every request has the same answer", () => {
    assertSameTranscript(ours, stock);
  });

  for (const [name, environment] of [
    ["the ethereumjs engine", { ENGINE: "ethereumjs" }],
    ["a thread for every block", { MIN_TRANSACTIONS_FOR_THREADS: "1" }],
  ] as const) {
    it(`with ${name}${EVERY_ENGINE ? "" : " (only with HARDHAT_PARALLEL_EVERY_ENGINE=1)"}`, async function () {
      if (!EVERY_ENGINE) {
        this.skip();
      }
      const run = await runTests(PROJECT, environment);
      assert.deepEqual(run.tests, stock.tests);
      assertSameTranscript(run, stock);
    });
  }
});
