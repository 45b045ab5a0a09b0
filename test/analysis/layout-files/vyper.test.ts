/**
 * Storage by Vyper's rules, named by the layout that `vyper -f layout` writes. The code is assembled
 * by hand after vyper/codegen/core.py: a mapping's entry is at keccak256(slot ‖ key), a String key is
 * its own hash, DynArray and String keep their data behind their length, nothing is packed.
 */
import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { readLayoutFile } from "../../../src/analysis/layout-files/layout-file";
import { createNaming } from "../../../src/analysis/naming/naming";
import { isParallelError } from "../../../src/errors/base-error";
import { ERRORS } from "../../../src/errors/catalogue";
import type { Address, Hex } from "../../../src/state/hex";
import { assemble, deploying } from "../../helpers/assembler";
import { RecordedChain } from "../naming/recorded-chain";

const ALICE = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const ALICE_CHECKSUMMED = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"; // Hardhat's account 1

/** As Vyper 0.4 writes it for
 *    total: uint256
 *    balances: HashMap[address, uint256]
 *    allowances: HashMap[address, HashMap[address, uint256]]
 *    queue: DynArray[uint256, 4]
 *    note: String[40]
 *    by_name: HashMap[String[32], uint256]
 *    grid: uint256[2][3]
 *    point: Point          (a struct of two words)
 *    points: HashMap[uint256, Point]
 */
const LAYOUT = {
  storage_layout: {
    "$.nonreentrant_key": { type: "nonreentrant lock", slot: 0, n_slots: 1 },
    total: { type: "uint256", slot: 1, n_slots: 1 },
    balances: { type: "HashMap[address, uint256]", slot: 2, n_slots: 1 },
    allowances: { type: "HashMap[address, HashMap[address, uint256]]", slot: 3, n_slots: 1 },
    queue: { type: "DynArray[uint256, 4]", slot: 4, n_slots: 5 },
    note: { type: "String[40]", slot: 9, n_slots: 3 },
    by_name: { type: "HashMap[String[32], uint256]", slot: 12, n_slots: 1 },
    grid: { type: "uint256[2][3]", slot: 13, n_slots: 6 },
    ownable: { owner: { type: "address", slot: 19, n_slots: 1 } },
    point: { type: "Point declaration object", slot: 20, n_slots: 2 },
    points: { type: "HashMap[uint256, Point declaration object]", slot: 22, n_slots: 1 },
  },
  transient_storage_layout: { entered: { type: "bool", slot: 0, n_slots: 1 } },
  code_layout: {},
};

/** Hashes two words, each given by code that pushes it, and leaves the hash. */
function hash2(first: string, second: string): string {
  return `${first} 0x0 MSTORE ${second} 0x20 MSTORE 0x40 0x0 KECCAK256`;
}

/** Hashes a text, which memory must be able to show afterwards, and leaves the hash. */
function hashText(text: string): string {
  const padded = Buffer.from(text).toString("hex").padEnd(64, "0");
  return `0x${padded} 0x0 MSTORE 0x${text.length.toString(16)} 0x0 KECCAK256`;
}

const store = (place: string, value: string): string => `${value} ${place} SSTORE`;

const PROGRAM = [
  store("0x0", "0x1"), // the lock
  store("0x1", "0x64"),
  store(hash2("0x2", ALICE), "0x5"),
  store(hash2(hash2("0x3", ALICE), "0xb0b"), "0x6"),
  store("0x4", "0x2"), // queue's length
  store("0x5", "0xa"),
  store("0x6", "0xb"),
  store("0x9", "0x21"), // note's length
  store("0xa", "0x41"),
  store("0xb", "0x42"),
  // the key's hash stays on the stack while the slot is put before it
  `${hashText("alice")} 0x20 MSTORE 0xc 0x0 MSTORE 0x7 0x40 0x0 KECCAK256 SSTORE`,
  store("0x10", "0x8"), // grid[1][1] = 13 + 1 * 2 + 1
  store("0x13", "0x9"), // ownable.owner
  store("0x15", "0xc"), // the second word of point
  `0xd ${hash2("0x16", "0x4d")} 0x1 ADD SSTORE`, // the second word of points[77]
  "0x1 0x0 TSTORE",
].join(" ");

const NAMES = {
  "nonreentrant lock": 1n,
  total: 100n,
  [`balances[${ALICE_CHECKSUMMED}]`]: 5n,
  [`allowances[${ALICE_CHECKSUMMED}][0x0000000000000000000000000000000000000B0b]`]: 6n,
  "queue.length": 2n,
  "queue[0]": 10n,
  "queue[1]": 11n,
  note: 33n,
  "note (bytes 0 to 31)": 0x41n,
  "note (bytes 32 to 63)": 0x42n,
  'by_name["alice"]': 7n,
  "grid[1][1]": 8n,
  "ownable.owner": 9n,
  "point (word 1)": 12n,
  "points[77] (word 1)": 13n,
};

describe("Vyper layouts", () => {
  let chain: RecordedChain;

  beforeEach(async () => {
    chain = await RecordedChain.create();
  });

  /** A contract that runs the program on every call, with one immutable behind its code. */
  async function deploy(program: string): Promise<{ address: Address; runtime: Hex }> {
    const runtime = assemble(`${program} STOP`);
    const withData = Uint8Array.from([...runtime, ...new Uint8Array(32).fill(7)]);
    const code: Hex = `0x${Buffer.from(deploying(withData)).toString("hex")}`;
    const { address } = await chain.send(null, code);
    return { address, runtime: `0x${Buffer.from(runtime).toString("hex")}` };
  }

  function metadata(layout: unknown, deployedBytecode: Hex): ContractMetadata {
    const combined = {
      "contracts/Vault.vy": {
        bytecode: "0x00",
        bytecode_runtime: deployedBytecode,
        abi: [],
        method_identifiers: { "run()": "0xc0406226" },
        layout,
      },
    };
    const [read] = readLayoutFile("build/vault.json", JSON.stringify(combined));
    if (read === undefined || read.compiled === null) {
      throw new Error("no layout was read");
    }
    const { contractName, storage, transient, hashing, complete, compiled } = read;
    return {
      ...compiled,
      contractName,
      fullyQualifiedName: `contracts/Vault.vy:${contractName}`,
      sourceName: "contracts/Vault.vy",
      linkRanges: [],
      deployedLinkRanges: [],
      immutableRanges: [],
      storageLayout: storage,
      transientStorageLayout: transient,
      dataBehindCode: true,
      imported: { path: "build/vault.json", hashing, complete },
    };
  }

  /** Runs a program and names all it touched; `?` for what has no name. */
  async function run(program: string, layout: unknown) {
    const { address, runtime } = await deploy(program);
    const { record } = await chain.send(address, "0xc0406226");
    const naming = createNaming({ metadata: [metadata(layout, runtime)], evidence: chain.blocks });
    const found: Record<string, bigint> = {};
    for (const { location, frame } of record.trace.accesses) {
      if (location.kind === "storage") {
        const codeHash = record.trace.frames[frame]?.codeHash;
        const name = naming.slot(address, location.slot, undefined, codeHash);
        found[name.resolved ? name.label : `? ${name.label}`] = await chain.storage(
          address,
          location.slot,
        );
      }
    }
    return { found, naming, address, record };
  }

  it("every slot has the name that its source gives it; immutables behind the code do not matter", async () => {
    const { found, naming, address, record } = await run(PROGRAM, LAYOUT);
    expect(found).to.deep.equal(NAMES);
    const [frame] = record.trace.frames;
    expect(frame === undefined ? null : naming.functionOf(frame).signature).to.equal("run()");
    expect(naming.contract(address)).to.equal("Vault");
    expect(naming.notes()).to.deep.equal([]);
  });

  it("transient storage has its own layout", async () => {
    const { naming, address } = await run(PROGRAM, LAYOUT);
    expect(naming.transientSlot(address, 0n)).to.deep.include({ label: "entered", resolved: true });
    expect(naming.transientSlot(address, 1n).resolved).to.equal(false);
  });

  it("a mapping hashed key first is accepted as well", async () => {
    const { found } = await run(store(hash2(ALICE, "0x2"), "0x5"), LAYOUT);
    expect(found).to.deep.equal({ [`balances[${ALICE_CHECKSUMMED}]`]: 5n });
  });

  it("a preimage that is an entry of two mappings, by either order, is of neither", async () => {
    // points[2] by the order slot, key; balances[0x16] by the other
    const { found, naming } = await run(store(hash2("0x16", "0x2"), "0x5"), LAYOUT);
    expect(naming.notes()).to.deep.equal([]); // it contradicts nothing
    const preimage = `0x${"16".padStart(64, "0")}${"2".padStart(64, "0")}`;
    expect(found).to.deep.equal({ [`? slot ${keccak256(preimage)}`]: 5n });
  });

  it("the hash of a String key that no code hashed is no key", async () => {
    const program = store(hash2("0xc", keccak256(toUtf8Bytes("bob"))), "0x1");
    const { found, naming } = await run(program, LAYOUT);
    expect(naming.notes()).to.deep.equal([]);
    expect(Object.keys(found)[0]).to.match(/^\? slot 0x/);
  });

  it("older layouts are flat and have locks by name", async () => {
    const flat = {
      "nonreentrant.lock": { type: "nonreentrant lock", slot: 0 },
      "nonreentrant.buy": { type: "nonreentrant lock", location: "storage", slot: 1 },
      supply: { type: "uint256", location: "storage", slot: 2 },
    };
    const { found } = await run(
      [store("0x0", "0x1"), store("0x1", "0x2"), store("0x2", "0x3")].join(" "),
      flat,
    );
    expect(found).to.deep.equal({
      "nonreentrant lock": 1n,
      "nonreentrant lock (buy)": 2n,
      supply: 3n,
    });
  });

  for (const [what, program, reason] of [
    ["a slot outside", store("0x40", "0x1"), "where the layout has nothing"],
    ["a mapping's own slot", store("0x2", "0x1"), "gives to the mapping balances"],
    ["a hash of no mapping", store(hash2("0x1", ALICE), "0x1"), "hashed from no mapping"],
  ] as const) {
    it(`a layout that an access to ${what} contradicts gives no name at all, and a note`, async () => {
      const { found, naming } = await run(`${store("0x1", "0x5")} ${program}`, LAYOUT);
      expect(Object.keys(found).every((name) => name.startsWith("? slot"))).to.equal(true);
      expect(naming.notes()[0]).to.match(
        /^the layout file build\/vault\.json is not used: slot 0x/,
      );
      expect(naming.notes()[0]).to.contain(reason);
    });
  }

  it("a layout of a contract that did not run is not used, and a note says so", async () => {
    const { address } = await deploy(store("0x1", "0x5"));
    await chain.send(address, "0x");
    const naming = createNaming({
      metadata: [metadata(LAYOUT, "0x60016000550000")],
      evidence: chain.blocks,
    });
    expect(naming.slot(address, 1n)).to.deep.include({ contract: address, resolved: false });
    expect(naming.notes()).to.deep.equal([
      "the layout file build/vault.json is not used: no code of the run is its contract's",
      `1 contract of the run has code that no artifact has (no source, or stale artifacts); named by address: ${address}`,
    ]);
  });

  function problem(path: string, content: string): string {
    try {
      readLayoutFile(path, content);
    } catch (error) {
      if (isParallelError(error, ERRORS.LAYOUT_FILE_INVALID)) {
        return error.shortMessage;
      }
      throw error;
    }
    throw new Error("the file was accepted");
  }

  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ["another JSON", { hello: 1 }, /it is no layout of Vyper and no EIP-8317 descriptor/],
    [
      "an unknown type",
      { x: { type: "HashMap[address", slot: 0 } },
      /x has a type that is no Vyper/,
    ],
    [
      "variables that overlap",
      { x: { type: "uint256[4]", slot: 0 }, y: { type: "uint256", slot: 3 } },
      /x and y overlap at slot 3/,
    ],
    [
      "a size that its type does not have",
      { storage_layout: { x: { type: "uint256", slot: 0, n_slots: 2 } } },
      /x takes 1 slots by its type and 2 by n_slots/,
    ],
    [
      "a layout without its bytecode",
      { "a.vy": { layout: {} } },
      /a\.vy has a layout without bytecode and bytecode_runtime/,
    ],
  ];
  for (const [what, json, message] of wrong) {
    it(`a file with ${what} is an error that names it`, () => {
      const text = problem("layouts/vault.json", JSON.stringify(json));
      expect(text).to.match(/^cannot use the layout file layouts\/vault\.json: /);
      expect(text).to.match(message);
    });
  }

  it("a file that is no JSON is an error that names it", () => {
    expect(problem("vault.json", "{")).to.match(/^cannot use the layout file vault\.json: .*JSON/);
  });
});
