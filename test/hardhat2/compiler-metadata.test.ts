import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { AbiCoder, id, keccak256 } from "ethers";
import { TASK_COMPILE_SOLIDITY_RUN_SOLCJS } from "hardhat/builtin-tasks/task-names";
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

/** A project whose namespaces the plugin has to ask the compiler for. */
const NAMESPACES = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

library Spot {
  /// @custom:storage-location erc7201:fixture.spot
  struct Layout { uint256 amount; }
  bytes32 constant PLACE = 0x2c4db3d2f4b2e4a6a3b1e0f0a0b0c0d0e0f000102030405060708090a0b0c000;
}

contract Owner {
  enum Kind { First, Second }
  type Price is uint96;
  /// @custom:storage-location erc7201:fixture.owner
  struct Main { mapping(Kind => mapping(Price => uint256)) table; }
  bytes32 constant ROLE = keccak256("fixture.role");
  function touch() external { Spot.Layout storage l; bytes32 p = Spot.PLACE; assembly { l.slot := p } l.amount = 42; }
}
`;

describe("hardhat2/compiler-metadata, what the sources declare", () => {
  for (const [what, selection] of [
    ["as Hardhat asks for it", ""],
    ["without an AST in the build info", "none"],
  ] as const) {
    it(`namespaces, enums, value types, constants and literals, ${what}`, async () => {
      await withEnvironment(CONFIG, async ({ hre, directory }) => {
        mkdirSync(join(directory, "contracts"));
        writeFileSync(join(directory, "contracts", "Owner.sol"), NAMESPACES);
        await hre.run("compile", { quiet: true });
        if (selection !== "") {
          for (const path of await hre.artifacts.getBuildInfoPaths()) {
            const buildInfo = JSON.parse(readFileSync(path, "utf8"));
            delete buildInfo.output.sources;
            writeFileSync(path, JSON.stringify(buildInfo));
          }
        }
        let runs = 0;
        const counting: Pick<HardhatRuntimeEnvironment, "artifacts" | "config" | "run"> = {
          artifacts: hre.artifacts,
          config: hre.config,
          run: (...parameters) => {
            runs += parameters[0] === TASK_COMPILE_SOLIDITY_RUN_SOLCJS ? 1 : 0;
            return hre.run(...parameters);
          },
        };
        const contracts = await loadContractMetadata(counting);
        assert.equal(runs, selection === "" ? 1 : 2);
        const owner = named(contracts, "Owner");
        const layout = owner.namespaces;
        assert.deepEqual(layout?.storage.map(({ label }) => label).sort(), [
          "Main",
          "Spot.Layout",
          "Spot.Layout@0x2c4db3d2…", // the annotation is one place, the pointer another
        ]);
        const main = layout?.storage.find(({ label }) => label === "Main");
        const inner = BigInt(id("fixture.owner")) - 1n;
        const encoded = AbiCoder.defaultAbiCoder().encode(["uint256"], [inner]);
        assert.equal(BigInt(main?.slot ?? 0), BigInt(keccak256(encoded)) & ~0xffn);
        const kind = Object.keys(layout?.types ?? {}).find((type) =>
          type.startsWith("t_enum(Kind)"),
        );
        assert.deepEqual(owner.enums?.[/(\d+)$/.exec(kind ?? "")?.[1] ?? ""], ["First", "Second"]);
        const price = Object.keys(layout?.types ?? {}).find((type) => type.includes("(Price)"));
        assert.equal(
          owner.valueTypes?.[/t_userDefinedValueType\(Price\)(\d+)/.exec(price ?? "")?.[1] ?? ""],
          "uint96",
        );
        assert.equal(owner.constants?.[id("fixture.role")], "ROLE");
        assert.ok(owner.literals?.numbers.includes("42"));
        assert.ok(owner.literals?.texts.includes(Buffer.from("fixture.role").toString("hex")));
        // nothing generated is taken for the project's own
        assert.deepEqual(contracts.map(({ contractName }) => contractName).sort(), [
          "Owner",
          "Spot",
        ]);
      });
    });
  }

  it("a struct that cannot be compiled apart is left out, the others stay, and stderr says so", async () => {
    await withEnvironment(CONFIG, async ({ hre, directory }) => {
      mkdirSync(join(directory, "contracts"));
      writeFileSync(join(directory, "contracts", "Owner.sol"), NAMESPACES);
      await hre.run("compile", { quiet: true });
      const breaking: Pick<HardhatRuntimeEnvironment, "artifacts" | "config" | "run"> = {
        artifacts: hre.artifacts,
        config: hre.config,
        run: (name, parameters) => {
          const sources: Record<string, { content: string }> = parameters?.input?.sources ?? {};
          for (const source of Object.values(sources)) {
            if (source.content.includes("Source.Spot.Layout")) {
              source.content = "import 'nowhere.sol';";
            }
          }
          return hre.run(name, parameters);
        },
      };
      const warnings: string[] = [];
      const warn = console.warn;
      console.warn = (text: string) => warnings.push(text);
      try {
        const owner = named(await loadContractMetadata(breaking), "Owner");
        assert.deepEqual(
          owner.namespaces?.storage.map(({ label }) => label),
          ["Main"],
        );
        assert.deepEqual(owner.storageLayout?.storage, []);
      } finally {
        console.warn = warn;
      }
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", /no layout for contracts\/Owner\.sol:Spot\.Layout, slots of/);
    });
  });
});
