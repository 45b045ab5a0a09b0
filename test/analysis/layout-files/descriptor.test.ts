/** EIP-8317 descriptors: read, checked, and used for storage that assembly lays out. */
import { expect } from "chai";
import { id } from "ethers";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { readLayoutFile } from "../../../src/analysis/layout-files/layout-file";
import { createNaming } from "../../../src/analysis/naming/naming";
import { compile } from "../naming/compile";
import { RecordedChain } from "../naming/recorded-chain";

const ALICE = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const ALICE_CHECKSUMMED = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"; // Hardhat's account 1

const ROOT = BigInt(id("example.manual"));

// a struct and a mapping at the hash of a name, without any declaration that a compiler could see
const SOURCE = `
contract Manual {
  function run(address user, uint128 low, uint128 high) external {
    uint256 root = ${ROOT};
    assembly {
      sstore(root, or(low, shl(128, high)))
      mstore(0, user)
      mstore(32, add(root, 1))
      sstore(keccak256(0, 64), 9)
    }
  }
}`;

const DESCRIPTOR = {
  compiler: { language: "manual" },
  storage: [
    {
      label: "ledger",
      slot: ROOT.toString(),
      offset: 0,
      type: "Ledger",
      source: "manual",
      baseSlotDerivation: { scheme: "erc8042", namespaceId: "example.manual" },
    },
  ],
  types: {
    Ledger: {
      encoding: "inplace_struct",
      label: "struct Ledger",
      numberOfBytes: "64",
      members: [
        { label: "low", slot: "0", offset: 0, type: "half" },
        { label: "high", slot: "0", offset: 16, type: "half" },
        { label: "shares", slot: "1", offset: 0, type: "byUser" },
      ],
    },
    half: { encoding: "inplace", label: "uint128", numberOfBytes: "16" },
    user: { encoding: "inplace", label: "address", numberOfBytes: "20" },
    amount: { encoding: "inplace", label: "uint256", numberOfBytes: "32" },
    byUser: {
      encoding: "mapping",
      label: "mapping(address => uint256)",
      numberOfBytes: "32",
      key: "user",
      value: "amount",
    },
  },
};

describe("EIP-8317 descriptors", () => {
  it("name what a compiler knows nothing of", async () => {
    const contract = compile(SOURCE, { optimizer: true }).get("Manual");
    const [layout] = readLayoutFile("layouts/Manual.json", JSON.stringify(DESCRIPTOR));
    if (contract === undefined || layout === undefined) {
      throw new Error("nothing to name");
    }
    expect(layout.contractName).to.equal("Manual");
    const described: ContractMetadata = {
      ...contract,
      storageLayout: layout.storage,
      imported: { path: "layouts/Manual.json", hashing: layout.hashing, complete: layout.complete },
    };
    const chain = await RecordedChain.create();
    const address = await chain.deploy(contract);
    const { record } = await chain.call(contract, address, "run", [ALICE, 1n, 2n]);
    const naming = createNaming({ metadata: [described], evidence: chain.blocks });
    const found: Record<string, bigint> = {};
    for (const { location } of record.trace.accesses) {
      if (location.kind === "storage") {
        const { label } = naming.slot(address, location.slot);
        found[label] = await chain.storage(address, location.slot);
      }
    }
    expect(found).to.deep.equal({
      "ledger.{low, high}": 1n | (2n << 128n),
      [`ledger.shares[${ALICE_CHECKSUMMED}]`]: 9n,
    });
  });

  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ["no types", { ...DESCRIPTOR, types: undefined }, /it has no types/],
    ["no language", { ...DESCRIPTOR, compiler: {} }, /compiler has no language/],
    [
      "a slot that its namespace does not give",
      { ...DESCRIPTOR, storage: [{ ...DESCRIPTOR.storage[0], slot: "7" }] },
      /ledger stands at slot 7, but erc8042 puts example\.manual at \d+/,
    ],
    [
      "a type that is not described",
      { ...DESCRIPTOR, storage: [{ label: "x", slot: "0", offset: 0, type: "missing" }] },
      /x has the type missing, which types does not describe/,
    ],
    [
      "an unknown encoding",
      {
        ...DESCRIPTOR,
        types: { ...DESCRIPTOR.types, half: { encoding: "zip", label: "x", numberOfBytes: "1" } },
      },
      /the type half has an encoding that is not known: zip/,
    ],
    [
      "a hexadecimal slot",
      { ...DESCRIPTOR, storage: [{ ...DESCRIPTOR.storage[0], slot: "0x07" }] },
      /slot of ledger is no decimal number: 0x07/,
    ],
  ];
  for (const [what, json, message] of wrong) {
    it(`one with ${what} is an error that names the file`, () => {
      expect(() => readLayoutFile("layouts/Manual.json", JSON.stringify(json)))
        .to.throw(message)
        .and.satisfy((error: Error) => error.message.includes("layouts/Manual.json"));
    });
  }
});
