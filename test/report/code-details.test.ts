/** Functions in their sources: which lines are marked, and which are shown. */
import { expect } from "chai";
import { collectWorkload } from "../../src/analysis/workload-builder";
import { buildReport } from "../../src/report/build-report";
import { sourceLookup } from "../../src/report/details/source-lookup";
import { CONTRACTS, FUNCTIONS, TOKEN_AND_POOL } from "../golden/token-and-pool";
import { handMadeLog, handMadeNaming } from "../helpers/hand-made-log";

/** The hand-made run has no code: every write of a variable gets a position in it here. */
function placed() {
  const workload = collectWorkload(handMadeLog(TOKEN_AND_POOL));
  return {
    ...workload,
    transactions: workload.transactions.map((transaction) => ({
      ...transaction,
      accesses: transaction.accesses.map((access) => ({
        ...access,
        writePc: access.write ? access.location : -1,
      })),
    })),
  };
}

describe("code details", () => {
  const source = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);

  it("lines outside of the function's own are shown with some around them, none twice", () => {
    const { details } = buildReport(
      placed(),
      handMadeNaming(CONTRACTS, FUNCTIONS),
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
        locate: () => "lib/Math.sol:20",
        details: {
          sources: {
            functionLines: (_, signature) =>
              signature.startsWith("swap") ? { file: "Pool.sol", from: 3, to: 5 } : null,
            lines: (file) => (file === "Pool.sol" || file === "lib/Math.sol" ? source : null),
          },
        },
      },
    );
    // 4 lines above and below line 20
    expect(
      details?.code.excerpts.map(({ file, from, lines }) => [file, from, lines[0], lines.length]),
    ).to.have.deep.members([
      ["Pool.sol", 3, "line 3", 3],
      ["lib/Math.sol", 16, "line 16", 9],
    ]);
    const swap = details?.code.functions.find(({ place }) => place !== null);
    expect(swap?.place).to.deep.equal({ file: "Pool.sol", from: 3, to: 5 });
    // its own code writes reserve and unlocked, in each of four swaps
    expect(swap?.lines.map(({ file, line, writes }) => [file, line, writes])).to.deep.equal([
      ["lib/Math.sol", 20, 4],
      ["lib/Math.sol", 20, 4],
    ]);
  });

  it("where two compilations had different sources, none is shown", () => {
    const contract = (content: string, from: number) => ({
      fullyQualifiedName: "a.sol:A",
      contractName: "A",
      sourceName: "a.sol",
      bytecode: "0x" as const,
      deployedBytecode: "0x" as const,
      linkRanges: [],
      deployedLinkRanges: [],
      immutableRanges: [],
      methodIdentifiers: {},
      abi: [],
      storageLayout: null,
      transientStorageLayout: null,
      sourceMap: { map: "", files: { 0: { name: "a.sol", lineStarts: [0], content } } },
      functionLines: { "f()": { file: "a.sol", from, to: from } },
    });
    const same = sourceLookup([contract("a\nb", 1), contract("a\nb", 1)]);
    expect(same.lines("a.sol")).to.deep.equal(["a", "b"]);
    expect(same.functionLines("a.sol:A", "f()")).to.deep.equal({ file: "a.sol", from: 1, to: 1 });
    const other = sourceLookup([contract("a\nb", 1), contract("a\nc", 2)]);
    expect(other.lines("a.sol")).to.equal(null);
    expect(other.functionLines("a.sol:A", "f()")).to.equal(null);
    expect(same.lines("b.sol")).to.equal(null);
  });
});
