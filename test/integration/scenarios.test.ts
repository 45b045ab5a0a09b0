/** Scenarios as a user runs them: `parallel-report --scenario` on a copy of a fixture project. */
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../src/report/report";
import { compileCopy } from "./compiled-project";
import { linkPackage, type ProjectCopy, withProjectCopy } from "./project-copy";

describe("scenarios, in a project", function () {
  this.timeout(300_000);

  const read = (project: ProjectCopy, name: string): Report =>
    JSON.parse(readFileSync(join(project.directory, name), "utf8"));

  it("run with more and more users and are reported on, each by itself", async () => {
    await withProjectCopy("counter", linkPackage, async (project) => {
      await compileCopy(project);
      const files = ["--json", "r.json", "--markdown", "r.md", "--html", "r.html"];
      const all = await project.hardhat("parallel-report", "--scenario", "all", ...files);
      assert.equal(all.code, 0, all.stdout + all.stderr);
      assert.match(all.stdout, /Parallel report: 128 transactions of rush at TicketSale/);
      assert.match(all.stdout, /Parallel report: 128 transactions of rush at ShardedTicketSale/);
      assert.match(all.stdout, /parallel state root = sequential state root: yes/);

      const markdown = readFileSync(join(project.directory, "r.rush-at-ticketsale.md"), "utf8");
      assert.match(markdown, /With more and more users: `rush at TicketSale` \(seed 1\)/);
      assert.ok(markdown.includes("| 128 | 128 | 0 | 0% | 1.0× |"), markdown);
      assert.ok(existsSync(join(project.directory, "r.rush-at-ticketsale.html")));

      // One total for all: CP = n calls, so that α is 1 but for the first buyer's dearer slots.
      const serial = read(project, "r.rush-at-ticketsale.json");
      assert.deepEqual(
        serial.scenario?.sweep.map(({ users, transactions, failed }) => [
          users,
          transactions,
          failed,
        ]),
        [8, 16, 32, 64, 128].map((n) => [n, n, 0]),
      );
      assert.ok(Math.abs((serial.scenario?.alpha ?? 9) - 1) < 0.05, `α ${serial.scenario?.alpha}`);
      assert.equal(serial.workload.window.mode, "mined");
      assert.equal(serial.workload.senders, 128);
      const [buy] = serial.contracts.flatMap(({ functions }) => functions);
      assert.equal(buy?.alphaBasis, "execution");
      assert.ok(Math.abs((buy?.alpha ?? 9) - 1) < 0.05);

      const sharded = read(project, "r.rush-at-shardedticketsale.json");
      assert.ok((sharded.scenario?.alpha ?? 9) < 0.8, `α ${sharded.scenario?.alpha}`);
      assert.deepEqual(
        sharded.contracts.map(({ name }) => name),
        ["contracts/ShardedTicketSale.sol:ShardedTicketSale"],
      );

      // the same seed gives the same bytes, another one another draw
      const once = (seed: string, file: string) =>
        project.hardhat(
          "parallel-report",
          "--scenario",
          "eager buyers",
          "--no-compile",
          "--seed",
          seed,
          "--json",
          file,
        );
      for (const [seed, file] of [
        ["5", "a.json"],
        ["5", "b.json"],
        ["6", "c.json"],
      ] as const) {
        const run = await once(seed, file);
        assert.equal(run.code, 0, run.stdout + run.stderr);
      }
      const derived = (file: string): string => {
        const { observed: _, ...rest } = read(project, file);
        return JSON.stringify(rest);
      };
      assert.equal(derived("a.json"), derived("b.json"));
      assert.notEqual(derived("a.json"), derived("c.json"));
      assert.deepEqual(
        read(project, "a.json").scenario?.sweep.map(({ users }) => users),
        [16, 32, 64],
      );

      const baseline = await project.hardhat(
        "parallel-report",
        "--scenario",
        "eager buyers",
        "--no-compile",
        "--update",
      );
      assert.equal(baseline.code, 0, baseline.stdout + baseline.stderr);
      assert.ok(existsSync(join(project.directory, ".parallel-snapshot-eager-buyers")));
      const check = await project.hardhat(
        "parallel-report",
        "--scenario",
        "eager buyers",
        "--no-compile",
        "--check",
      );
      assert.equal(check.code, 0, check.stdout + check.stderr);
    });
  });

  it("that cannot run say why, and leave nothing behind", async () => {
    await withProjectCopy("counter", linkPackage, async (project) => {
      await compileCopy(project);
      const unknown = await project.hardhat("parallel-report", "--scenario", "nope");
      assert.equal(unknown.code, 102, unknown.stderr);
      assert.match(
        unknown.stderr,
        /HHP511: there is no scenario nope: the project has "rush at TicketSale"/,
      );

      const both = await project.hardhat(
        "parallel-report",
        "--no-compile",
        "--scenario",
        "all",
        "--script",
        "scripts/load.ts",
      );
      assert.equal(both.code, 102);
      assert.match(both.stderr, /--scenario: expected no --script beside it/);

      writeFileSync(
        join(project.directory, "parallel", "ticket-rush.ts"),
        `import { ethers } from "hardhat";
         import { scenario } from "hardhat-parallel/scenario";
         scenario("nothing", { users: 2 }, async () => {});
         scenario("throws", { users: 2 }, async () => { throw new Error("out of tickets"); });
         scenario("stuck", { users: 2 }, async ({ users, load }) => {
           const [from] = await Promise.all(users.map((user) => ethers.getSigner(user)));
           await load([() => from.sendTransaction({ to: users[1], nonce: 5, gasLimit: 21_000n })]);
         });`,
      );
      const says = async (name: string, pattern: RegExp) => {
        const run = await project.hardhat("parallel-report", "--no-compile", "--scenario", name);
        assert.notEqual(run.code, 0);
        assert.match(run.stderr, pattern);
      };
      await says("nothing", /HHP515: the scenario nothing sent nothing through load/);
      await says("throws", /out of tickets/);
      await says("stuck", /HHP514: 1 transactions of the load are in no block/);
    });
  });
});
