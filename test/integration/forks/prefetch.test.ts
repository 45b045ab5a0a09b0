/** What a block on a fork will probably miss is fetched while it begins; a wrong guess harms nobody. */
import { expect } from "chai";
import type { BlockRecord } from "../../../src/access-log/block-record";
import { deployCode } from "../../helpers/bytecode";
import { networkOptions, startOurs } from "../../helpers/our-network";
import type { Anvil } from "../../helpers/remote/anvil";
import { type DeepVault, user, vaultCall } from "../../helpers/remote/deep-vault";
import { forkConfig, startForkedPair } from "../../helpers/remote/forked-pair";
import { type ProxiedCall, RemoteProxy } from "../../helpers/remote/slow-proxy";
import { enable, oneByOne, type Requests, VaultRemote } from "../../helpers/remote/vault-remote";

const LATENCY = 15;
const PER_BLOCK = 8;

interface Block {
  readonly transactions: readonly string[];
}

describe("prefetch on a fork", () => {
  let remote: VaultRemote;
  let anvil: Anvil;
  let proxy: RemoteProxy;
  let vault: DeepVault;

  before(async () => {
    remote = await VaultRemote.start();
    ({ anvil, vault, proxy } = remote);
  });

  beforeEach(() => {
    proxy.fault = () => false;
    proxy.latency = 0;
  });

  after(() => remote.stop());

  const transport = { attempts: 2, pause: 1, timeout: 5_000 };
  const fork = () => forkConfig({ url: proxy.url, transport });
  const manual = () => networkOptions({ automine: false });

  /** Where blocks run, each with a network of its own. */
  const places: Readonly<Record<string, (record?: (r: BlockRecord) => void) => Promise<Requests>>> =
    {
      "on threads": (record) =>
        startOurs(
          { automine: false, threads: 2 },
          {
            chain: { ...manual().chain, fork: fork() },
            verify: true,
            ...(record === undefined ? {} : { record }),
          },
        ),
      "in the calling thread": () =>
        startOurs({ automine: false }, { chain: { ...manual().chain, fork: fork() } }),
      "one by one": () => oneByOne({ ...manual(), chain: { ...manual().chain, fork: fork() } }),
    };

  const asker =
    (network: Requests) =>
    (method: string, ...params: unknown[]) =>
      network.request({ method, params });

  /** Makes the users able to send. */
  async function fund(network: Requests, first: number, count = PER_BLOCK): Promise<void> {
    for (let n = first; n < first + count; n++) {
      await enable(network, n);
    }
  }

  async function send(network: Requests, n: number, to: string, also = 0n): Promise<void> {
    const data = vaultCall(user(n + 1_000), user(n + 2_000), also);
    await asker(network)("eth_sendTransaction", { from: user(n), to, data, gas: "0x493e0" });
  }

  interface Mined {
    readonly block: Block;
    readonly receipts: readonly unknown[];
    readonly waves: number;
  }

  /** A block of one transaction of each of the users. */
  async function mine(
    network: Requests,
    first: number,
    to: string = vault.proxies[0],
    latency = LATENCY,
  ): Promise<Mined> {
    const ask = asker(network);
    await fund(network, first);
    for (let n = first; n < first + PER_BLOCK; n++) {
      await send(network, n, to);
    }
    const latest = (await ask("eth_getBlockByNumber", "latest", false)) as { timestamp: string };
    await ask("evm_setNextBlockTimestamp", Number(latest.timestamp) + 12);
    const { waves } = await remote.mine(network, latency);
    const block = (await ask("eth_getBlockByNumber", "latest", false)) as Block;
    const receipts = await Promise.all(
      block.transactions.map((hash) => ask("eth_getTransactionReceipt", hash)),
    );
    return { block, receipts, waves };
  }

  /** The results of all places are those of the first. */
  const results = new Map<string, readonly unknown[]>();

  for (const [place, start] of Object.entries(places)) {
    it(`the second block of like transactions waits once, ${place}`, async () => {
      const records: BlockRecord[] = [];
      const network = await start((record) => records.push(record));
      try {
        const first = await mine(network, 0);
        // slot 0, the implementation, balances[caller], allowances[caller], balances[spender], `other`
        expect(first.waves).to.be.greaterThanOrEqual(6);
        const second = await mine(network, 100);
        expect(second.waves).to.equal(1);
        expect(second.block.transactions).to.have.length(PER_BLOCK);
        const third = await mine(network, 200, vault.proxies[1]);
        // the other proxy has the first one's code: only its account shows that
        expect(third.waves).to.equal(1);
        for (const { receipts } of [first, second, third]) {
          expect(receipts.every((one) => (one as { status: string }).status === "0x1")).to.equal(
            true,
          );
        }
        for (const { rootCheck } of records) {
          expect(rootCheck?.parallel).to.equal(rootCheck?.sequential);
        }
        const blocks = [first, second, third].map(({ block, receipts }) => ({ block, receipts }));
        const [of] = results.keys();
        expect(blocks, `${place} as ${of}`).to.deep.equal([...results.values()][0] ?? blocks);
        results.set(place, blocks);
      } finally {
        await network.close();
      }
    });
  }

  it("after many blocks without a miss a new sender waits once all the same", async () => {
    const network = await startOurs(
      { automine: false },
      { chain: { ...manual().chain, fork: fork() } },
    );
    try {
      await mine(network, 0);
      for (let block = 0; block < 20; block++) {
        expect((await mine(network, 100, vault.proxies[0], 0)).waves).to.be.lessThan(2);
      }
      expect((await mine(network, 200)).waves).to.equal(1);
      expect((await mine(network, 200)).waves).to.equal(0);
    } finally {
      await network.close();
    }
  });

  it("the stock network gives the same blocks and receipts", async () => {
    const pair = await startForkedPair({ url: proxy.url, automine: false });
    try {
      const [to] = vault.proxies;
      for (const first of [0, 100]) {
        for (let n = first; n < first + PER_BLOCK; n++) {
          await pair.ask("hardhat_impersonateAccount", user(n));
          await pair.ask("hardhat_setBalance", user(n), "0xde0b6b3a7640000");
          const data = vaultCall(user(n + 1_000), user(n + 2_000), n % 3 === 0 ? 77n : 0n);
          await pair.send({ from: user(n), to, data, gas: "0x493e0" });
        }
        await pair.ask("evm_mine");
        const block = (await pair.ask("eth_getBlockByNumber", "latest", false)) as Block;
        expect(block.transactions).to.have.length(PER_BLOCK);
        for (const hash of block.transactions) {
          await pair.ask("eth_getTransactionReceipt", hash);
        }
      }
    } finally {
      await pair.close();
    }
  });

  /** A network that has learned that the function touches the slot of its last argument. */
  async function taught(): Promise<Requests> {
    const network = await startOurs(
      { automine: false },
      { chain: { ...manual().chain, fork: fork() } },
    );
    for (const first of [0, 100]) {
      await fund(network, first);
      for (let n = first; n < first + PER_BLOCK; n++) {
        await send(network, n, vault.proxies[0], BigInt(0x100_0000 + n));
      }
      await asker(network)("evm_mine");
    }
    proxy.forget();
    return network;
  }

  const asksFor = (calls: readonly ProxiedCall[], slot: string): boolean =>
    calls.some(({ method, params }) => method === "eth_getStorageAt" && params[1] === slot);

  /** What nobody waits for arrives when it arrives. */
  async function until(isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < 1_000 && !isSo(); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(isSo()).to.equal(true);
  }

  /** Calls the function with so little gas that it ends before it gets to its slots. */
  async function sendInVain(network: Requests, n: number, also: bigint, more = {}): Promise<void> {
    const data = vaultCall(user(n + 1_000), user(n + 2_000), also);
    const call = { from: user(n), to: vault.proxies[0], data, gas: "0x6590", ...more };
    await asker(network)("eth_sendTransaction", call);
  }

  it("nobody waits for a guess, or hears of its failure, who does not need it", async () => {
    const network = await taught();
    try {
      const listed = `0x${"12".repeat(32)}`;
      await fund(network, 300, 1);
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let guesses = 0;
      proxy.fault = async (calls, response) => {
        if (!asksFor(calls, "0xabcde") || !asksFor(calls, listed)) {
          return false;
        }
        guesses++;
        await released;
        response.writeHead(500);
        response.end("broken");
        return true;
      };
      await sendInVain(network, 300, 0xabcden, {
        gas: "0x7530",
        accessList: [{ address: vault.proxies[0], storageKeys: [listed] }],
      });
      await asker(network)("evm_mine"); // while the guess is not answered
      const block = (await asker(network)("eth_getBlockByNumber", "latest", false)) as Block;
      expect(block.transactions).to.have.length(1);
      await until(() => guesses === 1);
      release();
      await fund(network, 301, 1);
      await send(network, 301, vault.proxies[0]);
      await asker(network)("evm_mine");
      expect(guesses).to.equal(1);
    } finally {
      await network.close();
    }
  });

  it("who needs what could not be fetched ahead asks for it, and is told if that fails", async () => {
    const network = await taught();
    const ask = asker(network);
    try {
      await fund(network, 400, 1);
      let failures = 1;
      proxy.fault = (calls, response) => {
        if (!asksFor(calls, "0x1000190") || failures-- <= 0) {
          return false;
        }
        response.writeHead(500);
        response.end("broken");
        return true;
      };
      await send(network, 400, vault.proxies[0], 0x1000190n);
      await ask("evm_mine");
      expect(proxy.requests.filter((calls) => asksFor(calls, "0x1000190"))).to.have.length(2);
      const mined = (await ask("eth_getBlockByNumber", "latest", false)) as Block;
      expect(mined.transactions).to.have.length(1);

      failures = 100;
      await fund(network, 401, 1);
      proxy.fault = (calls, response) => {
        if (!asksFor(calls, "0x1000191")) {
          return false;
        }
        response.writeHead(500);
        response.end("broken");
        return true;
      };
      await send(network, 401, vault.proxies[0], 0x1000191n);
      const refusal = await ask("evm_mine").then(
        () => "mined",
        (error: Error) => error.message,
      );
      expect(refusal).to.include("HHP212");
      proxy.fault = () => false;
      await ask("evm_mine");
      const block = (await ask("eth_getBlockByNumber", "latest", false)) as Block;
      expect(block.transactions).to.have.length(1);
    } finally {
      await network.close();
    }
  });

  it("what a function does not touch any more is soon not asked for", async () => {
    const network = await taught();
    const ask = asker(network);
    try {
      const asked: number[] = [];
      for (let first = 500; first < 1_000; first += 100) {
        proxy.forget();
        await fund(network, first, PER_BLOCK);
        proxy.forget();
        for (let n = first; n < first + PER_BLOCK; n++) {
          await sendInVain(network, n, BigInt(0x200_0000 + n));
        }
        await ask("evm_mine");
        await ask("hardhat_setBalance", user(first + PER_BLOCK), "0x1"); // asks the remote after it
        await until(() => proxy.requests.length > 0);
        asked.push(proxy.requests.flat().length - 3);
      }
      // a balance, an allowance, another balance, `other` (3 calls) and `also` of each
      expect(asked[0]).to.be.greaterThanOrEqual(7 * PER_BLOCK);
      expect(asked.at(-1)).to.equal(0);
    } finally {
      await network.close();
    }
  });

  it("calls are foreseen too, and an estimate leaves nothing to fetch for its transaction", async () => {
    const network = await startOurs({}, { chain: { ...networkOptions().chain, fork: fork() } });
    const ask = asker(network);
    await ask("evm_mine"); // the fork block's hardfork is not known
    const to = vault.proxies[0];
    const wavesOf = async (method: string, ...params: unknown[]): Promise<number> => {
      proxy.forget();
      proxy.latency = LATENCY;
      await ask(method, ...params);
      proxy.latency = 0;
      return proxy.waves;
    };
    try {
      const call = (n: number) => ({
        from: user(n),
        to,
        data: vaultCall(user(n + 1_000), user(n + 2_000)),
        gas: "0x493e0",
      });
      expect(await wavesOf("eth_call", call(1), "latest")).to.be.greaterThanOrEqual(6);
      expect(await wavesOf("eth_call", call(2), "latest")).to.equal(1);
      expect(await wavesOf("eth_call", call(2), "latest")).to.equal(0);
      await fund(network, 3, 3);
      expect(await wavesOf("eth_estimateGas", call(3))).to.equal(1);
      expect(await wavesOf("eth_sendTransaction", call(3))).to.equal(0);
      // mined at once, by what the calls have taught
      expect(await wavesOf("eth_sendTransaction", call(4))).to.equal(1);
    } finally {
      await network.close();
    }
  });

  it("what is written to a storage that began here is not asked for", async () => {
    const network = await startOurs({}, { chain: { ...networkOptions().chain, fork: fork() } });
    const ask = asker(network);
    try {
      const accounts = (await ask("eth_accounts")) as string[];
      const from = accounts[0];
      // slot[caller] = 7, also in the constructor
      const rest = deployCode("6007335500").slice(2).replace("600c", "6010"); // begins 4 bytes later
      const data = `0x60073355${rest}`;
      for (const caller of accounts) {
        await ask("eth_sendTransaction", { from: caller, to: caller, gas: "0x5208" });
      }
      proxy.forget();
      const hash = await ask("eth_sendTransaction", { from, data, gas: "0x7a120" });
      const receipt = await ask("eth_getTransactionReceipt", hash);
      const { contractAddress: to } = receipt as { contractAddress: string }; // a creation's
      expect(proxy.methods).to.have.members([
        "eth_getBalance",
        "eth_getTransactionCount",
        "eth_getCode",
      ]);
      proxy.forget();
      for (const caller of accounts) {
        await ask("eth_sendTransaction", { from: caller, to, gas: "0x7a120" });
        const slot = await ask("eth_getStorageAt", to, caller, "latest");
        expect(BigInt(String(slot))).to.equal(7n);
      }
      expect(proxy.methods).to.deep.equal([]);
    } finally {
      await network.close();
    }
  });

  /** Waves of a block after resets of a network that has learned. */
  async function wavesAfter(...resets: readonly (readonly unknown[])[]): Promise<number> {
    const network = await taught();
    try {
      for (const params of resets) {
        await asker(network)("hardhat_reset", ...params);
      }
      await asker(network)("evm_setAutomine", false);
      return (await mine(network, 700)).waves;
    } finally {
      await network.close();
    }
  }
  const forking = (jsonRpcUrl: string, blockNumber?: number) => [
    { forking: { jsonRpcUrl, ...(blockNumber === undefined ? {} : { blockNumber }) } },
  ];

  it("after hardhat_reset to a fork of the same remote, at any block, what was learned is kept", async () => {
    const latest = Number(await anvil.request("eth_blockNumber"));
    await anvil.request("evm_mine");
    expect(await wavesAfter(forking(proxy.url))).to.equal(1);
    expect(await wavesAfter(forking(proxy.url, latest))).to.equal(1);
  });

  it("after hardhat_reset to another remote, or through a chain that is no fork, it is dropped", async () => {
    const other = await RemoteProxy.start(anvil.url);
    try {
      expect(await wavesAfter(forking(other.url), forking(proxy.url))).to.be.greaterThan(5);
      expect(await wavesAfter([], forking(proxy.url))).to.be.greaterThan(5);
    } finally {
      await other.stop();
    }
  });

  it("that is switched off asks for what executions miss, when they miss it", async () => {
    const network = await startOurs(
      { automine: false },
      { chain: { ...manual().chain, fork: fork() }, prefetch: false },
    );
    const ask = asker(network);
    try {
      const first = await mine(network, 0);
      // balances[caller], allowances[caller], balances[spender] and `other`, each a wait of its own
      const second = await mine(network, 100);
      expect(second.waves).to.be.within(4, first.waves);
      const call = {
        from: user(300),
        to: vault.proxies[0],
        data: vaultCall(user(1_300), user(2_300)),
        gas: "0x493e0",
        accessList: [{ address: user(4_300), storageKeys: [`0x${"12".repeat(32)}`] }],
      };
      proxy.forget();
      await ask("eth_call", call, "latest");
      await ask("eth_call", { ...call, from: user(301) }, "latest");
      expect(JSON.stringify(proxy.requests)).not.to.include(user(4_300));
    } finally {
      await network.close();
    }
  });

  it("a network that is closed waits for no guess", async () => {
    const network = await taught();
    await fund(network, 600, 1);
    let guesses = 0;
    proxy.fault = (calls) => {
      if (!asksFor(calls, "0xfeed")) {
        return false;
      }
      guesses++;
      return new Promise(() => undefined); // never answered
    };
    await sendInVain(network, 600, 0xfeedn);
    await asker(network)("evm_mine");
    await until(() => guesses === 1);
    const started = performance.now();
    await network.close();
    expect(performance.now() - started).to.be.lessThan(transport.timeout);
  });
});
