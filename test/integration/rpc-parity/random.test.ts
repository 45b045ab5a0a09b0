/**
 * Random sequences of transactions, mining, snapshots, failures and irregular changes: every answer,
 * and so every block hash, state root, receipt and log, equals the stock network's.
 */
import fc from "fast-check";
import { PROGRAMS } from "../../helpers/bytecode";
import { propertyParameters } from "../../helpers/properties";
import type { NetworkSettings } from "../../helpers/stock-network";
import { deploy, Pair, type Request } from "./pair";

const SENDERS = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
  "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc",
] as const;

/** Deployed in this order before each sequence. */
const CONTRACTS = ["counter", "writer", "revertReason", "invalid", "destroy", "endless"] as const;

const sender = fc.constantFrom(...SENDERS);
const hex = (maximum: number): fc.Arbitrary<string> =>
  fc.nat(maximum).map((value) => `0x${value.toString(16)}`);

const fees = fc.oneof(
  fc.constant({}),
  fc.record({ gasPrice: fc.constantFrom("0xb2d05e00", "0x12a05f200") }),
  fc.record({
    maxFeePerGas: fc.constantFrom("0xb2d05e00", "0x12a05f200"),
    maxPriorityFeePerGas: hex(2_000_000_000),
  }),
);

/** `to`: an account or the index of a contract. */
const transaction = fc.record({
  from: sender,
  to: fc.oneof(sender, fc.nat(CONTRACTS.length - 1)),
  gas: fc.constantFrom("0x5208", "0x186a0", "0x30d40"),
  value: hex(3),
  data: fc.constantFrom("0x", `0x${"00".repeat(31)}05${"00".repeat(31)}07`),
  fees,
});

const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("send" as const), transaction }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      request: fc.oneof<fc.Arbitrary<Request>[]>(
        fc.constant<Request>(["evm_mine"]),
        fc.tuple(fc.constant("hardhat_mine"), hex(8), hex(60)),
        fc.tuple(fc.constant("evm_setAutomine"), fc.boolean()),
        fc.tuple(fc.constant("evm_revert"), hex(12)),
        fc.constant<Request>(["evm_snapshot"]),
        fc.tuple(
          fc.constant("hardhat_setBalance"),
          sender,
          hex(2 ** 30).map((n) => `${n}00000000`),
        ),
        fc.tuple(fc.constant("hardhat_setNextBlockBaseFeePerGas"), hex(2_000_000_000)),
        fc.tuple(fc.constant("hardhat_setCoinbase"), sender),
        fc.tuple(fc.constant("evm_setBlockGasLimit"), fc.constantFrom("0x61a80", "0x3938700")),
        fc.constant<Request>(["eth_getBlockByNumber", "pending", true]),
        fc.constant<Request>(["eth_pendingTransactions"]),
        fc.constant<Request>(["eth_getLogs", { fromBlock: "0x0" }]),
        fc.constant<Request>(["eth_feeHistory", "0x5", "latest", [10, 50, 90]]),
      ),
    }),
  },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

async function compareSequence(
  settings: NetworkSettings,
  operations: readonly Operation[],
): Promise<void> {
  const pair = await Pair.start(settings);
  try {
    await compareWith(pair, settings, operations);
  } finally {
    await pair.close();
  }
}

async function compareWith(
  pair: Pair,
  settings: NetworkSettings,
  operations: readonly Operation[],
): Promise<void> {
  const contracts: string[] = [];
  for (const name of CONTRACTS) {
    contracts.push(await deploy(pair, PROGRAMS[name]));
  }
  await pair.ask("evm_setAutomine", settings.threads === undefined);
  for (const step of operations) {
    if (step.kind === "request") {
      await pair.compare(...step.request);
    } else {
      const { to, fees: given, ...rest } = step.transaction;
      await pair.compare("eth_sendTransaction", {
        ...rest,
        ...given,
        to: typeof to === "number" ? contracts[to] : to,
      });
    }
    await pair.ask("eth_getBlockByNumber", "latest", true);
  }
  await pair.ask("evm_mine");
  await pair.ask("eth_getBlockByNumber", "latest", true);
}

const hardforks = fc.constantFrom("berlin", "london", "shanghai", "osaka");

describe("random sequences give the answers of the stock network", () => {
  it("mined one by one", async () => {
    await fc.assert(
      fc.asyncProperty(
        hardforks,
        fc.array(operation, { minLength: 5, maxLength: 30 }),
        (hardfork, operations) => compareSequence({ hardfork }, operations),
      ),
      propertyParameters({ numRuns: 12 }),
    );
  });

  it("mined together, on two threads", async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(
        hardforks,
        fc.array(operation, { minLength: 15, maxLength: 30 }),
        (hardfork, operations) => compareSequence({ hardfork, threads: 2 }, operations),
      ),
      // Threads are started for each run, so a failure is not shrunk: that would take minutes.
      propertyParameters({ numRuns: 3, endOnFailure: true }),
    );
  });
});
