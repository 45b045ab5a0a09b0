/** What a fork has fetched is on disk for the next process, if its block is safe. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { networkOptions, startOurs } from "../../helpers/our-network";
import { forkConfig } from "../../helpers/remote/forked-pair";
import { type PopulatedRemote, populatedRemote } from "../../helpers/remote/populated-remote";
import { RemoteProxy } from "../../helpers/remote/slow-proxy";
import { TYPESCRIPT_HOOK } from "../../helpers/typescript-hook";

/** What every start asks the remote, cached or not. */
const START = ["eth_chainId", "eth_blockNumber", "net_version", "eth_getBlockByNumber"];

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, String(name)))
    .filter((path) => statSync(path).isFile());
}

describe("the disk cache of forks", () => {
  let remote: PopulatedRemote;
  let proxy: RemoteProxy;
  let cache: string;

  before(async () => {
    remote = await populatedRemote(140); // the default fork block, 128 back, is safe
    proxy = await RemoteProxy.start(remote.anvil.url);
  });

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "fork-cache-"));
    proxy.forget();
  });

  afterEach(() => rmSync(cache, { recursive: true }));

  after(async () => {
    await proxy.stop();
    await remote.anvil.stop();
  });

  async function readInThisProcess(blockNumber?: bigint): Promise<readonly string[]> {
    const warnings: string[] = [];
    const { chain } = networkOptions();
    const fork = {
      ...forkConfig({ url: proxy.url, cacheDirectory: cache }),
      warn: (message: string) => warnings.push(message),
      ...(blockNumber === undefined ? {} : { blockNumber }),
    };
    const network = await startOurs({}, { chain: { ...chain, fork } });
    await network.request({ method: "eth_getStorageAt", params: [remote.counter, "0x0"] });
    await network.close();
    return warnings;
  }

  it("gives a second process the same answers without asking for them again", async () => {
    const run = async () => {
      const script = join(__dirname, "fixtures", "read-fork.ts");
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...["-r", TYPESCRIPT_HOOK, script],
        ...[proxy.url, cache, remote.counter],
      ]);
      const methods = proxy.methods;
      proxy.forget();
      return { stdout, methods };
    };
    const first = await run();
    const second = await run();
    expect(first.methods.length).to.be.greaterThan(START.length);
    expect(second.methods).to.deep.equal(START);
    expect(second.stdout).to.equal(first.stdout);
    expect(filesIn(cache).filter((path) => !path.endsWith(".json"))).to.deep.equal([]);
  });

  it("says which file is damaged, removes it and fetches what it held", async () => {
    await readInThisProcess();
    for (const damage of ["{", "[]", "{}", '{"version":1,"accounts":[["0x12"]],"slots":[]}']) {
      const [file] = filesIn(cache).filter((path) => path.includes("state"));
      expect(file).to.be.a("string");
      const whole = readFileSync(String(file));
      writeFileSync(String(file), damage);
      const warnings = await readInThisProcess();
      expect(warnings, damage).to.have.length(1);
      expect(warnings[0]).to.include(String(file)).and.include("damaged");
      expect(whole.length).to.be.greaterThan(2);
      expect(await readInThisProcess()).to.deep.equal([]);
    }
  });

  it("keeps nothing of a block that a reorganisation could still change", async () => {
    const [warning] = await readInThisProcess(BigInt(remote.latest - 3));
    expect(warning).to.match(/less than 129 confirmations.*Please use block number 13 or wait/);
    expect(filesIn(cache)).to.deep.equal([]);
  });

  it("finds nothing of another chain with the same id", async () => {
    await readInThisProcess();
    const other = await populatedRemote(140, "--gas-limit", "29000000");
    try {
      const { chain } = networkOptions();
      const fork = forkConfig({ url: other.anvil.url, cacheDirectory: cache });
      const network = await startOurs({}, { chain: { ...chain, fork } });
      const block = await network.request({
        method: "eth_getBlockByNumber",
        params: ["latest", false],
      });
      const theirs = await other.anvil.request("eth_getBlockByNumber", "0xd", false);
      // a block of either has it
      expect((block as { hash: string }).hash).to.equal((theirs as { hash: string }).hash);
      await network.close();
    } finally {
      await other.anvil.stop();
    }
  });

  it("that cannot be written is told once, and the fork works without it", async () => {
    writeFileSync(join(cache, "31337"), "a file where a directory should be");
    const warnings = await readInThisProcess();
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("cannot be written");
  });
});
