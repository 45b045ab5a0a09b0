/** The main job as a user does it: Hardhat 2 run as a program on copies of the fixture projects. */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileCopy } from "./compiled-project";
import {
  cleanEnvironment,
  linkPackage,
  type ProjectCopy,
  ROOT,
  type Run,
  withProjectCopy,
} from "./project-copy";

const ROOTS_EQUAL = /parallel state root = sequential state root: yes/;

/** Prints what a default transaction looks like, whichever network runs. */
const FEES_SCRIPT = `
  const { ethers, network } = require("hardhat");
  async function main() {
    const [, to] = await ethers.getSigners();
    const hash = await network.provider.send("eth_sendTransaction", [{ to: to.address, value: "0x1" }]);
    const { from, gas, type, maxFeePerGas, maxPriorityFeePerGas, gasPrice } =
      await network.provider.send("eth_getTransactionByHash", [hash]);
    console.log(JSON.stringify({ hash, from, gas, type, maxFeePerGas, maxPriorityFeePerGas, gasPrice }));
    console.log((await network.provider.send("web3_clientVersion")).replace(/[0-9.]+/g, "x"));
  }
  main().then(() => process.exit(0));
`;

function succeeded(run: Run): Run {
  assert.equal(run.code, 0, `exit code ${run.code}\n${run.stdout}\n${run.stderr}`);
  return run;
}

/** A failure that is a message and not a crash (in CI Hardhat adds a stack trace to either). */
function refused(run: Run, message: RegExp): void {
  assert.notEqual(run.code, 0, run.stdout);
  assert.match(run.stderr, message);
  assert.doesNotMatch(run.stderr, /unexpected error/);
}

describe("Hardhat 2, end to end", function () {
  this.timeout(300_000);

  before(() => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
  });

  it("a project's tests pass on the parallel network, and the report of them names its contracts", async () => {
    await withProjectCopy("counter", linkPackage, async (project) => {
      const { stdout } = succeeded(await project.hardhat("test"));
      assert.doesNotMatch(stdout, /failing/);
      const passing = /(\d+) passing/.exec(stdout)?.[1];

      const report = succeeded(await project.hardhat("parallel-report", "--no-compile"));
      assert.equal(/(\d+) passing/.exec(report.stdout)?.[1], passing);
      assert.match(report.stdout, ROOTS_EQUAL);
      assert.match(report.stdout, /TicketSale/);
    });
  });

  describe("options, in one project", () => {
    let project: ProjectCopy;
    let release: () => void = () => undefined;
    let finished: Promise<void> = Promise.resolve();

    before(async () => {
      await new Promise<void>((ready, reject) => {
        finished = withProjectCopy("counter", linkPackage, async (copy) => {
          project = copy;
          await compileCopy(copy);
          ready();
          await new Promise<void>((done) => {
            release = done;
          });
        });
        finished.catch(reject);
      });
    });

    after(async () => {
      release();
      await finished;
    });

    function write(name: string, text: string): string {
      writeFileSync(join(project.directory, name), text);
      return name;
    }

    it("default fees, gas, sender and type of a transaction are stock's", async () => {
      const script = write("fees.js", FEES_SCRIPT);
      const ours = succeeded(await project.hardhat("run", "--no-compile", script));
      const stock = succeeded(
        await project.hardhatWith({ PARALLEL: "0" }, "run", "--no-compile", script),
      );
      const [transaction, version] = ours.stdout.trim().split("\n");
      const [stockTransaction, stockVersion] = stock.stdout.trim().split("\n");
      assert.equal(transaction, stockTransaction);
      assert.equal(version, "HardhatNetwork/x/hardhat-parallel/x");
      assert.equal(stockVersion, "HardhatNetwork/x/@nomicfoundation/edr/x");
    });

    it("failures have stock's words, data and Solidity stack trace, for calls, transactions and estimates", async () => {
      const script = write(
        "reverts.js",
        `const { ethers } = require("hardhat");
         const show = (what, error) => console.log(what, error.message, error.data, error.code,
           String(error.stack).split("\\n").filter((line) => line.includes(".sol:")).join());
         (async () => {
           const [, other] = await ethers.getSigners();
           const sale = await ethers.deployContract("ShardedTicketSale", [10n]);
           const gasLimit = 1000000n;
           await sale.buy(2n, { value: 1n, gasLimit }).catch((error) => show("transaction", error));
           await sale.buy(2n, { value: 1n }).catch((error) => show("default gas", error));
           await sale.buy.staticCall(0n).catch((error) => show("call", error));
           await sale.buy.estimateGas(3n).catch((error) => show("estimate", error));
           await sale.connect(other).close().catch((error) => show("modifier", error));
           await sale.close({ value: 1n }).catch((error) => show("not payable", error));
           await other.sendTransaction({ to: sale, data: "0x12345678" }).catch((error) => show("selector", error));
           await sale.buckets(16n).catch((error) => show("index", error));
           await sale.buy(1n, { value: 10n, gasLimit: 30000n }).catch((error) => show("out of gas", error));
         })();`,
      );
      const ours = succeeded(await project.hardhat("run", "--no-compile", script));
      const stock = succeeded(
        await project.hardhatWith({ PARALLEL: "0" }, "run", "--no-compile", script),
      );
      assert.match(ours.stdout, /^out of gas Transaction ran out of gas/m);
      assert.equal(ours.stdout, stock.stdout);
    });

    it("console.log of a contract and failures below a call print what they print on stock, and a script ends by itself after a block on threads", async () => {
      write(
        "contracts/Talker.sol",
        `// SPDX-License-Identifier: MIT
         pragma solidity ^0.8.20;
         import "hardhat/console.sol";
         contract Talker {
           uint256 calls;
           function say(string calldata word, uint256 number) external {
             calls++;
             console.log("%s %d 100%%", word, number);
             console.log(msg.sender, calls > 1);
             require(number != 13, "unlucky");
           }
         }
         contract Relay {
           Talker public immutable talker = new Talker();
           function relay(uint256 number) external { talker.say("relayed", number); }
         }`,
      );
      const script = write(
        "talk.js",
        `const { ethers, network } = require("hardhat");
         (async () => {
           const signers = await ethers.getSigners();
           const talker = await ethers.deployContract("Talker");
           await talker.say.staticCall("call", 1n);
           await talker.say("transaction", 2n);
           await talker.say.estimateGas("estimate", 3n);
           await talker.say("fails", 13n, { gasLimit: 100000n }).catch((error) => console.log(error.message));
           const relay = await ethers.deployContract("Relay");
           await relay.relay(13n).catch((error) => console.log(error.stack.split("\\n").filter((line) => line.includes(".sol:"))));
           await network.provider.send("evm_setAutomine", [false]);
           await talker.say("mined by hand", 4n, { gasLimit: 100000n });
           await network.provider.send("evm_mine");
           for (const signer of signers.slice(0, 64)) {
             await signer.sendTransaction({ to: talker, gasLimit: 100000n, data: "0x" });
           }
           await network.provider.send("evm_mine");
         })();`,
      );
      succeeded(await project.hardhat("compile", "--quiet"));
      const ours = succeeded(await project.hardhat("run", "--no-compile", script));
      const stock = succeeded(
        await project.hardhatWith({ PARALLEL: "0" }, "run", "--no-compile", script),
      );
      // One transaction with logs a block: for several, stock prints all of the block's logs once
      // per transaction, which ours does not.
      assert.match(ours.stdout, /mined by hand 4 100%/);
      assert.match(ours.stdout, /at Talker\.say .*at Relay\.relay /s);
      assert.deepEqual(ours.stdout.split("\n"), stock.stdout.split("\n"));
    });

    it("--json writes the report, --window and --workers are taken, --grep and files select tests", async () => {
      const all = succeeded(
        await project.hardhat("parallel-report", "--no-compile", "--json", "out.json"),
      );
      assert.ok(existsSync(join(project.directory, "out.json")));
      JSON.parse(readFileSync(join(project.directory, "out.json"), "utf8"));
      const file = "test/ticket-sales.ts";
      const one = succeeded(
        await project.hardhat(
          "parallel-report",
          "--no-compile",
          "--window",
          "mined",
          "--workers",
          "1",
          file,
        ),
      );
      const passing = ({ stdout }: Run) => Number(/(\d+) passing/.exec(stdout)?.[1]);
      assert.equal(passing(one), passing(all));
      const title = /it\(\s*"([^"]+)"/.exec(
        readFileSync(join(project.directory, file), "utf8"),
      )?.[1];
      assert.ok(title !== undefined);
      const some = await project.hardhat("parallel-report", "--no-compile", "--grep", title);
      assert.ok(passing(some) >= 1 && passing(some) < passing(all));
    });

    it("--script runs a script instead of the tests, and its exit code counts", async () => {
      const run = succeeded(
        await project.hardhat("parallel-report", "--no-compile", "--script", "scripts/load.ts"),
      );
      assert.doesNotMatch(run.stdout, /passing/);
      assert.match(run.stdout, ROOTS_EQUAL);
      const script = write(
        "exits.js",
        `const { network, ethers } = require("hardhat");
         (async () => {
           const [from, to] = await ethers.getSigners();
           await from.sendTransaction({ to, value: 1n });
           process.exit(3);
         })();`,
      );
      const exits = await project.hardhat("parallel-report", "--no-compile", "--script", script);
      assert.equal(exits.code, 3, exits.stderr);
      assert.match(exits.stdout, ROOTS_EQUAL);
    });

    it("--parallel records mocha's worker processes too", async () => {
      const run = succeeded(await project.hardhat("parallel-report", "--no-compile", "--parallel"));
      assert.match(run.stdout, /passing/);
      assert.match(run.stdout, ROOTS_EQUAL);
    });

    it("failing tests still give a report and their exit code", async () => {
      const file = write(
        "failing.js",
        `const { ethers } = require("hardhat");
         it("sends and fails", async () => {
           const [from, to] = await ethers.getSigners();
           await from.sendTransaction({ to, value: 1n });
           throw new Error("on purpose");
         });`,
      );
      const run = await project.hardhat("parallel-report", "--no-compile", file);
      assert.equal(run.code, 1);
      assert.match(run.stdout, /1 failing/);
      assert.match(run.stdout, ROOTS_EQUAL);
    });

    it("an empty run, a missing script and wrong options are refused with a message", async () => {
      const file = write("empty.js", `it("sends nothing", () => {});`);
      refused(
        await project.hardhat("parallel-report", "--no-compile", file),
        /HHP401: no transactions were recorded: /,
      );
      const report = (...parameters: string[]) =>
        project.hardhat("parallel-report", "--no-compile", ...parameters);
      refused(await report("--script", "none.js"), /HHP131: there is no script at .*none\.js/);
      refused(await report("--workers", "0"), /HHP130.*--workers.*from 1 to 64, got 0/);
      refused(await report("--workers", "-1"), /--workers|-1/);
      refused(await report("--workers", "many"), /many/);
      refused(await report("--window", "some"), /HHP130.*--window.*got some/);
      refused(await report("--nonsense"), /nonsense/);
      refused(await report("--script", "fees.js", "--grep", "x"), /HHP130.*--script.*--grep/);
      refused(
        await project.hardhatWith({ PARALLEL: "0" }, "parallel-report", "--no-compile"),
        /HHP132.*PARALLEL=0/,
      );
      refused(
        await project.hardhat("--network", "localhost", "parallel-report", "--no-compile"),
        /HHP132.*localhost/,
      );
    });

    it("a script that is killed leaves what it had recorded out, and says so", async () => {
      const script = write(
        "killed.js",
        `const { ethers } = require("hardhat");
         (async () => {
           const [from, to] = await ethers.getSigners();
           await from.sendTransaction({ to, value: 1n });
           process.kill(process.pid, "SIGKILL");
         })();`,
      );
      const run = await project.hardhat("parallel-report", "--no-compile", "--script", script);
      assert.notEqual(run.code, 0);
      assert.match(run.stderr, /the process that recorded .* was killed/);
    });

    it("hardhat node serves the parallel network, also with another default network", async () => {
      for (const changes of [{}, { HARDHAT_NETWORK: undefined }]) {
        await withNode(project, changes, async (call) => {
          assert.match(
            String(await call("web3_clientVersion")),
            /^HardhatNetwork\/.*hardhat-parallel/,
          );
          assert.equal(await call("eth_chainId"), "0x7a69");
        });
      }
      const config = join(project.directory, "hardhat.config.ts");
      const text = readFileSync(config, "utf8");
      writeFileSync(
        config,
        text.replace("solidity: {", 'defaultNetwork: "localhost", solidity: {'),
      );
      try {
        await withNode(project, {}, async (call) => {
          assert.match(String(await call("web3_clientVersion")), /hardhat-parallel/);
        });
      } finally {
        writeFileSync(config, text);
      }
    });

    it("nothing of a run is left in the project", () => {
      for (const file of ["out.json", "fees.js"]) {
        rmSync(join(project.directory, file), { force: true });
      }
      assert.ok(!existsSync(join(project.directory, "access-log")));
    });
  });
});

type Call = (method: string, ...parameters: unknown[]) => Promise<unknown>;

/** Runs `hardhat node` on a free port for the time of `body`. */
async function withNode(
  project: ProjectCopy,
  environment: Record<string, string | undefined>,
  body: (call: Call) => Promise<void>,
): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(project.modules, "hardhat", "internal", "cli", "bootstrap.js"), "node", "--port", "0"],
    {
      cwd: project.directory,
      env: cleanEnvironment(environment),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  try {
    const url = await new Promise<string>((found, reject) => {
      let output = "";
      const read = (data: Buffer) => {
        output += data;
        const match = /(http:\/\/[^\s/]+)/.exec(output);
        if (match?.[1] !== undefined) {
          found(match[1]);
        }
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.on("exit", (code) => reject(new Error(`hardhat node ended with ${code}: ${output}`)));
    });
    await body(async (method, ...params) => {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      });
      const { result }: { result?: unknown } = JSON.parse(await response.text());
      return result;
    });
  } finally {
    child.kill();
  }
}
