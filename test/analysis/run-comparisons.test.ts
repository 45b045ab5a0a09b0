/** Other rules than the report's own, on the examples of docs/metrics.md. */
import { expect } from "chai";
import fc from "fast-check";
import { accountLockGraph } from "../../src/analysis/account-locks";
import { criticalPathLength } from "../../src/analysis/critical-path";
import { scheduleOnLanes } from "../../src/analysis/lane-schedule";
import { runOptimistically } from "../../src/analysis/optimistic-run";
import { hotSlotShare, optimisticMetrics } from "../../src/analysis/run-comparisons";
import { collectWorkload } from "../../src/analysis/workload-builder";
import { HandMadeContract, handMadeLog, reads, updates } from "../helpers/hand-made-log";
import { graphOf, SOME, touching, wholeSets } from "./graphs";

const A = SOME.slot("a");
const B = SOME.slot("b");
const EXAMPLE = [
  touching("u1", 10, updates(A)),
  touching("u2", 20, updates(A)),
  touching("u3", 30, updates(B)),
  touching("u4", 40, reads(A), reads(B)),
];

function lockedPath(transactions: Parameters<typeof graphOf>[0]): number {
  const workload = collectWorkload(handMadeLog([{ transactions }]));
  return criticalPathLength(accountLockGraph(wholeSets(workload), workload));
}

describe("re-executions (docs/metrics.md)", () => {
  it("the example on two lanes: t2 is executed twice, 20 of 100 gas in vain, ends at 80", () => {
    const { graph } = graphOf(EXAMPLE);
    expect(runOptimistically(graph, 2)).to.deep.equal({
      reexecutions: 1,
      maxIncarnations: 2,
      wastedGas: 20,
      makespan: 80,
    });
    expect(optimisticMetrics([graph], { lanes: 2, work: 100 })).to.deep.equal({
      lanes: 2,
      reexecutions: 1,
      maxIncarnations: 2,
      wastedGasShare: 0.2,
      speedUp: 1.25,
    });
  });

  it("one lane wastes nothing, and nothing without conflicts", () => {
    expect(runOptimistically(graphOf(EXAMPLE).graph, 1)).to.include({
      reexecutions: 0,
      makespan: 100,
    });
    const free = graphOf([touching("u1", 5), touching("u2", 5)]).graph;
    expect(runOptimistically(free, 8)).to.deep.equal({
      reexecutions: 0,
      maxIncarnations: 1,
      wastedGas: 0,
      makespan: 5,
    });
  });

  it("a chain on many lanes: each waits once its writer was executed in vain", () => {
    // 0: all start. 10: t1 ends; t2 in vain, begins again; t3 read what t2 wrote in vain and has
    // ended, is begun again only where t2 ends, at 20. 30: t3 ends.
    const chain = graphOf(["u1", "u2", "u3"].map((user) => touching(user, 10, updates(A)))).graph;
    expect(runOptimistically(chain, 8)).to.deep.equal({
      reexecutions: 2,
      maxIncarnations: 2,
      wastedGas: 20,
      makespan: 30,
    });
  });

  it("every run ends, no earlier than lanes and critical path allow, and one lane wastes nothing", () => {
    const anyTransactions = fc.array(
      fc.record({ gas: fc.integer({ min: 0, max: 9 }), slots: fc.array(fc.nat({ max: 3 })) }),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(anyTransactions, fc.integer({ min: 1, max: 6 }), (all, lanes) => {
        const { graph } = graphOf(
          all.map(({ gas, slots }, i) =>
            touching(`u${i}`, gas, ...[...new Set(slots)].map((s) => updates(SOME.slot(`s${s}`)))),
          ),
        );
        const run = runOptimistically(graph, lanes);
        const work = graph.weights.reduce((sum, gas) => sum + gas, 0);
        expect(run.makespan).to.be.at.least(criticalPathLength(graph));
        expect(run.makespan * lanes).to.be.at.least(work + run.wastedGas);
        if (lanes === 1) {
          expect(run.makespan).to.equal(scheduleOnLanes(graph, 1).makespan);
          expect(run.reexecutions).to.equal(0);
        }
      }),
      {
        numRuns: 100,
        ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }),
      },
    );
  });
});

describe("granularity penalty (docs/metrics.md)", () => {
  it("the example with A and B in one contract: CP 100 instead of 70", () => {
    expect(lockedPath(EXAMPLE)).to.equal(100);
  });

  it("two contracts do not lock each other, two readers of one do not either", () => {
    const other = new HandMadeContract("Other").slot("x");
    expect(
      lockedPath([touching("u1", 10, updates(A)), touching("u2", 10, updates(other))]),
    ).to.equal(10);
    expect(lockedPath([touching("u1", 10, reads(A)), touching("u2", 10, reads(B))])).to.equal(10);
  });

  it("a writer waits for the readers before it", () => {
    expect(lockedPath([touching("u1", 10, reads(A)), touching("u2", 10, updates(B))])).to.equal(20);
  });

  it("two transactions of one sender lock no account of the contract's", () => {
    expect(lockedPath([touching("u1", 10), touching("u1", 10)])).to.equal(10);
  });
});

describe("hot-slot share (docs/metrics.md)", () => {
  const share = (...removed: number[]): number | null =>
    hotSlotShare({
      slots: removed.map((gasRemoved, group) => ({ group, gasRemoved, dependents: 1 })),
    });

  it("three of five variables with 90 of 100", () => {
    expect(share(50, 30, 10, 6, 4)).to.equal(0.9);
  });

  it("nothing to share where no variable gains anything alone", () => {
    expect(share(0, 0)).to.equal(null);
    expect(share()).to.equal(null);
  });
});
