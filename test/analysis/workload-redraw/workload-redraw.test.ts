/** The examples of docs/metrics.md, "Scaling exponent" and "Drawn workloads". */
import { expect } from "chai";
import { findConflicts } from "../../../src/analysis/conflicts";
import { criticalPathLength } from "../../../src/analysis/critical-path";
import { dependencyGraph } from "../../../src/analysis/dependency-graph";
import { inferFootprints } from "../../../src/analysis/footprints/infer-footprints";
import { observeCalls } from "../../../src/analysis/footprints/observed-calls";
import { collectWorkload } from "../../../src/analysis/workload-builder";
import { Random, Zipf } from "../../../src/analysis/workload-redraw/random";
import {
  keyPolicyText,
  parseKeyPolicy,
  type RedrawOptions,
} from "../../../src/analysis/workload-redraw/redraw-options";
import { type RedrawnRun, redrawRun } from "../../../src/analysis/workload-redraw/redrawn-run";
import { scalingExponent, slope } from "../../../src/analysis/workload-redraw/scaling-exponent";
import { abiOf, args, keyedNaming, modelsOf, signatureOf } from "../../helpers/footprint-log";
import {
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  oneByOne,
  type Touch,
  updates,
} from "../../helpers/hand-made-log";

const BANK = new HandMadeContract("Bank");
const FUNCTIONS = ["pay(address to)", "save()", "order()", "spread(uint256 key)", "shard()"];

function call(fn: string, from: string, argument: string, ...touches: Touch[]) {
  return { from, gas: 10, call: { contract: BANK, fn, argument, touches } };
}

const pay = (from: string, to: string): HandMadeTransaction =>
  call("pay(address)", from, args(to), updates(BANK.slot("balances", to)));
const save = (from: string): HandMadeTransaction =>
  call("save()", from, "", updates(BANK.slot("balances", from)));
const order = (from: string, id: bigint): HandMadeTransaction =>
  call(
    "order()",
    from,
    "",
    updates(BANK.slot("nextId"), id, id + 1n),
    updates(BANK.slot("orders", id.toString())),
  );

function draw(
  transactions: readonly HandMadeTransaction[],
  options: Partial<RedrawOptions>,
): RedrawnRun {
  const observed = observeCalls(handMadeLog(oneByOne(transactions)));
  const models = inferFootprints(observed, keyedNaming([BANK], FUNCTIONS.map(signatureOf)), [
    abiOf(BANK, FUNCTIONS),
  ]);
  const run = redrawRun(
    models,
    observed.direct,
    { window: 64, senders: "as-is", keys: { kind: "as-is" }, seed: 1, ...options },
    8,
  );
  if (run === null) {
    throw new Error("nothing was drawn");
  }
  return run;
}

function alpha(transactions: readonly HandMadeTransaction[]): number | null {
  const [model] = modelsOf(BANK, FUNCTIONS, transactions);
  return model === undefined ? null : (scalingExponent(model)?.alpha ?? null);
}

describe("drawn workloads (docs/metrics.md)", () => {
  // one user saves four times: each call waits for the one before
  const saves = ["alice", "alice", "alice", "bob"].map(save);

  it("as recorded, three of four calls wait for each other", () => {
    const { metrics, basis } = draw(saves, {});
    expect(basis).to.equal("footprints");
    expect(metrics.criticalPath).to.equal(30);
  });

  it("drawn as recorded is what was measured", () => {
    const transactions = [...saves, pay("carol", "alice"), order("bob", 0n), order("alice", 1n)];
    const workload = collectWorkload(handMadeLog(oneByOne(transactions)));
    const sets = workload.transactions.map((transaction) => ({
      transaction,
      reads: transaction.reads,
      writes: transaction.writes,
      weight: transaction.gas,
    }));
    const measured = dependencyGraph(sets, findConflicts(sets, workload));
    const { metrics } = draw(transactions, {});
    expect(metrics.criticalPath).to.equal(criticalPathLength(measured));
    // alice's saves and the payment to her: a chain of four
    expect(metrics.criticalPath).to.equal(40);
  });

  it("by users of their own, none waits", () => {
    const { metrics } = draw(saves, { senders: "distinct" });
    expect(metrics.criticalPath).to.equal(10);
    expect(metrics.parallelism).to.equal(1);
  });

  it("a window holds so many calls, and windows follow on each other", () => {
    // {alice, alice}, {alice, bob}: 20 + 10
    expect(draw(saves, { window: 2 }).metrics.criticalPath).to.equal(30);
    expect(draw(saves, { window: 1 }).metrics.windows).to.equal(0);
  });

  it("a drawn argument of a population of one is everybody's: all calls wait", () => {
    const pays = ["bob", "carol", "dave", "erin"].map((to, i) => pay(`u${i}`, to));
    expect(draw(pays, {}).metrics.criticalPath).to.equal(10);
    const drawn = draw(pays, { keys: { kind: "uniform" }, population: 1 });
    expect(drawn.metrics.criticalPath).to.equal(40);
  });

  it("the more skewed the keys, the longer the chain; equal seeds give equal numbers", () => {
    const pays = Array.from({ length: 64 }, (_, i) => pay(`u${i}`, `v${i}`));
    const chain = (theta: number, seed = 1) =>
      draw(pays, { keys: { kind: "zipf", theta }, seed, population: 100 }).metrics.longestChain;
    expect(chain(0)).to.be.lessThan(chain(1.5));
    expect(chain(1.5)).to.be.lessThan(chain(4));
    expect(chain(1.5)).to.equal(chain(1.5));
    expect(draw(pays, { keys: { kind: "uniform" }, seed: 7 }).metrics).to.deep.equal(
      draw(pays, { keys: { kind: "uniform" }, seed: 7 }).metrics,
    );
  });

  it("ids from a counter stay different: orders conflict on the counter alone", () => {
    const orders = ["alice", "bob", "carol"].map((user, i) => order(user, BigInt(i)));
    expect(draw(orders, { senders: "distinct" }).metrics.criticalPath).to.equal(30);
    expect(draw(orders, { senders: "distinct" }).metrics.conflictingPairs).to.equal(2);
  });
});

describe("scaling exponent (docs/metrics.md)", () => {
  it("is the slope of log CP over log n", () => {
    // CP 10, 20, 40 at n 8, 16, 32 grows as n; 10, 14.1, 20 as its root; 10, 10, 10 not at all
    const slopeOf = (...paths: number[]) =>
      slope(paths.map((path, i) => [Math.log(8 * 2 ** i), Math.log(path)]));
    expect(slopeOf(10, 20, 40)).to.be.closeTo(1, 1e-12);
    expect(slopeOf(10, 10 * Math.SQRT2, 20)).to.be.closeTo(0.5, 1e-12);
    expect(slopeOf(10, 10, 10)).to.equal(0);
  });

  it("1: every call moves the counter, though one user called twice only", () => {
    expect(alpha([order("alice", 3n), order("alice", 4n)])).to.be.closeTo(1, 1e-12);
  });

  it("0: every user has an entry of its own, though one user made all calls", () => {
    expect(alpha(["alice", "alice", "alice"].map(save))).to.be.closeTo(0, 1e-12);
  });

  it("0: every call has an argument of its own", () => {
    expect(alpha([pay("alice", "bob"), pay("carol", "bob")])).to.be.closeTo(0, 1e-12);
  });

  it("none where the source of a key that matters is not known", () => {
    const spread = (from: string, key: string, entry: string) =>
      call("spread(uint256)", from, args(key), updates(BANK.slot("entries", entry)));
    expect(alpha([spread("alice", "1", "91"), spread("bob", "2", "17")])).to.equal(null);
  });
});

describe("random draws", () => {
  it("a seed repeats them, another seed gives others", () => {
    const draws = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 8 }, () => random.next());
    };
    expect(draws(5)).to.deep.equal(draws(5));
    expect(draws(5)).to.not.deep.equal(draws(6));
  });

  it("below() gives every number about as often", () => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const drawn = random.below(4);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // 1000 each; the standard deviation is 27
    expect(counts.every((count) => Math.abs(count - 1000) < 150)).to.equal(true);
  });

  it("Zipf with θ = 1 over three ranks: 6, 3 and 2 of 11", () => {
    const random = new Random(1);
    const zipf = new Zipf(3, 1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 11_000; i++) {
      const drawn = zipf.draw(random);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const [rank, expected] of [6000, 3000, 2000].entries()) {
      expect(Math.abs((counts[rank] ?? 0) - expected)).to.be.lessThan(250);
    }
  });

  it("key policies are read from and written as text", () => {
    for (const text of ["as-is", "uniform", "zipf:0.9", "zipf:5"]) {
      const policy = parseKeyPolicy(text);
      expect(policy === null ? null : keyPolicyText(policy)).to.equal(text);
    }
    for (const text of [
      "",
      "zipf",
      "zipf:",
      "zipf:-1",
      "zipf:5.1",
      "zipf:1e9",
      "random",
      "distinct",
    ]) {
      expect(parseKeyPolicy(text), text).to.equal(null);
    }
  });
});
