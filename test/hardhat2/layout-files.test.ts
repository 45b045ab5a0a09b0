import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import type { ContractMetadata } from "../../src/analysis/contract-metadata";
import { isParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import { withLayoutFiles } from "../../src/hardhat2/layout-files";

const VYPER = { storage_layout: { total: { type: "uint256", slot: 0, n_slots: 1 } } };
const DESCRIPTOR = {
  compiler: { language: "manual" },
  storage: [{ label: "extra", slot: "7", offset: 0, type: "word" }],
  types: { word: { encoding: "inplace", label: "uint256", numberOfBytes: "32" } },
};

const ARTIFACT = {
  _format: "hh-vyper-artifact-1",
  contractName: "Vault",
  sourceName: "contracts/Vault.vy",
  abi: [
    {
      type: "function",
      name: "set",
      inputs: [{ type: "tuple[]", components: [{ type: "uint256" }, { type: "address" }] }],
    },
  ],
  bytecode: "0x6001",
  deployedBytecode: "0x6002",
  linkReferences: {},
  deployedLinkReferences: {},
};

const SOLIDITY: ContractMetadata = {
  fullyQualifiedName: "contracts/Store.sol:Store",
  contractName: "Store",
  sourceName: "contracts/Store.sol",
  bytecode: "0x01",
  deployedBytecode: "0x02",
  linkRanges: [],
  deployedLinkRanges: [],
  immutableRanges: [],
  methodIdentifiers: {},
  abi: [],
  storageLayout: {
    storage: [{ astId: 1, contract: "", label: "value", offset: 0, slot: "0", type: "t_uint256" }],
    types: { t_uint256: { encoding: "inplace", label: "uint256", numberOfBytes: "32" } },
  },
  transientStorageLayout: null,
};

describe("hardhat2/layout-files", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "hardhat-parallel-layouts-"));
    mkdirSync(join(root, "layouts"));
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function hre(names: readonly string[]): Pick<HardhatRuntimeEnvironment, "artifacts" | "config"> {
    const artifacts = {
      getAllFullyQualifiedNames: () => Promise.resolve(names),
      readArtifact: () => Promise.resolve(ARTIFACT),
    };
    // only what is read: an environment has much more
    return { artifacts, config: { paths: { root } } } as unknown as HardhatRuntimeEnvironment;
  }

  function load(file: string, content: unknown, names: readonly string[] = []) {
    writeFileSync(join(root, file), JSON.stringify(content));
    return withLayoutFiles([SOLIDITY], [file], hre(names));
  }

  async function refusal(promise: Promise<unknown>): Promise<string> {
    const error: unknown = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(isParallelError(error, ERRORS.LAYOUT_FILE_INVALID), String(error));
    return error.shortMessage;
  }

  it("a layout is paired with the artifact that is called like its file", async () => {
    const contracts = await load("layouts/Vault.json", VYPER, ["contracts/Vault.vy:Vault"]);
    const vault = contracts.find(({ contractName }) => contractName === "Vault");
    assert.equal(vault?.fullyQualifiedName, "contracts/Vault.vy:Vault");
    assert.equal(vault?.deployedBytecode, "0x6002");
    assert.equal(vault?.dataBehindCode, true);
    assert.deepEqual(
      vault?.storageLayout?.storage.map(({ label, slot }) => [label, slot]),
      [["total", "0"]],
    );
    const signature = "set((uint256,address)[])";
    assert.deepEqual(vault?.methodIdentifiers, { [signature]: id(signature).slice(2, 10) });
    assert.deepEqual(vault?.imported, {
      path: "layouts/Vault.json",
      hashing: "vyper",
      complete: true,
    });
  });

  it("a descriptor adds to what the compiler has laid out", async () => {
    const [store, ...others] = await load("layouts/Store.json", DESCRIPTOR);
    assert.equal(others.length, 0);
    assert.deepEqual(store?.storageLayout, SOLIDITY.storageLayout);
    assert.deepEqual(
      store?.namespaces?.storage.map(({ label, slot }) => [label, slot]),
      [["extra", "7"]],
    );
  });

  it("a descriptor that contradicts the compiler is refused, naming file and slot", async () => {
    const other = { ...DESCRIPTOR, storage: [{ ...DESCRIPTOR.storage[0], slot: "0" }] };
    assert.match(
      await refusal(load("layouts/Store.json", other)),
      /layouts\/Store\.json: it has extra at slot 0, where the compiler has value$/,
    );
  });

  it("a file of no contract of the project is refused", async () => {
    assert.match(
      await refusal(load("layouts/Other.json", VYPER)),
      /layouts\/Other\.json: there is no contract Other among the artifacts$/,
    );
    assert.match(
      await refusal(load("layouts/Vault.json", VYPER, ["a.vy:Vault", "b.vy:Vault"])),
      /there are 2 contracts Vault among the artifacts$/,
    );
  });

  it("a file that is not there is refused", async () => {
    assert.match(
      await refusal(withLayoutFiles([], ["layouts/Missing.json"], hre([]))),
      /layouts\/Missing\.json: ENOENT/,
    );
  });
});
