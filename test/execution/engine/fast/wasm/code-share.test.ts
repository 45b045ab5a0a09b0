/** What one thread has compiled runs in others. */
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect } from "chai";
import { compileBench } from "../../../../../bench/contracts";
import { EthereumjsEngine } from "../../../../../src/execution/engine/ethereumjs-engine";
import { CodeAnalysis } from "../../../../../src/execution/engine/fast/code-analysis";
import { exploreControlFlow } from "../../../../../src/execution/engine/fast/compiled/explore";
import { findState } from "../../../../../src/execution/engine/fast/compiled/find-state";
import type { TierChoice } from "../../../../../src/execution/engine/fast/compiled/tier-choice";
import {
  createFastEngine,
  type FastEngine,
} from "../../../../../src/execution/engine/fast/fast-engine";
import { scheduleOf } from "../../../../../src/execution/engine/fast/schedule";
import {
  CodeShare,
  type SharedCode,
} from "../../../../../src/execution/engine/fast/wasm/code-share";
import { EntryTable, entriesOf } from "../../../../../src/execution/engine/fast/wasm/entry-table";
import { forkRules } from "../../../../../src/execution/fork-rules";
import { hexToBytes } from "../../../../../src/state/bytes";
import type { Address } from "../../../../../src/state/hex";
import { assemble } from "../../../../helpers/assembler";
import { differenceOf, runOn } from "../../../../helpers/engine-pair";
import { environment, rules, transaction } from "../../../../helpers/environment";
import { MapState } from "../../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";

/** counts down from 200 and stores where it ended */
const LOOP = assemble("0xc8 JUMPDEST 0x1 DUP2 SUB SWAP1 POP DUP1 0x2 JUMPI 0x1 SSTORE");

function scene(hardfork: string, code = LOOP) {
  return {
    state: new MapState({
      [SENDER]: { balance: 10n ** 18n },
      [CONTRACT]: { nonce: 1n, code },
    }),
    transaction: transaction(SENDER, { to: CONTRACT, gasLimit: 200_000n }),
    environment: environment(hardfork),
    trace: true,
  };
}

function engine(tier: TierChoice): FastEngine & { readonly codeShare: CodeShare } {
  const made = createFastEngine(new EthereumjsEngine(), tier);
  const { codeShare } = made;
  if (codeShare === undefined) {
    throw new Error("the engine shares no code");
  }
  return { ...made, codeShare };
}

/** As another thread gets them. */
function posted(codes: readonly SharedCode[]): readonly SharedCode[] {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(codes);
  const received = receiveMessageOnPort(port2)?.message as readonly SharedCode[]; // posted above
  port1.close();
  return received;
}

describe("compiled code that threads have in common", () => {
  it("runs where it was not compiled, from the first frame on, with equal results", async () => {
    const compiling = engine("webassembly");
    const expected = await runOn(compiling, scene("cancun"));
    const codes = posted(compiling.codeShare.takeUntold());
    expect(codes).to.have.length(1);
    const other = engine("auto");
    other.codeShare.accept(codes);
    const actual = await runOn(other, scene("cancun"));
    expect(differenceOf(expected, actual)).to.equal(null);
    const { compiled, entered } = other.tierCounters;
    expect({ compiled, entered }).to.deep.equal({ compiled: 0, entered: 1 });
  });

  it("is found by a code that has run here before", async () => {
    const compiling = engine("webassembly");
    await runOn(compiling, scene("cancun"));
    const other = engine("auto");
    await runOn(other, scene("cancun"));
    expect(other.tierCounters.entered).to.equal(0);
    other.codeShare.accept(posted(compiling.codeShare.takeUntold()));
    await runOn(other, scene("cancun"));
    expect(other.tierCounters.entered).to.equal(1);
  });

  it("is not taken under rules with other prices", async () => {
    const compiling = engine("webassembly");
    await runOn(compiling, scene("cancun"));
    const other = engine("auto");
    other.codeShare.accept(posted(compiling.codeShare.takeUntold()));
    await runOn(other, scene("istanbul"));
    expect(other.tierCounters.entered).to.equal(0);
  });

  it("init code is nobody else's", async () => {
    const compiling = engine("webassembly");
    await runOn(compiling, {
      ...scene("cancun"),
      transaction: transaction(SENDER, { data: LOOP, gasLimit: 200_000n }),
    });
    expect(compiling.tierCounters.entered).to.equal(1);
    expect(compiling.codeShare.takeUntold()).to.deep.equal([]);
  });

  it("is bounded: the oldest goes first", () => {
    const share = new CodeShare();
    const code = (key: string): SharedCode => ({
      key,
      // never run here
      module: {} as SharedCode["module"],
      size: 3 * 1024 * 1024,
      height: 0,
      entries: new Int32Array(0),
    });
    share.publish(code("a"));
    share.accept([code("b"), code("c")]);
    expect(["a", "b", "c"].map((key) => share.find(key)?.key ?? null)).to.deep.equal([
      null,
      "b",
      "c",
    ]);
    expect(share.takeUntold().map(({ key }) => key)).to.deep.equal(["a"]);
    expect(share.takeUntold()).to.deep.equal([]);
  });

  it("a table of entries finds what the control flow itself finds", () => {
    const { opcodeGas } = scheduleOf(forkRules(rules("cancun")));
    const flow = exploreControlFlow(new CodeAnalysis(hexToBytes(compileBench()).subarray(28)), {
      opcodeGas,
      limits: { states: 600, steps: 8_000, statesOfBlock: 16, height: 64 },
    });
    const table = new EntryTable(entriesOf(flow));
    expect(table.states).to.equal(flow.states.length);
    for (const { block, height, known } of flow.states) {
      const fitting = Array.from({ length: height }, (_, place) => known.get(place) ?? 0n);
      const other = fitting.map((word) => word + 1n);
      for (const stack of [fitting, other, [...fitting, 0n]]) {
        const found = table.find(block.pc, stack, stack.length);
        expect(found).to.equal(findState(flow, block.pc, stack, stack.length));
      }
    }
  });
});
