/**
 * A block on a fork whose remote takes its time: one batch for all that is missing, on threads and in
 * the calling thread, against one transaction after the other. Prints ratios of medians.
 *
 *   npm run bench:fork [transactions] [latency in ms]
 */
import { createLocalChain } from "../src/chain/local-chain";
import { createEngine } from "../src/execution/engine/engine-choice";
import { DEFAULT_ENGINE } from "../src/execution/engine/engine-name";
import { SequentialExecutor } from "../src/execution/sequential-executor";
import { createParallelNetwork } from "../src/network";
import { RpcNetwork } from "../src/rpc/rpc-network";
import { networkOptions } from "../test/helpers/our-network";
import { forkConfig } from "../test/helpers/remote/forked-pair";
import { populatedRemote } from "../test/helpers/remote/populated-remote";
import { RemoteProxy } from "../test/helpers/remote/slow-proxy";
import { median } from "./statistics";

const ROUNDS = 3;

interface Requests {
  request(request: {
    readonly method: string;
    readonly params?: readonly unknown[];
  }): Promise<unknown>;
  close(): Promise<void>;
}

interface Measured {
  /** ms */
  readonly time: number;
  /** times that the chain waited for the remote */
  readonly waits: number;
}

async function main([count = "100", latency = "20"]: readonly string[]): Promise<void> {
  const transactions = Number(count);
  const remote = await populatedRemote(10);
  const proxy = await RemoteProxy.start(remote.anvil.url);
  const options = networkOptions({ automine: false });
  const chain = { ...options.chain, fork: forkConfig({ url: proxy.url }) };

  const mine = async (network: Requests): Promise<Measured> => {
    const ask = (method: string, ...params: unknown[]) => network.request({ method, params });
    const senders = Array.from(
      { length: transactions },
      (_, i) => `0x${(0x5000 + i).toString(16).padStart(40, "0")}`,
    );
    // The first block starts the threads; it touches nothing of what is measured.
    for (const to of [senders[0], remote.counter]) {
      for (const from of senders) {
        if (to !== remote.counter) {
          await ask("hardhat_impersonateAccount", from);
          await ask("hardhat_setBalance", from, "0xde0b6b3a7640000");
        }
        await ask("eth_sendTransaction", { from, to, gas: "0x186a0" });
      }
      if (to !== remote.counter) {
        await ask("evm_mine");
      }
    }
    proxy.forget();
    proxy.latency = Number(latency);
    const started = performance.now();
    await ask("evm_mine");
    const time = performance.now() - started;
    proxy.latency = 0;
    await network.close();
    return { time, waits: proxy.waves };
  };

  const peers: Readonly<Record<string, () => Promise<Requests>>> = {
    "one by one": () =>
      RpcNetwork.create(
        () =>
          createLocalChain({
            config: chain,
            executor: new SequentialExecutor(createEngine(DEFAULT_ENGINE)),
            trace: false,
          }),
        options,
      ),
    "calling thread": () => createParallelNetwork({ ...options, chain }),
    "2 threads": () =>
      createParallelNetwork({ ...options, chain, workers: 2, minTransactionsForThreads: 2 }),
  };
  const times = new Map<string, Measured[]>(Object.keys(peers).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, start] of Object.entries(peers)) {
      times.get(name)?.push(await mine(await start()));
    }
  }
  await proxy.stop();
  await remote.anvil.stop();

  const base = median((times.get("one by one") ?? []).map(({ time }) => time));
  console.log(`${transactions} transactions, ${latency} ms to the remote and back`);
  for (const [name, measured] of times) {
    const time = median(measured.map((one) => one.time));
    const waits = measured.map((one) => one.waits).join(", ");
    console.log(
      `${name.padEnd(16)}${time.toFixed(0).padStart(7)} ms  ${(base / time).toFixed(1).padStart(6)}x  waits ${waits}`,
    );
  }
}

void main(process.argv.slice(2));
