/** Whoever observes a message that runs on two engines is told of it once. */
import { expect } from "chai";
import { createFastEngine } from "../../../src/execution/engine/fast/fast-engine";
import { createVerifyingEngine } from "../../../src/execution/engine/verifying-engine";
import { ListRecorder } from "../../../src/execution/list-operations";
import { assemble } from "../../helpers/assembler";
import { CONTRACT, reference, run, stateOf, viewOf } from "../../helpers/verified-message";

const CONSOLE = "0x000000000000000000636f6e736f6c652e6c6f67";
/** Tells the console 4 bytes, hashes, stores, logs. */
const CODE = assemble(
  `0x0 0x0 0x4 0x0 0x0 ${CONSOLE} GAS CALL 0x20 0x0 KECCAK256 SSTORE 0x7 0x8 TSTORE 0x0 0x0 LOG0 STOP`,
);

/** Two messages in turn, so that each engine runs first once. */
async function turns(body: (verifying: ReturnType<typeof createVerifyingEngine>) => Promise<void>) {
  const verifying = createVerifyingEngine(createFastEngine(reference), reference);
  await body(verifying);
  await body(verifying);
}

describe("hooks of a verifying engine", () => {
  it("a line for the console is told once", async () => {
    await turns(async (verifying) => {
      const lines: number[] = [];
      await run(verifying, viewOf(stateOf(CODE)), {
        onConsoleLog: ({ length }) => lines.push(length),
      });
      expect(lines).to.deep.equal([4]);
    });
  });

  it("an opcode is told once", async () => {
    await turns(async (verifying) => {
      const opcodes: string[] = [];
      await run(verifying, viewOf(stateOf(CODE)), {
        onStep: ({ opcodeName }) => opcodes.push(opcodeName),
      });
      expect(opcodes.filter((name) => !name.startsWith("PUSH"))).to.deep.equal([
        "GAS",
        "CALL",
        "KECCAK256",
        "SSTORE",
        "TSTORE",
        "LOG0",
        "STOP",
      ]);
    });
  });

  it("a frame and its log are told once", async () => {
    await turns(async (verifying) => {
      const told: string[] = [];
      await run(verifying, viewOf(stateOf(CODE)), {
        frames: {
          enter: ({ kind, to }) => told.push(`${kind} ${to}`),
          exit: () => told.push("exit"),
          log: () => told.push("log"),
        },
      });
      expect(told).to.deep.equal([`call ${CONTRACT}`, `call ${CONSOLE}`, "exit", "log", "exit"]);
    });
  });

  it("the operations of the block's access list are those of one run", async () => {
    await turns(async (verifying) => {
      const [alone, twice] = [new ListRecorder(), new ListRecorder()];
      await run(reference, viewOf(stateOf(CODE)), { listRecorder: alone }, "amsterdam");
      await run(verifying, viewOf(stateOf(CODE)), { listRecorder: twice }, "amsterdam");
      expect(twice.operations).not.to.deep.equal([]);
      expect(twice.operations).to.deep.equal(alone.operations);
    });
  });

  it("the trace of the view is that of one run", async () => {
    await turns(async (verifying) => {
      const [alone, twice] = [viewOf(stateOf(CODE), true), viewOf(stateOf(CODE), true)];
      await run(reference, alone);
      await run(verifying, twice);
      const trace = twice.trace();
      expect(trace).to.deep.equal(alone.trace());
      const { frames, preimages, transient } = trace;
      expect([frames.length, preimages.length, transient.length]).to.deep.equal([2, 1, 1]);
    });
  });
});
