/**
 * The details of a report against numbers worked out on paper: the run of golden/token-and-pool.ts,
 * whose header derives when each transaction ends.
 */
import { expect } from "chai";
import type { ReportDetails } from "../../src/report/details";
import { renderJson } from "../../src/report/renderers/json";
import { CONTRACTS, FUNCTIONS, TOKEN_AND_POOL } from "../golden/token-and-pool";
import { detailedReport, NO_SOURCES } from "../helpers/detailed-report";
import { account } from "../helpers/hand-made-log";

const RUN = { blocks: TOKEN_AND_POOL, contracts: CONTRACTS, functions: FUNCTIONS };

function detailsOf(...options: Parameters<typeof detailedReport>): ReportDetails {
  const { details } = detailedReport(...options);
  if (details === undefined) {
    throw new Error("no details");
  }
  return details;
}

describe("report details", () => {
  const details = detailsOf(RUN);

  it("the schedule on 8 lanes is the one worked out by hand", () => {
    const [window, ...others] = details.schedule.windows;
    expect(others).to.deep.equal([]);
    // places: m_1 … m_4 are 0 … 3, t_1 … t_4 4 … 7, s_1 … s_4 8 … 11, a_1 and a_2 12 and 13
    expect(window?.start).to.deep.equal([
      0, 60, 120, 180, 60, 120, 180, 240, 110, 210, 310, 410, 0, 0,
    ]);
    // at 0: m_1, a_1, a_2 on lanes 0, 1, 2; then whoever is ready takes the lowest free lane
    expect(window?.lane.slice(0, 2)).to.deep.equal([0, 0]);
    expect([window?.lane[12], window?.lane[13]]).to.deep.equal([1, 2]);
    expect(window?.critical).to.deep.equal([0, 4, 8, 9, 10, 11]);
    expect(window?.after).to.deep.equal([-1, 0, 1, 2, 0, 1, 2, 3, 4, 8, 9, 10, -1, -1]);
    const on = (place: number) => details.schedule.places[window?.on[place] ?? -1];
    expect(on(1)).to.equal("Token.totalSupply");
    expect(on(4)).to.equal("Token.balances[u1]");
    expect(on(8)).to.equal("Token.balances[u1]");
    expect([window?.gas, window?.criticalPath, window?.makespan]).to.deep.equal([880, 510, 510]);
    expect(window?.weight.slice(6, 9)).to.deep.equal([50, 50, 100]);
  });

  it("senders, functions and blocks are meant by number", () => {
    const [window] = details.schedule.windows;
    expect(details.accounts[window?.account[8] ?? -1]).to.equal(account("u1"));
    expect(details.functions[window?.function[8] ?? -1]?.signature).to.equal("swap(uint256)");
    // one block for each transaction, the deployments first; the first block has number 1
    expect(details.blocks[window?.block[0] ?? -1]).to.equal("3");
    const named = detailsOf(RUN, {
      details: { sources: NO_SOURCES, accounts: new Map([[account("u1"), "account #1"]]) },
    });
    expect(named.accounts).to.include("account #1").and.not.include(account("u1"));
  });

  it("two functions that conflict have an example with everything between the two", () => {
    const pair = (name: string) =>
      details.pairs.find(({ functions }) =>
        functions.every((fn) => details.functions[fn]?.signature.startsWith(`${name}(`)),
      );
    const swaps = pair("swap");
    expect(
      swaps?.places.map(({ variable, label, cause }) => [variable, label, cause]),
    ).to.have.deep.members([
      ["unlocked", "unlocked", "GUARD"],
      ["reserve", "reserve", "STRUCTURAL"],
      ["balances[*]", "balances[pool]", "KEYED"],
    ]);
    const [, reserve] = swaps?.places ?? [];
    expect(reserve?.uses).to.deep.equal([
      { read: true, write: true, before: "0x1", after: "0x2" },
      { read: true, write: true, before: "0x1", after: "0x2" },
    ]);
    expect(pair("mint")?.places.map(({ label }) => label)).to.deep.equal(["totalSupply"]);
    expect(pair("transfer")).to.equal(undefined);
    // mint × mint, swap × swap, and across functions mint × transfer, mint × swap, transfer × swap
    expect(details.pairs.length).to.equal(5);
  });

  it("a variable's uses, keys and values", () => {
    const variable = (name: string) => details.variables.find((one) => one.variable === name);
    const supply = variable("totalSupply");
    expect(
      supply?.uses.map(({ reads, writes, function: fn }) => [
        details.functions[fn]?.signature,
        reads,
        writes,
      ]),
    ).to.deep.equal([["mint(address,uint256)", 4, 4]]);
    expect(supply?.values?.value).to.deep.equal(["0x2", "0x2", "0x2", "0x2"]);
    expect(supply?.values?.writes).to.equal(4);
    const balances = variable("balances[*]");
    // balances[pool] orders the four swaps: 3 waits; each balances[u_i]: m_i→t_i, t_i→s_i: 2 waits
    expect(balances?.keys.map(({ label, waits }) => [label, waits])).to.deep.equal([
      ["balances[pool]", 3],
      ["balances[u1]", 2],
      ["balances[u2]", 2],
      ["balances[u3]", 2],
      ["balances[u4]", 2],
      ["balances[v1]", 0],
      ["balances[v2]", 0],
      ["balances[v3]", 0],
      ["balances[v4]", 0],
    ]);
    // m_i, t_i and s_i use it
    expect(balances?.keys[1]).to.include({ readers: 3, writers: 3 });
  });

  it("the JSON report does not hold them", () => {
    expect(renderJson(detailedReport(RUN))).to.not.include('"details"');
  });
});
