/** What a message's memory leaves to later ones is bounded, however much the message took. */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../../../src/execution/engine/fast/fast-engine";
import { Memory } from "../../../../src/execution/engine/fast/memory";
import { type Workspace, Workspaces } from "../../../../src/execution/engine/fast/workspace";
import type { Address } from "../../../../src/state/hex";
import { assemble } from "../../../helpers/assembler";
import { runOn } from "../../../helpers/engine-pair";
import { environment, transaction } from "../../../helpers/environment";
import { MapState } from "../../../helpers/map-state";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const MB = 1024 * 1024;

interface LinearMemory {
  readonly buffer: ArrayBuffer;
}
type MakeMemory = new (descriptor: object) => LinearMemory;
const namespace = (globalThis as unknown as { WebAssembly: { Memory: MakeMemory } }).WebAssembly; // as it is

/** The linear memories that are made during `body`. */
async function memoriesMadeIn(body: () => Promise<void>): Promise<readonly LinearMemory[]> {
  const { Memory: original } = namespace;
  const made: LinearMemory[] = [];
  namespace.Memory = class extends original {
    constructor(descriptor: object) {
      super(descriptor);
      made.push(this);
    }
  };
  try {
    await body();
  } finally {
    namespace.Memory = original;
  }
  return made;
}

describe("memory that is kept between messages", () => {
  it("a frame's bytes are kept up to 64 KB", () => {
    const memory = new Memory();
    memory.expand(65_536);
    const { bytes } = memory;
    memory.clear();
    expect(memory.bytes, "kept").to.equal(bytes);
    expect(memory.bytes).to.have.length(65_536);
    memory.expand(65_536 + 32);
    memory.clear();
    expect(memory.bytes, "given back").to.have.length(0);
  });

  it("workspaces of 16 frames are kept, with what each may keep", () => {
    const workspaces = new Workspaces();
    const take = (count: number): Workspace[] =>
      Array.from({ length: count }, () => workspaces.take());
    const first = take(1024); // as deep as frames nest
    for (const workspace of first) {
      workspace.memory.expand(MB);
      workspaces.giveBack(workspace);
    }
    const second = take(1024);
    expect(second.filter((workspace) => first.includes(workspace))).to.have.length(16);
    expect(second.filter(({ memory }) => memory.bytes.length > 0)).to.have.length(0);
  });

  it("a linear memory is used for another message up to 64 MB", async () => {
    const engine = createFastEngine(new EthereumjsEngine(), "webassembly");
    const run = async (megabytes: number): Promise<void> => {
      const code = assemble(`0x1 0x${(megabytes * MB - 32).toString(16)} MSTORE STOP`);
      const execution = await runOn(engine, {
        state: new MapState({ [SENDER]: { balance: 10n ** 30n }, [CONTRACT]: { nonce: 1n, code } }),
        transaction: transaction(SENDER, { to: CONTRACT, gasLimit: 20_000_000_000n }),
        environment: environment("cancun", { gasLimit: 2n ** 53n }),
        trace: false,
      });
      expect(execution.ok && execution.outcome.status).to.equal(1);
    };
    const [first, ...more] = await memoriesMadeIn(async () => {
      await run(1);
      await run(60); // and less than 1 MB of its own beside
      await run(1);
    });
    expect(first?.buffer.byteLength).to.be.within(60 * MB, 64 * MB);
    expect(more, "the same one").to.deep.equal([]);
    const [fresh, ...others] = await memoriesMadeIn(async () => {
      await run(66);
      await run(1);
      await run(1);
    });
    expect(fresh?.buffer.byteLength).to.be.within(1, 4 * MB);
    expect(others, "once").to.deep.equal([]);
    expect(engine.tierCounters.entered, "all of it ran in WebAssembly").to.equal(6);
    expect([...engine.tierCounters.fallen]).to.deep.equal([]);
  });
});
