import { expect } from "chai";
import fc from "fast-check";
import { countConflicts } from "../../src/analysis/conflict-share";
import { criticalPath, criticalPathLength } from "../../src/analysis/critical-path";
import type { DependencyGraph } from "../../src/analysis/dependency-graph";
import { scheduleOnLanes } from "../../src/analysis/lane-schedule";
import { parallelism } from "../../src/analysis/parallelism";
import { measureRun } from "../../src/analysis/run-metrics";
import { blameSlots } from "../../src/analysis/slot-blame";
import { reads, updates } from "../helpers/hand-made-log";
import { graphOf, SOME, touching } from "./graphs";

const A = SOME.slot("a");
const B = SOME.slot("b");

/** The example that docs/metrics.md works through: t1→t2→t4 and t3→t4, gas 10, 20, 30, 40. */
const EXAMPLE = [
  touching("u1", 10, updates(A)),
  touching("u2", 20, updates(A)),
  touching("u3", 30, updates(B)),
  touching("u4", 40, reads(A), reads(B)),
];
const FREE = touching("u5", 25);

const parameters = {
  numRuns: 200,
  ...(process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) }),
};

/** Random graphs: up to 20 transactions, each depending on some lower ones. */
const anyGraph: fc.Arbitrary<DependencyGraph> = fc
  .array(
    fc.record({
      gas: fc.nat({ max: 50 }),
      depends: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
    }),
    { maxLength: 20 },
  )
  .map((nodes) => {
    const start = [0];
    const from: number[] = [];
    nodes.forEach(({ depends }, index) => {
      if (index > 0) {
        from.push(...new Set(depends.map((number) => number % index)));
      }
      start.push(from.length);
    });
    return {
      weights: nodes.map(({ gas }) => gas),
      start,
      from,
      location: from.map((_, i) => i % 5),
    };
  });

describe("metrics of a window (docs/metrics.md)", () => {
  it("the critical path is the heaviest chain: 70 of 100, bound 1.43", () => {
    const { graph } = graphOf(EXAMPLE);
    const path = criticalPath(graph);
    expect(path.length).to.equal(70);
    // both chains weigh 70; the one with the lowest indices is shown
    expect(path.transactions).to.deep.equal([0, 1, 3]);
    expect(measureRun([graph], 2).speedUpBound).to.be.closeTo(1.4286, 1e-4);
  });

  it("the longest chain of the example has three transactions, of several windows it is the longest", () => {
    const { graph } = graphOf(EXAMPLE);
    const free = graphOf([touching("u1", 500), touching("u2", 500)]).graph;
    expect(measureRun([graph], 2).longestChain).to.equal(3);
    expect(measureRun([free], 2).longestChain).to.equal(1);
    expect(measureRun([free, graph], 2).longestChain).to.equal(3);
    expect(measureRun([], 2).longestChain).to.equal(0);
  });

  it("on two lanes the example ends at 70, on one at 100", () => {
    const { graph } = graphOf(EXAMPLE);
    const two = scheduleOnLanes(graph, 2);
    expect(two.makespan).to.equal(70);
    expect(two.start).to.deep.equal([0, 10, 0, 30]);
    expect(two.lane).to.deep.equal([0, 0, 1, 0]);
    expect(scheduleOnLanes(graph, 1).makespan).to.equal(100);
    expect(measureRun([graph], 2).speedUp).to.be.closeTo(100 / 70, 1e-9);
  });

  it("parallelism of the example is 50%", () => {
    expect(measureRun([graphOf(EXAMPLE).graph], 2).parallelism).to.equal(0.5);
  });

  it("parallelism is 0 for a chain, 1 without conflicts, unknown for one transaction", () => {
    expect(parallelism({ work: 100, criticalPath: 100, largest: 40 })).to.equal(0);
    expect(parallelism({ work: 100, criticalPath: 40, largest: 40 })).to.equal(1);
    expect(parallelism({ work: 40, criticalPath: 40, largest: 40 })).to.equal(null);
  });

  it("conflict shares of the example with a free fifth: 2/5, 1/5, 100/125", () => {
    const { graph } = graphOf([...EXAMPLE, FREE]);
    expect(countConflicts(graph)).to.deep.equal({
      transactions: 5,
      dependent: 2,
      independent: 1,
      largestGroup: 100,
      pairs: 3,
    });
    const metrics = measureRun([graph], 8);
    expect(metrics.conflictRatio).to.equal(0.4);
    expect(metrics.independentShare).to.equal(0.2);
    expect(metrics.groupConflictRate).to.equal(0.8);
  });

  it("two transactions that conflict on two slots are one pair", () => {
    const { graph } = graphOf([
      touching("u1", 1, updates(A), updates(B)),
      touching("u2", 1, updates(A), updates(B)),
    ]);
    expect(graph.from).to.have.length(2);
    expect(countConflicts(graph).pairs).to.equal(1);
  });

  it("windows add up before they are divided: 140/90 and 62.5%", () => {
    const second = graphOf([touching("u1", 20), touching("u2", 20)]).graph;
    const alone = graphOf([touching("u1", 33)]).graph;
    const metrics = measureRun([graphOf(EXAMPLE).graph, second, alone], 8);
    expect(metrics.speedUpBound).to.be.closeTo(140 / 90, 1e-9);
    expect(metrics.parallelism).to.equal(0.625);
    expect(metrics.windows).to.equal(2);
    expect(metrics.alone).to.deep.equal({ transactions: 1, gas: 33 });
  });

  it("an empty run has no speed-up and no parallelism", () => {
    const metrics = measureRun([], 8);
    expect(metrics.speedUpBound).to.equal(1);
    expect(metrics.parallelism).to.equal(null);
  });

  it("every schedule keeps dependencies, lanes and Graham's bounds", () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 1, max: 9 }), (graph, lanes) => {
        const work = graph.weights.reduce((sum, gas) => sum + gas, 0);
        const longest = criticalPathLength(graph);
        const { makespan, start, lane } = scheduleOnLanes(graph, lanes);
        expect(makespan).to.be.at.least(Math.max(work / lanes, longest));
        expect(makespan).to.be.at.most(work / lanes + longest);
        const endOf = (i: number): number => (start[i] ?? 0) + (graph.weights[i] ?? 0);
        graph.weights.forEach((gas, i) => {
          expect(lane[i]).to.be.within(0, lanes - 1);
          for (let e = graph.start[i] ?? 0; e < (graph.start[i + 1] ?? 0); e++) {
            expect(start[i]).to.be.at.least(endOf(graph.from[e] ?? 0));
          }
          for (let other = 0; other < i; other++) {
            const apart = (start[i] ?? 0) >= endOf(other) || (start[other] ?? 0) >= endOf(i);
            const empty = gas === 0 || graph.weights[other] === 0;
            expect(apart || empty || lane[i] !== lane[other]).to.equal(true);
          }
        });
      }),
      parameters,
    );
  });

  it("parallelism and shares stay between 0 and 1, the bound above 1", () => {
    fc.assert(
      fc.property(fc.array(anyGraph, { maxLength: 4 }), (graphs) => {
        const metrics = measureRun(graphs, 4);
        for (const share of [
          metrics.parallelism ?? 0,
          metrics.conflictRatio,
          metrics.independentShare,
          metrics.groupConflictRate,
        ]) {
          expect(share).to.be.within(0, 1);
        }
        expect(metrics.speedUpBound).to.be.at.least(metrics.speedUp - 1e-9);
        expect(metrics.speedUp).to.be.at.least(1 - 1e-9);
      }),
      parameters,
    );
  });
});

describe("blame (docs/metrics.md)", () => {
  const byLocation = (location: number): number => location;

  it("ranks by critical path removed: A 10, B 0; fixes A to 1.5, then B to 3.0", () => {
    const { graph, workload } = graphOf([
      touching("u1", 10, updates(A), updates(B)),
      touching("u2", 10, updates(A), reads(B)),
      touching("u3", 10, updates(A)),
    ]);
    const [a, b] = [A, B].map((location) => workload.locations.number(0, location));
    const blame = blameSlots([graph], byLocation, { maxFixes: 9 });
    expect(blame.criticalPath).to.equal(30);
    expect(blame.slots).to.deep.equal([
      { group: a, gasRemoved: 10, dependents: 2 },
      { group: b, gasRemoved: 0, dependents: 1 },
    ]);
    expect(blame.fixes).to.deep.equal([
      { groups: [a], criticalPath: 20 },
      { groups: [b], criticalPath: 10 },
    ]);
  });

  it("slots that mask each other are one fix together", () => {
    const { graph, workload } = graphOf([
      touching("u1", 10, updates(A), updates(B)),
      touching("u2", 10, updates(A), updates(B)),
    ]);
    const [a, b] = [A, B].map((location) => workload.locations.number(0, location));
    const blame = blameSlots([graph], byLocation, { maxFixes: 9 });
    expect(blame.slots.map((slot) => slot.gasRemoved)).to.deep.equal([0, 0]);
    expect(blame.fixes).to.deep.equal([{ groups: [a, b], criticalPath: 10 }]);
  });

  it("what masks each other is taken together before crumbs: A and B, then C", () => {
    const C = SOME.slot("c");
    const { graph, workload } = graphOf([
      ...Array.from({ length: 10 }, (_, i) => touching(`u${i}`, 10, updates(A), updates(B))),
      touching("v1", 10, updates(C)),
      touching("v2", 10, updates(C)),
    ]);
    const [a, b, c] = [A, B, C].map((location) => workload.locations.number(0, location));
    expect(blameSlots([graph], byLocation, { maxFixes: 9 })).to.deep.equal({
      criticalPath: 100,
      slots: [
        { group: a, gasRemoved: 0, dependents: 9 },
        { group: b, gasRemoved: 0, dependents: 9 },
        { group: c, gasRemoved: 0, dependents: 1 },
      ],
      fixes: [
        { groups: [a, b], criticalPath: 20 },
        { groups: [c], criticalPath: 10 },
      ],
    });
  });

  it("a fix takes no slot that it does not need", () => {
    // t1→t2 through A and B; t2→t3 through C carries as much of the path and is tried as well
    const C = SOME.slot("c");
    const D = SOME.slot("d");
    const { graph, workload } = graphOf([
      touching("u1", 10, updates(A), updates(B)),
      touching("u2", 1, updates(A), updates(B), updates(C), updates(D)),
      touching("u3", 1, updates(C), updates(D)),
    ]);
    const blame = blameSlots([graph], byLocation, { maxFixes: 1 });
    const [fix] = blame.fixes;
    const names = fix?.groups.map((group) => workload.locations.at(group).location);
    // without A and B the path is t2→t3 or t1 alone: 10 of 12; without C and D it is t1→t2: 11
    expect([fix?.criticalPath, names]).to.be.deep.oneOf([
      [10, [A, B]],
      [11, [C, D]],
    ]);
  });

  it("every fix shortens the path, and no smaller set of its slots does as much", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const blame = blameSlots([graph], byLocation, { maxFixes: 9 });
        const removed = new Set<number>();
        let before = blame.criticalPath;
        const length = (without: ReadonlySet<number>): number =>
          criticalPathLength(graph, (location) => without.has(location));
        for (const fix of blame.fixes) {
          for (const group of fix.groups) {
            removed.add(group);
          }
          expect(fix.criticalPath).to.equal(length(removed));
          expect(fix.criticalPath).to.be.lessThan(before);
          for (const group of fix.groups) {
            const smaller = new Set(removed);
            smaller.delete(group);
            expect(length(smaller)).to.be.greaterThan(fix.criticalPath);
          }
          before = fix.criticalPath;
        }
        for (const slot of blame.slots) {
          expect(slot.gasRemoved).to.equal(blame.criticalPath - length(new Set([slot.group])));
        }
      }),
      parameters,
    );
  });
});
