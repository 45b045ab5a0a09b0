/** Footprints, α and drawn workloads in the report: numbers as in docs/metrics.md. */
import { expect } from "chai";
import { inferFootprints } from "../../src/analysis/footprints/infer-footprints";
import { observeCalls } from "../../src/analysis/footprints/observed-calls";
import { collectWorkload } from "../../src/analysis/workload-builder";
import type { RedrawOptions } from "../../src/analysis/workload-redraw/redraw-options";
import { buildReport } from "../../src/report/build-report";
import { renderTerminal } from "../../src/report/renderers/terminal";
import type { Report } from "../../src/report/report";
import { abiOf, args, keyedNaming, signatureOf } from "../helpers/footprint-log";
import { HandMadeContract, handMadeLog, oneByOne, updates } from "../helpers/hand-made-log";

const TOKEN = new HandMadeContract("Token");
const FUNCTIONS = ["save()", "mint(uint256 amount)"];

/** alice saves three times, bob once; one mint. */
function report(redraw?: RedrawOptions): Report {
  const saves = ["alice", "alice", "alice", "bob"].map((user) => ({
    from: user,
    gas: 10,
    call: { contract: TOKEN, fn: "save()", touches: [updates(TOKEN.slot("balances", user))] },
  }));
  const mint = {
    from: "minter",
    gas: 10,
    call: {
      contract: TOKEN,
      fn: "mint(uint256)",
      argument: args(5),
      touches: [updates(TOKEN.slot("supply"), 100n, 105n)],
    },
  };
  const blocks = handMadeLog(oneByOne([...saves, mint]));
  const naming = keyedNaming([TOKEN], FUNCTIONS.map(signatureOf));
  const calls = observeCalls(blocks);
  return buildReport(
    collectWorkload(blocks),
    naming,
    {
      tool: "hardhat-parallel",
      toolVersion: "0.1.0",
      chainId: 31337n,
      hardforks: ["prague"],
      source: "test",
      recording: { logs: 1, complete: true, droppedBlocks: 0, droppedTransactions: 0 },
    },
    {
      window: 64,
      footprints: {
        models: inferFootprints(calls, naming, [abiOf(TOKEN, FUNCTIONS)]),
        direct: calls.direct,
        ...(redraw === undefined ? {} : { redraw }),
      },
    },
  );
}

function row(of: Report, signature: string) {
  const found = of.contracts[0]?.functions.find((one) => one.signature === signature);
  if (found === undefined) {
    throw new Error(`no row ${signature}`);
  }
  return found;
}

describe("footprints in the report", () => {
  it("a function's row has its footprint, α with its basis, and the verdict that follows", () => {
    const save = row(report(), "save()");
    expect(save.footprint?.text).to.equal("save: balances[msg.sender] rw");
    expect(save.footprint?.accesses[0]?.keys).to.deep.equal([
      { status: "agreed", sources: ["msg.sender"] },
    ]);
    expect([save.alpha, save.alphaBasis]).to.deep.equal([0, "footprints"]);
    expect(save.verdictFromFootprint).to.deep.equal({ kind: "parallel", on: [] });
    // measured it is bound to keys: one user's calls wait for each other
    expect(save.verdict).to.equal("keyBound");
  });

  it("a function that was called once has a verdict by its footprint alone", () => {
    const mint = row(report(), "mint(uint256)");
    expect(mint.verdict).to.equal("unmeasured");
    expect(mint.alpha).to.equal(1);
    expect(mint.verdictFromFootprint?.kind).to.equal("serial");
    const text = renderTerminal(report(), { columns: 120, color: false });
    expect(text).to.match(/mint .*no data +by its footprint: serial: supply/);
  });

  it("nothing is drawn unless it was asked for", () => {
    expect(report().redrawn).to.equal(undefined);
    expect(renderTerminal(report(), { columns: 80, color: false })).to.not.include("otherwise");
  });

  it("a drawn workload names its options and its basis", () => {
    const drawn = report({
      window: 64,
      senders: "distinct",
      keys: { kind: "as-is" },
      seed: 3,
    });
    // five calls of 10 gas, none waits: T1 50, CP 10
    expect(drawn.redrawn).to.deep.include({
      basis: "footprints",
      senders: "distinct",
      keys: "as-is",
      seed: 3,
      calls: 5,
      criticalPath: 10,
      speedUpBound: 5,
      parallelism: 1,
    });
    const text = renderTerminal(drawn, { columns: 80, color: false });
    expect(text).to.include("If the recorded calls came otherwise");
    expect(text).to.include("computed on footprints, not executed");
    for (const line of text.split("\n")) {
      expect(line.length, line).to.be.at.most(80);
    }
  });
});
