/** A block that is not traced pays nothing for traces, whoever executes it. */
import { expect } from "chai";
import type { BlockExecutor } from "../../src/execution/block-executor";
import type { Engine } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../src/execution/engine/fast/fast-engine";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { bytesToHex } from "../../src/state/bytes";
import { environment, transaction } from "../helpers/environment";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import { storeOf } from "../helpers/parallel-equals-sequential";
import { CODE, CONTRACT, INNER, INNER_CODE, SENDER, tracingWorkIn } from "../helpers/tracing-work";

describe("a block that is not traced", () => {
  const store = storeOf(
    new Map([
      [SENDER, { balance: 10n ** 18n }],
      [CONTRACT, { nonce: 1n, code: bytesToHex(CODE) }],
      [INNER, { nonce: 1n, code: bytesToHex(INNER_CODE) }],
    ]),
  );
  /** what engines are handed, by name */
  const hooks = new Set<string>();
  const fast = createFastEngine(new EthereumjsEngine());
  const observed: Engine = {
    run(message, block, view, given) {
      for (const name of Object.keys(given ?? {})) {
        hooks.add(name);
      }
      return fast.run(message, block, view, given);
    },
  };
  const executorOf = (workers: number, engine: Engine): BlockExecutor =>
    createParallelExecutor({
      workers,
      minTransactionsForThreads: 1,
      pool: new InterleavedJoiner(),
      sequential: new SequentialExecutor(engine),
      engine,
      adaptive: false,
    });
  const EXECUTORS: Readonly<Record<string, () => BlockExecutor>> = {
    sequential: () => new SequentialExecutor(observed),
    "parallel, on one thread": () => executorOf(1, observed),
    "parallel, on three": () => executorOf(3, observed),
  };
  for (const [name, create] of Object.entries(EXECUTORS)) {
    it(`${name}: nothing is done for traces, and engines are handed no observer but the console's`, async () => {
      const executor = create();
      const execute = async (trace: boolean): Promise<void> => {
        const { outcomes, observed } = await executor.execute(
          {
            environment: environment("cancun"),
            transactions: [0n, 1n, 2n].map((nonce) => transaction(SENDER, { to: CONTRACT, nonce })),
            gasAvailable: 30_000_000n,
            trace,
          },
          store,
        );
        expect(observed.fallback).to.equal(undefined);
        expect(outcomes.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
        expect(outcomes.map((outcome) => outcome.trace.frames.length)).to.deep.equal(
          trace ? [3, 3, 3] : [0, 0, 0],
        );
      };
      hooks.clear();
      expect(await tracingWorkIn(() => execute(false))).to.deep.equal({});
      expect([...hooks]).to.deep.equal(["onConsoleLog"]);
      expect([...fast.fallbacks]).to.deep.equal([]);
      expect(await tracingWorkIn(() => execute(true)), "it would be noticed").to.include.keys(
        "FrameTrace.access",
        "IncarnationView.recordPreimage",
      );
      await executor.close();
    });
  }
});
