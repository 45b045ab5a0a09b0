/** How peers take turns, and what is done about those that disagree or cannot start. */
import { expect } from "chai";
import type { Effort, PeerEntry } from "../../bench/peer-list";
import { type Measurement, measure, type WorkloadResult } from "../../bench/rounds";
import { FakeHost, GAS_USED } from "./fake-host";

function entry(id: string, effort: Effort): PeerEntry {
  return {
    id,
    name: `peer ${id}`,
    effort,
    create: () => Promise.reject(new Error("the host makes peers")),
  };
}

/** Slow peers mine a cold block and one to warm up, then one in each round. */
const A_B_C = [entry("a", "slow"), entry("b", "slow"), entry("c", "slow")];
const WARM_UP = ["a", "a", "b", "b", "c", "c"];

function run(host: FakeHost, changes: Partial<Measurement> = {}): Promise<WorkloadResult> {
  const measurement: Measurement = {
    workload: "mint",
    transactions: 500,
    heavy: false,
    source: "plan.json",
    rounds: 4,
    entries: A_B_C,
    leftOut: [],
    progress: () => undefined,
    ...changes,
  };
  return measure(measurement, host);
}

async function failure(measured: Promise<unknown>): Promise<string> {
  return measured.then(
    () => "nothing",
    (error: Error) => error.message,
  );
}

describe("the benchmark's rounds", () => {
  it("give each peer a turn in every round, and another one the first", async () => {
    const host = new FakeHost({ b: { wall: 7 } });
    const { peers, gasUsed } = await run(host);
    expect(host.blocks).to.deep.equal([
      ...WARM_UP,
      ...["a", "b", "c"],
      ...["b", "c", "a"],
      ...["c", "a", "b"],
      ...["a", "b", "c"],
    ]);
    expect(peers.map(({ id, name, samples }) => [id, name, samples.length])).to.deep.equal([
      ["a", "peer a", 4],
      ["b", "peer b", 4],
      ["c", "peer c", 4],
    ]);
    expect(peers[1]?.samples[3]).to.include({ wall: 7, cpu: 14 });
    expect(gasUsed).to.equal(BigInt(GAS_USED));
    expect(host.closed).to.deep.equal(["a", "b", "c"]);
  });

  it("leave the slow ones out of heavy blocks' later rounds, and keep the others' turns", async () => {
    const host = new FakeHost();
    const { peers } = await run(host, {
      entries: [entry("s", "slow"), entry("c", "compiled")],
      heavy: true,
    });
    expect(peers.map(({ samples }) => samples.length)).to.deep.equal([2, 4]);
    // a compiled one mines a block before the one that counts, which takes so long that one is enough
    const turns = [...["s", "c", "c"], ...["c", "c", "s"], ...["c", "c"], ...["c", "c"]];
    expect(host.blocks.slice(-turns.length)).to.deep.equal(turns);
  });

  it("end with an error where a peer's block did something else than another's", async () => {
    const host = new FakeHost({ c: { gasUsed: () => 20_000 } });
    expect(await failure(run(host))).to.equal(
      "mint: peers disagree on gasUsed: peer a: 10500000; peer c: 20000",
    );
    expect(host.closed).to.deep.equal(["a", "b", "c"]);
  });

  it("end with an error where a peer's block does something else in its last round", async () => {
    const host = new FakeHost({ b: { gasUsed: (block) => (block === 5 ? 20_000 : GAS_USED) } });
    expect(await failure(run(host))).to.equal(
      "mint: peers disagree on gasUsed: peer a: 10500000; peer b: 20000",
    );
  });

  it("leave no process behind where a peer fails in its very first block", async () => {
    const host = new FakeHost({ b: { fails: true } });
    expect(await failure(run(host))).to.equal("b cannot mine");
    expect(host.closed).to.deep.equal(["a", "b"]);
  });

  describe("of which some peers mine a part", () => {
    const entries = [entry("whole", "slow"), entry("part", "moderate")];
    const byTransaction = (_block: number, transactions = 500): number => 21_000 * transactions;

    it("multiply their times, and compare that part with another peer's", async () => {
      const host = new FakeHost({ part: { wall: 30, gasUsed: byTransaction }, whole: {} });
      const changes = { entries, heavy: true, rounds: 1 };
      expect(await failure(run(host, changes))).to.equal(
        "mint: peers disagree on gasUsed: peer part: 2100000; peer whole: 10500000",
      );
      const agreeing = new FakeHost({
        part: { wall: 30, gasUsed: byTransaction },
        whole: { gasUsed: byTransaction },
      });
      const { peers, gasUsed } = await run(agreeing, changes);
      expect(peers.map(({ part }) => part)).to.deep.equal([undefined, 100]);
      expect(peers[1]?.samples[0]).to.include({ wall: 150, cpu: 300 });
      expect(gasUsed).to.equal(BigInt(GAS_USED));
      // asked once all rounds are over
      expect(agreeing.blocks.at(-1)).to.equal("whole/100");
    });

    it("count the whole block's gas where nobody mined the whole", async () => {
      const host = new FakeHost({ part: { gasUsed: byTransaction } });
      const { gasUsed } = await run(host, { entries: entries.slice(1), heavy: true });
      expect(gasUsed).to.equal(BigInt(GAS_USED));
    });
  });

  it("go on without a peer that cannot start, and say why", async () => {
    const host = new FakeHost({ b: { missing: "not installed" } });
    const { peers, leftOut } = await run(host, {
      leftOut: [{ name: "peer d", reason: "takes no such blocks" }],
    });
    expect(peers.map(({ id }) => id)).to.deep.equal(["a", "c"]);
    expect(leftOut).to.deep.equal([
      { name: "peer d", reason: "takes no such blocks" },
      { name: "peer b", reason: "not installed" },
    ]);
    expect(host.blocks).to.not.include("b");
  });
});
