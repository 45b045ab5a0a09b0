/** Assumptions on the example of docs/metrics.md. */
import { expect } from "chai";
import { parseAssumptions, treatmentText } from "../../src/analysis/assumption";
import { analyseRun, type RunAnalysis } from "../../src/analysis/run-analysis";
import { collectWorkload } from "../../src/analysis/workload-builder";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import type { ErrorDescriptor } from "../../src/errors/error-descriptor";
import {
  account,
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  reads,
  type Touch,
  updates,
} from "../helpers/hand-made-log";

const SHOP = new HandMadeContract("Shop");
const OTHER = new HandMadeContract("Other");
const TOTAL = SHOP.slot("total");

/** Users whose addresses are odd, even, odd, odd, as 1, 2, 3 and 5 are. */
function users(): string[] {
  const names = Array.from({ length: 40 }, (_, i) => `user ${i}`);
  const odd = names.filter((name) => BigInt(account(name)) % 2n === 1n);
  const even = names.filter((name) => BigInt(account(name)) % 2n === 0n);
  return [odd[0], even[0], odd[1], odd[2]].map(String);
}

function call(from: string, ...touches: Touch[]): HandMadeTransaction {
  return { from, gas: 10, call: { contract: SHOP, fn: "buy()", touches } };
}

const FOUR = users().map((user) => call(user, updates(TOTAL)));
const FIVE = [...FOUR, call("reader", reads(TOTAL))];

function analyse(transactions: readonly HandMadeTransaction[], assume?: string): RunAnalysis {
  return analyseRun(
    collectWorkload(handMadeLog([{ transactions }])),
    handMadeNaming([SHOP, OTHER], ["buy()"]),
    {
      window: "mined",
      lanes: 8,
      gasMode: "total",
      maxFixes: 1,
      ...(assume === undefined ? {} : { assumptions: parseAssumptions(assume) }),
    },
  );
}

function pathIf(transactions: readonly HandMadeTransaction[], assume: string): number | undefined {
  return analyse(transactions, assume).assumed?.metrics.criticalPath;
}

function expectError(run: () => unknown, descriptor: ErrorDescriptor, text: RegExp): void {
  try {
    run();
  } catch (error) {
    expect(isParallelError(error, descriptor), String(error)).to.equal(true);
    expect(String(error)).to.match(text);
    return;
  }
  throw new Error("it did not throw");
}

describe("what if (docs/metrics.md)", () => {
  it("four writers: 40; two shards 30; per sender, delta and removed 10", () => {
    expect(analyse(FOUR).metrics.criticalPath).to.equal(40);
    expect(pathIf(FOUR, "Shop.total=sharded:2")).to.equal(30);
    for (const treatment of ["per-sender", "delta", "removed"]) {
      expect(pathIf(FOUR, `Shop.total=${treatment}`), treatment).to.equal(10);
    }
  });

  it("who only reads waits for all parts: 50; two shards 40, delta 20, removed 10", () => {
    expect(analyse(FIVE).metrics.criticalPath).to.equal(50);
    expect(pathIf(FIVE, "total=sharded:2")).to.equal(40);
    expect(pathIf(FIVE, "total=delta")).to.equal(20);
    expect(pathIf(FIVE, "total=removed")).to.equal(10);
  });

  it("several assumptions hold together", () => {
    const both = users().map((user) => call(user, updates(TOTAL), updates(SHOP.slot("sold"))));
    expect(pathIf(both, "total=removed")).to.equal(40);
    expect(pathIf(both, "total=removed, Shop.sold=delta")).to.equal(10);
  });

  it("an assumption about a variable that nobody waits on changes nothing", () => {
    const mixed = [...FOUR, call("u", updates(SHOP.slot("balances", "u")))];
    expect(pathIf(mixed, "Shop.balances[*]=removed")).to.equal(40);
  });

  it("unasked, the worst variables are tried: shards or delta, and removed; a lock only removed", () => {
    const tried = (run: RunAnalysis): (string | number)[][] =>
      run.whatIfs.map(({ assumptions: [only], metrics }) => [
        run.groups.get(only?.group ?? -1).variable,
        only === undefined ? "" : treatmentText(only.treatment),
        metrics.criticalPath,
      ]);
    // nobody of FOUR changes total from two different values: no deltas. 16 shards: by remainder.
    const parts = new Map<bigint, number>();
    for (const user of users()) {
      const part = BigInt(account(user)) % 16n;
      parts.set(part, (parts.get(part) ?? 0) + 10);
    }
    expect(tried(analyse(FOUR))).to.deep.equal([
      ["total", "sharded:16", Math.max(...parts.values())],
      ["total", "removed", 10],
    ]);
    const counted = users().map((user, i) => call(user, updates(TOTAL, BigInt(i), BigInt(i + 1))));
    expect(tried(analyse(counted))).to.deep.equal([
      ["total", "delta", 10],
      ["total", "removed", 10],
    ]);
    const locked = users().map((user) => call(user, updates(SHOP.slot("lock"), 1n, 1n)));
    expect(tried(analyse(locked))).to.deep.equal([["lock", "removed", 10]]);
  });

  it("an unknown variable is an error that lists near names", () => {
    expectError(
      () => analyse(FOUR, "Shop.totl=removed"),
      ERRORS.ASSUMPTION_UNKNOWN_VARIABLE,
      /no variable Shop\.totl in this run: near it are Shop\.total, /,
    );
  });

  it("a name that two contracts have is an error that lists both", () => {
    const two = [
      ...FOUR,
      {
        from: "x",
        gas: 10,
        call: { contract: OTHER, fn: "buy()", touches: [reads(OTHER.slot("total"))] },
      },
    ];
    expectError(
      () => analyse(two, "total=delta"),
      ERRORS.ASSUMPTION_AMBIGUOUS,
      /Shop\.total, Other\.total/,
    );
    expect(pathIf(two, "Shop.total=delta")).to.equal(10);
  });

  it("two assumptions about one variable are an error", () => {
    expectError(
      () => analyse(FOUR, "total=delta,Shop.total=removed"),
      ERRORS.ASSUMPTION_REPEATED,
      /total/,
    );
  });

  it("assumptions are read as they are written, packed names included", () => {
    expect(parseAssumptions("P.a, b=removed,(x) y=sharded:16")).to.deep.equal([
      { variable: "P.a, b", treatment: { kind: "removed" } },
      { variable: "(x) y", treatment: { kind: "sharded", shards: 16 } },
    ]);
    expect(parseAssumptions("a=delta,")).to.have.length(1);
    for (const wrong of ["", "total", "=delta", "a=sharded", "a=sharded:1", "a=delta:2", "a=b"]) {
      expectError(() => parseAssumptions(wrong), ERRORS.ASSUMPTION_INVALID, /expected VARIABLE=/);
    }
  });
});
