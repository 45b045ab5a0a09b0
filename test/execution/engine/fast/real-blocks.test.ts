/** Mainnet blocks on each tier, outcome by outcome: what a header does not show (reads, writes, frames) as well. */
import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { expect } from "chai";
import type { BlockExecution } from "../../../../src/execution/block-executor";
import { EthereumjsEngine } from "../../../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../../../src/execution/engine/fast/fast-engine";
import { EMPTY_TRACE } from "../../../../src/execution/frame-trace";
import { SequentialExecutor } from "../../../../src/execution/sequential-executor";
import { differenceOf } from "../../../helpers/engine-pair";
import { plainOutcome } from "../../../helpers/plain-outcome";
import { readRealBlock } from "../../../helpers/real-block";
import { requireSharedData, sharedData } from "../../../helpers/shared-data";

describe("fast engine on mainnet blocks", () => {
  const reference = new SequentialExecutor(new EthereumjsEngine());
  const tiers = (["interpreter", "javascript", "webassembly", "auto"] as const).map((tier) => {
    const engine = createFastEngine(new EthereumjsEngine(), tier);
    return { tier, engine, executor: new SequentialExecutor(engine) };
  });

  before(function () {
    requireSharedData(this, "blocks");
    // V8's second compiler for WebAssembly would take half of the time, for modules that run only a few times
    setFlagsFromString("--liftoff-only");
  });

  const folder = sharedData("blocks");
  const numbers = folder === null ? [] : readdirSync(folder).flatMap(numberOf);
  if (folder === null) {
    it("are there", () => undefined);
    return;
  }
  for (const number of numbers.sort((a, b) => a - b)) {
    it(`block ${number}: equal outcomes, traced and untraced`, async () => {
      const block = readRealBlock(folder, number);
      const preState = block.preState(); // an execution changes nothing
      const traced = { ...block.input, trace: true };
      const expected = await reference.execute(traced, preState);
      for (const { tier, executor } of tiers) {
        const actual = await executor.execute(traced, preState);
        expectEqual(tier, expected, actual);
        const untraced = await executor.execute({ ...block.input, trace: false }, preState);
        expectEqual(`${tier}, untraced`, withoutTraces(expected), untraced);
      }
    });
  }

  after(() => {
    setFlagsFromString("--no-liftoff-only");
    for (const { tier, engine } of tiers) {
      expect([...engine.fallbacks], "nothing ran on the reference instead").to.deep.equal([]);
      expect(engine.tierCounters.entered > 0, `${tier} ran compiled code`).to.equal(
        tier !== "interpreter",
      );
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
