/** Source maps by the rules of docs.soliditylang.org, on code small enough to count. */
import { expect } from "chai";
import type { ContractMetadata } from "../../src/analysis/contract-metadata";
import { codeLocator, lineStarts, readSourceMap } from "../../src/analysis/source-location";
import type { Hash, Hex } from "../../src/state/hex";

// line 1: bytes 0-3, line 2: 4-8 ("é" has two bytes), line 3 from 9
const STARTS = lineStarts("abc\ndé.\nxyz");
// PUSH1 00 (pc 0), SLOAD (pc 2), PUSH2 5454 (pc 3), STOP (pc 6)
const CODE: Hex = "0x6000546154540000";
const MAP = { map: "0:3:0:-;4:4;9:3:-1;:::i", files: { 0: { name: "a.sol", lineStarts: STARTS } } };

describe("source location", () => {
  it("lines are counted in bytes", () => {
    expect(STARTS).to.deep.equal([0, 4, 9]);
  });

  it("an empty field is as before, -1 belongs to no file, data of a PUSH is no instruction", () => {
    expect([...readSourceMap(CODE, MAP)]).to.deep.equal([
      [0, "a.sol:1"],
      [2, "a.sol:2"],
    ]);
    const back = { ...MAP, map: "0:3:0;4:4;9:3;8" };
    expect([...readSourceMap(CODE, back)].slice(2)).to.deep.equal([
      [3, "a.sol:3"],
      [6, "a.sol:2"],
    ]);
  });

  it("code that is several contracts', of other sources, or without a map has no location", () => {
    const hash: Hash = `0x${"11".repeat(32)}`;
    // cast: no more of a contract is looked at
    const contract = { deployedBytecode: CODE, sourceMap: MAP } as unknown as ContractMetadata;
    const at = (code: Hex | undefined, ...contracts: ContractMetadata[]): string | null =>
      codeLocator({ code: () => code, contracts: () => contracts })({ codeHash: hash, pc: 2 });
    expect(at(CODE, contract)).to.equal("a.sol:2");
    expect(at(CODE, contract, contract)).to.equal(null);
    expect(at(undefined, contract)).to.equal(null);
    expect(at("0x6000546154540001", contract)).to.equal(null);
    expect(at(CODE)).to.equal(null);
    const { sourceMap, ...without } = contract;
    expect(at(CODE, without)).to.equal(null);
  });
});
