/**
 * Scheduler, multi-version memory and validation together, without an EVM: any interleaving of any
 * number of participants gives what the programs give one after the other.
 */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import fc from "fast-check";
import { type HeldResult, participate } from "../../src/execution/block-participant";
import { BlockMemory, openSharedBlock, type SharedBlock } from "../../src/execution/shared-block";
import { VersionedReader } from "../../src/execution/versioned-reader";
import { propertyParameters } from "../helpers/properties";
import { RandomTurns } from "../helpers/random-turns";
import { TYPESCRIPT_HOOK } from "../helpers/typescript-hook";
import type { MockBlock } from "./fixtures/mock-thread";
import {
  ACCOUNTS,
  executeMock,
  ModelPreState,
  type ModelResult,
  type Program,
  programArbitrary,
  runSequentially,
  withOrigins,
} from "./mock-incarnations";

const LIMITS = { locations: 256, arenaWords: 1 << 18, maximumArenaWords: 1 << 20 };
const preState = new ModelPreState();

interface Run {
  readonly block: SharedBlock;
  readonly held: readonly ReadonlyMap<number, HeldResult<ModelResult>>[];
}

async function runInterleaved(
  memory: BlockMemory,
  programs: readonly Program[],
  participants: number,
  seed: number,
  prepare: (block: SharedBlock) => void = () => undefined,
): Promise<Run> {
  const { buffers, block } = memory.begin(programs.length, preState);
  prepare(block);
  const turns = new RandomTurns(seed);
  const parts = Array.from({ length: participants }, () => {
    const mine = openSharedBlock(buffers, preState);
    return participate({
      block: mine,
      readerFor: (index) => new VersionedReader(mine.memory, preState, index),
      execute: executeMock(programs, turns.turn),
      idle: turns.turn,
    });
  });
  const partings = await turns.driveTo(Promise.all(parts));
  return { block, held: partings.map(({ held }) => held) };
}

function finalResult(run: Run, index: number): HeldResult<ModelResult> {
  const incarnation = run.block.scheduler.incarnation(index);
  const final = run.held
    .map((map) => map.get(index))
    .filter((held) => held?.incarnation === incarnation);
  expect(final, `results of transaction ${index}'s last incarnation`).to.have.lengthOf(1);
  const [result] = final;
  if (result === undefined) {
    throw new Error("no result");
  }
  return result;
}

/** Threads of their own, without the pool: as little as possible between the races and the test. */
class MockThreads {
  readonly #threads: readonly Worker[];

  constructor(count: number) {
    this.#threads = Array.from(
      { length: count },
      () =>
        new Worker(join(__dirname, "fixtures", "mock-thread.ts"), {
          execArgv: ["-r", TYPESCRIPT_HOOK],
        }),
    );
  }

  async run(memory: BlockMemory, programs: readonly Program[]): Promise<Run> {
    const { buffers, block } = memory.begin(programs.length, preState);
    const answers = this.#threads.map((thread) => once(thread, "message"));
    for (const thread of this.#threads) {
      thread.postMessage({ buffers, programs } satisfies MockBlock);
    }
    const held = (await Promise.all(answers)).map(
      ([answer]) => answer as Map<number, HeldResult<ModelResult>>, // what mock-thread.ts posts
    );
    return { block, held };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

async function expectSequential(run: Run, programs: readonly Program[]): Promise<void> {
  const expected = await runSequentially(programs, preState);
  const { block } = run;
  for (const [index, model] of expected.entries()) {
    expect(block.scheduler.status(index)).to.equal("validated");
    const { result } = finalResult(run, index);
    const origins = block.validator.finalOrigins(index);
    expect(block.validator.firstConflict(index)).to.equal(null);
    expect(result.digest).to.equal(model.digest);
    expect(withOrigins(result, origins)).to.deep.equal(model.reads);
  }
}

function expectAborts({ block }: Run): void {
  const aborts = block.aborts.list(block.memory.locations);
  for (let index = 0; index < block.size; index++) {
    const mine = aborts.filter((abort) => abort.transactionIndex === index);
    expect(mine, `aborts of transaction ${index}`).to.have.lengthOf(
      block.scheduler.incarnation(index),
    );
    for (const { writer, location } of mine) {
      expect(writer).to.be.within(0, index - 1);
      expect(ACCOUNTS).to.include(location.address);
    }
  }
}

describe("Block-STM on mock incarnations", () => {
  it("any interleaving on one thread equals the sequential model, drops no transaction, and each incarnation aborts at most once with location and writer", async () => {
    const memory = new BlockMemory(LIMITS);
    await fc.assert(
      fc.asyncProperty(
        fc.array(programArbitrary, { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer(),
        async (programs, participants, seed) => {
          const run = await runInterleaved(memory, programs, participants, seed);
          await expectSequential(run, programs);
          expectAborts(run);
        },
      ),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("predicted nonces and expected balances, right or wrong, change nothing in the result", async () => {
    const memory = new BlockMemory(LIMITS);
    const prediction = fc.record({
      transaction: fc.nat({ max: 13 }),
      account: fc.nat({ max: 2 }),
      nonce: fc.nat({ max: 4 }),
      balance: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(programArbitrary, { minLength: 1, maxLength: 14 }),
        fc.uniqueArray(prediction, { selector: (p) => p.transaction }),
        fc.integer(),
        async (programs, predictions, seed) => {
          const run = await runInterleaved(memory, programs, 3, seed, (block) => {
            for (const { transaction, account, nonce, balance } of predictions) {
              const address = ACCOUNTS[account];
              if (transaction < programs.length && address !== undefined) {
                block.writes.predict(
                  transaction,
                  [{ address, value: BigInt(nonce) }],
                  balance ? [address] : [],
                );
              }
            }
          });
          await expectSequential(run, programs);
          expectAborts(run);
        },
      ),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("transactions of a group that was contended before wait for the one before, and none is executed in vain", async () => {
    const memory = new BlockMemory(LIMITS);
    const programs: Program[] = Array.from({ length: 12 }, () => ({
      steps: [{ op: "addSlot", account: 0, slot: 0 }],
    }));
    const wasted = { speculations: 8, wasted: 8 };
    for (let seed = 0; seed < 50; seed++) {
      const run = await runInterleaved(memory, programs, 3, seed, ({ contention }) => {
        for (let index = 0; index < programs.length; index++) {
          contention.setGroup(index, 0, index - 1);
        }
        contention.setCounters(0, wasted);
      });
      await expectSequential(run, programs);
      expect(run.block.aborts.list(run.block.memory.locations)).to.deep.equal([]);
      expect(run.block.contention.counters(0), `seed ${seed}`).to.deep.equal(wasted);
    }
  });

  it("a thread goes from transaction to transaction without a microtask in between, where executing takes none", async () => {
    const { block } = new BlockMemory(LIMITS).begin(20, preState);
    const executed: number[] = [];
    const parting = participate({
      block,
      readerFor: (index) => new VersionedReader(block.memory, preState, index),
      execute: (index) => {
        executed.push(index);
        return {
          kind: "executed",
          reads: [],
          writes: { writes: [], codes: new Map() },
          writeLocations: [],
          result: index,
          gasUse: null,
          receipt: null,
        };
      },
      idle: () => expect.fail("there is always something to do"),
    });
    expect(executed, "before anything was awaited").to.have.lengthOf(20);
    expect((await parting).held.size).to.equal(20);
  });

  it("any completion order on four threads equals the sequential model", async () => {
    const threads = new MockThreads(4);
    const memory = new BlockMemory(LIMITS);
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(programArbitrary, { minLength: 4, maxLength: 40 }),
          async (programs) => {
            const run = await threads.run(memory, programs);
            await expectSequential(run, programs);
            expectAborts(run);
          },
        ),
        propertyParameters({ numRuns: 150 }),
      );
    } finally {
      await threads.close();
    }
  });
});
