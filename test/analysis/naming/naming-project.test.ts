/**
 * The fixture project `naming`, run with the plugin: every storage slot that its scenario touches,
 * asserted by names written by hand and by the values that the contracts' own getters give.
 */

import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getCreateAddress, id } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import {
  type Deployed,
  runScenario,
  SALT,
  type WithEthers,
} from "../../../fixture-projects/naming/scripts/scenario";
import { AccessLogReader } from "../../../src/access-log/access-log-reader";
import type { BlockRecord } from "../../../src/access-log/block-record";
import { createNaming } from "../../../src/analysis/naming/naming";
import { loadContractMetadata } from "../../../src/hardhat2/compiler-metadata";
import { withLayoutFiles } from "../../../src/hardhat2/layout-files";
import { withRecording } from "../../../src/hardhat2/recording";
import type { Address } from "../../../src/state/hex";
import { withEnvironment } from "../../hardhat2/hardhat-environment";

const PROJECT = join(__dirname, "..", "..", "..", "fixture-projects", "naming");
const OFFLINE_SOLC = JSON.stringify(join(PROJECT, "..", "offline-solc"));
const HOOK = JSON.stringify(join(PROJECT, "scripts", "name-seeded-slots"));

/** The project's own config, with the plugin from src. */
function config(optimizer: boolean, viaIR: boolean): string {
  return `
    require(${OFFLINE_SOLC});
    require(PLUGIN);
    require("@nomicfoundation/hardhat-ethers");
    module.exports = {
      solidity: {
        version: "0.8.30",
        settings: { optimizer: { enabled: ${optimizer}, runs: 200 }, viaIR: ${viaIR}, evmVersion: "cancun" },
      },
      parallel: {
        report: {
          layoutFiles: ["layouts/vault.json"],
          slotResolver: require(${HOOK}).nameSeededSlots,
        },
      },
    };`;
}

type Slots = Record<string, bigint>;

interface Recorded {
  readonly deployed: Deployed;
  /** by lower-case address: names of all slots touched, with their last values */
  readonly slots: ReadonlyMap<string, Slots>;
  readonly transient: ReadonlyMap<string, readonly string[]>;
  readonly calls: ReadonlySet<string>;
  readonly notes: readonly string[];
  readonly clashes: readonly string[];
  address(of: { getAddress(): Promise<string> } | string): Promise<string>;
  read(of: string, slot: bigint): Promise<bigint>;
}

async function record(optimizer: boolean, viaIR: boolean): Promise<Recorded> {
  let result: Recorded | undefined;
  await withEnvironment(config(optimizer, viaIR), async ({ hre: plain, directory }) => {
    const hre = withEthers(plain);
    for (const folder of ["contracts", "layouts"]) {
      cpSync(join(PROJECT, folder), join(directory, folder), { recursive: true });
    }
    await hre.run("compile", { quiet: true });
    const logs = realpathSync(mkdtempSync(join(tmpdir(), "hardhat-parallel-naming-")));
    try {
      let deployed: Deployed | undefined;
      await withRecording({ directory: logs, source: "test", workers: 1 }, async () => {
        deployed = await runScenario(hre);
      });
      const blocks: BlockRecord[] = [];
      for (const name of readdirSync(logs)) {
        const log = await AccessLogReader.open(join(logs, name));
        for await (const block of log.blocks()) {
          blocks.push(block);
        }
      }
      if (deployed === undefined || blocks.length === 0) {
        throw new Error("nothing was recorded");
      }
      result = await name(hre, deployed, blocks);
    } finally {
      rmSync(logs, { recursive: true, force: true });
    }
  });
  if (result === undefined) {
    throw new Error("the scenario did not run");
  }
  return result;
}

/** The config loads hardhat-ethers, whose types would else be every environment's of these tests. */
function withEthers(hre: HardhatRuntimeEnvironment): HardhatRuntimeEnvironment & WithEthers {
  if (!("ethers" in hre)) {
    throw new Error("hardhat-ethers was not loaded");
  }
  return hre as HardhatRuntimeEnvironment & WithEthers; // what the plugin puts there
}

async function name(
  hre: HardhatRuntimeEnvironment & WithEthers,
  deployed: Deployed,
  blocks: readonly BlockRecord[],
): Promise<Recorded> {
  const { layoutFiles, slotResolver } = hre.config.parallel.report;
  const metadata = await withLayoutFiles(await loadContractMetadata(hre), layoutFiles, hre);
  const naming = createNaming({
    metadata,
    evidence: blocks,
    accounts: new Map([[deployed.alice.address.toLowerCase() as Address, "alice"]]), // lower-case hex
    ...(slotResolver === null ? {} : { slotResolver }),
  });
  const slots = new Map<string, Slots>();
  const transient = new Map<string, string[]>();
  const calls = new Set<string>();
  const clashes = new Set<string>();
  const read = async (address: string, slot: bigint): Promise<bigint> =>
    BigInt(await hre.ethers.provider.getStorage(address, slot));
  for (const { trace } of blocks.flatMap(({ transactions }) => transactions)) {
    for (const { location, frame } of trace.accesses) {
      if (location.kind === "storage") {
        const { address, slot } = location;
        const found = naming.slot(address, slot, undefined, trace.frames[frame]?.codeHash);
        const text = `${found.resolved ? "" : "? "}${found.contract}.${found.label}`;
        slots.set(address, { ...slots.get(address), [text]: await read(address, slot) });
        for (const other of found.clash ?? []) {
          clashes.add(other);
        }
      }
    }
    for (const { address, slot } of trace.transient) {
      const { contract, label } = naming.transientSlot(address, slot);
      transient.set(address, [...(transient.get(address) ?? []), `${contract}.${label}`]);
    }
    for (const frame of trace.frames) {
      const { contract, signature, resolved } = naming.functionOf(frame, trace.frames);
      calls.add(`${resolved ? "" : "? "}${contract.split(":").at(-1)}.${signature}`);
    }
  }
  return {
    deployed,
    slots,
    transient,
    calls,
    clashes: [...clashes].sort(),
    notes: naming.notes(),
    address: async (of) => (typeof of === "string" ? of : await of.getAddress()).toLowerCase(),
    read,
  };
}

function packed(...parts: readonly (readonly [bigint, number])[]): bigint {
  return parts.reduce((word, [value, offset]) => word | (value << BigInt(8 * offset)), 0n);
}

/** A function's several results. */
function resultOf(value: unknown): (string | bigint)[] {
  return [...(value as (string | bigint)[])]; // ethers gives a list for several results and structs
}

function shortText(text: string): bigint {
  const data = BigInt(`0x${Buffer.from(text.padEnd(32, "\0"), "latin1").toString("hex")}`);
  return data | BigInt(2 * text.length);
}

for (const [optimizer, viaIR] of [
  [true, false],
  [false, false],
  [true, true],
] as const) {
  const settings = `${optimizer ? "optimized" : "not optimized"}${viaIR ? ", via IR" : ""}`;
  describe(`fixture project naming, ${settings}`, function () {
    this.timeout(180_000);
    let run: Recorded;
    let d: Deployed;
    let owner: bigint;

    before(async () => {
      run = await record(optimizer, viaIR);
      d = run.deployed;
      owner = BigInt(d.owner.address);
    });

    async function slotsOf(of: Parameters<Recorded["address"]>[0]): Promise<Slots> {
      return run.slots.get(await run.address(of)) ?? {};
    }

    const initialized = "InitializableStorage.{_initialized, _initializing}";

    it("UUPS proxy with ERC-7201 namespaces, before and after an upgrade", async () => {
      const both = "PointsV1 | PointsV2";
      expect(await slotsOf(d.points)).to.deep.equal({
        "ERC1967Proxy.implementation (EIP-1967)": BigInt(d.pointsLogic[1] ?? 0),
        [`${both}.${initialized}`]: 1n,
        [`${both}.ERC20Storage._name`]: shortText("Points"),
        [`${both}.OwnableStorage._owner`]: BigInt(String(await d.points.owner())),
        [`${both}.ERC20Storage._totalSupply`]: await d.points.totalSupply(),
        [`${both}.ERC20Storage._balances[alice]`]: await d.points.balanceOf(d.alice.address),
        [`${both}.ERC20Storage._allowances[${d.owner.address}][alice]`]: await d.points.allowance(
          d.owner.address,
          d.alice.address,
        ),
        "PointsV2.minted": await d.points.minted(),
      });
      expect(await d.points.totalSupply()).to.equal(11n);
    });

    /** A Box's own slots after `setUp` and, with a value, after `add`. */
    async function boxSlots(box: Deployed["clone"], value: bigint | null): Promise<Slots> {
      const version = BigInt(String(await box.version()));
      const keeper = BigInt(String(await box.keeper()));
      return {
        [`Box.${initialized}`]: 1n,
        "Box.version, keeper": packed([version, 0], [keeper, 8]),
        ...(value === null ? {} : { "Box.values.length": 1n, "Box.values[0]": value }),
      };
    }

    it("transparent proxy: the implementation's variables, the standard's slots", async () => {
      const admin = getCreateAddress({ from: await d.transparentBox.getAddress(), nonce: 1 });
      expect(await slotsOf(d.transparentBox)).to.deep.equal({
        "TransparentUpgradeableProxy.implementation (EIP-1967)": BigInt(
          await d.boxLogic.getAddress(),
        ),
        "TransparentUpgradeableProxy.admin (EIP-1967)": BigInt(admin),
        ...(await boxSlots(d.transparentBox, 21n)),
      });
      expect(await slotsOf(admin)).to.deep.equal({ "ProxyAdmin._owner": owner });
    });

    it("beacon and its proxies", async () => {
      const beacon = BigInt(await d.beacon.getAddress());
      expect(await slotsOf(d.beacon)).to.deep.equal({
        "UpgradeableBeacon._owner": owner,
        "UpgradeableBeacon._implementation": BigInt(String(await d.beacon.implementation())),
      });
      for (const [i, box] of d.beaconBoxes.entries()) {
        expect(await slotsOf(box)).to.deep.equal({
          "BeaconProxy.beacon (EIP-1967)": beacon,
          ...(await boxSlots(box, 31n + BigInt(i))),
        });
        expect(await box.values(0n)).to.equal(31n + BigInt(i));
      }
    });

    it("minimal clones, by CREATE and by CREATE2", async () => {
      expect(await slotsOf(d.clone)).to.deep.equal({
        "Box.values.length": 1n,
        "Box.values[0]": await d.clone.values(0n),
      });
      expect(await slotsOf(d.deterministicClone)).to.deep.equal(
        await boxSlots(d.deterministicClone, null),
      );
      expect(await d.deterministicClone.keeper()).to.equal(d.alice.address);
    });

    it("a factory and its children, by CREATE and by CREATE2", async () => {
      expect(await slotsOf(d.factory)).to.deep.equal({
        [`Factory.clones[0x${"0".repeat(64)}]`]: BigInt(await d.clone.getAddress()),
        [`Factory.clones[${SALT}]`]: BigInt(await d.deterministicClone.getAddress()),
        "Factory.children.length": 2n,
        "Factory.children[0]": BigInt(await d.child.getAddress()),
        "Factory.children[1]": BigInt(await d.deterministicChild.getAddress()),
      });
      for (const [child, number] of [
        [d.child, 52n],
        [d.deterministicChild, 62n],
      ] as const) {
        expect(await slotsOf(child)).to.deep.equal({ "Child.number": number });
        expect(await child.number()).to.equal(number);
      }
    });

    it("a diamond: storage of its own and storage that two facets share", async () => {
      const slots = await slotsOf(d.diamond);
      const facets = Object.keys(slots).filter((name) => name.includes("facets["));
      const diamond = "Diamond.LibDiamond.DiamondStorage";
      const shared = "DownFacet | UpFacet.LibCounter.Layout";
      const selectors = ["up()", "down()", "counters()"].map((text) => id(text).slice(0, 10));
      expect(facets.sort()).to.deep.equal(
        selectors.map((selector) => `${diamond}.facets[${selector}]`).sort(),
      );
      const [up, down, mine] = resultOf(await d.counters.counters()).map(BigInt);
      expect(
        Object.fromEntries(Object.entries(slots).filter(([key]) => !facets.includes(key))),
      ).to.deep.equal({
        [`${diamond}.contractOwner`]: owner,
        [`${shared}.{up, down}`]: packed([up ?? 0n, 0], [down ?? 0n, 16]),
        [`${shared}.byCaller[${d.owner.address}]`]: mine,
      });
      expect(mine).to.equal(2n);
    });

    it("two variables in one slot have no name, and the clash is told", async () => {
      const address = await run.address(d.clashing);
      const slots = await slotsOf(address);
      expect(slots["ClashingLogic.total"]).to.equal(2n);
      const others = Object.keys(slots).filter((text) => text !== "ClashingLogic.total");
      expect(others.length).to.be.greaterThan(0);
      for (const text of others) {
        expect(text).to.match(/^\? Clashing(Proxy|Logic)\.slot 0x0$/);
      }
      expect(run.clashes).to.deep.equal(["ClashingLogic.spare", "ClashingProxy.target"]);
    });

    it("packed variables, structs in mappings in arrays, keys of all kinds, a library's pointer", async () => {
      const me = d.owner.address;
      const [maker, price, size] = resultOf(await d.keys.order(0n, 1n)).map(BigInt);
      const title = "a market whose title is longer than a slot";
      const text = (part: string) =>
        BigInt(`0x${Buffer.from(part.padEnd(32, "\0")).toString("hex")}`);
      expect(await slotsOf(d.keys)).to.deep.equal({
        "Keys.paused, lastUpdate": packed([1n, 0], [BigInt(String(await d.keys.lastUpdate())), 1]),
        "Keys.markets.length": 1n,
        "Keys.markets[0].title": BigInt(2 * title.length + 1),
        "Keys.markets[0].title (bytes 0 to 31)": text(title.slice(0, 32)),
        "Keys.markets[0].title (bytes 32 to 63)": text(title.slice(32)),
        "Keys.markets[0].orders[Filled].{maker, price}": packed(
          [maker ?? 0n, 0],
          [price ?? 0n, 20],
        ),
        "Keys.markets[0].orders[Filled].size": size,
        'Keys.byName["a key"]': await d.keys.byName("a key"),
        "Keys.bySelector[0xa9059cbb]": await d.keys.bySelector("0xa9059cbb"),
        "Keys.bySelector[0x12345678]": await d.keys.bySelector("0x12345678"),
        [`Keys.roles[KEEPER][${me}]`]: 1n,
        "Keys.owners[7]": BigInt(String(await d.keys.owners(7n))),
        "Keys.bySigned[-2]": await d.keys.bySigned(-2n),
        "Keys.grid[1][0]": 4n,
        "Keys.account.balance": await d.keys.balance(),
        [`Keys.account.limits[${me}]`]: 12n,
      });
      expect(await d.keys.roles(id("fixture.keeper"), me)).to.equal(true);
    });

    it("transient storage is a space of its own", async () => {
      const keys = await run.address(d.keys);
      expect([...run.transient]).to.deep.equal([[keys, ["Keys.REENTRANCY_GUARD_STORAGE"]]]);
    });

    it("places that assembly makes up have no name, but for those that the project's function knows", async () => {
      const slots = await slotsOf(d.seeded);
      const balances = `SeededToken.balances[${d.alice.address.toLowerCase()}]`;
      expect(slots[balances]).to.equal(await d.seeded.balanceOf(d.alice.address));
      const others = Object.keys(slots).filter((text) => text !== balances);
      expect(others.length).to.equal(2); // total supply, allowance
      for (const text of others) {
        expect(text).to.match(/^\? SeededToken\.slot 0x[0-9a-f]+$/);
      }
    });

    it("a contract by Vyper's rules, by its layout file", async () => {
      expect(await slotsOf(d.vault)).to.deep.equal({
        "Vault.nonreentrant lock": 3n,
        "Vault.total": 100n,
        [`Vault.balances[${d.owner.address}]`]: 5n,
        "Vault.queue.length": 1n,
        "Vault.queue[0]": 11n,
        'Vault.by_name["alice"]': 7n,
      });
    });

    it("code without a source: its address, and the slots that a standard fixes", async () => {
      const address = await run.address(d.foreign);
      expect(await slotsOf(address)).to.deep.equal({
        [`? ${address}.slot 0x5`]: 1n,
        [`${address}.implementation (EIP-1967)`]: 2n,
      });
      expect(run.notes).to.deep.equal([
        `slot 0x0 of ${await run.address(d.clashing)} has no name, for it is ClashingLogic.spare and ClashingProxy.target`,
        `1 contract of the run has code that no artifact has (no source, or stale artifacts); named by address: ${address}`,
      ]);
    });

    it("every frame runs a function with a name, but for those of the code without a source", () => {
      const unnamed = [...run.calls].filter((call) => call.startsWith("?"));
      const foreign = d.foreign.toLowerCase();
      expect(unnamed).to.deep.equal([`? ${foreign}.constructor`, `? ${foreign}.0xc0406226`]);
      for (const call of [
        "PointsV1.upgradeToAndCall(address,bytes)",
        "PointsV2.mint(address,uint256)",
        "Box.add(uint256)",
        "UpFacet.up()",
        "Ledger.credit(Ledger.Account storage,address,uint256)",
        "Vault.run()",
        "ClashingLogic.work()",
      ]) {
        expect([...run.calls]).to.include(call);
      }
    });

    it("all slots of the run are those listed here", () => {
      expect(run.slots.size).to.equal(17);
    });
  });
}
