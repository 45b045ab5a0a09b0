/** What executing calls again on other values shows, against what the source says, for all compilers' settings. */
import { expect } from "chai";
import type { Contract } from "ethers";
import { callConflict } from "../../../src/analysis/footprints/call-conflict";
import { footprintVerdict } from "../../../src/analysis/footprints/footprint-verdict";
import { inferFootprints } from "../../../src/analysis/footprints/infer-footprints";
import { observeCalls } from "../../../src/analysis/footprints/observed-calls";
import { createNaming } from "../../../src/analysis/naming/naming";
import { SlotGroups } from "../../../src/analysis/slot-groups";
import { planProbes } from "../../../src/analysis/value-probes/probe-plan";
import { ProbeRun } from "../../../src/analysis/value-probes/probe-run";
import { otherValues, withPart } from "../../../src/analysis/value-probes/probe-values";
import { collectWorkload } from "../../../src/analysis/workload-builder";
import { createCallReplay } from "../../../src/chain/replay-call";
import { createEngine } from "../../../src/execution/engine/engine-choice";
import { buildReport } from "../../../src/report/build-report";
import { Recording } from "../../helpers/fixture-recording";
import { ALL_SETTINGS, compile, describeSettings } from "../naming/compile";

const SOURCE = `
contract Probed {
    uint256 public price = 3;
    uint256 public plain; uint256 public priced; uint256 public luck; uint256 public spent = 1000;
    uint256 public capped; uint256 public shown; uint256 public index = 1000; uint256 public nextId;
    uint256 public last; bytes32 public chained;
    mapping(uint256 => address) public orders;
    mapping(address => uint256) public mine;
    bool public paused; uint64 public lastUpdate; uint128 public rate = 7;
    event Shown(uint256 value);

    function add(uint256 x) external { plain += x; }
    function addPriced(uint256 n) external { priced += n * price; }
    function addRandom() external { luck += uint256(keccak256(abi.encode(msg.sender, block.timestamp))) % 1000; }
    function spend(uint256 x) external { spent -= x; }
    function addCapped(uint256 x) external { require(capped + x <= 1e6, "full"); capped += x; }
    function addShown(uint256 x) external { shown += x; emit Shown(shown); }
    function compound() external { index += index / 10; }
    function order() external { orders[nextId++] = msg.sender; }
    function set(uint256 x) external { last = x; }
    function chain(uint256 x) external { chained = keccak256(abi.encode(chained, x)); }

    function act() external { require(!paused, "paused"); mine[msg.sender]++; }
    function late(uint256 time) external { require(lastUpdate <= time, "late"); mine[msg.sender]++; }
    function poke() external { lastUpdate = uint64(block.timestamp); }
    function earn() external { mine[msg.sender] += rate; }
}`;

const DELTAS: Readonly<Record<string, readonly [string, boolean]>> = {
  add: ["plain", true],
  addPriced: ["priced", true],
  addRandom: ["luck", true],
  spend: ["spent", true],
  addCapped: ["capped", true], // within its bounds
  addShown: ["shown", false],
  compound: ["index", false],
  order: ["nextId", false],
  set: ["last", false],
  chain: ["chained", false],
  act: ["mine[*]", true],
};

const USES: Readonly<Record<string, readonly string[]>> = {
  act: ["paused"],
  late: ["lastUpdate"],
  poke: [],
  earn: ["rate"],
};

async function record(probed: Contract, recording: Recording): Promise<void> {
  const arguments_: Record<string, readonly unknown[]> = {
    add: [5n],
    addPriced: [2n],
    spend: [3n],
    addCapped: [4n],
    addShown: [6n],
    set: [9n],
    chain: [8n],
    late: [10n ** 12n],
  };
  const names = [...new Set([...Object.keys(DELTAS), ...Object.keys(USES)])];
  for (const by of [1, 2]) {
    for (const name of names) {
      await recording.call(probed, by, name, arguments_[name] ?? []);
    }
  }
}

describe("values tried by execution", () => {
  for (const settings of ALL_SETTINGS) {
    describe(describeSettings(settings), () => {
      let recording: Recording;

      beforeEach(async () => {
        recording = await Recording.with(compile(SOURCE, settings));
        await record(await recording.deploy("Probed"), recording);
      });

      afterEach(async () => {
        await recording.close();
      });

      it("deltas are told from other changes, members that are used from others", async () => {
        const metadata = [...recording.contracts.values()];
        const naming = createNaming({ metadata, evidence: recording.blocks });
        const workload = collectWorkload(recording.blocks);
        const plan = planProbes(workload, new SlotGroups(workload, naming));
        const run = new ProbeRun(plan, createCallReplay(createEngine("ethereumjs"), 31337n));
        for (const block of recording.blocks) {
          await run.add(block);
        }
        expect(run.done).to.equal(true);
        const probes = run.answers();
        const models = inferFootprints(observeCalls(recording.blocks), naming, metadata, probes);
        const of = (name: string) => {
          const found = models.find(({ footprint }) => footprint.signature.startsWith(`${name}(`));
          if (found === undefined) {
            throw new Error(`${name} was not called`);
          }
          return found;
        };
        const key = (name: string) => of(name).functionKeys[0] ?? "";

        const deltas = Object.entries(DELTAS).map(([name, [variable]]) => {
          return [name, probes.isDelta(key(name), variable)];
        });
        expect(deltas).to.deep.equal(Object.entries(DELTAS).map(([name, [, is]]) => [name, is]));

        const used = Object.keys(USES).map((name) => [
          name,
          ["paused", "lastUpdate", "rate"].filter((member) => probes.uses(key(name), member)),
        ]);
        expect(used).to.deep.equal(Object.entries(USES));
        expect(probes.uses(key("add"), "plain")).to.equal(undefined); // shares its slot with nothing

        const report = buildReport(
          workload,
          naming,
          {
            tool: "test",
            toolVersion: "0",
            chainId: 31337n,
            hardforks: ["prague"],
            source: "test",
            recording: { logs: 1, complete: true, droppedBlocks: 0, droppedTransactions: 0 },
          },
          { window: 64, probes },
        );
        const cause = (a: string, b: string) => {
          const pair = report.matrix.find(({ functions }) =>
            [
              [a, b],
              [b, a],
            ].some((names) => names.every((n, i) => functions[i]?.signature.startsWith(`${n}(`))),
          );
          return pair?.slots.find(({ variable }) => variable.includes("lastUpdate"))?.cause;
        };
        expect(cause("act", "poke")).to.equal("FALSE_SHARING");
        expect(cause("earn", "poke")).to.equal("FALSE_SHARING");
        expect(cause("late", "poke")).to.equal("READ_HOT");
        expect(cause("poke", "poke")).to.equal("STRUCTURAL");
        expect(report.findings.findings.some(({ id }) => id === "D5")).to.equal(true);

        // ids are counted up: they can be given out in another way
        expect(footprintVerdict(of("order").footprint).kind).to.equal("serialFixable");
        expect(footprintVerdict(of("compound").footprint).kind).to.equal("serialInherent");
        expect(footprintVerdict(of("addPriced").footprint).kind).to.equal("serialFixable");

        const byFootprint = (a: string, b: string) =>
          callConflict(of(a).footprint, of(b).footprint).conflicts.map(({ cause }) => cause);
        expect(byFootprint("act", "poke")).to.deep.equal(["FALSE_SHARING"]);
        expect(byFootprint("late", "poke")).to.deep.equal(["READ_HOT"]);
      });
    });
  }
});

describe("other values", () => {
  const byte = { offset: 3, bytes: 1, holds: "value" } as const;

  it("one more, far more, and as little as the change leaves", () => {
    expect(otherValues(byte, 10n, 15n)).to.deep.equal([11n, 74n, 0n]);
    expect(otherValues(byte, 15n, 10n)).to.deep.equal([16n, 79n, 5n]);
  });

  it("never over the end of the type", () => {
    expect(otherValues(byte, 200n, 255n)).to.deep.equal([0n]);
    expect(otherValues(byte, 0n, 255n)).to.deep.equal([]);
  });

  it("only the member's own bytes change", () => {
    expect(withPart(byte, 0x11_22_33_44_55n, 0xffn)).to.equal(0x11_ff_33_44_55n);
  });
});
