/** What the benchmark has to show. The numbers are the project's goals: a change here is a change of them. */
import { expect } from "chai";
import { judge } from "../../bench/goals";
import type { Sample } from "../../bench/peers/peer";
import type { Measured, WorkloadResult } from "../../bench/rounds";

describe("the benchmark's goals", () => {
  it("are these, and say of each that it was not measured where nothing was", () => {
    const goals = judge([]);
    expect(
      goals.map(({ workload, fast, factor, slow }) => `${workload}: ${fast} >= ${factor} ${slow}`),
    ).to.have.members([
      "transfers: default-2 >= 6 hardhat2",
      "keccak: default-2 >= 10 hardhat2",
      "arithmetic: default-2 >= 50 hardhat2",
      "keccak: default-2 >= 1 anvil",
      "arithmetic: default-2 >= 1 anvil",
      "mint: default-2 >= 0.95 default-1",
      "nft: default-2 >= 0.95 default-1",
      "swaps-1: default-2 >= 0.95 default-1",
      "keccak: default-2 >= 1.7 default-1",
      "arithmetic: default-2 >= 1.7 default-1",
      "transfers: default-2 >= 1.4 default-1",
    ]);
    for (const goal of goals) {
      expect(goal).to.include({ ratio: null, cpuRatio: null, ceiling: null, reached: null });
    }
  });

  it("are judged by wall time, where both peers were measured", () => {
    const peer = (id: string, cpu: number | null, ...walls: number[]): Measured => ({
      id,
      name: id,
      cold: 0,
      samples: walls.map((wall): Sample => ({ wall, cpu, results: {} })),
    });
    const result = (workload: string, ...peers: Measured[]): WorkloadResult => ({
      ...{ workload, transactions: 500, gasUsed: 0n, peers, leftOut: [] },
    });
    const measured = judge([
      result(
        "transfers",
        peer("default-1", 30, 15, 20, 15),
        peer("default-2", null, 10, 20, 10),
        peer("hardhat2", 200, 59, 119, 60),
        peer("default-1-twice", 30, 10, 8, 10),
      ),
      result("mint", peer("default-1", 30, 19), peer("default-2", 60, 20)),
      result("nft", peer("default-2", 60, 20), peer("hardhat2", 60, 20)),
    ]).filter(({ reached }) => reached !== null);
    expect(measured).to.deep.equal([
      // 5.9, 5.95, 6
      {
        ...{ workload: "transfers", fast: "default-2", slow: "hardhat2", factor: 6 },
        ...{ ratio: 5.95, cpuRatio: null, ceiling: null, reached: false },
      },
      // what is just as much as the goal reaches it
      {
        ...{ workload: "mint", fast: "default-2", slow: "default-1", factor: 0.95 },
        ...{ ratio: 0.95, cpuRatio: 0.5, ceiling: null, reached: true },
      },
      // 1.5, 1, 1.5; two processes 1.5, 2.5, 1.5
      {
        ...{ workload: "transfers", fast: "default-2", slow: "default-1", factor: 1.4 },
        ...{ ratio: 1.5, cpuRatio: null, ceiling: 1.5, reached: true },
      },
    ]);
  });
});
