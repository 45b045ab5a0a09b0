/**
 * Random sequences of transactions, mining, time travel, snapshots, failures and irregular changes:
 * every answer, and so every block hash, state root, receipt and log, equals the stock network's.
 *
 * PARITY_RUNS in the environment says how many sequences; FC_SEED and FC_PATH replay a failure.
 */
import fc from "fast-check";
import { propertyParameters } from "../../helpers/properties";
import type { NetworkSettings } from "../../helpers/stock-network";
import { authorizationJson } from "./authorization";
import { ENGINES, Pair } from "./pair";
import { CONTRACTS, type Step, step } from "./random-steps";

/** Takes the steps one by one and knows the transactions so far. */
class Walk {
  readonly #pair: Pair;
  readonly #hashes: string[] = [];

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  async begin(): Promise<void> {
    for (const { address, code } of CONTRACTS) {
      await this.#pair.ask("hardhat_setCode", address, `0x${code}`);
      await this.#pair.ask("hardhat_setBalance", address, "0xde0b6b3a7640000");
    }
  }

  async take(next: Step): Promise<void> {
    switch (next.kind) {
      case "send": {
        const { call, fees, accessList, nonce, ...rest } = next.transaction;
        await this.#send({
          ...rest,
          ...call,
          ...fees,
          ...accessList,
          ...(nonce === undefined ? {} : { nonce }),
        });
        break;
      }
      case "delegate":
        await this.#send({
          from: next.from,
          to: next.to,
          gas: "0x30d40",
          authorizationList: next.authorizations.map(authorizationJson),
        });
        break;
      case "request":
        await this.#pair.compare(...next.request);
        break;
      case "transaction":
        await this.#pair.compare(next.method, this.#hashes[next.index] ?? `0x${"ab".repeat(32)}`);
        break;
      case "mineAt": {
        const latest = await this.#pair.ask("eth_getBlockByNumber", "latest", false);
        const { timestamp } = latest as { timestamp: string }; // a block has it
        await this.#pair.compare("evm_mine", Number(timestamp) + next.ahead);
      }
    }
    await this.#pair.ask("eth_getBlockByNumber", "latest", true);
  }

  async end(): Promise<void> {
    await this.#pair.compare("evm_mine");
    await this.#pair.ask("eth_getBlockByNumber", "latest", true);
    await this.#pair.ask("eth_getLogs", { fromBlock: "0x0" });
    for (const hash of this.#hashes) {
      await this.#pair.ask("eth_getTransactionReceipt", hash);
    }
  }

  async #send(transaction: object): Promise<void> {
    const answer = await this.#pair.compare("eth_sendTransaction", transaction);
    const hash =
      "result" in answer
        ? answer.result
        : (answer.error.transactionHash ?? dataHash(answer.error.data));
    if (typeof hash === "string") {
      this.#hashes.push(hash);
    }
  }
}

/** The hash in the data of "ran out of gas". */
function dataHash(data: unknown): unknown {
  return typeof data === "object" && data !== null && "transactionHash" in data
    ? data.transactionHash
    : undefined;
}

async function compareSequence(settings: NetworkSettings, steps: readonly Step[]): Promise<void> {
  const pair = await Pair.start(settings);
  try {
    const walk = new Walk(pair);
    await walk.begin();
    for (const next of steps) {
      await walk.take(next);
    }
    await walk.end();
  } finally {
    await pair.close();
  }
}

const settings = fc.record({
  hardfork: fc.constantFrom(
    "byzantium",
    "istanbul",
    "berlin",
    "london",
    "merge",
    "shanghai",
    "cancun",
    "prague",
    "osaka",
    "osaka",
  ),
  mempoolOrder: fc.constantFrom("priority" as const, "fifo" as const),
  automine: fc.boolean(),
  throwOnTransactionFailures: fc.boolean(),
  blockGasLimit: fc.constantFrom(60_000_000, 400_000),
  engine: fc.constantFrom(...ENGINES),
});

/** The same sequences in every run; to look for more, FC_SEED names others. */
const SEED = 32;
const RUNS = Number(process.env.PARITY_RUNS ?? 12);

describe("random sequences give the answers of the stock network", () => {
  it("mined in the calling thread", async function () {
    this.timeout(60_000 + RUNS * 20_000);
    await fc.assert(
      fc.asyncProperty(settings, fc.array(step, { minLength: 10, maxLength: 40 }), compareSequence),
      // many runs look for failures; a replay of one (FC_SEED, FC_PATH) makes it small
      propertyParameters({
        seed: SEED,
        numRuns: RUNS,
        endOnFailure: process.env.PARITY_RUNS !== undefined,
      }),
    );
  });

  it("mined together, on two threads", async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(settings, fc.array(step, { minLength: 15, maxLength: 30 }), (given, steps) =>
        compareSequence({ ...given, automine: false, threads: 2 }, steps),
      ),
      // Threads are started for each run, so a failure is not shrunk: that would take minutes.
      propertyParameters({ seed: SEED, numRuns: 3, endOnFailure: true }),
    );
  });
});
