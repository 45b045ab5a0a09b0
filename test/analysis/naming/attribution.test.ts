/**
 * Which layout names a slot and which function a frame runs, when storage and code are not the same
 * account's: proxies, clones, libraries, factories, reverted chains, code without a source.
 */
import { expect } from "chai";
import { keccak256 } from "ethers";
import type { Frame } from "../../../src/access-log/block-record";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import { NamingEvidence } from "../../../src/analysis/naming/naming-evidence";
import type { Naming, SlotName } from "../../../src/analysis/slot-name";
import type { Address, Hex } from "../../../src/state/hex";
import { compile } from "./compile";
import { asHex, interfaceOf, RecordedChain, type Sent } from "./recorded-chain";

const SOURCE = `
contract Proxy1967 {
  bytes32 constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
  constructor(address implementation, bytes memory init) {
    assembly { sstore(IMPLEMENTATION, implementation) }
    if (init.length > 0) { (bool ok,) = implementation.delegatecall(init); require(ok); }
  }
  fallback() external payable {
    assembly {
      calldatacopy(0, 0, calldatasize())
      let ok := delegatecall(gas(), sload(IMPLEMENTATION), 0, calldatasize(), 0, 0)
      returndatacopy(0, 0, returndatasize())
      switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
    }
  }
}
contract BoxV1 {
  address public owner; uint256 public value;
  function init(address o) external { owner = o; }
  function set(uint256 v) external { value = v; }
  function upgradeTo(address next) external {
    assembly { sstore(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc, next) }
  }
}
contract BoxV2 {
  address public owner; uint256 public value; uint256 public added;
  function set(uint256 v) external { value = v; added = v; }
}
contract BoxBroken { uint256 public inserted; address public owner; function set(uint256 v) external { owner = address(uint160(v)); inserted = 1; } }

contract NaiveProxy {
  address target;
  constructor(address t) { target = t; }
  fallback() external payable {
    (bool ok,) = target.delegatecall(msg.data); require(ok);
  }
}

library Ledger {
  struct Book { mapping(address => uint256) amounts; uint256 sum; }
  function add(Book storage book, address to, uint256 amount) external { book.amounts[to] += amount; book.sum += amount; }
}
contract Bank {
  using Ledger for Ledger.Book;
  uint256 first;
  Ledger.Book book;
  function deposit(address to, uint256 amount) external { book.add(to, amount); }
}

contract Child { uint256 public number; address public immutable parent; constructor() { parent = msg.sender; number = 1; } function inc() external { number++; } }
contract Factory {
  Child[] public children;
  function make() external { children.push(new Child()); }
  function makeAndFail() external { new Child(); revert("no"); }
}
contract Clones {
  function clone(address implementation) external returns (address made) {
    assembly {
      mstore(0, 0x3d602d80600a3d3981f3363d3d373d3d3d363d73000000000000000000000000)
      mstore(0x14, shl(96, implementation))
      mstore(0x28, 0x5af43d82803e903d91602b57fd5bf30000000000000000000000000000000000)
      made := create(0, 0, 0x37)
    }
  }
}

contract TwinA { uint256 internal tickets; function buy() external { tickets++; } }
contract TwinB { uint256 internal seats; function buy() external { seats++; } }

contract Calls {
  uint256 public seen;
  mapping(uint256 => uint256) public entries;
  function f(uint256) external { seen = 1; }
  function f(uint256, address) external { seen = 2; }
  function f(bytes calldata) external { seen = 3; }
  receive() external payable { seen = 4; }
  fallback() external payable { seen = 5; }
}
contract Closed { uint256 public x; function g() external { x = 1; } constructor(uint256 v) { x = v; require(v != 13); } }

contract Tight {
  uint8 a; uint8 b;
  uint256[] list;
  bytes blob;
  function setB(uint8 v) external { b = v; }
  function setBoth(uint8 v) external { a = v; b = v; }
  function scribble() external { assembly { sstore(0, or(sload(0), shl(128, 7))) } }
  function push() external { list.push(1); }
  function beyond(uint256 i) external { assembly { mstore(0, 1) sstore(add(keccak256(0, 32), i), 9) } }
  function touchMappingSlot() external { assembly { sstore(77, 1) } }
  function churn() external { list.push(1); list.push(2); list.push(3); list.pop(); list.pop(); list.pop(); }
  function grow(uint256 n) external { for (uint256 i; i < n; i++) blob.push(0x01); }
}
contract WithMapping { mapping(uint256 => uint256) m; function scribble() external { assembly { sstore(0, 1) } } }
`;

const ALICE: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const ALICE_CHECKSUMMED = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"; // Hardhat's account 1

describe("attribution", () => {
  let all: ReadonlyMap<string, ContractMetadata>;
  let chain: RecordedChain;

  before(() => {
    all = compile(SOURCE, { optimizer: true });
  });

  beforeEach(async () => {
    chain = await RecordedChain.create();
  });

  function contract(name: string): ContractMetadata {
    const found = all.get(name);
    if (found === undefined) {
      throw new Error(`${name} was not compiled`);
    }
    return found;
  }

  function naming(metadata: Iterable<ContractMetadata> = all.values()): Naming {
    return createNaming({ metadata: [...metadata], evidence: chain.blocks });
  }

  function without(...names: string[]): ContractMetadata[] {
    return [...all.values()].filter(({ contractName }) => !names.includes(contractName));
  }

  /** Names of the slots a transaction touched, as the analysis asks for them: by the code that did. */
  function slots({ record }: Sent, names: Naming): string[] {
    const found = record.trace.accesses.map(({ location, frame }) =>
      location.kind === "storage"
        ? names.slot(
            location.address,
            location.slot,
            undefined,
            record.trace.frames[frame]?.codeHash,
          )
        : null,
    );
    return [...new Set(found.map((name) => (name === null ? "" : text(name))))];
  }

  function text({ contract, label, resolved }: SlotName): string {
    return `${contract}.${label}${resolved ? "" : "?"}`;
  }

  function functions({ record }: Sent, names: Naming, together = false): string[] {
    const { frames } = record.trace;
    return frames.map((frame) => {
      const { contract, signature, resolved } = names.functionOf(
        frame,
        together ? frames : undefined,
      );
      return `${contract.replace("contracts/Test.sol:", "")}.${signature}${resolved ? "" : "?"}`;
    });
  }

  async function throughProxy(
    proxy: Address,
    implementation: string,
    name: string,
    args: readonly unknown[],
  ): Promise<Sent> {
    return chain.call(contract(implementation), proxy, name, args);
  }

  describe("proxies", () => {
    let box: Address;
    let proxy: Address;

    beforeEach(async () => {
      box = await chain.deploy(contract("BoxV1"));
      const init = interfaceOf(contract("BoxV1")).encodeFunctionData("init", [ALICE]);
      proxy = await chain.deploy(contract("Proxy1967"), [box, init]);
    });

    it("the implementation's layout names the proxy's storage", async () => {
      const sent = await throughProxy(proxy, "BoxV1", "set", [5]);
      expect(slots(sent, naming())).to.deep.equal([
        "Proxy1967.implementation (EIP-1967)",
        "BoxV1.value",
      ]);
    });

    it("initialisation from the proxy's constructor counts as well", () => {
      const record = chain.blocks.at(-1)?.transactions[0];
      const names = naming();
      expect(record).not.to.equal(undefined);
      if (record !== undefined) {
        expect(slots({ address: proxy, failed: false, record }, names)).to.deep.equal([
          "Proxy1967.implementation (EIP-1967)",
          "BoxV1.owner",
        ]);
        expect(functions({ address: proxy, failed: false, record }, names)).to.deep.equal([
          "Proxy1967.constructor",
          "BoxV1.init(address)",
        ]);
      }
    });

    it("an implementation that writes the standard's slot writes the proxy's", async () => {
      const next = await chain.deploy(contract("BoxV2"));
      const sent = await throughProxy(proxy, "BoxV1", "upgradeTo", [next]);
      expect(slots(sent, naming())).to.deep.equal(["Proxy1967.implementation (EIP-1967)"]);
    });

    it("an upgrade that keeps the variables keeps the names", async () => {
      await throughProxy(proxy, "BoxV1", "set", [5]);
      const next = await chain.deploy(contract("BoxV2"));
      await throughProxy(proxy, "BoxV1", "upgradeTo", [next]);
      const sent = await throughProxy(proxy, "BoxV2", "set", [6]);
      const names = naming();
      expect(slots(sent, names)).to.deep.equal([
        "Proxy1967.implementation (EIP-1967)",
        "BoxV2.value",
        "BoxV2.added",
      ]);
      expect(text(names.slot(proxy, 1n))).to.equal("BoxV1 | BoxV2.value");
      expect(text(names.slot(proxy, 2n))).to.equal("BoxV2.added");
    });

    it("layouts that disagree on a slot both accessed leave it unnamed", async () => {
      await throughProxy(proxy, "BoxV1", "set", [5]);
      const next = await chain.deploy(contract("BoxBroken"));
      await throughProxy(proxy, "BoxV1", "upgradeTo", [next]);
      const sent = await throughProxy(proxy, "BoxBroken", "set", [6]);
      const names = naming();
      // slot 0: owner (V1, written by init) or inserted; slot 1: value or owner
      expect(slots(sent, names)).to.deep.equal([
        "Proxy1967.implementation (EIP-1967)",
        "BoxBroken.slot 0x1?",
        "BoxBroken.slot 0x0?",
      ]);
      expect(names.slot(proxy, 0n).resolved).to.equal(false);
    });

    it("a proxy with a variable of its own clashes with its implementation there, not elsewhere", async () => {
      const naive = await chain.deploy(contract("NaiveProxy"), [box]);
      const sent = await throughProxy(naive, "BoxV1", "set", [5]);
      const names = naming();
      expect(slots(sent, names)).to.deep.equal(["NaiveProxy.target", "BoxV1.value"]);
      const clash = await throughProxy(naive, "BoxV1", "init", [box]);
      const after = naming();
      expect(slots(clash, after)).to.deep.equal(["NaiveProxy.slot 0x0?", "BoxV1.slot 0x0?"]);
    });

    it("an unknown implementation leaves the proxy's slots unnamed", async () => {
      const sent = await throughProxy(proxy, "BoxV1", "set", [5]);
      const names = naming(without("BoxV1"));
      expect(slots(sent, names)).to.deep.equal([
        "Proxy1967.implementation (EIP-1967)",
        "Proxy1967.slot 0x1?",
      ]);
      expect(functions(sent, names)).to.deep.equal(["Proxy1967.fallback", `${box}.0x60fe47b1?`]);
    });

    it("a code that had another act on its storage is answered by the other's layout", async () => {
      const [creation] = chain.blocks.at(-1)?.transactions[0]?.trace.frames ?? [];
      const { record } = await throughProxy(proxy, "BoxV1", "set", [5]);
      const [forwarding] = record.trace.frames;
      const names = naming();
      expect(text(names.slot(proxy, 0n, undefined, creation?.codeHash))).to.equal("BoxV1.owner");
      expect(text(names.slot(proxy, 1n, undefined, forwarding?.codeHash))).to.equal("BoxV1.value");
    });

    it("with the transaction's frames a forwarding frame is the function behind it", async () => {
      const sent = await throughProxy(proxy, "BoxV1", "set", [5]);
      expect(functions(sent, naming())).to.deep.equal(["Proxy1967.fallback", "BoxV1.set(uint256)"]);
      expect(functions(sent, naming(), true)).to.deep.equal([
        "BoxV1.set(uint256)",
        "BoxV1.set(uint256)",
      ]);
    });

    it("the contract at the proxy's address is the proxy", async () => {
      await throughProxy(proxy, "BoxV1", "set", [5]);
      expect(naming().contract(proxy)).to.equal("Proxy1967");
      expect(naming().contract(ALICE)).to.equal(null);
    });
  });

  describe("clones, libraries, factories", () => {
    it("a minimal clone has its implementation's names", async () => {
      const box = await chain.deploy(contract("BoxV1"));
      await chain.call(contract("BoxV1"), box, "set", [1]);
      const clones = await chain.deploy(contract("Clones"));
      const made = await chain.call(contract("Clones"), clones, "clone", [box]);
      const clone = made.record.deployed[0]?.address ?? "0x";
      const sent = await throughProxy(clone, "BoxV1", "set", [2]);
      const names = naming();
      expect(slots(sent, names)).to.deep.equal(["BoxV1.value"]);
      expect(functions(sent, names)).to.deep.equal(["BoxV1.set(uint256)", "BoxV1.set(uint256)"]);
      expect(names.contract(clone)).to.equal("BoxV1");
    });

    it("a library works on its caller's variables", async () => {
      const library = await chain.deploy(contract("Ledger"));
      const bank = await chain.deploy(contract("Bank"), [], [library]);
      const sent = await chain.call(contract("Bank"), bank, "deposit", [ALICE, 5]);
      const names = naming();
      expect(slots(sent, names)).to.deep.equal([
        `Bank.book.amounts[${ALICE_CHECKSUMMED}]`,
        "Bank.book.sum",
      ]);
      expect(functions(sent, names)).to.deep.equal([
        "Bank.deposit(address,uint256)",
        "Ledger.add(Ledger.Book storage,address,uint256)",
      ]);
      expect(names.contract(library)).to.equal("Ledger");
    });

    it("children of a factory are known, constructor included, immutables or not", async () => {
      const factory = await chain.deploy(contract("Factory"));
      const made = await chain.call(contract("Factory"), factory, "make");
      const names = naming();
      expect(slots(made, names)).to.have.members([
        "Factory.children.length",
        "Factory.children[0]",
        "Child.number",
      ]);
      expect(functions(made, names)).to.deep.equal(["Factory.make()", "Child.constructor"]);
      const child = made.record.deployed[0]?.address ?? "0x";
      expect(names.contract(child)).to.equal("Child");
    });

    it("a constructor whose creation failed is known by its init code, if that is the artifact's", async () => {
      const factory = await chain.deploy(contract("Factory"));
      const data = interfaceOf(contract("Factory")).encodeFunctionData("makeAndFail");
      const sent = await chain.send(factory, asHex(data));
      expect(sent.failed).to.equal(true);
      expect(functions(sent, naming())).to.deep.equal([
        "Factory.makeAndFail()",
        "Child.constructor",
      ]);

      const args = interfaceOf(contract("Closed")).encodeDeploy([13]).slice(2);
      const failed = await chain.send(null, `${contract("Closed").bytecode}${args}`);
      const [frame] = failed.record.trace.frames;
      expect(functions(failed, naming())).to.deep.equal([`${frame?.codeAddress}.constructor?`]);
    });
  });

  describe("contracts of equal code", () => {
    it("are told apart by the metadata hash behind the code", async () => {
      const a = await chain.deploy(contract("TwinA"));
      const b = await chain.deploy(contract("TwinB"));
      const names = naming();
      expect([names.contract(a), names.contract(b)]).to.deep.equal(["TwinA", "TwinB"]);
    });

    it("that cannot be told apart give no name where their layouts differ", async () => {
      // The same code with metadata of neither.
      const code = contract("TwinA").deployedBytecode;
      const size = Number.parseInt(code.slice(-4), 16);
      const foreign: Hex = `${asHex(code.slice(0, -4 - 2 * size))}a1${"00".repeat(size - 1)}${code.slice(-4)}`;
      const twins = [contract("TwinA"), contract("TwinB")];
      const evidence = NamingEvidence.of([]);
      evidence.addCode(foreign);
      const names = createNaming({ metadata: twins, evidence });
      const codeHash = asHex(keccak256(foreign));
      expect(names.contract(ALICE, codeHash)).to.equal("TwinA | TwinB");
      expect(names.slot(ALICE, 0n, undefined, codeHash).resolved).to.equal(false);
    });

    it("a code hash decides where a reverted chain put another contract at the address", async () => {
      const a = await chain.deploy(contract("TwinA"));
      const sent = await chain.call(contract("TwinA"), a, "buy");
      const other = await RecordedChain.create();
      other.segment = 1;
      const b = await other.deploy(contract("TwinB"));
      const again = await other.call(contract("TwinB"), b, "buy");
      expect(b).to.equal(a);
      const names = createNaming({
        metadata: [...all.values()],
        evidence: [...chain.blocks, ...other.blocks],
      });
      expect(slots(sent, names)).to.deep.equal(["TwinA.tickets"]);
      expect(slots(again, names)).to.deep.equal(["TwinB.seats"]);
      expect(names.slot(a, 0n).resolved).to.equal(false);
      expect(names.contract(a)).to.equal(null);
    });

    it("of equal short names are called by their full ones", async () => {
      const copy = {
        ...contract("TwinB"),
        contractName: "TwinA",
        fullyQualifiedName: "contracts/Other.sol:TwinA",
      };
      const a = await chain.deploy(contract("TwinA"));
      expect(naming([contract("TwinA"), copy]).contract(a)).to.equal("contracts/Test.sol:TwinA");
    });
  });

  describe("functions", () => {
    it("overloads by full signature, receive, fallback", async () => {
      const calls = await chain.deploy(contract("Calls"));
      const abi = interfaceOf(contract("Calls"));
      const datas: readonly (readonly [Hex, string])[] = [
        [asHex(abi.encodeFunctionData("f(uint256)", [1])), "f(uint256)"],
        [asHex(abi.encodeFunctionData("f(uint256,address)", [1, ALICE])), "f(uint256,address)"],
        [asHex(abi.encodeFunctionData("f(bytes)", ["0x01"])), "f(bytes)"],
        ["0x", "receive"],
        ["0x12345678", "fallback"],
        ["0x1234", "fallback"],
        [asHex(abi.encodeFunctionData("seen")), "seen()"],
      ];
      for (const [data, signature] of datas) {
        const sent = await chain.send(calls, data);
        expect(functions(sent, naming())).to.deep.equal([`Calls.${signature}`]);
      }
    });

    it("a call that a contract has no function for is known to be that", async () => {
      const closed = await chain.deploy(contract("Closed"), [1]);
      for (const data of ["0x12345678", "0x"] as const) {
        const sent = await chain.send(closed, data);
        expect(sent.failed).to.equal(true);
        expect(functions(sent, naming())).to.deep.equal(["Closed.(no function)"]);
      }
      const unknown = await chain.send(closed, "0x12345678");
      const withoutAbi = naming([{ ...contract("Closed"), abi: [] }]);
      expect(functions(unknown, withoutAbi)).to.deep.equal(["Closed.0x12345678?"]);
    });

    it("code without a source is its address and selector, though another contract has the selector", async () => {
      const a = await chain.deploy(contract("TwinA"));
      const sent = await chain.call(contract("TwinA"), a, "buy");
      const names = naming([contract("Closed"), contract("Calls")]);
      expect(functions(sent, names)).to.deep.equal([`${a}.0xa6f2ae3a?`]);
      expect(slots(sent, names)).to.deep.equal([`${a}.slot 0x0?`]);
    });

    it("a transfer to an account runs no function", async () => {
      const sent = await chain.send(ALICE, "0x", 5n);
      const [frame] = sent.record.trace.frames;
      expect(naming().functionOf(frame as Frame)).to.deep.equal({
        contract: ALICE,
        signature: "(no code)",
        resolved: true,
      });
    });
  });

  describe("parts of a slot", () => {
    let tight: Address;

    beforeEach(async () => {
      tight = await chain.deploy(contract("Tight"));
    });

    async function change(sent: Sent, index = 0): Promise<SlotName> {
      const written = sent.record.writes[index];
      if (written?.write.kind !== "storage" || typeof written.before !== "bigint") {
        throw new Error("no slot was written");
      }
      const { before, write } = written;
      return naming().slot(write.address, write.slot, { before, after: write.value });
    }

    it("a write concerns the members whose bytes differ", async () => {
      const one = await change(await chain.call(contract("Tight"), tight, "setB", [5]));
      expect(one).to.deep.equal({
        contract: "Tight",
        label: "b",
        variable: "b",
        resolved: true,
        packed: ["b"],
      });
      const both = await change(await chain.call(contract("Tight"), tight, "setBoth", [6]));
      expect(both.packed).to.deep.equal(["a", "b"]);
      const silent = await change(await chain.call(contract("Tight"), tight, "setBoth", [6]));
      expect(silent.packed).to.deep.equal(["a", "b"]);
    });

    it("a change of bytes that belong to no variable has no name", async () => {
      const name = await change(await chain.call(contract("Tight"), tight, "scribble"));
      expect([name.label, name.resolved]).to.deep.equal(["slot 0x0", false]);
    });

    it("places beyond the end of an array are not its elements", async () => {
      await chain.call(contract("Tight"), tight, "push");
      await chain.call(contract("Tight"), tight, "push");
      const near = await chain.call(contract("Tight"), tight, "beyond", [1]);
      const far = await chain.call(contract("Tight"), tight, "beyond", [1_000_000]);
      const names = naming();
      expect(slots(near, names)).to.deep.equal(["Tight.list[1]"]);
      expect(slots(far, names)[0]).to.match(/^Tight\.slot 0x[0-9a-f]{64}\?$/);
    });

    it("elements that came and went within a transaction are elements", async () => {
      const sent = await chain.call(contract("Tight"), tight, "churn");
      expect(slots(sent, naming())).to.deep.equal([
        "Tight.list.length",
        "Tight.list[0]",
        "Tight.list[1]",
        "Tight.list[2]",
      ]);
    });

    it("bytes that outgrow their slot", async () => {
      const sent = await chain.call(contract("Tight"), tight, "grow", [40]);
      expect(slots(sent, naming())).to.deep.equal([
        "Tight.blob",
        "Tight.blob (bytes 0 to 31)",
        "Tight.blob (bytes 32 to 63)",
      ]);
    });

    it("a slot outside the layout, and a mapping's own slot, have no name", async () => {
      const outside = await chain.call(contract("Tight"), tight, "touchMappingSlot");
      expect(slots(outside, naming())).to.deep.equal(["Tight.slot 0x4d?"]);
      const holder = await chain.deploy(contract("WithMapping"));
      const own = await chain.call(contract("WithMapping"), holder, "scribble");
      expect(slots(own, naming())).to.deep.equal(["WithMapping.slot 0x0?"]);
    });
  });

  it("a contract without a layout keeps its name and has unnamed slots", async () => {
    const a = await chain.deploy(contract("TwinA"));
    const sent = await chain.call(contract("TwinA"), a, "buy");
    const names = naming([{ ...contract("TwinA"), storageLayout: null }]);
    expect(slots(sent, names)).to.deep.equal(["TwinA.slot 0x0?"]);
    expect(functions(sent, names)).to.deep.equal(["TwinA.buy()"]);
  });

  it("a layout that lacks a type leaves its slots unnamed", async () => {
    const a = await chain.deploy(contract("TwinA"));
    const sent = await chain.call(contract("TwinA"), a, "buy");
    const layout = { storage: contract("TwinA").storageLayout?.storage ?? [], types: {} };
    const names = naming([{ ...contract("TwinA"), storageLayout: layout }]);
    expect(slots(sent, names)).to.deep.equal(["TwinA.slot 0x0?"]);
  });
});
