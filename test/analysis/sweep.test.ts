import { expect } from "chai";
import { measureSweep } from "../../src/analysis/sweep";
import { collectWorkload } from "../../src/analysis/workload-builder";
import {
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  oneByOne,
  updates,
} from "../helpers/hand-made-log";

const SALE = new HandMadeContract("Sale");
const TOKEN = new HandMadeContract("Token");
const NAMING = handMadeNaming([SALE, TOKEN], ["buy()", "transfer()"]);
const OPTIONS = { lanes: 4, gasMode: "total" } as const;

/** Everybody updates one total. */
const buy = (user: string): HandMadeTransaction => ({
  from: user,
  gas: 100,
  call: { contract: SALE, fn: "buy()", touches: [updates(SALE.slot("total"))] },
});

/** Everybody updates an entry of their own. */
const transfer = (user: string): HandMadeTransaction => ({
  from: user,
  gas: 100,
  call: { contract: TOKEN, fn: "transfer()", touches: [updates(TOKEN.slot("balances", user))] },
});

const users = (count: number): string[] => Array.from({ length: count }, (_, i) => `user ${i}`);

/** One block for each transaction: the sweep puts them into one window all the same. */
const run = (count: number, make: (user: string) => HandMadeTransaction[]) => ({
  users: count,
  workload: collectWorkload(handMadeLog(oneByOne(users(count).flatMap(make)))),
});

describe("sweep over numbers of users (docs/metrics.md, Scaling exponent)", () => {
  it("a load that waits as a whole has α = 1: CP = 100 n", () => {
    const sweep = measureSweep(
      [run(4, (u) => [buy(u)]), run(16, (u) => [buy(u)])],
      NAMING,
      OPTIONS,
    );
    expect(sweep.points.map(({ criticalPath, gas }) => [criticalPath, gas])).to.deep.equal([
      [400, 400],
      [1600, 1600],
    ]);
    expect(sweep.alpha).to.be.closeTo(1, 1e-9);
    expect(sweep.points.map(({ speedUp, parallelism }) => [speedUp, parallelism])).to.deep.equal([
      [1, 0],
      [1, 0],
    ]);
  });

  it("a load without conflicts has α = 0: CP = 100 for every n", () => {
    const sweep = measureSweep(
      [run(4, (u) => [transfer(u)]), run(16, (u) => [transfer(u)])],
      NAMING,
      OPTIONS,
    );
    expect(sweep.alpha).to.be.closeTo(0, 1e-9);
    // 4 lanes: 4 transactions in one step, 16 in four
    expect(sweep.points.map(({ speedUp }) => speedUp)).to.deep.equal([4, 4]);
  });

  it("functions have exponents of their own, over the calls that each had", () => {
    // CP: n x 100 of buy against 100 of transfer
    const both = (u: string) => [buy(u), transfer(u)];
    const { functions } = measureSweep([run(2, both), run(8, both)], NAMING, OPTIONS);
    expect(functions.map(({ name, points }) => [name.signature, points])).to.deep.equal([
      [
        "buy()",
        [
          { calls: 2, criticalPath: 200 },
          { calls: 8, criticalPath: 800 },
        ],
      ],
      [
        "transfer()",
        [
          { calls: 2, criticalPath: 100 },
          { calls: 8, criticalPath: 100 },
        ],
      ],
    ]);
    expect(functions.map(({ alpha }) => Math.round((alpha ?? 9) * 1e6) / 1e6)).to.deep.equal([
      1, 0,
    ]);
  });

  it("one run, or runs of one size, give no exponent", () => {
    expect(measureSweep([run(4, (u) => [buy(u)])], NAMING, OPTIONS).alpha).to.equal(null);
    expect(measureSweep([], NAMING, OPTIONS).alpha).to.equal(null);
  });
});
