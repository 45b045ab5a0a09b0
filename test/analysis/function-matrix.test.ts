/** The matrix of functions on the example of docs/metrics.md, and each cause with a near miss. */
import { expect } from "chai";
import { analyseRun } from "../../src/analysis/run-analysis";
import { collectWorkload } from "../../src/analysis/workload-builder";
import {
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  reads,
  type Touch,
  updates,
} from "../helpers/hand-made-log";

const TOKEN = new HandMadeContract("Token");
const SUPPLY = TOKEN.slot("supply");
const FUNCTIONS = ["mint()", "transfer()", "pause()"];
const balance = (user: string): Touch => updates(TOKEN.slot("balances", user));

function call(fn: string, from: string, ...touches: Touch[]): HandMadeTransaction {
  return { from, gas: 10, call: { contract: TOKEN, fn: `${fn}()`, touches } };
}

/** `mint × transfer: 1 of 4, keyDependent; balances[*] KEYED (1) 0–2` */
function matrixOf(
  transactions: readonly HandMadeTransaction[],
  contracts: readonly HandMadeContract[] = [TOKEN],
): string[] {
  const analysis = analyseRun(
    collectWorkload(handMadeLog([{ transactions }])),
    handMadeNaming(contracts, FUNCTIONS),
    { window: "mined", lanes: 8, gasMode: "total", maxFixes: 1 },
  );
  const name = (row: number): string => analysis.rows.functionName(row).signature.slice(0, -2);
  return analysis.matrix.map(({ functions, pairs, conflicting, kind, senderPairs, slots }) =>
    [
      `${functions.map(name).join(" × ")}: ${conflicting} of ${pairs}, ${kind}`,
      ...(senderPairs > 0 ? [`sender ${senderPairs}`] : []),
      ...slots.map(
        (slot) =>
          `${analysis.groups.get(slot.group).variable} ${slot.cause} (${slot.pairs}) ${slot.example.join("–")}`,
      ),
    ].join("; "),
  );
}

describe("function matrix (docs/metrics.md)", () => {
  it("two mints and two transfers: always, by key in one of four, never", () => {
    expect(
      matrixOf([
        call("mint", "m1", updates(SUPPLY), balance("u1")),
        call("mint", "m2", updates(SUPPLY), balance("u2")),
        call("transfer", "u1", balance("u1"), balance("x")),
        call("transfer", "u3", balance("u3"), balance("y")),
      ]),
    ).to.deep.equal([
      "mint × mint: 1 of 1, always; supply STRUCTURAL (1) 0–1",
      "mint × transfer: 1 of 4, keyDependent; balances[*] KEYED (1) 0–2",
      "transfer × transfer: 0 of 1, never",
    ]);
  });

  it("which of the two came first does not count, nor what others wrote in between", () => {
    expect(
      matrixOf([
        call("mint", "m1", reads(SUPPLY)),
        call("transfer", "u1", updates(SUPPLY)),
        call("pause", "u2", updates(SUPPLY)),
      ]),
    ).to.deep.equal([
      // in order of rows, which are numbered as they are met: mint depends on nothing
      "transfer × pause: 1 of 1, always; supply STRUCTURAL (1) 1–2",
      "transfer × mint: 1 of 1, always; supply READ_HOT (1) 0–1",
      "pause × mint: 1 of 1, always; supply READ_HOT (1) 0–2",
    ]);
  });

  it("two readers do not conflict", () => {
    expect(
      matrixOf([call("mint", "u1", reads(SUPPLY)), call("mint", "u2", reads(SUPPLY))]),
    ).to.deep.equal(["mint × mint: 0 of 1, never"]);
  });

  it("one sender's nonce is counted apart; its own key is its own", () => {
    expect(
      matrixOf([call("mint", "u1", balance("a")), call("mint", "u1", balance("b"))]),
    ).to.deep.equal(["mint × mint: 0 of 1, never; sender 1"]);
    expect(
      matrixOf([call("mint", "u1", balance("u1")), call("mint", "u1", balance("u1"))]),
    ).to.deep.equal(["mint × mint: 1 of 1, keyDependent; sender 1; balances[*] SENDER (1) 0–1"]);
  });

  it("a write that puts the old value back is a guard, one that does not is structural", () => {
    const lock = TOKEN.slot("lock");
    expect(
      matrixOf([
        call("mint", "u1", updates(lock, 1n, 1n)),
        call("mint", "u2", updates(lock, 1n, 1n)),
      ]),
    ).to.deep.equal(["mint × mint: 1 of 1, always; lock GUARD (1) 0–1"]);
    expect(
      matrixOf([
        call("mint", "u1", updates(lock, 1n, 1n)),
        call("mint", "u2", updates(lock, 1n, 2n)),
      ]),
    ).to.deep.equal(["mint × mint: 1 of 1, always; lock STRUCTURAL (1) 0–1"]);
  });

  it("different bytes of a packed slot are false sharing, the same bytes are not", () => {
    const packed = TOKEN.packed({ paused: 1, updated: 8 });
    const at = (paused: bigint, updated: bigint): bigint => paused + (updated << 8n);
    const pause = call("pause", "u1", updates(packed, at(0n, 5n), at(1n, 5n)));
    const mint = call("mint", "u2", updates(packed, at(1n, 5n), at(1n, 6n)));
    const again = call("mint", "u3", updates(packed, at(1n, 6n), at(1n, 7n)));
    expect(
      matrixOf([pause, mint, again]).map((line) => line.replace(/ of.*; /, " ")),
    ).to.deep.equal([
      "pause × mint: 2 paused, updated FALSE_SHARING (2) 0–1",
      "mint × mint: 1 paused, updated STRUCTURAL (1) 1–2",
    ]);
  });

  it("calls on two deployments of one contract are no pair", () => {
    const other = new HandMadeContract("Token", "second");
    expect(
      matrixOf(
        [
          call("mint", "u1", updates(SUPPLY)),
          {
            from: "u2",
            gas: 10,
            call: { contract: other, fn: "mint()", touches: [updates(other.slot("supply"))] },
          },
        ],
        [TOKEN, other],
      ),
    ).to.deep.equal([]);
  });
});
