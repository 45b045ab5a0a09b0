/** Namespaces that disagree: no name, and the clash told where two codes differ. */
import { expect } from "chai";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import type { SlotName } from "../../../src/analysis/slot-name";
import { compileSources } from "./compile";
import { asHex, interfaceOf, RecordedChain, type Sent } from "./recorded-chain";

const POINTER = (struct: string, place: string): string => `
  function at() internal pure returns (${struct} storage s) {
    bytes32 place = keccak256("${place}");
    assembly { s.slot := place }
  }`;

const SOURCES = {
  "contracts/Clash.sol": {
    content: `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
library First { struct One { uint256 a; uint256 b; } ${POINTER("One", "shared")} }
library Second { struct Two { uint256 x; uint256 y; } ${POINTER("Two", "shared")} }
contract Both {
  function run() external { First.at().b = 1; Second.at().y = 2; }
}
contract OnlyFirst { function run() external { First.at().b = 3; } }
contract Before {
  /// @custom:storage-location erc7201:moved
  struct Main { uint256 first; uint256 second; }
  function run() external virtual { main().second = 4; }
  function main() internal pure returns (Main storage s) {
    bytes32 place = keccak256(abi.encode(uint256(keccak256("moved")) - 1)) & ~bytes32(uint256(0xff));
    assembly { s.slot := place }
  }
}
contract After {
  /// @custom:storage-location erc7201:moved
  struct Main { uint256 first; uint256 inserted; uint256 second; }
  function run() external { main().inserted = 5; main().second = 6; }
  function main() internal pure returns (Main storage s) {
    bytes32 place = keccak256(abi.encode(uint256(keccak256("moved")) - 1)) & ~bytes32(uint256(0xff));
    assembly { s.slot := place }
  }
}
contract Proxy {
  bytes32 private constant TARGET = keccak256("proxy.target");
  constructor(address target) { set(target); }
  function set(address target) public { bytes32 place = TARGET; assembly { sstore(place, target) } }
  fallback() external {
    bytes32 place = TARGET;
    assembly {
      let ok := delegatecall(gas(), sload(place), 0, 0, 0, 0)
      calldatacopy(0, 0, 4)
      ok := delegatecall(gas(), sload(place), 0, 4, 0, 0)
      if iszero(ok) { revert(0, 0) }
    }
  }
}
`,
  },
};

describe("namespaces that disagree", () => {
  let all: ReadonlyMap<string, ContractMetadata>;
  let chain: RecordedChain;

  before(() => {
    all = compileSources(SOURCES, { optimizer: true });
  });

  beforeEach(async () => {
    chain = await RecordedChain.create();
  });

  function contract(name: string): ContractMetadata {
    const found = all.get(name);
    if (found === undefined) {
      throw new Error(`${name} is missing`);
    }
    return found;
  }

  function slots({ record }: Sent): SlotName[] {
    const naming = createNaming({ metadata: [...all.values()], evidence: chain.blocks });
    return record.trace.accesses.flatMap(({ location, frame }) =>
      location.kind === "storage"
        ? [
            naming.slot(
              location.address,
              location.slot,
              undefined,
              record.trace.frames[frame]?.codeHash,
            ),
          ]
        : [],
    );
  }

  it("two structs at one place in one contract's code give it no name", async () => {
    const both = await chain.deploy(contract("Both"));
    const found = slots(await chain.call(contract("Both"), both, "run"));
    expect(found.map(({ resolved }) => resolved)).to.deep.equal([false]);
    const only = await chain.deploy(contract("OnlyFirst"));
    const [name] = slots(await chain.call(contract("OnlyFirst"), only, "run"));
    expect(name?.label).to.equal("First.One.b");
  });

  it("an upgrade that moves members of a namespace is told, and their slots have no name", async () => {
    const older = await chain.deploy(contract("Before"));
    const newer = await chain.deploy(contract("After"));
    const proxy = await chain.deploy(contract("Proxy"), [older]);
    const run = asHex(interfaceOf(contract("Before")).encodeFunctionData("run"));
    await chain.send(proxy, run);
    await chain.call(contract("Proxy"), proxy, "set", [newer]);
    const found = slots(await chain.send(proxy, run));
    const told = found.map(({ contract: of, label, clash }) => [of, clash ?? label]);
    const moved = ["After.Main.inserted", "Before.Main.second"];
    expect(told.filter(([, what]) => Array.isArray(what)).map(([, what]) => what)).to.deep.equal([
      moved,
    ]);
    expect(told).to.deep.include(["Proxy", "TARGET"]);
    // only After has a third member
    expect(told).to.deep.include(["After", "Main.second"]);
  });
});
