/** What two processes at once got done: half of the time until both were ready, and the same on both. */
import { expect } from "chai";
import { peerEntry } from "../../bench/peer-list";
import type { Sample } from "../../bench/peers/peer";
import { createTwoProcessesPeer, TwoProcessesPeer } from "../../bench/peers/two-processes";
import { makePlan } from "../../bench/workload";

function process(sample: Partial<Sample>) {
  const closed: boolean[] = [];
  return {
    closed,
    run: async (): Promise<Sample> => ({ wall: 10, cpu: 20, results: { gasUsed: "1" }, ...sample }),
    fill: async () => undefined,
    close: async () => {
      closed.push(true);
    },
  };
}

describe("two processes at once", () => {
  it("take half of the time that both need, and the mean of their CPU time, for a block", async () => {
    const peer = new TwoProcessesPeer(process({ wall: 14 }), process({ wall: 20, cpu: 30 }));
    expect(await peer.run("mint")).to.deep.equal({ wall: 10, cpu: 25, results: { gasUsed: "1" } });
    const unread = new TwoProcessesPeer(process({ cpu: null }), process({}));
    expect((await unread.run("mint")).cpu).to.equal(null);
  });

  it("have to agree on what the block did", async () => {
    const peer = new TwoProcessesPeer(process({}), process({ results: { gasUsed: "2" } }));
    const failure = await peer.run("mint").catch((error: Error) => error.message);
    expect(failure).to.equal("mint: two processes of the same network disagree");
  });

  it("end together", async () => {
    const [first, second] = [process({}), process({})];
    await new TwoProcessesPeer(first, second).close();
    expect([first.closed, second.closed]).to.deep.equal([[true], [true]]);
  });

  it("are two real ones of a network", async () => {
    const plan = makePlan({ workloads: ["mint"], senders: 20 });
    const peer = await createTwoProcessesPeer(peerEntry("default-1"), plan);
    try {
      expect(await peer.run("mint", 5)).to.include({ mode: "inThread" });
    } finally {
      await peer.close();
    }
  });
});
