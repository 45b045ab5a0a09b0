/**
 * Mainnet blocks on each tier, on one thread and on two, outcome by outcome: what a header does not show (reads,
 * writes, frames) as well. What threads make for the header is compared with it.
 *
 * Each block is run on one of the four tiers, in other runs on the others: all of it takes minutes.
 * HHP_REAL_BLOCKS=0, 1, 2, 3 or all says which.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { expect } from "chai";
import type { BlockExecution } from "../../../../src/execution/block-executor";
import { EthereumjsEngine } from "../../../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../../../src/execution/engine/fast/fast-engine";
import { forkRules } from "../../../../src/execution/fork-rules";
import { EMPTY_TRACE } from "../../../../src/execution/frame-trace";
import { SequentialExecutor } from "../../../../src/execution/sequential-executor";
import { bytesToHex } from "../../../../src/state/bytes";
import { createWorkerPool } from "../../../../src/worker/pool";
import { differenceOf } from "../../../helpers/engine-pair";
import { jointExecutor, untilReady, withoutFallback } from "../../../helpers/executors";
import { plainOutcome } from "../../../helpers/plain-outcome";
import { type RealBlock, readRealBlock } from "../../../helpers/real-block";
import { requireSharedData, sharedData } from "../../../helpers/shared-data";

describe("fast engine on mainnet blocks", () => {
  const reference = new SequentialExecutor(new EthereumjsEngine());
  const tiers = (["interpreter", "javascript", "webassembly", "auto"] as const).map((tier) => {
    const engine = createFastEngine(new EthereumjsEngine(), tier);
    const { codeShare } = engine;
    const pool = createWorkerPool({
      workers: 1,
      ...(tier === "auto"
        ? { engine: "fast" }
        : { engineModule: join(__dirname, "fixtures", tier) }),
      ...(codeShare === undefined ? {} : { codeShare }),
    });
    const joint = withoutFallback(jointExecutor(2, pool, engine));
    return { tier, engine, pool, joint, executor: new SequentialExecutor(engine) };
  });

  before(async function () {
    requireSharedData(this, "blocks");
    // V8's second compiler for WebAssembly would take half of the time, for modules that run only a few times
    setFlagsFromString("--liftoff-only");
    await Promise.all(tiers.map(({ pool }) => untilReady(pool)));
  });

  const turn = process.env.HHP_REAL_BLOCKS ?? String(Math.floor(Date.now() / 1000) % tiers.length);
  const folder = sharedData("blocks");
  const numbers = folder === null ? [] : readdirSync(folder).flatMap(numberOf);
  if (folder === null) {
    it("are there", () => undefined);
    return;
  }
  for (const [place, number] of numbers.sort((a, b) => a - b).entries()) {
    it(`block ${number}: equal outcomes, traced and untraced, on one thread and two (turn ${turn})`, async () => {
      const block = readRealBlock(folder, number);
      const preState = block.preState(); // an execution changes nothing
      const traced = { ...block.input, trace: true };
      const expected = await reference.execute(traced, preState);
      const untraced = withoutTraces(expected);
      const plain = { ...block.input, trace: false };
      for (const [rank, { tier, executor, joint }] of tiers.entries()) {
        if (turn !== "all" && (rank + place) % tiers.length !== Number(turn)) {
          continue;
        }
        expectEqual(tier, expected, await executor.execute(traced, preState));
        expectEqual(`${tier}, untraced`, untraced, await executor.execute(plain, preState));
        const onThreads = await joint.execute(plain, preState);
        expectEqual(`${tier}, untraced, two threads`, untraced, onThreads);
        expectMade(tier, block, onThreads);
      }
    });
  }

  after(async () => {
    setFlagsFromString("--no-liftoff-only");
    await Promise.all(tiers.map(({ joint }) => joint.close()));
    for (const { tier, engine } of tiers) {
      expect([...engine.fallbacks], "nothing ran on the reference instead").to.deep.equal([]);
      // auto: whether a code becomes hot in a part of the blocks depends on how much of them this thread took
      if (tier !== "auto" || turn === "all") {
        expect(engine.tierCounters.entered > 0, `${tier} ran compiled code`).to.equal(
          tier !== "interpreter",
        );
      }
    }
  });
});

/** What an execution gives that is not traced: a trace is all that one adds. */
function withoutTraces(execution: BlockExecution): BlockExecution {
  const outcomes = execution.outcomes.map((outcome) => ({
    ...plainOutcome(outcome),
    trace: EMPTY_TRACE,
  }));
  return { ...execution, outcomes };
}

/** What threads have made of a header: bloom and receipts, in Byzantium and later. */
function expectMade(tier: string, { input, expected }: RealBlock, execution: BlockExecution): void {
  const { observed, receiptBodies, receiptsRoot } = execution;
  if (input.transactions.length > 0) {
    expect(observed.mode, tier).to.equal("parallel");
    expect(bytesToHex(receiptBodies?.bloom ?? new Uint8Array()), tier).to.equal(expected.logsBloom);
  }
  // before Byzantium receipts hold state roots, which a partial state does not give
  if (receiptsRoot !== undefined && forkRules(input.environment.rules).hasReceiptStatus) {
    expect(bytesToHex(receiptsRoot), tier).to.equal(expected.receiptsRoot);
  }
}

function expectEqual(tier: string, expected: BlockExecution, actual: BlockExecution): void {
  expect(actual.stopped).to.deep.equal(expected.stopped);
  expect(actual.outcomes).to.have.length(expected.outcomes.length);
  for (const [index, outcome] of expected.outcomes.entries()) {
    const other = actual.outcomes[index];
    const difference =
      other === undefined
        ? "missing"
        : differenceOf({ ok: true, outcome }, { ok: true, outcome: other });
    expect(difference, `${tier}, transaction ${index}`).to.equal(null);
  }
}

function numberOf(file: string): number[] {
  const number = /^(\d+)\.json\.gz$/.exec(file)?.[1];
  return number === undefined ? [] : [Number(number)];
}
