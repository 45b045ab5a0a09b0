import { expect } from "chai";
import { NO_FILTERS, type ReportFilters } from "../../src/report/filters";
import type { Report } from "../../src/report/report";
import { HandMadeContract, oneByOne, updates } from "../helpers/hand-made-log";
import { handMadeReport } from "../helpers/hand-made-report";

const FUNCTIONS = ["mint(address)", "mint(address,uint256)", "burn()"];

/** Every function of two contracts is called twice, on one variable a contract. */
function report(filters: Partial<ReportFilters>): Report {
  const contracts = ["Token", "MockToken"].map((name) => new HandMadeContract(name));
  const blocks = oneByOne(
    [1, 2].flatMap((time) =>
      contracts.flatMap((contract) =>
        FUNCTIONS.map((fn) => ({
          from: `${time} ${contract.name} ${fn}`,
          gas: 10,
          call: { contract, fn, touches: [updates(contract.slot("supply"))] },
        })),
      ),
    ),
  );
  return handMadeReport(blocks, contracts, FUNCTIONS, { filters: { ...NO_FILTERS, ...filters } });
}

function names({ contracts }: Report): string[] {
  return contracts
    .flatMap(({ name, functions }) =>
      functions.map(({ signature }) => `${name.split(":")[1]}.${signature}`),
    )
    .sort();
}

const ALL = names(report({}));

describe("filters", () => {
  it("without any, everything is in the report, and it says that nothing is left out", () => {
    expect(ALL).to.have.length(6);
    expect(report({}).filters).to.deep.include({
      hiddenContracts: 0,
      hiddenFunctions: 0,
      unmatched: [],
    });
  });

  const CASES: readonly [string, Partial<ReportFilters>, (name: string) => boolean][] = [
    ["a name", { excludeContracts: ["MockToken"] }, (name) => name.startsWith("Token")],
    ["a pattern", { excludeContracts: ["Mock*"] }, (name) => name.startsWith("Token")],
    [
      "a fully qualified name",
      { excludeContracts: ["contracts/Token.sol:Token"] },
      (name) => name.startsWith("Mock"),
    ],
    ["only", { includeContracts: ["Token"] }, (name) => name.startsWith("Token")],
    [
      "excluded wins",
      { includeContracts: ["*Token"], excludeContracts: ["*k*M*", "M*ck*"] },
      (name) => name.startsWith("Token"),
    ],
    [
      "a function with its overloads",
      { excludeFunctions: ["Token.mint"] },
      (name) => !name.startsWith("Token.mint"),
    ],
    [
      "one overload",
      { excludeFunctions: ["Token.mint(address)"] },
      (name) => name !== "Token.mint(address)",
    ],
    ["a function everywhere", { excludeFunctions: ["*.burn"] }, (name) => !name.endsWith("burn()")],
  ];
  for (const [what, filters, stays] of CASES) {
    it(`${what}: rows and pairs of functions are left out, and counted`, () => {
      const filtered = report(filters);
      const expected = ALL.filter(stays);
      expect(names(filtered)).to.deep.equal(expected);
      expect(filtered.filters.hiddenFunctions).to.equal(6 - expected.length);
      for (const { functions } of filtered.matrix) {
        for (const { contract, signature } of functions) {
          expect(expected).to.include(`${contract.split(":")[1]}.${signature}`);
        }
      }
      // the run's own numbers are of all transactions
      expect(filtered.metrics).to.deep.equal(report({}).metrics);
      expect(filtered.slots).to.deep.equal(report({}).slots);
    });
  }

  it("patterns and accepted variables that nothing is named by are said", () => {
    const { filters } = report({
      includeContracts: ["Token", "Tokn"],
      excludeFunctions: ["Token.burnn"],
      excludeSlots: [
        { slot: "Token.supply", reason: "one supply" },
        { slot: "MockToken.supply", reason: "a mock" },
        { slot: "Token.suply", reason: "misspelt" },
      ],
    });
    expect(filters.unmatched).to.deep.equal(["Tokn", "Token.burnn", "Token.suply"]);
    expect(filters.acceptedSlots.map(({ waitedOn }) => waitedOn)).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});
