import { expect } from "chai";
import type { ContractMetadata } from "../../src/analysis/contract-metadata";
import { uncalledFunctions } from "../../src/analysis/uncalled-functions";

function contract(name: string, abi: readonly object[]): ContractMetadata {
  return {
    fullyQualifiedName: `${name}.sol:${name}`,
    contractName: name,
    sourceName: `${name}.sol`,
    bytecode: "0x",
    deployedBytecode: "0x",
    linkRanges: [],
    deployedLinkRanges: [],
    immutableRanges: [],
    methodIdentifiers: {},
    abi,
    storageLayout: null,
    transientStorageLayout: null,
  };
}

function fn(name: string, types: readonly object[], stateMutability = "nonpayable"): object {
  return { type: "function", name, inputs: types, outputs: [], stateMutability };
}

const ADDRESS = { name: "", type: "address" };
const ORDER = { name: "", type: "tuple[2]", components: [ADDRESS, { name: "", type: "uint256" }] };

describe("functions that were not called", () => {
  it("are those of called contracts that change state; views, events and other contracts are none", () => {
    const shop = contract("Shop", [
      fn("buy", [ADDRESS]),
      fn("place", [ORDER], "payable"),
      fn("price", [], "view"),
      { type: "event", name: "Bought", inputs: [] },
      { type: "constructor", inputs: [] },
    ]);
    const other = contract("Other", [fn("never", [])]);
    const called = new Map([["Shop.sol:Shop", new Set(["buy(address)"])]]);
    expect(uncalledFunctions([shop, other], called)).to.deep.equal({
      of: 2,
      functions: [{ contract: "Shop.sol:Shop", signature: "place((address,uint256)[2])" }],
    });
  });

  it("a contract that was compiled twice counts once", () => {
    const shop = contract("Shop", [fn("buy", [ADDRESS])]);
    expect(uncalledFunctions([shop, shop], new Map([["Shop.sol:Shop", new Set()]]))).to.deep.equal({
      of: 1,
      functions: [{ contract: "Shop.sol:Shop", signature: "buy(address)" }],
    });
  });
});
