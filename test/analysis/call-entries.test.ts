import { expect } from "chai";
import type { Frame } from "../../src/access-log/block-record";
import { callEntries } from "../../src/analysis/call-entries";
import {
  account,
  type HandMadeCall,
  HandMadeContract,
  handMadeLog,
  selectorOf,
} from "../helpers/hand-made-log";

const PROXY = new HandMadeContract("Proxy");
const TOKEN = new HandMadeContract("Token");
const LIBRARY = new HandMadeContract("Library");
const POOL = new HandMadeContract("Pool");
const NAMES = new Map([PROXY, TOKEN, LIBRARY, POOL].map(({ codeHash, name }) => [codeHash, name]));

function framesOf(call: HandMadeCall): readonly Frame[] {
  const [block] = handMadeLog([{ transactions: [{ from: "u", gas: 100, call }] }]);
  return block?.transactions[0]?.trace.frames ?? [];
}

/** `Token.transfer()`: code and function that name each entry. */
function entriesOf(call: HandMadeCall, functions: readonly string[]): string[] {
  const bySelector = new Map(functions.map((fn) => [selectorOf(fn), fn]));
  return callEntries(framesOf(call)).entries.map(({ frame }) => {
    const selector = [...bySelector].find(([key]) => frame.input.startsWith(key));
    return `${NAMES.get(frame.codeHash)}.${selector?.[1]}`;
  });
}

const RUN = "run()";
const STEP = "step()";

describe("call entries", () => {
  it("every call into a contract is an entry", () => {
    expect(
      entriesOf({ contract: POOL, fn: RUN, calls: [{ contract: TOKEN, fn: STEP, gas: 10 }] }, [
        RUN,
        STEP,
      ]),
    ).to.deep.equal(["Pool.run()", "Token.step()"]);
  });

  it("a proxy's call is the implementation's function, on the proxy's storage", () => {
    const call: HandMadeCall = {
      contract: PROXY,
      fn: RUN,
      argument: "aa",
      calls: [
        {
          contract: TOKEN,
          fn: RUN,
          argument: "aa",
          kind: "delegatecall",
          storageOwner: PROXY.address,
        },
      ],
    };
    expect(entriesOf(call, [RUN])).to.deep.equal(["Token.run()"]);
    const { entries, entryOfFrame, layoutOfFrame } = callEntries(framesOf(call));
    expect(entries[0]?.storageOwner).to.equal(PROXY.address);
    expect(entryOfFrame).to.deep.equal([0, 0]);
    expect(layoutOfFrame).to.deep.equal([PROXY.codeHash, TOKEN.codeHash]);
  });

  it("a proxy behind a proxy leads to the last implementation", () => {
    const inner: HandMadeCall = {
      contract: PROXY,
      fn: RUN,
      kind: "delegatecall",
      storageOwner: POOL.address,
      calls: [{ contract: TOKEN, fn: RUN, kind: "delegatecall", storageOwner: POOL.address }],
    };
    expect(entriesOf({ contract: POOL, fn: RUN, calls: [inner] }, [RUN])).to.deep.equal([
      "Token.run()",
    ]);
  });

  it("a library's code belongs to the function that called it, with the caller's layout", () => {
    const call: HandMadeCall = {
      contract: POOL,
      fn: RUN,
      calls: [{ contract: LIBRARY, fn: STEP, kind: "delegatecall", storageOwner: POOL.address }],
    };
    expect(entriesOf(call, [RUN, STEP])).to.deep.equal(["Pool.run()"]);
    expect(callEntries(framesOf(call)).layoutOfFrame).to.deep.equal([POOL.codeHash, POOL.codeHash]);
  });

  it("a contract that delegatecalls itself enters the inner function", () => {
    const call: HandMadeCall = {
      contract: POOL,
      fn: "multicall()",
      calls: [{ contract: POOL, fn: STEP, kind: "delegatecall", gas: 5 }],
    };
    expect(entriesOf(call, ["multicall()", STEP])).to.deep.equal([
      "Pool.multicall()",
      "Pool.step()",
    ]);
  });

  it("an entry spans the entries made from within it", () => {
    const call: HandMadeCall = {
      contract: POOL,
      fn: RUN,
      calls: [
        { contract: TOKEN, fn: RUN, calls: [{ contract: LIBRARY, fn: RUN }] },
        { contract: TOKEN, fn: STEP },
      ],
    };
    expect(callEntries(framesOf(call)).entries.map(({ end }) => end)).to.deep.equal([4, 3, 3, 4]);
  });

  it("overloads and creations are functions of their own", () => {
    const keys = [
      { contract: TOKEN, fn: "f(uint256)" },
      { contract: TOKEN, fn: "f(address)" },
      { contract: TOKEN, fn: "constructor" },
      { contract: TOKEN, fn: "receive" },
    ].map((call) => callEntries(framesOf(call)).entries[0]?.functionKey);
    expect(new Set(keys).size).to.equal(4);
  });

  it("a message to an account without code is a plain transfer", () => {
    const [block] = handMadeLog([
      { transactions: [{ from: "u", gas: 21000, to: "v", value: 1n }] },
    ]);
    const { entries } = callEntries(block?.transactions[0]?.trace.frames ?? []);
    expect(entries.map(({ plainTransfer }) => plainTransfer)).to.deep.equal([true]);
    expect(entries[0]?.storageOwner).to.equal(account("v"));
  });

  it("a transaction without a trace has no entries", () => {
    expect(callEntries([]).entries).to.deep.equal([]);
  });
});
