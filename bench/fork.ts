/**
 * A block on a fork whose remote takes its time, on threads and in the calling thread, against one
 * transaction after the other. Prints ratios of medians.
 *
 * - counter: one batch for all that is missing.
 * - vault: transactions that reach their slots one after the other (proxy, implementation, a balance, an
 *   allowance, another balance, another account), each from a new sender with new arguments; the proxy and
 *   the implementation are here. Of a function that was never called each step is a wait; of one that was
 *   called in the block before, all is fetched while the block begins.
 *
 *   npm run bench:fork [transactions] [latency in ms]
 */
import { createParallelNetwork } from "../src/network";
import { networkOptions } from "../test/helpers/our-network";
import { user, vaultCall } from "../test/helpers/remote/deep-vault";
import { forkConfig } from "../test/helpers/remote/forked-pair";
import { populatedRemote } from "../test/helpers/remote/populated-remote";
import { enable, oneByOne, type Requests, VaultRemote } from "../test/helpers/remote/vault-remote";
import { median } from "./statistics";

const ROUNDS = 3;
/** Blocks of a round whose misses are foreseen: one takes little more than the wait, and varies as much as it differs. */
const FORESEEN_BLOCKS = 12;

interface Measured {
  /** ms */
  readonly time: number;
  /** times that the chain waited for the remote */
  readonly waves: number;
}

async function main([count = "100", latency = "20"]: readonly string[]): Promise<void> {
  const transactions = Number(count);
  const { anvil, counter } = await populatedRemote(10);
  const remote = await VaultRemote.start(anvil);
  const { proxy, vault } = remote;
  const options = networkOptions({ automine: false });
  const chain = { ...options.chain, fork: forkConfig({ url: proxy.url }) };

  /** One block with a call from each sender; `to` null = to itself, without calldata. */
  const mine = async (
    network: Requests,
    first: number,
    to: string | null,
    selector: string,
  ): Promise<Measured> => {
    const ask = (method: string, ...params: unknown[]) => network.request({ method, params });
    for (let n = first; n < first + transactions; n++) {
      const from = user(n);
      await enable(network, n);
      const data = to === null ? "0x" : vaultCall(user(n + 10 ** 5), user(n + 2 * 10 ** 5));
      await ask("eth_sendTransaction", {
        from,
        to: to ?? from,
        data: data.replace("0xdeadbeef", selector),
        gas: "0x493e0",
      });
    }
    return remote.mine(network, Number(latency));
  };

  const cases: Readonly<Record<string, (network: Requests) => Promise<readonly Measured[]>>> = {
    counter: async (network) => [await mine(network, 10_000, counter, "")],
    "vault, a function never called": async (network) => {
      await mine(network, 20_000, vault.proxies[0], "0x00000001");
      return [await mine(network, 30_000, vault.proxies[0], "0x00000002")];
    },
    "vault, a function called before": async (network) => {
      const blocks: Measured[] = [];
      for (let block = 0; block < FORESEEN_BLOCKS; block++) {
        const first = 40_000 + block * transactions;
        blocks.push(await mine(network, first, vault.proxies[0], "0x00000002"));
      }
      return blocks;
    },
  };

  const peers: Readonly<Record<string, () => Promise<Requests>>> = {
    "one by one": () => oneByOne({ ...options, chain }),
    "calling thread": () => createParallelNetwork({ ...options, chain }),
    "2 threads": () =>
      createParallelNetwork({ ...options, chain, workers: 2, minTransactionsForThreads: 2 }),
  };
  const measured = new Map<string, Map<string, Measured[]>>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, start] of Object.entries(peers)) {
      const network = await start();
      await mine(network, 0, null, ""); // starts the threads
      for (const [title, run] of Object.entries(cases)) {
        const ofCase = measured.get(title) ?? new Map<string, Measured[]>();
        measured.set(
          title,
          ofCase.set(name, [...(ofCase.get(name) ?? []), ...(await run(network))]),
        );
      }
      await network.close();
    }
  }
  await remote.stop();

  console.log(`${transactions} transactions, ${latency} ms to the remote and back`);
  for (const [title, times] of measured) {
    const timeOf = (name: string) => median((times.get(name) ?? []).map(({ time }) => time));
    console.log(`\n${title}`);
    for (const [name, rounds] of times) {
      const time = timeOf(name);
      const ratio = timeOf("one by one") / time;
      const waits = [...new Set(rounds.map((one) => one.waves))].join(" or ");
      console.log(
        `${name.padEnd(16)}${time.toFixed(0).padStart(7)} ms  ${ratio.toFixed(1).padStart(6)}x  waits ${waits}`,
      );
    }
  }
}

void main(process.argv.slice(2));
