/**
 * Mainnet blocks on an executor, against the results in their headers: an oracle that is not ours.
 * The suite takes the executor, so that every executor is held to the same blocks.
 */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import type { BlockExecution, BlockExecutor } from "../../src/execution/block-executor";
import { forkRules } from "../../src/execution/fork-rules";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { Hash } from "../../src/state/hex";
import type { StateStore } from "../../src/state/state-store";
import type { ExecutorFactory } from "./executors";
import { logsBloomOf, receiptsRootOf } from "./full-block";
import { type RealBlock, readRealBlock } from "./real-block";
import { requireSharedData, sharedData } from "./shared-data";

export function realBlocksSuite(executor: {
  readonly name: string;
  readonly create: ExecutorFactory;
}): void {
  describe(`mainnet blocks on the ${executor.name} executor`, () => {
    let running: BlockExecutor;

    before(function () {
      requireSharedData(this, "blocks");
      running = executor.create();
    });

    after(async () => {
      await running?.close();
    });

    const folder = sharedData("blocks");
    if (folder === null) {
      it("are there", () => undefined);
      return;
    }
    for (const number of blockNumbers(folder)) {
      it(`block ${number}`, async () => {
        const block = readRealBlock(folder, number);
        const store = block.preState();
        const execution = await running.execute({ ...block.input, trace: false }, store);
        expectHeader(block, execution);
        if (executor.name !== "sequential") {
          const sequential = await new SequentialExecutor().execute(
            { ...block.input, trace: false },
            store,
          );
          expect(rootAfter(store, execution)).to.equal(rootAfter(store, sequential));
        }
      });
    }
  });
}

function blockNumbers(folder: string): number[] {
  return readdirSync(folder)
    .map((file) => Number(/^(\d+)\.json\.gz$/.exec(file)?.[1]))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
}

function expectHeader(block: RealBlock, { outcomes, stopped }: BlockExecution): void {
  expect(stopped).to.equal(undefined);
  const perTransaction = outcomes.map(({ gasUsed, logs }) => [gasUsed, logs.length]);
  expect(perTransaction).to.deep.equal(
    block.expected.perTx.map(([gasUsed, , logs]) => [BigInt(gasUsed), logs]),
  );
  expect(outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)).to.equal(
    BigInt(block.expected.gasUsed),
  );
  expect(logsBloomOf(outcomes)).to.equal(block.expected.logsBloom);
  // before Byzantium receipts hold state roots, which a partial state does not give
  if (forkRules(block.input.environment.rules).hasReceiptStatus) {
    expect(receiptsRootOf(block.input.transactions, outcomes)).to.equal(
      block.expected.receiptsRoot,
    );
  }
}

/** The root after the execution's writes; the store is as before afterwards. */
function rootAfter(store: StateStore, { outcomes }: BlockExecution): Hash {
  const mark = store.mark();
  for (const { writes } of outcomes) {
    store.apply(writes);
  }
  const root = store.stateRoot();
  store.revertTo(mark);
  return root;
}
