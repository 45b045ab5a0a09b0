import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { id } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import type { ContractMetadata } from "../../src/analysis/contract-metadata";
import { loadContractMetadata } from "../../src/hardhat2/compiler-metadata";
import { withEnvironment } from "./hardhat-environment";

const OFFLINE_SOLC = JSON.stringify(
  join(__dirname, "..", "..", "fixture-projects", "offline-solc"),
);
const CONFIG = `
  require(${OFFLINE_SOLC});
  module.exports = { solidity: { version: "0.8.30", settings: { evmVersion: "cancun" } } };
`;

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

library Totals {
  function add(mapping(address => uint256) storage totals, address user, uint256 amount) external {
    totals[user] += amount;
  }
}

interface IShop { function buy(uint256 amount) external; }

contract Shop is IShop {
  uint64 first;
  uint128 second;
  mapping(address => uint256) totals;
  address immutable owner;
  uint256 transient entered;

  constructor() { owner = msg.sender; }

  function buy(uint256 amount) external {
    require(entered == 0);
    entered = 1;
    Totals.add(totals, msg.sender, amount);
    entered = 0;
  }
  function ownerOf() external view returns (address) { return owner; }
}
`;

function tree(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
      return `${relative(directory, path)} ${statSync(path).mtimeMs} ${digest}`;
    })
    .sort();
}

function named(contracts: ContractMetadata[], name: string): ContractMetadata {
  const found = contracts.find(({ contractName }) => contractName === name);
  assert.ok(found, `no ${name}`);
  return found;
}

describe("hardhat2/compiler-metadata", () => {
  let contracts: ContractMetadata[] = [];
  let again: ContractMetadata[] = [];
  let untouched: { before: string[]; after: string[] } | null = null;
  let secondCompilations = 0;
  let afterDamage: ContractMetadata[] = [];
  let withoutCompiler: { contracts: ContractMetadata[]; warnings: string[] } | null = null;
  let unreadable: unknown;

  before(async () => {
    await withEnvironment(CONFIG, async ({ hre, directory }) => {
      mkdirSync(join(directory, "contracts"));
      writeFileSync(join(directory, "contracts", "Shop.sol"), SOURCE);
      await hre.run("compile", { quiet: true });
      const own = join(directory, "cache", "hardhat-parallel");
      const snapshot = () => [
        ...tree(join(directory, "artifacts")),
        ...tree(join(directory, "cache")).filter((line) => !line.startsWith("hardhat-parallel")),
      ];
      const before = snapshot();
      contracts = await loadContractMetadata(hre);
      untouched = { before, after: snapshot() };

      const counting: Pick<HardhatRuntimeEnvironment, "artifacts" | "config" | "run"> = {
        artifacts: hre.artifacts,
        config: hre.config,
        run: (...parameters) => {
          secondCompilations++;
          return hre.run(...parameters);
        },
      };
      again = await loadContractMetadata(counting);

      const cacheFile = join(own, readdirSync(own)[0] ?? "none");
      writeFileSync(cacheFile, readFileSync(cacheFile, "utf8").slice(0, 40));
      afterDamage = await loadContractMetadata(hre);

      writeFileSync(cacheFile, "{}");
      const warnings: string[] = [];
      const warn = console.warn;
      console.warn = (text: string) => warnings.push(text);
      try {
        const offline = { ...counting, run: () => Promise.reject(new Error("no compiler here")) };
        withoutCompiler = { contracts: await loadContractMetadata(offline), warnings };
      } finally {
        console.warn = warn;
      }

      const [buildInfo] = await hre.artifacts.getBuildInfoPaths();
      writeFileSync(buildInfo ?? "none", '{"input": ');
      unreadable = await loadContractMetadata(hre).catch((error: unknown) => error);
    });
  });

  it("gives the storage layout and the transient one of a project that does not ask for them", () => {
    const shop = named(contracts, "Shop");
    assert.deepEqual(
      shop.storageLayout?.storage.map(({ label, slot, offset }) => [label, slot, offset]),
      [
        ["first", "0", 0],
        ["second", "0", 8],
        ["totals", "1", 0],
      ],
    );
    assert.deepEqual(
      shop.transientStorageLayout?.storage.map(({ label, slot }) => [label, slot]),
      [["entered", "0"]],
    );
    assert.equal(shop.fullyQualifiedName, "contracts/Shop.sol:Shop");
  });

  it("gives selectors: the first four bytes of the signature's keccak256", () => {
    const selector = (signature: string) => id(signature).slice(2, 10); // ethers as the independent source
    assert.deepEqual(named(contracts, "Shop").methodIdentifiers, {
      "buy(uint256)": selector("buy(uint256)"),
      "ownerOf()": selector("ownerOf()"),
    });
  });

  it("zeroes unlinked libraries and gives their place and the immutables'", () => {
    const shop = named(contracts, "Shop");
    assert.equal(shop.deployedLinkRanges.length, 1);
    const [library] = shop.deployedLinkRanges;
    assert.equal(library?.length, 20);
    const start = 2 + 2 * (library?.start ?? 0);
    assert.equal(shop.deployedBytecode.slice(start, start + 40), "0".repeat(40));
    assert.match(shop.deployedBytecode, /^0x([0-9a-f]{2})+$/);
    assert.match(shop.bytecode, /^0x([0-9a-f]{2})+$/);
    assert.ok(shop.immutableRanges.length >= 1);
    assert.ok(shop.immutableRanges.every(({ length }) => length === 32));
  });

  it("an interface has no code", () => {
    const shop = named(contracts, "IShop");
    assert.equal(shop.bytecode, "0x");
    assert.equal(shop.deployedBytecode, "0x");
  });

  it("leaves the users' artifacts and cache files as they are", () => {
    assert.ok(untouched !== null && untouched.before.length > 3);
    assert.deepEqual(untouched.after, untouched.before);
  });

  it("compiles once per build info, then reads its own cache", () => {
    assert.deepEqual(again, contracts);
    assert.equal(secondCompilations, 0);
  });

  it("a damaged cache file is made anew", () => {
    assert.deepEqual(afterDamage, contracts);
  });

  it("without a compiler the layouts are missing and stderr says so", () => {
    assert.equal(named(withoutCompiler?.contracts ?? [], "Shop").storageLayout, null);
    assert.equal(withoutCompiler?.warnings.length, 1);
    assert.match(withoutCompiler?.warnings[0] ?? "", /slots stay unnamed: no compiler here/);
  });

  it("a build info that is not one is an error that names the file", () => {
    assert.ok(unreadable instanceof Error);
    assert.match(unreadable.message, /HHP120: cannot read the compiler output .*build-info.*json/);
  });
});
