/**
 * Names of slots that real compiled code touches, against names written by hand; and the value in
 * each named slot against the value the contract means by it. Under every compiler setting.
 */
import { expect } from "chai";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import type { Naming } from "../../../src/analysis/slot-name";
import type { Address } from "../../../src/state/hex";
import { ALL_SETTINGS, compile, describeSettings } from "./compile";
import { RecordedChain, SENDER } from "./recorded-chain";

const SOURCE = `
type OrderId is uint64;
type Tag is bytes4;
enum Side { Buy, Sell }

abstract contract Owned {
  address internal owner = msg.sender;
  bool internal paused;
}

contract Book is Owned {
  enum State { Open, Filled, Cancelled }
  struct Fill { uint128 size; uint64 at; bool done; }
  struct Order {
    address maker;
    uint96 price;
    uint256 size;
    Fill[] fills;
    mapping(address => uint256) approvals;
    string note;
  }
  struct Node { mapping(uint8 => Node) children; uint256 value; }

  uint64 internal count;                                            // packed behind owner and paused
  uint256 internal total;
  mapping(address => uint256) internal balances;
  mapping(address => mapping(address => uint256)) internal allowance;
  mapping(OrderId => Order) internal orders;
  Order[] internal archive;
  uint256[] internal numbers;
  uint32[] internal small;
  uint16[5] internal fixedSmall;
  uint256[2][3] internal grid;
  uint256[][] internal jagged;
  mapping(uint256 => uint256)[2] internal maps;
  string internal short;
  string internal long;
  bytes internal data;
  mapping(string => uint256) internal byName;
  mapping(bytes => uint256) internal byBytes;
  mapping(bytes32 => uint256) internal byHash;
  mapping(bytes4 => uint256) internal bySelector;
  mapping(Tag => uint256) internal byTag;
  mapping(int16 => uint256) internal bySigned;
  mapping(bool => uint256) internal byFlag;
  mapping(State => uint256) internal byState;
  mapping(Side => uint256) internal bySide;
  mapping(Book => uint256) internal byContract;
  mapping(uint256 => Order[]) internal queues;
  Node internal root;
  mapping(address => Fill) internal lastFill;
  bytes32 public constant KEEPER_ROLE = keccak256("KEEPER_ROLE");

  function simple(uint256 v) external { total = v; }
  function pack(bool p, uint64 c) external { paused = p; count = c; }
  function mappings(address a, address b, uint256 v) external { balances[a] = v; allowance[a][b] = v + 1; }
  function order(OrderId id, address a) external {
    Order storage o = orders[id];
    o.maker = a; o.price = 7; o.size = 8;
    o.fills.push(Fill(9, 10, true));
    o.fills.push(Fill(11, 12, true));
    o.approvals[a] = 13;
    o.note = "a note that takes more than thirty-two bytes";
  }
  function archiveOne(address a) external {
    Order storage o = archive.push();
    o.maker = a; o.size = 14;
    o.fills.push(Fill(15, 16, false));
    o.approvals[a] = 17;
  }
  function arrays(uint256 i) external {
    numbers.push(20); numbers.push(21);
    for (uint256 j; j < 10; j++) small.push(uint32(j + 1));
    fixedSmall[i] = 5;
    grid[i][1] = 22;
    jagged.push(); jagged[0].push(23);
    maps[1][i] = 24;
  }
  function texts() external {
    short = "short";
    long = "this text is longer than thirty-one bytes, and longer than sixty-four bytes too";
    data = hex"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00";
  }
  function keys(bytes32 h, string calldata s, bytes calldata b, bytes4 sel, int16 n, State st, OrderId id) external {
    byName[s] = 30; byBytes[b] = 31; byHash[h] = 32; bySelector[sel] = 33; byTag[Tag.wrap(sel)] = 34;
    bySigned[n] = 35; byFlag[true] = 36; byState[st] = 37; bySide[Side.Sell] = 38; byContract[this] = 39;
    orders[id].size = 40; byHash[KEEPER_ROLE] = 41;
  }
  function literals() external {
    byHash[0] = 50; balances[address(0)] = 51; balances[address(0xdEaD)] = 52; orders[OrderId.wrap(5)].size = 53;
    orders[OrderId.wrap(7)].fills.push(Fill(54, 0, false)); bySigned[-3] = 55;
    allowance[address(1)][address(2)] = 57; maps[0][255] = 58; numbers.push(59); jagged.push();
    jagged[0].push(60); byFlag[false] = 61; byState[State.Filled] = 62; queues[3].push(); queues[3][0].size = 63;
  }
  function vanishing() external { bySelector[0x12345678] = 91; }
  function tagged(Tag t) external { byTag[t] = 90; }
  function deep(uint8 a, uint8 b) external { root.children[a].children[b].value = 70; }
  function fill(address a) external { lastFill[a] = Fill(80, 81, true); }
}
`;

const ALICE: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const ALICE_CHECKSUMMED = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"; // Hardhat's account 1
const BOB: Address = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
const HASH = `0x${"ab".repeat(32)}`;

/** Packs values into a word: [value, byte offset]. */
function packed(...parts: readonly (readonly [bigint, number])[]): bigint {
  return parts.reduce((word, [value, offset]) => word | (value << BigInt(8 * offset)), 0n);
}

function text(characters: string): bigint {
  return BigInt(`0x${Buffer.from(characters.padEnd(32, "\0"), "latin1").toString("hex")}`);
}

/** A short string as solc keeps it: data from the left, twice the length in the last byte. */
function shortText(characters: string): bigint {
  return text(characters) | BigInt(2 * characters.length);
}

/** Every slot that the last transaction touched, by name, with its value after it. */
async function touched(chain: RecordedChain, naming: Naming): Promise<Record<string, bigint>> {
  const record = chain.blocks.at(-1)?.transactions[0];
  const found: Record<string, bigint> = {};
  for (const { location, frame } of record?.trace.accesses ?? []) {
    if (location.kind === "storage") {
      const codeHash = record?.trace.frames[frame]?.codeHash;
      const name = naming.slot(location.address, location.slot, undefined, codeHash);
      expect(name.resolved, `${name.label} of ${name.contract}`).to.equal(true);
      found[name.label] = await chain.storage(location.address, location.slot);
    }
  }
  return found;
}

for (const settings of ALL_SETTINGS) {
  describe(`slot names, ${describeSettings(settings)}`, () => {
    let book: ContractMetadata;
    let contracts: readonly ContractMetadata[];
    let chain: RecordedChain;
    let address: Address;

    before(() => {
      const compiled = compile(SOURCE, settings);
      contracts = [...compiled.values()];
      const found = compiled.get("Book");
      if (found === undefined) {
        throw new Error("Book is missing");
      }
      book = found;
    });

    beforeEach(async () => {
      chain = await RecordedChain.create();
      address = await chain.deploy(book);
    });

    async function names(
      name: string,
      args: readonly unknown[],
      accounts?: ReadonlyMap<Address, string>,
    ): Promise<Record<string, bigint>> {
      await chain.call(book, address, name, args);
      const naming = createNaming({
        metadata: contracts,
        evidence: chain.blocks,
        ...(accounts === undefined ? {} : { accounts }),
      });
      return touched(chain, naming);
    }

    it("the constructor's writes are the contract's", async () => {
      const naming = createNaming({ metadata: contracts, evidence: chain.blocks });
      expect(await touched(chain, naming)).to.deep.equal({
        "owner, paused, count": BigInt(SENDER),
      });
    });

    it("a variable has its name", async () => {
      expect(await names("simple", [5])).to.deep.equal({ total: 5n });
    });

    it("packed variables of base and derived contract share a slot", async () => {
      expect(await names("pack", [true, 9])).to.deep.equal({
        "owner, paused, count": packed([BigInt(SENDER), 0], [1n, 20], [9n, 21]),
      });
    });

    it("mapping entries have their keys, checksummed or by label", async () => {
      expect(await names("mappings", [ALICE, BOB, 3], new Map([[BOB, "bob"]]))).to.deep.equal({
        [`balances[${ALICE_CHECKSUMMED}]`]: 3n,
        [`allowance[${ALICE_CHECKSUMMED}][bob]`]: 4n,
      });
    });

    it("members of a struct in a mapping, its array, mapping and long string", async () => {
      const order = "orders[42]";
      expect(await names("order", [42, ALICE])).to.deep.equal({
        [`${order}.{maker, price}`]: packed([BigInt(ALICE), 0], [7n, 20]),
        [`${order}.size`]: 8n,
        [`${order}.fills.length`]: 2n,
        [`${order}.fills[0].{size, at, done}`]: packed([9n, 0], [10n, 16], [1n, 24]),
        [`${order}.fills[1].{size, at, done}`]: packed([11n, 0], [12n, 16], [1n, 24]),
        [`${order}.approvals[${ALICE_CHECKSUMMED}]`]: 13n,
        [`${order}.note`]: 2n * 44n + 1n,
        [`${order}.note (bytes 0 to 31)`]: text("a note that takes more than thir"),
        [`${order}.note (bytes 32 to 63)`]: text("ty-two bytes"),
      });
    });

    it("members of a struct in an array", async () => {
      await chain.call(book, address, "archiveOne", [BOB]);
      expect(await names("archiveOne", [ALICE])).to.deep.equal({
        "archive.length": 2n,
        "archive[1].{maker, price}": BigInt(ALICE),
        "archive[1].size": 14n,
        "archive[1].fills.length": 1n,
        "archive[1].fills[0].{size, at, done}": packed([15n, 0], [16n, 16]),
        [`archive[1].approvals[${ALICE_CHECKSUMMED}]`]: 17n,
      });
    });

    it("elements of dynamic, packed, static and nested arrays", async () => {
      const small = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n].map((v, i) => [v, 4 * i] as const);
      expect(await names("arrays", [2])).to.deep.equal({
        "numbers.length": 2n,
        "numbers[0]": 20n,
        "numbers[1]": 21n,
        "small.length": 10n,
        "small[0..7]": packed(...small),
        "small[8..15]": packed([9n, 0], [10n, 4]),
        "fixedSmall[0..4]": packed([5n, 4]),
        "grid[2][1]": 22n,
        "jagged.length": 1n,
        "jagged[0].length": 1n,
        "jagged[0][0]": 23n,
        "maps[1][2]": 24n,
      });
    });

    it("short texts lie in their slot, long ones apart", async () => {
      const long =
        "this text is longer than thirty-one bytes, and longer than sixty-four bytes too";
      expect(await names("texts", [])).to.deep.equal({
        short: shortText("short"),
        long: BigInt(2 * long.length + 1),
        "long (bytes 0 to 31)": text(long.slice(0, 32)),
        "long (bytes 32 to 63)": text(long.slice(32, 64)),
        "long (bytes 64 to 95)": text(long.slice(64)),
        data: 2n * 33n + 1n,
        "data (bytes 0 to 31)": BigInt(
          "0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        ),
        "data (bytes 32 to 63)": 0n,
      });
    });

    it("keys of every type, as people say them", async () => {
      const args = [HASH, 'say "hi"\n', "0xbeef", "0xa9059cbb", -5, 2, 77];
      expect(await names("keys", args, new Map([[address, "book"]]))).to.deep.equal({
        'byName["say \\"hi\\"\\n"]': 30n,
        "byBytes[0xbeef]": 31n,
        [`byHash[${HASH}]`]: 32n,
        "bySelector[0xa9059cbb]": 33n,
        "byTag[0xa9059cbb]": 34n,
        "bySigned[-5]": 35n,
        "byFlag[true]": 36n,
        "byState[Cancelled]": 37n,
        "bySide[Sell]": 38n,
        "byContract[book]": 39n,
        "orders[77].size": 40n,
        "byHash[KEEPER_ROLE]": 41n,
      });
    });

    it("literal keys and fixed arrays, whose hashes the optimizer computes", async () => {
      expect(await names("literals", [])).to.deep.equal({
        [`byHash[0x${"0".repeat(64)}]`]: 50n,
        "balances[0x0000000000000000000000000000000000000000]": 51n,
        "balances[0x000000000000000000000000000000000000dEaD]": 52n,
        "orders[5].size": 53n,
        "orders[7].fills.length": 1n,
        "orders[7].fills[0].{size, at, done}": 54n,
        "bySigned[-3]": 55n,
        "allowance[0x0000000000000000000000000000000000000001][0x0000000000000000000000000000000000000002]":
          57n,
        "maps[0][255]": 58n,
        "numbers.length": 1n,
        "numbers[0]": 59n,
        "jagged.length": 1n,
        "jagged[0].length": 1n,
        "jagged[0][0]": 60n,
        "byFlag[false]": 61n,
        "byState[Filled]": 62n,
        "queues[3].length": 1n,
        "queues[3][0].size": 63n,
      });
    });

    it("a literal key that only the source still shows, and that nothing shows", async () => {
      const { record } = await chain.call(book, address, "vanishing");
      const location = record.trace.accesses[0]?.location;
      if (location?.kind !== "storage") {
        throw new Error("no slot was accessed");
      }
      const nameFrom = (metadata: readonly ContractMetadata[]) =>
        createNaming({ metadata, evidence: chain.blocks }).slot(address, location.slot);
      const named = {
        contract: "Book",
        label: "bySelector[0x12345678]",
        variable: "bySelector[*]",
        resolved: true,
      };
      expect(nameFrom(contracts)).to.deep.equal(named);
      const unnamed = `slot 0x${location.slot.toString(16)}`;
      const withoutSource = contracts.map(({ literals, ...rest }) => rest);
      expect(nameFrom(withoutSource)).to.deep.equal(
        settings.optimizer // without it the contract hashes the key itself, in memory
          ? { contract: "Book", label: unnamed, variable: unnamed, resolved: false }
          : named,
      );
    });

    it("structs that contain themselves", async () => {
      expect(await names("deep", [4, 6])).to.deep.equal({
        "root.children[4].children[6].value": 70n,
      });
    });

    it("a struct as the mapping's value", async () => {
      expect(await names("fill", [ALICE])).to.deep.equal({
        [`lastFill[${ALICE_CHECKSUMMED}].{size, at, done}`]: packed([80n, 0], [81n, 16], [1n, 24]),
      });
    });
  });
}
