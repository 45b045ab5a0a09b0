/** A message that is not traced pays nothing for traces: no frame, access or preimage is told, kept or copied. */
import { expect } from "chai";
import type { Engine } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createFastEngine, type FastEngine } from "../../src/execution/engine/fast/fast-engine";
import { EMPTY_TRACE } from "../../src/execution/frame-trace";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { assemble } from "../helpers/assembler";
import { runOn, type Scene } from "../helpers/engine-pair";
import { environment, transaction } from "../helpers/environment";
import { MapState } from "../helpers/map-state";
import {
  CODE,
  CONTRACT,
  callsIn,
  HASHED,
  INNER,
  INNER_CODE,
  SENDER,
  tracingWorkIn,
} from "../helpers/tracing-work";

/** of opcodes that are there from the beginning */
const OLD_CODE = assemble(`0x0 0x0 0x0 0x0 0x0 ${INNER} 0x7530 CALL STOP`);

function scene(trace: boolean, hardfork = "cancun", code = CODE): Scene {
  return {
    state: new MapState({
      [SENDER]: { balance: 10n ** 18n },
      [CONTRACT]: { nonce: 1n, code },
      [INNER]: { nonce: 1n, code: INNER_CODE },
    }),
    transaction: transaction(SENDER, { to: CONTRACT }),
    environment: environment(hardfork),
    trace,
  };
}

const reference = new EthereumjsEngine();
const ENGINES: Readonly<Record<string, () => Engine | FastEngine>> = {
  "@ethereumjs/evm": () => reference,
  interpreter: () => createFastEngine(reference, "interpreter"),
  javascript: () => createFastEngine(reference, "javascript"),
  webassembly: () => createFastEngine(reference, "webassembly"),
};

describe("a message that is not traced", () => {
  for (const [name, create] of Object.entries(ENGINES)) {
    it(`${name}: tells a trace nothing, and its own is the one empty trace`, async () => {
      const engine = create();
      const run = async (trace: boolean): Promise<void> => {
        const execution = await runOn(engine, scene(trace));
        expect(execution.ok && execution.outcome.status).to.equal(1);
        expect(execution.ok && execution.outcome.trace === EMPTY_TRACE).to.equal(!trace);
      };
      expect(await tracingWorkIn(() => run(false))).to.deep.equal({});
      // that it would be noticed: 3 frames, 2 hashes (the same), 2 opcodes of transient storage
      expect(await tracingWorkIn(() => run(true))).to.include({
        "IncarnationView.enterFrame": 3,
        "IncarnationView.exitFrame": 3,
        "IncarnationView.recordPreimage": 2,
        "IncarnationView.recordTransient": 2,
        "FrameTrace.finish": 1,
      });
      expect(await tracingWorkIn(() => run(false)), "after one that was").to.deep.equal({});
      const entered = "tierCounters" in engine ? engine.tierCounters.entered : 0;
      expect(entered > 0, "ran compiled").to.equal(["javascript", "webassembly"].includes(name));
    });

    if (name === "@ethereumjs/evm") {
      continue; // copies what it hashes in any case
    }
    it(`${name}: what is hashed is not copied`, async () => {
      const engine = create();
      const bytes: { readonly slice: Uint8Array["slice"] } = Object.getPrototypeOf(
        Uint8Array.prototype,
      );
      const { slice } = bytes;
      let copies = 0;
      Object.assign(bytes, {
        slice(this: Uint8Array, start?: number, end?: number): Uint8Array {
          const copy = slice.call(this, start, end);
          copies += copy.length === HASHED ? 1 : 0;
          return copy;
        },
      });
      try {
        await runOn(engine, scene(false));
      } finally {
        Object.assign(bytes, { slice });
      }
      expect(copies).to.equal(0);
    });

    it(`${name}: before EIP-161 no account is asked for again to put it into frames`, async () => {
      const exists = (trace: boolean): Promise<Readonly<Record<string, number>>> =>
        callsIn(
          () => runOn(create(), scene(trace, "homestead", OLD_CODE)),
          [[IncarnationView, ["exists"]]],
        );
      const { "IncarnationView.exists": untraced = 0 } = await exists(false);
      const { "IncarnationView.exists": traced = 0 } = await exists(true);
      expect(traced - untraced, "one for each frame that runs code").to.equal(2);
    });
  }
});
