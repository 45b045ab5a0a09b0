/**
 * Structs at places of their own (ERC-7201, ERC-8042, diamond storage), constants as slots, keys that
 * only the source shows: names written by hand, values against the contract's getters. Under every
 * compiler setting.
 */
import { expect } from "chai";
import { AbiCoder, id, keccak256, toBeHex, toUtf8Bytes } from "ethers";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import type { Address } from "../../../src/state/hex";
import { ALL_SETTINGS, compileSources, describeSettings } from "./compile";
import { RecordedChain } from "./recorded-chain";

/** As the EIP writes it, with ethers as the independent source. */
function erc7201(name: string): bigint {
  const inner = BigInt(id(name)) - 1n;
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [inner]))) & ~0xffn;
}

// keccak256("example.74") - 1 begins with a zero byte (see the first test)
const LEADING_ZEROS = "example.74";

const SOURCES = {
  "contracts/Base.sol": {
    content: `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

struct Free { uint256 amount; string note; }

abstract contract ERC20Upgradeable {
  /// @custom:storage-location erc7201:openzeppelin.storage.ERC20
  struct ERC20Storage {
    mapping(address account => uint256) _balances;
    mapping(address account => mapping(address spender => uint256)) _allowances;
    uint256 _totalSupply;
  }
  // keccak256(abi.encode(uint256(keccak256("openzeppelin.storage.ERC20")) - 1)) & ~bytes32(uint256(0xff))
  bytes32 private constant ERC20StorageLocation = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00;
  function _getERC20Storage() private pure returns (ERC20Storage storage $) {
    assembly { $.slot := ERC20StorageLocation }
  }
  function balanceOf(address a) public view returns (uint256) { return _getERC20Storage()._balances[a]; }
  function totalSupply() public view returns (uint256) { return _getERC20Storage()._totalSupply; }
  function _mint(address to, uint256 amount) internal {
    ERC20Storage storage $ = _getERC20Storage();
    $._totalSupply += amount;
    $._balances[to] += amount;
  }
}

library Counters {
  /// @custom:storage-location erc8042:example.counters
  struct Layout { uint64 low; uint64 high; uint256[] history; mapping(bytes4 => Inner) inner; }
  struct Inner { uint256 hits; bytes note; }
  bytes32 constant POSITION = keccak256("example.counters");
  function layout() internal pure returns (Layout storage l) {
    bytes32 position = POSITION;
    assembly { l.slot := position }
  }
}
`,
  },
  "contracts/Token.sol": {
    content: `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.29;
import { ERC20Upgradeable, Counters, Free as Renamed } from "./Base.sol";

enum Tier { Bronze, Silver, Gold }
type Price is uint96;

contract Token layout at 0x1000 is ERC20Upgradeable {
  /// @custom:storage-location erc7201:${LEADING_ZEROS}
  struct Main { uint8 a; uint8 b; Renamed free; mapping(Tier => mapping(Price => uint256)) tiers; }
  struct Hidden { uint256 first; uint256 second; }

  bytes32 private constant FLAG_SLOT = keccak256("example.flag");
  bytes32 internal constant KEEPER = keccak256("example.keeper.role");
  bytes32 internal constant EPOCH = bytes32("epoch");
  uint256 internal constant DENOMINATOR = 10_000;
  string internal constant NAME = "treasury";
  uint256 internal plain;
  mapping(bytes32 => uint256) internal byHash;
  mapping(string => uint256) internal byName;
  mapping(uint256 => uint256) internal byNumber;
  mapping(bytes4 => uint256) internal bySelector;
  mapping(Tier => mapping(Price => uint256)) internal levels;
  uint256 transient entered;
  bytes32 private constant GUARD = bytes32(uint256(keccak256("example.guard")) - 1);

  function main() private pure returns (Main storage $) {
    bytes32 place = keccak256(abi.encode(uint256(keccak256("${LEADING_ZEROS}")) - 1)) & ~bytes32(uint256(0xff));
    assembly { $.slot := place }
  }
  function hidden() private pure returns (Hidden storage $) {
    assembly { $.slot := 0x5f3c000000000000000000000000000000000000000000000000000000000000 }
  }
  function moving(uint256 by) private pure returns (Hidden storage $) {
    bytes32 place = keccak256("example.moving");
    if (by > 0) { place = keccak256(abi.encode(place, by)); }
    assembly { $.slot := place }
  }

  function mint(address to, uint256 amount) external { _mint(to, amount); }
  function setMain(uint8 a, uint8 b, uint256 amount) external {
    Main storage $ = main();
    $.a = a; $.b = b; $.free.amount = amount; $.free.note = "a note that is longer than thirty-one bytes";
    $.tiers[Tier.Gold][Price.wrap(7)] = 8;
  }
  function getMain() external view returns (uint256) { return main().free.amount; }
  function count(bytes4 selector) external {
    Counters.Layout storage l = Counters.layout();
    l.low = 1; l.high = 2; l.history.push(3); l.inner[selector].hits = 4; l.inner[0x01020304].note = "x";
  }
  function hide(uint256 v) external { hidden().second = v; plain = v; }
  function move(uint256 by) external { moving(by).first = 1; }
  function flag() external {
    bytes32 slot = FLAG_SLOT;
    assembly { sstore(slot, 1) }
    bytes32 guard = GUARD;
    assembly { tstore(guard, 1) }
    entered = 1;
  }
  function keys() external {
    byHash[KEEPER] = 1;
    byHash[keccak256("inline")] = 2;
    byHash[EPOCH] = 3;
    byName["treasury"] = 4;
    byName[NAME] = 5;
    byNumber[DENOMINATOR] = 6;
    byNumber[1 days] = 7;
    byNumber[type(uint256).max] = 8;
    bySelector[bytes4(0x12345678)] = 9;
    bySelector[this.mint.selector] = 10;
    levels[Tier.Silver][Price.wrap(12)] = 11;
  }
}
`,
  },
};

const ALICE: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const ALICE_CHECKSUMMED = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"; // Hardhat's account 1

describe("ERC-7201 slots", () => {
  it("the id whose inner hash has leading zeros is one", () => {
    expect(toBeHex(BigInt(id(LEADING_ZEROS)) - 1n, 32)).to.match(/^0x00/);
    // without the padding the root would be another
    const inner = toBeHex(BigInt(id(LEADING_ZEROS)) - 1n);
    expect(BigInt(keccak256(inner)) & ~0xffn).to.not.equal(erc7201(LEADING_ZEROS));
  });
});

for (const settings of ALL_SETTINGS) {
  describe(`namespaces, ${describeSettings(settings)}`, () => {
    let contracts: readonly ContractMetadata[];
    let token: ContractMetadata;
    let chain: RecordedChain;
    let address: Address;

    before(() => {
      const compiled = compileSources(SOURCES, settings);
      contracts = [...compiled.values()];
      const found = compiled.get("Token");
      if (found === undefined) {
        throw new Error("Token is missing");
      }
      token = found;
    });

    beforeEach(async () => {
      chain = await RecordedChain.create();
      address = await chain.deploy(token);
    });

    /** Names and values of the slots that a call touches. */
    async function touched(
      name: string,
      args: readonly unknown[] = [],
    ): Promise<Record<string, bigint>> {
      const { record } = await chain.call(token, address, name, args);
      const naming = createNaming({ metadata: contracts, evidence: chain.blocks });
      const found: Record<string, bigint> = {};
      for (const { location, frame } of record.trace.accesses) {
        if (location.kind === "storage") {
          const codeHash = record.trace.frames[frame]?.codeHash;
          const { label, resolved, contract } = naming.slot(
            address,
            location.slot,
            undefined,
            codeHash,
          );
          expect(contract).to.equal("Token");
          found[resolved ? label : "?"] = await chain.storage(address, location.slot);
        }
      }
      return found;
    }

    it("a base contract's namespace has its struct's name", async () => {
      expect(await touched("mint", [ALICE, 5n])).to.deep.equal({
        "ERC20Storage._totalSupply": 5n,
        [`ERC20Storage._balances[${ALICE_CHECKSUMMED}]`]: 5n,
      });
      expect(await chain.ask(token, address, "totalSupply")).to.equal(5n);
      expect(await chain.ask(token, address, "balanceOf", [ALICE])).to.equal(5n);
    });

    it("packed, nested, imported and hashed members, at a root that padding decides", async () => {
      expect(await touched("setMain", [1, 2, 9n])).to.deep.equal({
        "Main.{a, b}": 0x0201n,
        "Main.free.amount": 9n,
        "Main.free.note": 2n * 43n + 1n,
        "Main.free.note (bytes 0 to 31)": BigInt(
          `0x${Buffer.from("a note that is longer than thirt").toString("hex")}`,
        ),
        "Main.free.note (bytes 32 to 63)": BigInt(
          `0x${Buffer.from("y-one bytes".padEnd(32, "\0")).toString("hex")}`,
        ),
        "Main.tiers[Gold][7]": 8n,
      });
      expect(await chain.ask(token, address, "getMain")).to.equal(9n);
      expect(await chain.storage(address, erc7201(LEADING_ZEROS) + 1n)).to.equal(9n);
    });

    it("a library's struct at the hash of its id (ERC-8042)", async () => {
      expect(await touched("count", ["0xdeadbeef"])).to.deep.equal({
        "Counters.Layout.{low, high}": 1n | (2n << 64n),
        "Counters.Layout.history.length": 1n,
        "Counters.Layout.history[0]": 3n,
        "Counters.Layout.inner[0xdeadbeef].hits": 4n,
        "Counters.Layout.inner[0x01020304].note": (BigInt("0x78") << 248n) | 2n,
      });
      const root = BigInt(keccak256(toUtf8Bytes("example.counters")));
      expect(await chain.storage(address, root + 1n)).to.equal(1n);
    });

    it("a pointer that assembly sets to a literal; `layout at` moves plain variables only", async () => {
      expect(await touched("hide", [7n])).to.deep.equal({ "Hidden.second": 7n, plain: 7n });
      expect(await chain.storage(address, 0x1000n)).to.equal(7n);
    });

    it("a pointer whose place may change has no name", async () => {
      expect(await touched("move", [1n])).to.deep.equal({ "?": 1n });
    });

    it("a slot that is a constant has the constant's name", async () => {
      expect(await touched("flag")).to.deep.equal({ FLAG_SLOT: 1n });
    });

    it("transient storage is named by its own layout and constants", async () => {
      await chain.call(token, address, "flag");
      const naming = createNaming({ metadata: contracts, evidence: chain.blocks });
      const slots = chain.blocks.at(-1)?.transactions[0]?.trace.transient ?? [];
      const names = slots.map(({ slot }) => naming.transientSlot(address, slot));
      expect(
        names.map(({ contract, label, resolved }) => [contract, label, resolved]),
      ).to.deep.equal([
        ["Token", "GUARD", true],
        ["Token", "entered", true],
      ]);
      expect(naming.transientSlot(address, 1n).resolved).to.equal(false);
      // the same numbers in storage are other things
      expect(naming.slot(address, 0n).resolved).to.equal(false);
    });

    it("keys that the source writes as constants, texts and expressions", async () => {
      expect(await touched("keys")).to.deep.equal({
        "byHash[KEEPER]": 1n,
        'byHash[keccak256("inline")]': 2n,
        "byHash[EPOCH]": 3n,
        'byName["treasury"]': 5n,
        "byNumber[10000]": 6n,
        "byNumber[86400]": 7n,
        [`byNumber[${2n ** 256n - 1n}]`]: 8n,
        "bySelector[0x12345678]": 9n,
        // ethers as the independent source
        [`bySelector[${id("mint(address,uint256)").slice(0, 10)}]`]: 10n,
        "levels[Silver][12]": 11n,
      });
    });
  });
}
