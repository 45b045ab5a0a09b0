/** The search for a slot's variable, on layouts and hashes written by hand. */
import { expect } from "chai";
import { AbiCoder, concat, keccak256, toBeHex } from "ethers";
import type { StorageLayout, StorageLayoutType } from "../../../src/analysis/contract-metadata";
import type { KeyNames } from "../../../src/analysis/naming/key-format";
import { LayoutTree } from "../../../src/analysis/naming/layout-tree";
import { joinLabels, joinVariables, narrow } from "../../../src/analysis/naming/packed-members";
import { PreimageIndex } from "../../../src/analysis/naming/preimage-index";
import { SlotResolver } from "../../../src/analysis/naming/slot-resolver";
import { wellKnownSlot } from "../../../src/analysis/naming/well-known-slots";

const NO_NAMES: KeyNames = {
  account: () => undefined,
  enumMembers: () => undefined,
  underlyingType: () => undefined,
  constant: () => undefined,
};

const UINT: StorageLayoutType = { encoding: "inplace", label: "uint256", numberOfBytes: "32" };
const TYPES: Readonly<Record<string, StorageLayoutType>> = {
  t_uint256: UINT,
  t_uint8: { encoding: "inplace", label: "uint8", numberOfBytes: "1" },
  t_uint96: { encoding: "inplace", label: "uint96", numberOfBytes: "12" },
  t_address: { encoding: "inplace", label: "address", numberOfBytes: "20" },
  t_string_storage: { encoding: "bytes", label: "string", numberOfBytes: "32" },
  t_string_memory_ptr: { encoding: "bytes", label: "string", numberOfBytes: "32" },
  t_list: { encoding: "dynamic_array", label: "uint256[]", numberOfBytes: "32", base: "t_uint256" },
  t_uint8s: { encoding: "dynamic_array", label: "uint8[]", numberOfBytes: "32", base: "t_uint8" },
  t_pairs: {
    encoding: "dynamic_array",
    label: "struct Pair[]",
    numberOfBytes: "32",
    base: "t_pair",
  },
  t_pair: {
    encoding: "inplace",
    label: "struct Pair",
    numberOfBytes: "64",
    members: [
      { astId: 1, contract: "C", label: "who", offset: 0, slot: "0", type: "t_address" },
      { astId: 2, contract: "C", label: "share", offset: 20, slot: "0", type: "t_uint96" },
      { astId: 3, contract: "C", label: "sum", offset: 0, slot: "1", type: "t_uint256" },
    ],
  },
  t_map: {
    encoding: "mapping",
    label: "mapping(address => uint256)",
    numberOfBytes: "32",
    key: "t_address",
    value: "t_uint256",
  },
  t_byName: {
    encoding: "mapping",
    label: "mapping(string => uint256)",
    numberOfBytes: "32",
    key: "t_string_memory_ptr",
    value: "t_uint256",
  },
  t_huge: {
    encoding: "inplace",
    label: `uint256[${1n << 255n}]`,
    numberOfBytes: (1n << 260n).toString(),
    base: "t_uint256",
  },
};

function layout(
  ...variables: readonly (readonly [string, number, string, number?])[]
): StorageLayout {
  return {
    storage: variables.map(([label, slot, type, offset = 0], astId) => ({
      astId,
      contract: "C",
      label,
      offset,
      slot: String(slot),
      type,
    })),
    types: TYPES,
  };
}

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}

/** Preimages as a run would have hashed them. */
function index(...preimages: readonly string[]): PreimageIndex {
  const found = new PreimageIndex();
  for (const preimage of preimages) {
    found.add(BigInt(keccak256(preimage)), bytes(preimage));
  }
  return found;
}

function resolver(of: StorageLayout, ...preimages: readonly string[]): SlotResolver {
  const roots = index(...preimages);
  return new SlotResolver(new LayoutTree(of), NO_NAMES, [() => roots]);
}

function name(of: SlotResolver, slot: bigint): string {
  return joinLabels(of.members(slot));
}

const word = (value: bigint | number) => toBeHex(value, 32);
const entry = (key: string, slot: bigint | number) =>
  AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [key, slot]);

const ZERO = "0x0000000000000000000000000000000000000000";
// keccak256 of 32 zero bytes, of 31 zero bytes and a one, and of 64 zero bytes: the well-known
// places of the first array element at slot 0, at slot 1, and of mapping[address(0)] at slot 0.
const KECCAK_0 = 0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563n;
const KECCAK_1 = 0xb10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6n;
const KECCAK_0_0 = 0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5n;

describe("SlotResolver", () => {
  it("an array's elements follow the hash of its slot", () => {
    const found = resolver(
      layout(["first", 0, "t_list"], ["second", 1, "t_list"]),
      word(0),
      word(1),
    );
    expect(name(found, 0n)).to.equal("first.length");
    expect(name(found, KECCAK_0)).to.equal("first[0]");
    expect(name(found, KECCAK_0 + 41n)).to.equal("first[41]");
    expect(name(found, KECCAK_1 + 2n)).to.equal("second[2]");
    expect(name(found, KECCAK_0 - 1n)).to.equal("");
  });

  it("small elements share slots, 32 of one byte", () => {
    const found = resolver(layout(["flags", 1, "t_uint8s"]), word(1));
    const members = found.members(KECCAK_1 + 1n);
    expect(joinLabels(members)).to.equal("flags[32..63]");
    expect(joinVariables(members)).to.equal("flags[*]");
    const change = { before: 0n, after: 0xff00n };
    expect(joinLabels(narrow(members, change) ?? [])).to.equal("flags[33]");
  });

  it("members of a struct in an array are found from the array's root below", () => {
    const found = resolver(layout(["pairs", 0, "t_pairs"]), word(0));
    expect(name(found, KECCAK_0 + 6n)).to.equal("pairs[3].{who, share}");
    expect(name(found, KECCAK_0 + 7n)).to.equal("pairs[3].sum");
    expect(joinVariables(found.members(KECCAK_0 + 6n))).to.equal("pairs[*].{who, share}");
  });

  it("a mapping's entry lies at the hash of key and slot", () => {
    const found = resolver(layout(["balances", 0, "t_map"]), entry(ZERO, 0));
    expect(name(found, KECCAK_0_0)).to.equal(`balances[${ZERO}]`);
    expect(name(found, KECCAK_0_0 + 1n)).to.equal("");
  });

  it("a key with more bits than its type is not a key", () => {
    const preimage = concat([word((1n << 160n) + 5n), word(0)]);
    const found = resolver(layout(["balances", 0, "t_map"]), preimage);
    expect(name(found, BigInt(keccak256(preimage)))).to.equal("");
  });

  it("a preimage of another length is not a padded key", () => {
    const preimage = concat(["0x05", word(0)]);
    const found = resolver(layout(["balances", 0, "t_map"]), preimage);
    expect(name(found, BigInt(keccak256(preimage)))).to.equal("");
  });

  it("string keys are hashed unpadded, the empty one like an array's root", () => {
    const preimages = [concat(["0x676f6c64", word(1)]), word(1)];
    const found = resolver(layout(["byName", 1, "t_byName"]), ...preimages);
    expect(name(found, BigInt(keccak256(preimages[0] ?? "0x")))).to.equal('byName["gold"]');
    expect(name(found, KECCAK_1)).to.equal('byName[""]');
  });

  it("the hash of a plain variable's slot leads nowhere", () => {
    const found = resolver(layout(["total", 0, "t_uint256"]), word(0), entry(ZERO, 0));
    expect(name(found, KECCAK_0)).to.equal("");
    expect(name(found, KECCAK_0_0)).to.equal("");
  });

  it("nor does the hash of a slot that several variables share", () => {
    const packed = layout(["a", 0, "t_uint8"], ["b", 0, "t_uint8", 1]);
    expect(name(resolver(packed, word(0)), KECCAK_0)).to.equal("");
    expect(name(resolver(packed), 0n)).to.equal("a, b");
  });

  it("a long string's words follow the hash of its slot", () => {
    const found = resolver(layout(["title", 1, "t_string_storage"]), word(1));
    expect(name(found, 1n)).to.equal("title");
    expect(name(found, KECCAK_1 + 1n)).to.equal("title (bytes 32 to 63)");
  });

  it("where a huge variable covers a hashed place, neither name is taken", () => {
    const both = layout(["huge", 1, "t_huge"], ["balances", 0, "t_map"]);
    expect(name(resolver(both, entry(ZERO, 0)), 5n)).to.equal("huge[4]");
    const disputed = BigInt(keccak256(entry("0x0000000000000000000000000000000000000003", 0)));
    const found = resolver(both, entry("0x0000000000000000000000000000000000000003", 0));
    // the array covers the lower half of all slots and one more
    expect(disputed <= 1n << 255n, "the entry lies within the array").to.equal(true);
    expect(name(found, disputed)).to.equal("");
  });

  it("a chain of hashes as long as a block's transactions does not exhaust the stack", () => {
    const roots = new PreimageIndex();
    let slot = 0n;
    for (let i = 0; i < 20_000; i++) {
      const preimage = concat([word(1), word(slot)]);
      slot = BigInt(keccak256(preimage));
      roots.add(slot, bytes(preimage));
    }
    const found = new SlotResolver(new LayoutTree(layout(["map", 0, "t_map"])), NO_NAMES, [
      () => roots,
    ]);
    expect(name(found, slot)).to.equal("");
  });
});

describe("PreimageIndex", () => {
  it("finds the nearest root below first, also over a carry of the upper bits", () => {
    const edge = 1n << 200n;
    const roots = new PreimageIndex();
    roots.add(edge - 3n, bytes(word(1)));
    roots.add(edge - 1n, bytes(word(2)));
    roots.add(edge + 9n, bytes(word(3)));
    expect(roots.below(edge + 5n).map(({ hash }) => hash)).to.deep.equal([edge - 1n, edge - 3n]);
    expect(roots.below(edge + 9n)[0]?.hash).to.equal(edge + 9n);
  });

  it("forgets what is too far below", () => {
    const roots = new PreimageIndex();
    roots.add(1n, bytes(word(1)));
    expect(roots.below(1n + (1n << 40n))).to.deep.equal([]);
  });

  it("keeps a hash once", () => {
    const roots = new PreimageIndex();
    roots.add(7n, bytes(word(1)));
    roots.add(7n, bytes(word(1)));
    expect(roots.size).to.equal(1);
  });
});

describe("wellKnownSlot", () => {
  it("knows the slots of EIP-1967 by the numbers in its text", () => {
    const slots = {
      "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc": "implementation",
      "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50": "beacon",
      "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103": "admin",
    };
    for (const [slot, role] of Object.entries(slots)) {
      expect(wellKnownSlot(BigInt(slot))).to.equal(`${role} (EIP-1967)`);
    }
    expect(wellKnownSlot(0n)).to.equal(undefined);
  });
});
