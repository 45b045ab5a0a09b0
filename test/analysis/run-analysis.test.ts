import { expect } from "chai";
import type { Rollup } from "../../src/analysis/function-rollup";
import {
  type AnalysisOptions,
  analyseRun,
  type RunAnalysis,
} from "../../src/analysis/run-analysis";
import { judge } from "../../src/analysis/verdict";
import { collectWorkload } from "../../src/analysis/workload-builder";
import {
  type HandMadeBlock,
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  oneByOne,
  reads,
  updates,
} from "../helpers/hand-made-log";

const FUNCTIONS = ["swap()", "transfer(address,uint256)", "transfer(address)", "buy()", "set()"];
const OPTIONS: AnalysisOptions = { window: 64, lanes: 8, gasMode: "total", maxFixes: 5 };

function analyse(
  contracts: readonly HandMadeContract[],
  blocks: readonly HandMadeBlock[],
  options: Partial<AnalysisOptions> = {},
): RunAnalysis {
  return analyseRun(collectWorkload(handMadeLog(blocks)), handMadeNaming(contracts, FUNCTIONS), {
    ...OPTIONS,
    ...options,
  });
}

function functionRow(analysis: RunAnalysis, name: string): Rollup {
  for (const contract of analysis.contracts) {
    for (const row of contract.functions) {
      if (`${contract.contract.split(":").at(-1)}.${row.name.signature}` === name) {
        return row;
      }
    }
  }
  throw new Error(`no row ${name}`);
}

function groupNames(analysis: RunAnalysis, groups: readonly number[]): string[] {
  return groups.map((id) => {
    const { contract, variable } = analysis.groups.get(id);
    return `${contract}.${variable}`;
  });
}

function four(make: (user: string, index: number) => HandMadeTransaction): HandMadeBlock[] {
  return oneByOne(["u1", "u2", "u3", "u4"].map(make));
}

describe("rollup per contract and function (docs/metrics.md)", () => {
  const POOL = new HandMadeContract("Pool");
  const TOKEN = new HandMadeContract("Token");
  const swap = (user: string): HandMadeTransaction => ({
    from: user,
    gas: 100,
    call: {
      contract: POOL,
      fn: "swap()",
      touches: [updates(POOL.slot("reserve"))],
      calls: [
        {
          contract: TOKEN,
          fn: "transfer(address,uint256)",
          gas: 30,
          touches: [updates(TOKEN.slot("balances", user))],
        },
      ],
    },
  });

  it("Pool.swap is serial through its reserve, the transfers in it are not", () => {
    const analysis = analyse([POOL, TOKEN], oneByOne([swap("u1"), swap("u2")]));
    const outer = functionRow(analysis, "Pool.swap()");
    expect(outer.metrics.work).to.equal(200);
    expect(outer.metrics.criticalPath).to.equal(200);
    expect(outer.metrics.parallelism).to.equal(0);
    const inner = functionRow(analysis, "Token.transfer(address,uint256)");
    expect(inner.calls).to.equal(2);
    expect(inner.metrics.work).to.equal(60);
    expect(inner.metrics.criticalPath).to.equal(30);
    expect(inner.metrics.parallelism).to.equal(1);
    expect(
      groupNames(
        analysis,
        outer.blame.slots.map(({ group }) => group),
      ),
    ).to.deep.equal(["Pool.reserve"]);
  });

  it("what a function calls belongs to it: a balance conflict inside swap is swap's too", () => {
    const shared = (user: string): HandMadeTransaction => ({
      from: user,
      gas: 100,
      call: {
        contract: POOL,
        fn: "swap()",
        calls: [
          {
            contract: TOKEN,
            fn: "transfer(address,uint256)",
            gas: 30,
            touches: [updates(TOKEN.slot("balances", "pool"))],
          },
        ],
      },
    });
    const analysis = analyse([POOL, TOKEN], oneByOne([shared("u1"), shared("u2")]));
    expect(functionRow(analysis, "Pool.swap()").metrics.parallelism).to.equal(0);
    expect(functionRow(analysis, "Token.transfer(address,uint256)").metrics.criticalPath).to.equal(
      60,
    );
  });

  it("a row is computed as if nothing else were in the window", () => {
    // set() writes what buy() reads: buy() waits in the run, but not in its own row
    const shop = new HandMadeContract("Shop");
    const price = shop.slot("price");
    const call = (fn: string, from: string, touches = [reads(price)]): HandMadeTransaction => ({
      from,
      gas: 10,
      call: { contract: shop, fn, touches },
    });
    const analysis = analyse(
      [shop],
      oneByOne([
        call("set()", "owner", [updates(price)]),
        call("buy()", "u1"),
        call("buy()", "u2"),
      ]),
    );
    expect(analysis.metrics.criticalPath).to.equal(20);
    expect(functionRow(analysis, "Shop.buy()").metrics.criticalPath).to.equal(10);
    expect(functionRow(analysis, "Shop.buy()").metrics.dependent).to.equal(0);
    expect(analysis.contracts[0]?.metrics.criticalPath).to.equal(20);
  });

  it("counts calls, senders and failures; overloads have rows of their own", () => {
    const analysis = analyse(
      [TOKEN],
      oneByOne([
        { from: "u1", gas: 1, call: { contract: TOKEN, fn: "transfer(address)" } },
        { from: "u1", gas: 1, failed: true, call: { contract: TOKEN, fn: "transfer(address)" } },
        { from: "u2", gas: 1, call: { contract: TOKEN, fn: "transfer(address,uint256)" } },
      ]),
    );
    const row = functionRow(analysis, "Token.transfer(address)");
    expect([row.calls, row.senders, row.failed]).to.deep.equal([2, 1, 1]);
    expect(functionRow(analysis, "Token.transfer(address,uint256)").calls).to.equal(1);
    expect(analysis.senders).to.equal(2);
  });

  it("execution mode leaves the intrinsic gas out", () => {
    const analysis = analyse(
      [TOKEN],
      oneByOne([
        {
          from: "u1",
          gas: 50_000,
          intrinsicGas: 21_500,
          call: { contract: TOKEN, fn: "transfer(address)" },
        },
      ]),
      { gasMode: "execution" },
    );
    expect(analysis.metrics.alone.gas).to.equal(28_500);
  });
});

describe("verdict (docs/metrics.md)", () => {
  const TOKEN = new HandMadeContract("Token");
  const transfer = (user: string, slot: ReturnType<HandMadeContract["slot"]>) => ({
    from: user,
    gas: 10,
    call: { contract: TOKEN, fn: "transfer(address)", touches: [updates(slot)] },
  });
  const verdictOf = (blocks: HandMadeBlock[], contracts = [TOKEN]): string =>
    judge(functionRow(analyse(contracts, blocks), "Token.transfer(address)"));

  it("all update one variable: serial", () => {
    expect(verdictOf(four((user) => transfer(user, TOKEN.slot("total"))))).to.equal("serial");
  });

  it("each updates its own entry: parallel", () => {
    expect(verdictOf(four((user) => transfer(user, TOKEN.slot("balances", user))))).to.equal(
      "parallel",
    );
  });

  it("all update the same entry of a mapping: key-bound", () => {
    expect(verdictOf(four((user) => transfer(user, TOKEN.slot("balances", "pool"))))).to.equal(
      "keyBound",
    );
  });

  it("an unresolved slot is not taken for a keyed one", () => {
    expect(verdictOf(four((user) => transfer(user, TOKEN.slot("?", "k"))))).to.equal("serial");
  });

  it("one call per window, or per instance, says nothing", () => {
    const one = oneByOne([transfer("u1", TOKEN.slot("total"))]);
    expect(verdictOf(one)).to.equal("unmeasured");
    const [a, b] = ["a", "b"].map((instance) => new HandMadeContract("Token", instance));
    if (a === undefined || b === undefined) {
      throw new Error("two contracts");
    }
    const call = (contract: HandMadeContract, from: string): HandMadeTransaction => ({
      from,
      gas: 1,
      call: { contract, fn: "transfer(address)", touches: [updates(contract.slot("total"))] },
    });
    expect(verdictOf(oneByOne([call(a, "u1"), call(b, "u2")]), [a, b])).to.equal("unmeasured");
  });

  it("serial within each instance is serial, though instances run side by side", () => {
    const pools = ["a", "b"].map((instance) => new HandMadeContract("Token", instance));
    const blocks = oneByOne(
      [0, 1, 0, 1].map((which, index) => {
        const contract = pools[which] ?? TOKEN;
        return {
          from: `u${index}`,
          gas: 10,
          call: {
            contract,
            fn: "transfer(address)",
            touches: [updates(contract.slot("total"))],
          },
        };
      }),
    );
    const analysis = analyse(pools, blocks);
    const row = functionRow(analysis, "Token.transfer(address)");
    expect(row.instances).to.equal(2);
    // two chains of 20 in 40: P = 1 - (20 - 10) / (40 - 10); within an instance 0
    expect(row.metrics.parallelism).to.be.closeTo(2 / 3, 1e-9);
    expect(row.parallelismPerInstance).to.equal(0);
    expect(judge(row)).to.equal("serial");
  });
});

describe("run analysis", () => {
  const TOKEN = new HandMadeContract("Token");

  it("the sender's nonce is no contract's conflict: shown apart, with its own bound", () => {
    const analysis = analyse(
      [TOKEN],
      oneByOne(
        ["a", "b", "c"].map((key) => ({
          from: "owner",
          gas: 10,
          call: {
            contract: TOKEN,
            fn: "transfer(address)",
            touches: [updates(TOKEN.slot("balances", key))],
          },
        })),
      ),
    );
    expect(analysis.metrics.speedUpBound).to.equal(3);
    expect(analysis.metrics.dependent).to.equal(0);
    expect(analysis.withSenderOrder.speedUpBound).to.equal(1);
    // t1→t2 and t2→t3: each nonce read sees the last writer
    expect(analysis.edges.senderPairs).to.equal(2);
    expect(analysis.edges.byKind.nonce).to.equal(0);
  });

  it("the same address in two segments is two accounts: a revert separates them", () => {
    const slot = TOKEN.slot("total");
    const transaction = {
      from: "u1",
      gas: 10,
      call: { contract: TOKEN, fn: "transfer(address)", touches: [updates(slot)] },
    };
    const analysis = analyse(
      [TOKEN],
      [
        { transactions: [transaction], segment: 0 },
        { transactions: [{ ...transaction, from: "u2" }], segment: 1 },
      ],
    );
    expect(analysis.windows.windows).to.have.length(2);
    expect(analysis.metrics.dependent).to.equal(0);
  });

  it("plain transfers and transactions without trace are counted, not guessed", () => {
    const analysis = analyse(
      [TOKEN],
      [{ transactions: [{ from: "u1", gas: 21_000, to: "u2", value: 1n }] }],
    );
    expect(analysis.plainTransfers).to.equal(1);
    expect(analysis.contracts).to.deep.equal([]);
  });

  it("the same log gives the same analysis", () => {
    const blocks = four((user) => ({
      from: user,
      gas: 10,
      call: {
        contract: TOKEN,
        fn: "transfer(address)",
        touches: [updates(TOKEN.slot("total")), updates(TOKEN.slot("balances", user))],
      },
    }));
    const plain = ({ metrics, blame, edges }: RunAnalysis): unknown => ({ metrics, blame, edges });
    expect(plain(analyse([TOKEN], blocks))).to.deep.equal(plain(analyse([TOKEN], blocks)));
  });
});
