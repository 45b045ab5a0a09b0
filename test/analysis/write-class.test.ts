/** Write classes on the examples of docs/metrics.md, each with what is nearly one. */
import { expect } from "chai";
import { analyseRun } from "../../src/analysis/run-analysis";
import { collectWorkload } from "../../src/analysis/workload-builder";
import type { Hex } from "../../src/state/hex";
import {
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  type Touch,
  updates,
  word,
} from "../helpers/hand-made-log";

const SHOP = new HandMadeContract("Shop");
const SOLD = SHOP.slot("sold");
const BUY = "buy(uint256)";
const SELL = "sell(uint256)";

function call(from: string, touches: Touch[], argument = "", fn = BUY): HandMadeTransaction {
  return { from, gas: 10, call: { contract: SHOP, fn, touches, argument } };
}

function analyse(transactions: readonly HandMadeTransaction[]) {
  const workload = collectWorkload(handMadeLog([{ transactions }]));
  const analysis = analyseRun(workload, handMadeNaming([SHOP], [BUY, SELL]), {
    window: "mined",
    lanes: 8,
    gasMode: "total",
    maxFixes: 1,
  });
  return { workload, analysis };
}

function classesOf(transactions: readonly HandMadeTransaction[], of = SOLD): (string | null)[] {
  const { workload, analysis } = analyse(transactions);
  const location = workload.locations.number(0, of);
  return workload.transactions.map((transaction) =>
    analysis.writeClasses.of(transaction, location),
  );
}

describe("write class (docs/metrics.md)", () => {
  it("an argument added from two different values is a delta", () => {
    expect(
      classesOf([
        call("u1", [updates(SOLD, 0n, 5n)], word(5)),
        call("u2", [updates(SOLD, 5n, 12n)], word(7)),
      ]),
    ).to.deep.equal(["delta", "delta"]);
  });

  it("an argument taken off, or a constant added, is a delta too", () => {
    expect(
      classesOf([
        call("u1", [updates(SOLD, 12n, 7n)], word(5)),
        call("u2", [updates(SOLD, 7n, 4n)], word(3)),
      ]),
    ).to.deep.equal(["delta", "delta"]);
    expect(
      classesOf([call("u1", [updates(SOLD, 0n, 1n)]), call("u2", [updates(SOLD, 1n, 2n)])]),
    ).to.deep.equal(["delta", "delta"]);
  });

  it("an argument stored is no delta, even if it once equals the difference", () => {
    expect(
      classesOf([
        call("u1", [updates(SOLD, 0n, 5n)], word(5)),
        call("u2", [updates(SOLD, 5n, 7n)], word(7)),
      ]),
    ).to.deep.equal(["overwrite", "overwrite"]);
  });

  it("what was seen from one value only is no delta", () => {
    expect(classesOf([call("u1", [updates(SOLD, 0n, 5n)], word(5))])).to.deep.equal(["overwrite"]);
    expect(
      classesOf([
        call("u1", [updates(SOLD, 0n, 5n)], word(5)),
        call("u2", [updates(SOLD, 0n, 5n)], word(5)),
      ]),
    ).to.deep.equal(["overwrite", "overwrite"]);
  });

  it("each function is judged by its own writes", () => {
    expect(
      classesOf([
        call("u1", [updates(SOLD, 0n, 5n)], word(5)),
        call("u2", [updates(SOLD, 5n, 12n)], word(7)),
        call("u3", [updates(SOLD, 12n, 100n)], word(100), SELL),
      ]),
    ).to.deep.equal(["delta", "delta", "overwrite"]);
  });

  it("a counter whose value is a key each time is no delta; as a key once, it is", () => {
    const key = (value: number): { hash: Hex; preimage: Hex } => ({
      hash: `0x${word(999)}`,
      preimage: `0x${word(value)}${word(3)}`,
    });
    const first = call("u1", [updates(SOLD, 7n, 8n)]);
    const second = call("u2", [updates(SOLD, 8n, 9n)]);
    expect(
      classesOf([
        { ...first, preimages: [key(7)] },
        { ...second, preimages: [key(8)] },
      ]),
    ).to.deep.equal(["overwrite", "overwrite"]);
    expect(classesOf([{ ...first, preimages: [key(7)] }, second])).to.deep.equal([
      "delta",
      "delta",
    ]);
  });

  it("a value that is hashed with others each time is no delta, wherever it lies in what is hashed", () => {
    const packed = (value: number): { hash: Hex; preimage: Hex } => ({
      hash: `0x${word(999)}`,
      preimage: `0x${"ab".repeat(20)}${word(value)}`,
    });
    expect(
      classesOf([
        { ...call("u1", [updates(SOLD, 7n, 8n)]), preimages: [packed(7)] },
        { ...call("u2", [updates(SOLD, 8n, 9n)]), preimages: [packed(8)] },
      ]),
    ).to.deep.equal(["overwrite", "overwrite"]);
  });

  it("putting the old value back is silent, making an array longer is append", () => {
    expect(classesOf([call("u1", [updates(SOLD, 1n, 1n)])])).to.deep.equal(["silent"]);
    const length = SHOP.slot("orders.length");
    expect(
      classesOf(
        [call("u1", [updates(length, 4n, 5n)]), call("u2", [updates(length, 5n, 4n)])],
        length,
      ),
    ).to.deep.equal(["append", "overwrite"]);
  });

  it("of a packed slot the part that changed counts", () => {
    const packed = SHOP.packed({ small: 8, large: 16 });
    const at = (small: bigint, large: bigint): bigint => small + (large << 64n);
    expect(
      classesOf(
        [
          call("u1", [updates(packed, at(9n, 0n), at(9n, 5n))], word(5)),
          call("u2", [updates(packed, at(9n, 5n), at(9n, 12n))], word(7)),
        ],
        packed,
      ),
    ).to.deep.equal(["delta", "delta"]);
    expect(
      classesOf(
        [
          call("u1", [updates(packed, at(9n, 0n), at(8n, 5n))], word(5)),
          call("u2", [updates(packed, at(9n, 5n), at(8n, 12n))], word(7)),
        ],
        packed,
      ),
    ).to.deep.equal(["overwrite", "overwrite"]);
  });
});

describe("delta dividend (docs/metrics.md)", () => {
  it("three deltas of 10: CP 30, with deltas 10", () => {
    const { analysis } = analyse([
      call("u1", [updates(SOLD, 0n, 5n)], word(5)),
      call("u2", [updates(SOLD, 5n, 12n)], word(7)),
      call("u3", [updates(SOLD, 12n, 21n)], word(9)),
    ]);
    expect(analysis.comparisons.deltaDividend).to.equal(3);
  });

  it("a reader still waits for every delta before it", () => {
    const { analysis } = analyse([
      call("u1", [updates(SOLD, 0n, 5n)], word(5)),
      call("u2", [updates(SOLD, 5n, 12n)], word(7)),
      call("u3", [{ ...updates(SOLD, 12n, 12n), write: false }], "", SELL),
    ]);
    expect(analysis.comparisons.deltaDividend).to.equal(1.5); // 30 -> 20
  });

  it("nothing to gain where values are overwritten", () => {
    const { analysis } = analyse([
      call("u1", [updates(SOLD, 0n, 5n)]),
      call("u2", [updates(SOLD, 5n, 3n)]),
    ]);
    expect(analysis.comparisons.deltaDividend).to.equal(1);
  });
});
