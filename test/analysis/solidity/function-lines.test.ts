/** Definitions by an AST written by hand, in solc's shape; `src` is start:length:file, in bytes. */
import { expect } from "chai";
import { functionLines } from "../../../src/analysis/solidity/function-lines";
import { lineStarts } from "../../../src/analysis/source-location";

const SOURCE = [
  "contract Base {", // bytes 0 to 15
  "  function f() public {", // 16 to 39
  "  }", // 40 to 43
  "  function g() public {}", // 44 to 68
  "}", // 69 to 70
  "contract Derived is Base {", // 71 to 97
  "  uint public total;", // 98 to 118
  "  constructor() {}", // 119 to 137
  "  function g() public override {}", // 138 to 171
  "  receive() external payable {}", // 172 to 203
  "}",
].join("\n");

function definition(kind: string, src: string, functionSelector?: string): object {
  return {
    nodeType: "FunctionDefinition",
    kind,
    implemented: true,
    src,
    ...(functionSelector === undefined ? {} : { functionSelector }),
  };
}

const AST = {
  nodeType: "SourceUnit",
  nodes: [
    {
      nodeType: "ContractDefinition",
      id: 1,
      name: "Base",
      linearizedBaseContracts: [1],
      nodes: [
        definition("function", "18:25:0", "aaaaaaaa"),
        definition("function", "46:22:0", "bbbbbbbb"),
      ],
    },
    {
      nodeType: "ContractDefinition",
      id: 2,
      name: "Derived",
      linearizedBaseContracts: [2, 1],
      nodes: [
        {
          nodeType: "VariableDeclaration",
          visibility: "public",
          src: "100:17:0",
          functionSelector: "cccccccc",
        },
        definition("constructor", "121:16:0"),
        definition("function", "140:31:0", "bbbbbbbb"),
        definition("receive", "174:29:0"),
      ],
    },
  ],
};

const linesOf = functionLines(
  { "a.sol": { ast: AST } },
  { 0: { name: "a.sol", lineStarts: lineStarts(SOURCE), content: SOURCE } },
);
const METHODS = { "f()": "aaaaaaaa", "g()": "bbbbbbbb", "total()": "cccccccc" };

describe("lines of functions", () => {
  it("are the contract's own before inherited ones; getters and special functions have some", () => {
    expect(linesOf("a.sol:Derived", METHODS)).to.deep.equal({
      "f()": { file: "a.sol", from: 2, to: 3 },
      "g()": { file: "a.sol", from: 9, to: 9 },
      "total()": { file: "a.sol", from: 7, to: 7 },
      constructor: { file: "a.sol", from: 8, to: 8 },
      receive: { file: "a.sol", from: 10, to: 10 },
    });
  });

  it("what is not defined in the sources has none", () => {
    expect(linesOf("a.sol:Base", { "h()": "dddddddd" })).to.deep.equal({});
    expect(linesOf("a.sol:Other", METHODS)).to.deep.equal({});
  });
});
