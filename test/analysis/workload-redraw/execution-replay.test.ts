/** Drawn calls executed on our engine (docs/metrics.md, "Drawn workloads"): expectations by hand. */
import { expect } from "chai";
import type { Contract } from "ethers";
import { observeCalls } from "../../../src/analysis/footprints/observed-calls";
import { NamingEvidence } from "../../../src/analysis/naming/naming-evidence";
import { userAddress } from "../../../src/analysis/workload-redraw/drawn-values";
import { ExecutionReplay } from "../../../src/analysis/workload-redraw/execution-replay";
import type { RedrawOptions } from "../../../src/analysis/workload-redraw/redraw-options";
import { redrawCalls } from "../../../src/analysis/workload-redraw/redrawn-calls";
import { executedRun, type RedrawnRun } from "../../../src/analysis/workload-redraw/redrawn-run";
import { createCallReplay } from "../../../src/chain/replay-call";
import { createEngine } from "../../../src/execution/engine/engine-choice";
import { Recording } from "../../helpers/fixture-recording";
import { compile } from "../naming/compile";

const SOURCE = `
contract Shop {
    address public owner;
    uint256 public price = 3;
    uint256 public nextId;
    uint256 public total;
    mapping(address => uint256) public balances;
    mapping(uint256 => address) public orders;
    mapping(string => mapping(address => bool)) public seen;

    constructor() { owner = msg.sender; }
    function give(address to, uint256 amount) external { balances[to] += amount; }
    function pay(address to, uint256 amount) external { balances[msg.sender] -= amount; balances[to] += amount; }
    function order() external { orders[nextId] = msg.sender; nextId++; }
    function cancel(uint256 id) external { require(orders[id] == msg.sender, "not yours"); delete orders[id]; }
    function setPrice(uint256 value) external { require(msg.sender == owner, "not the owner"); price = value; }
    function buy() external payable { balances[msg.sender] += price; }
    function see(string calldata what) external { seen[what][msg.sender] = true; }
    function add(uint256 amount) external { total += amount; }
}`;

async function replay(
  recording: Recording,
  options: Partial<RedrawOptions>,
  blocks = recording.blocks,
) {
  const redraw: RedrawOptions = {
    window: 64,
    senders: "as-is",
    keys: { kind: "as-is" },
    seed: 1,
    ...options,
  };
  const evidence = new NamingEvidence();
  for (const block of blocks) {
    evidence.add(block);
  }
  const calls = redrawCalls(recording.models(), observeCalls(blocks).direct, redraw);
  const executor = createCallReplay(createEngine("ethereumjs"), 31337n);
  const replayed = new ExecutionReplay(calls, redraw.window, executor, evidence.preimages);
  for (const block of blocks) {
    await replayed.add(block);
  }
  const run = executedRun(calls, replayed, redraw, 8);
  if (run === null) {
    throw new Error("nothing was drawn");
  }
  return { run, workload: replayed.workload(), calls: replayed.replayed };
}

/** `buy: 3/4` for each function: executed calls of all. */
function shares({ functions }: RedrawnRun): string[] {
  return functions.map(({ signature, executed, calls }) => {
    return `${signature.split("(")[0]}: ${executed}/${calls}`;
  });
}

describe("drawn calls executed", () => {
  const contracts = compile(SOURCE, { optimizer: true });
  let recording: Recording;
  let shop: Contract;
  let people: string[];

  beforeEach(async () => {
    recording = await Recording.with(contracts);
    shop = await recording.deploy("Shop");
    people = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => (await recording.signer(i)).address),
    );
  });

  afterEach(async () => {
    await recording.close();
  });

  it("one user's payments wait for each other; by users of their own they do not", async () => {
    await recording.call(shop, 0, "give", [people[0], 1000n]);
    for (let i = 1; i <= 4; i++) {
      await recording.call(shop, 0, "pay", [people[i], BigInt(10 * i)]);
    }
    const asIs = await replay(recording, {});
    expect(asIs.run.basis).to.equal("execution");
    expect(asIs.run.metrics.longestChain).to.equal(5); // the gift and four payments
    const { run, workload } = await replay(recording, { senders: "distinct" });
    expect(run.basis).to.equal("execution");
    expect(shares(run)).to.deep.equal(["give: 1/1", "pay: 4/4"]);
    // a new user has what the recorded one had, and pays from it
    expect(run.metrics.longestChain).to.equal(1);
    expect(workload.transactions.map(({ sender }) => sender)).to.deep.equal(
      [0, 1, 2, 3, 4].map(userAddress),
    );
  });

  it("drawn as recorded it uses the gas and the slots that were recorded", async () => {
    await recording.call(shop, 0, "give", [people[0], 1000n]);
    await recording.call(shop, 0, "pay", [people[1], 10n]);
    await recording.call(shop, 1, "order");
    await recording.call(shop, 2, "see", ["a sign"]);
    const { workload } = await replay(recording, {});
    const recorded = recording.blocks.flatMap(({ transactions }) => transactions).slice(1);
    const slots = ({ locations }: typeof workload, numbers: readonly number[]) =>
      numbers.flatMap((number) => {
        const { location } = locations.at(number);
        return location.kind === "storage" ? [location.slot] : [];
      });
    for (const [index, { gasBeforeRefund, writes }] of recorded.entries()) {
      const replayed = workload.transactions[index];
      expect(replayed?.gas).to.equal(Number(gasBeforeRefund));
      expect(slots(workload, replayed?.writes ?? [])).to.have.members(
        writes.flatMap(({ write }) => (write.kind === "storage" ? [write.slot] : [])),
      );
    }
  });

  it("drawn keys go into the calldata: all pay the one receiver there is", async () => {
    for (let i = 1; i <= 4; i++) {
      await recording.call(shop, 0, "give", [people[i], 7n]);
    }
    const keys = { kind: "uniform" } as const;
    const { run } = await replay(recording, { senders: "distinct", keys, population: 1 });
    expect(shares(run)).to.deep.equal(["give: 4/4"]);
    expect(run.metrics.longestChain).to.equal(4);
  });

  it("what only the owner may do is drawn from its footprint, and meets the calls that were executed", async () => {
    await recording.call(shop, 1, "buy");
    await recording.call(shop, 0, "setPrice", [5n]);
    await recording.call(shop, 2, "buy");
    const { run, calls } = await replay(recording, { senders: "distinct" });
    expect(run.basis).to.equal("mixed");
    expect(shares(run)).to.deep.equal(["buy: 2/2", "setPrice: 0/1"]);
    expect(calls.map(({ obstacle }) => obstacle)).to.deep.equal([null, "reverted", null]);
    expect(run.metrics.longestChain).to.equal(2); // the second buyer reads the new price
  });

  it("ids go on counting: orders of tests that were apart do not meet in one slot", async () => {
    const snapshot = await recording.send("evm_snapshot");
    await recording.call(shop, 1, "order");
    await recording.call(shop, 2, "order");
    await recording.send("evm_revert", [snapshot]);
    await recording.call(shop, 3, "order");
    const { run, workload } = await replay(recording, { senders: "distinct" });
    expect(run.basis).to.equal("execution");
    const written = workload.transactions.map(({ writes }) =>
      writes.flatMap((number) => {
        const { location } = workload.locations.at(number);
        return location.kind === "storage" && location.slot > 10n ? [location.slot] : [];
      }),
    );
    expect(written.map(({ length }) => length)).to.deep.equal([1, 1, 1]);
    expect(new Set(written.flat()).size).to.equal(3);
  });

  it("who owns an order owns the drawn one: values that name the sender are replaced", async () => {
    await recording.call(shop, 1, "order");
    await recording.call(shop, 1, "cancel", [0n]);
    await recording.call(shop, 2, "order");
    await recording.call(shop, 2, "cancel", [1n]);
    const { run } = await replay(recording, { senders: "distinct", keys: { kind: "uniform" } });
    expect(shares(run)).to.deep.equal(["order: 2/2", "cancel: 2/2"]);
  });

  it("a balance that tests apart spent twice is there again", async () => {
    await recording.call(shop, 0, "give", [people[0], 10n]);
    const snapshot = await recording.send("evm_snapshot");
    await recording.call(shop, 0, "pay", [people[1], 10n]);
    await recording.send("evm_revert", [snapshot]);
    await recording.call(shop, 0, "pay", [people[2], 10n]);
    const { run } = await replay(recording, {});
    expect(run.basis).to.equal("execution");
    expect(run.metrics.longestChain).to.equal(3);
  });

  it("a slot set from outside is seen once a recorded call has read it", async () => {
    await recording.send("hardhat_setStorageAt", [
      await shop.getAddress(),
      "0x1",
      `0x${"0".repeat(63)}9`,
    ]);
    await recording.call(shop, 1, "buy");
    const { workload } = await replay(recording, { senders: "distinct" });
    const [change] = workload.transactions[0]?.changes.values() ?? [];
    expect(change?.after).to.equal(9n);
  });

  it("code that the log lacks, calls that failed: not executed, and said so", async () => {
    await recording.call(shop, 1, "buy");
    await recording.call(shop, 1, "pay", [people[2], 1n]);
    // with a gas limit of its own it is mined although it fails
    const data = shop.interface.encodeFunctionData("pay", [people[2], 10n ** 9n]);
    const [from, to] = [people[3], await shop.getAddress()];
    await expectFailure(
      recording.send("eth_sendTransaction", [{ from, to, data, gas: "0x30000" }]),
    );
    const all = await replay(recording, {});
    expect(all.calls.map(({ obstacle }) => obstacle)).to.deep.equal([null, null, "failed"]);
    const withoutDeployment = recording.blocks.slice(1);
    const { run, calls } = await replay(recording, {}, withoutDeployment);
    expect(run.basis).to.equal("footprints");
    expect(calls.map(({ obstacle }) => obstacle)).to.deep.equal([
      "notRecorded",
      "notRecorded",
      "failed",
    ]);
  });

  it("the same log and seed give the same numbers", async () => {
    for (let i = 1; i <= 6; i++) {
      await recording.call(shop, i, "give", [people[(i * 3) % 8], BigInt(i)]);
    }
    const keys = { kind: "zipf", theta: 1 } as const;
    const first = await replay(recording, { senders: "distinct", keys });
    const second = await replay(recording, { senders: "distinct", keys });
    expect(first.run).to.deep.equal(second.run);
  });
});

async function expectFailure(sent: Promise<unknown>): Promise<void> {
  const failed = await sent.then(
    () => false,
    () => true,
  );
  expect(failed).to.equal(true);
}
