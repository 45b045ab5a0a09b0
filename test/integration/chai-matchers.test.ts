/** The matchers as a project's tests use them: Hardhat run on a copy of a fixture project. */
import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileCopy } from "./compiled-project";
import { linkPackage, type ProjectCopy, type Run, withProjectCopy } from "./project-copy";

const HEAD = `
import { expect } from "chai";
import { ethers, network } from "hardhat";
import { mineBatch } from "hardhat-parallel/chai";

const PRICE = ethers.parseEther("0.05");

async function rush(name: string, count = 32) {
  const buyers = (await ethers.getSigners()).slice(1, 1 + count);
  const sale = await ethers.deployContract(name, [PRICE]);
  const buy = (buyer: (typeof buyers)[number]) =>
    sale.connect(buyer).buy(1n, { value: PRICE, gasLimit: 150_000n });
  return { sale, buyers, buy };
}
`;

/** 16 buckets: of 32 buyers some meet in one, so P is between the two limits by far. */
const PASSING = `${HEAD}
describe("the matchers", () => {
  it("measure a batch", async () => {
    const serial = await rush("TicketSale");
    const batch = await mineBatch(() => serial.buyers.map(serial.buy));
    expect(batch.transactions.length).to.equal(32);
    expect(batch.failed).to.equal(0);
    expect(batch.parallelism).to.equal(0);
    expect(batch.receipts[5].transactionHash).to.equal(batch.transactions[5].hash);
    expect(batch.transactions[5].from).to.equal(serial.buyers[5].address.toLowerCase());
    expect(batch.transactions[5].function).to.match(/TicketSale[.]buy[(]uint256[)]$/);
    await expect(batch).to.haveParallelism.atMost(0);
    await expect(batch).to.haveSpeedup.below(1.01, { lanes: 32 });
    await expect(batch).to.conflictOnlyOn(["TicketSale.totalSold", "totalVolume"]);
    await expect(batch).to.not.conflictOnlyOn("totalSold");

    const sharded = await rush("ShardedTicketSale");
    const better = await mineBatch(async () => sharded.buyers.map(sharded.buy));
    await expect(better).to.haveParallelism.above(0.8);
    await expect(better).to.haveSpeedup.atLeast(4, { lanes: 8 });
    await expect(better).to.not.haveSpeedup.above(8, { lanes: 8 });
    await expect(better).to.conflictOnlyOn("buckets");
    await expect(better).to.conflictOnlyOn("buckets[*]");
  });

  it("compare two transactions, given as response, hash, receipt or promise", async () => {
    const { sale, buyers: [alice, bob], buy } = await rush("TicketSale", 2);
    const first = await buy(alice);
    const second = await buy(bob);
    await expect(first).to.conflictWith(second);
    await expect(second.hash).to.conflictWith(first.hash);
    await expect(first.wait()).to.conflictWith(buy(bob));
    const [one, other] = [await rush("TicketSale", 1), await rush("TicketSale", 1)];
    await expect(one.buy(alice)).to.not.conflictWith(other.buy(bob));
    await expect([first, second]).to.conflictOnlyOn(["totalSold", "totalVolume"]);
    await expect(first).to.touchSlot("totalSold");
    await expect(first).to.touchSlot("TicketSale.ticketsOf");
    await expect(first).to.touchSlot("ticketsOf[" + alice.address + "]");
    await expect(first).to.not.touchSlot("ticketsOf[" + bob.address.toLowerCase() + "]");
    await expect(first).to.touchSlot("TicketSale.closed");
    await expect(first).to.not.touchSlot("ShardedTicketSale.buckets");
    expect(await sale.totalSold()).to.equal(3n);
  });

  it("leave the network as it was, also when a transaction is refused", async () => {
    const { buyers, buy, sale } = await rush("TicketSale", 2);
    await network.provider.send("evm_setAutomine", [false]);
    await mineBatch(() => buyers.map(buy));
    expect(await network.provider.send("hardhat_getAutomine")).to.equal(false);
    await network.provider.send("evm_setAutomine", [true]);
    let failure: Error | undefined;
    await mineBatch(() => [buy(buyers[0]), buyers[1].sendTransaction({ to: sale, value: ethers.parseEther("20000") })])
      .catch((error) => { failure = error; });
    expect(failure?.message).to.match(/doesn't have enough funds/);
    expect(await network.provider.send("hardhat_getAutomine")).to.equal(true);
    expect(await network.provider.send("eth_pendingTransactions")).to.deep.equal([]);
    const reverted = await mineBatch(() => [buy(buyers[0]), sale.connect(buyers[1]).buy(0n, { gasLimit: 150_000n })]);
    expect(reverted.failed).to.equal(1);
  });

  it("follow a snapshot that is reverted", async () => {
    const snapshot = await network.provider.send("evm_snapshot");
    const { buyers: [alice, bob], buy } = await rush("TicketSale", 2);
    const [first, second] = [await buy(alice), await buy(bob)];
    await expect(first).to.conflictWith(second);
    await network.provider.send("evm_revert", [snapshot]);
    await expect(first).to.conflictWith(second).then(
      () => expect.fail("it is not there any more"),
      (error: Error) => expect(error.message).to.match(/HHP502/),
    );
  });
});
`;

/** Title of each failing test -> what its message must say. */
const FAILING: Readonly<
  Record<string, { readonly body: string; readonly says: readonly RegExp[] }>
> = {
  "a batch that is serial": {
    body: `const { buyers, buy } = await rush("TicketSale", 8);
        await expect(await mineBatch(() => buyers.map(buy))).to.haveParallelism.above(0.8);`,
    says: [
      /expected 8 transactions to have a parallelism above 0\.80, but it is 0\.00:/,
      /TicketSale\.totalSold: written by TicketSale\.buy, then read by TicketSale\.buy \(every call uses it\), 7 times/,
      /at .*failing\.ts/,
    ],
  },
  "a pair that conflicts": {
    body: `const { buyers: [a, b], buy } = await rush("TicketSale", 2);
        await expect(await buy(a)).to.not.conflictWith(await buy(b));`,
    says: [
      /expected 0x[0-9a-f]{4}….{4} \(TicketSale\.buy\) not to conflict with 0x[0-9a-f]{4}….{4} \(TicketSale\.buy\), but the later one reads what the earlier one wrote:/,
    ],
  },
  "a pair that does not": {
    body: `const one = await rush("TicketSale", 1), other = await rush("TicketSale", 2);
        await expect(one.buy(one.buyers[0])).to.conflictWith(other.buy(other.buyers[1]));`,
    says: [/but the later one reads nothing that the earlier one wrote/],
  },
  "a misspelt variable": {
    body: `const { buyers: [a], buy } = await rush("TicketSale", 1);
        await expect(buy(a)).to.not.touchSlot("totlSold");`,
    says: [
      /HHP507: no contract of the project has a variable totlSold: did you mean TicketSale\.totalSold/,
    ],
  },
  "a slot that was not touched": {
    body: `const { buyers: [a], buy } = await rush("TicketSale", 1);
        await expect(buy(a)).to.touchSlot("ShardedTicketSale.buckets");`,
    says: [
      /to touch ShardedTicketSale\.buckets, but it touched only TicketSale\.closed, TicketSale\.totalSold, TicketSale\.totalVolume, TicketSale\.ticketsOf\[0x7099…79C8\]/,
    ],
  },
  "a forgotten await": {
    body: `const { buyers, buy } = await rush("TicketSale", 8);
        expect(await mineBatch(() => buyers.map(buy))).to.haveParallelism.above(0.8);`,
    says: [/HHP508: the assertion haveParallelism\.above\(0\.8\) was not awaited/],
  },
  "a transaction that is none": {
    body: `await expect("0x12").to.touchSlot("totalSold");`,
    says: [/HHP501: expected a transaction \(its hash, response or receipt\), got "0x12"/],
  },
  "a batch too large for its block": {
    body: `const { buyers, buy } = await rush("TicketSale", 20);
        await network.provider.send("evm_setBlockGasLimit", ["0x" + (400_000).toString(16)]);
        try { await mineBatch(() => buyers.map(buy)); }
        finally {
          expect(await network.provider.send("eth_pendingTransactions")).to.deep.equal([]);
          await network.provider.send("evm_setBlockGasLimit", ["0x" + (60_000_000).toString(16)]);
        }`,
    says: [/HHP505: \d+ of 20 transactions did not get into one block of 400000 gas/],
  },
};

function failingFile(): string {
  const tests = Object.entries(FAILING).map(
    ([title, { body }]) => `  it(${JSON.stringify(title)}, async () => { ${body} });`,
  );
  return `${HEAD}\ndescribe("failing", () => {\n${tests.join("\n")}\n});\n`;
}

/** The message of each failing test, from mocha's list at the end of the run. */
function failuresByTitle({ stdout }: Run): Map<string, string> {
  const [, list = ""] = stdout.split(/\d+ failing\n/);
  const parts = list.split(/\n\s+\d+\) failing\n\s+/).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(":\n")), part]));
}

describe("chai matchers, in a project", function () {
  this.timeout(240_000);

  const inProject = (body: (project: ProjectCopy) => Promise<void>) =>
    withProjectCopy("counter", linkPackage, async (project) => {
      await compileCopy(project);
      writeFileSync(join(project.directory, "test", "passing.ts"), PASSING);
      writeFileSync(join(project.directory, "test", "failing.ts"), failingFile());
      await body(project);
    });

  it("pass, fail with names and reasons, and refuse the stock network", async () => {
    await inProject(async (project) => {
      const passing = await project.hardhat("test", "test/passing.ts");
      assert.equal(passing.code, 0, passing.stdout + passing.stderr);
      assert.match(passing.stdout, /4 passing/);

      const parallel = await project.hardhat(
        "test",
        "--parallel",
        "--no-compile",
        "test/passing.ts",
      );
      assert.equal(parallel.code, 0, parallel.stdout + parallel.stderr);

      const failing = await project.hardhat("test", "--no-compile", "test/failing.ts");
      const messages = failuresByTitle(failing);
      assert.deepEqual([...messages.keys()].sort(), Object.keys(FAILING).sort(), failing.stdout);
      for (const [title, { says }] of Object.entries(FAILING)) {
        for (const pattern of says) {
          assert.match(messages.get(title) ?? "", pattern);
        }
      }

      const stock = await project.hardhatWith(
        { PARALLEL: "0" },
        "test",
        "--no-compile",
        "test/passing.ts",
      );
      assert.match(stock.stdout, /HHP115: the transactions ran on a network that cannot tell/);
    });
  });
});
