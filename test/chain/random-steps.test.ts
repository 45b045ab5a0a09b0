import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { account, NetworkPair, signed } from "./network-pair";

const SEED = process.env.FC_SEED === undefined ? Date.now() % 2 ** 31 : Number(process.env.FC_SEED);

const CONTRACT: Address = "0x00000000000000000000000000000000000000cc";
/** slot 0 += 1; burns gas in proportion to the calldata's first word; logs once */
const CODE = "0x600160005401600055600035805b600190038080601057505060005460005260206000a0";

const GWEI = 10n ** 9n;

type Step =
  | {
      readonly kind: "send";
      readonly sender: number;
      readonly nonceOffset: number;
      readonly gasLimit: number;
      readonly tip: number;
      readonly call: boolean;
      readonly value: number;
    }
  | { readonly kind: "mine" | "mineMany" | "snapshot" | "drop" }
  | { readonly kind: "revert"; readonly pick: number }
  | { readonly kind: "automine"; readonly enabled: boolean }
  | { readonly kind: "gasLimit"; readonly limit: number }
  | { readonly kind: "setBalance"; readonly target: number; readonly ether: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      sender: fc.nat(3),
      nonceOffset: fc.constantFrom(0, 0, 0, 0, 1, 2, -1),
      gasLimit: fc.constantFrom(21_000, 60_000, 90_000, 150_000),
      tip: fc.integer({ min: 1, max: 5 }),
      call: fc.boolean(),
      value: fc.constantFrom(0, 1, 30),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "mine" as const,
        "mine" as const,
        "snapshot" as const,
        "drop" as const,
        "mineMany" as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("revert" as const), pick: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("automine" as const), enabled: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("gasLimit" as const),
      limit: fc.constantFrom(100_000, 200_000, 1_000_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("setBalance" as const),
      target: fc.nat(3),
      ether: fc.constantFrom(0, 1, 100),
    }),
  },
);

/** Runs the steps on both and compares what can be seen after each. */
class Run {
  readonly #pair: NetworkPair;
  readonly #snapshots: bigint[] = [];
  /** later than the clock of both, so that every timestamp is an explicit one */
  #time = 4_000_000_000n;

  constructor(pair: NetworkPair) {
    this.#pair = pair;
  }

  async take(step: Step): Promise<void> {
    const { chain } = this.#pair;
    switch (step.kind) {
      case "send":
        return this.#send(step);
      case "mine":
        return this.#both(
          () => this.#pair.rpc("evm_mine", Number(++this.#time)),
          () => chain.mine(this.#time),
        );
      case "mineMany":
        this.#time += 10n;
        await this.#pair.setNextTimestamp(this.#time);
        await this.#both(
          () => this.#pair.rpc("hardhat_mine", "0x9", "0x1"),
          () => chain.mineMany(9n, 1n),
        );
        this.#time += 10n;
        return;
      case "snapshot": {
        const id = await chain.snapshot();
        expect(BigInt(await this.#pair.rpc<string>("evm_snapshot"))).to.equal(id);
        this.#snapshots.push(id);
        return;
      }
      case "revert": {
        const id = this.#snapshots[step.pick] ?? 0n;
        const theirs = await this.#pair.rpc("evm_revert", `0x${id.toString(16)}`);
        expect(await chain.revert(id), `evm_revert(${id}) of ${this.#snapshots}`).to.equal(theirs);
        return;
      }
      case "drop": {
        const hash = chain.pendingTransactions()[0]?.input.hash;
        if (hash !== undefined) {
          await this.#pair.rpc("hardhat_dropTransaction", hash);
          await chain.dropTransaction(hash);
        }
        return;
      }
      case "automine":
        await this.#pair.rpc("evm_setAutomine", step.enabled);
        chain.setAutomine(step.enabled);
        return;
      case "gasLimit":
        await this.#pair.rpc("evm_setBlockGasLimit", `0x${step.limit.toString(16)}`);
        return chain.setBlockGasLimit(BigInt(step.limit));
      case "setBalance": {
        const value = BigInt(step.ether) * 10n ** 18n;
        const { address } = account(step.target);
        await this.#pair.rpc("hardhat_setBalance", address, `0x${value.toString(16)}`);
        return chain.setBalance(address, value);
      }
    }
  }

  async compare(): Promise<void> {
    await this.#pair.compareLatest();
    const pool = await this.#pair.rpc<{ hash: string }[]>("eth_pendingTransactions");
    expect(this.#pair.chain.pendingTransactions().map(({ input }) => input.hash)).to.deep.equal(
      pool.map(({ hash }) => hash),
    );
  }

  async #send(step: Extract<Step, { kind: "send" }>): Promise<void> {
    const { chain } = this.#pair;
    const nonce =
      (await chain.pendingNonce(account(step.sender).address)) + BigInt(step.nonceOffset);
    if (nonce < 0n) {
      return;
    }
    const transaction = signed(step.sender, {
      nonce,
      gasLimit: BigInt(step.gasLimit),
      to: step.call ? CONTRACT : account(3).address,
      value: BigInt(step.value) * 10n ** 18n,
      maxPriorityFeePerGas: BigInt(step.tip) * GWEI,
      data: step.call
        ? hexToBytes(`0x${step.tip.toString(16).padStart(64, "0")}`)
        : new Uint8Array(0),
    });
    if (chain.automine) {
      // further blocks of one send take the clock's time, which goes on from here in both
      this.#time += 10n;
      await this.#pair.setNextTimestamp(this.#time);
      this.#time += 10n;
    }
    await this.#both(
      () => this.#pair.rpc("eth_sendRawTransaction", bytesToHex(transaction.raw)),
      async () => {
        const result = await chain.submit(transaction);
        if (!result.ok) {
          throw new Error(result.rejection.kind);
        }
      },
    );
  }

  /** Both do it or both refuse. */
  async #both(theirs: () => Promise<unknown>, ours: () => Promise<unknown>): Promise<void> {
    const failure = async (action: () => Promise<unknown>) =>
      action().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    const stock = await failure(theirs);
    const own = await failure(ours);
    expect(own === null, `stock: ${stock}, ours: ${own}`).to.equal(stock === null);
  }
}

describe("random steps beside the stock network", () => {
  it(`lead to the same blocks and pools (FC_SEED=${SEED})`, async function () {
    this.timeout(180_000);
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 30, maxLength: 60 }), async (steps) => {
        const pair = await NetworkPair.start({ automine: false, blockGasLimit: 200_000n });
        await pair.rpc("hardhat_setCode", CONTRACT, CODE);
        await pair.chain.setCode(CONTRACT, hexToBytes(CODE));
        const run = new Run(pair);
        for (const step of steps) {
          await run.take(step);
          await run.compare();
        }
        await pair.chain.close();
      }),
      { numRuns: 8, seed: SEED, endOnFailure: true },
    );
  });
});
