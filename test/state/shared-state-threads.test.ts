/** The store read from other threads: no message carries state, only the handle and what to read. */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import type { Address } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { Write } from "../../src/state/write-set";
import { TYPESCRIPT_HOOK } from "../helpers/typescript-hook";
import type { ReadReply, ReadRequest } from "./shared-reader-worker";

const TOKEN: Address = "0x70ce000000000000000000000000000000000003";
const noCodes = new Map();

describe("shared state store in worker threads", () => {
  let workers: Worker[] = [];

  beforeEach(() => {
    workers = [0, 1].map(
      () =>
        new Worker(join(__dirname, "shared-reader-worker.ts"), {
          execArgv: ["--require", TYPESCRIPT_HOOK],
        }),
    );
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  async function ask(request: ReadRequest): Promise<ReadReply[]> {
    return Promise.all(
      workers.map(async (worker) => {
        worker.postMessage(request);
        const [reply] = await once(worker, "message");
        return reply;
      }),
    );
  }

  it("two workers see each commit, keep reading over growth, and go on with the new handle", async () => {
    const store = createSharedStateStore();
    store.setCode(TOKEN, new Uint8Array(300).fill(1));
    store.apply({
      writes: [
        { kind: "balance", address: TOKEN, delta: 1n },
        { kind: "storage", address: TOKEN, slot: 0n, value: 5n },
      ],
      codes: noCodes,
    });
    const read = { address: TOKEN, slots: 4_000 };
    const both = (reply: ReadReply) => [reply, reply];

    const handle = store.share();
    expect(await ask({ ...read, handle })).to.deep.equal(
      both({ balance: 1n, codeLength: 300, sum: 5n }),
    );

    // a commit that fits: seen through the handle that the workers have
    store.apply({
      writes: [
        { kind: "balance", address: TOKEN, delta: 1n },
        { kind: "storage", address: TOKEN, slot: 1n, value: 6n },
      ],
      codes: noCodes,
    });
    expect(store.share()).to.equal(handle);
    expect(await ask(read)).to.deep.equal(both({ balance: 2n, codeLength: 300, sum: 11n }));

    // a commit that makes the store grow: the old handle keeps the commit before it
    const writes: Write[] = [{ kind: "balance", address: TOKEN, delta: 1n }];
    for (let slot = 0n; slot < 4_000n; slot++) {
      writes.push({ kind: "storage", address: TOKEN, slot, value: 1n });
    }
    const mark = store.mark();
    store.apply({ writes, codes: noCodes });
    expect(store.share().generation).to.be.above(handle.generation);
    expect(await ask(read)).to.deep.equal(both({ balance: 2n, codeLength: 300, sum: 11n }));
    expect(await ask({ ...read, handle: store.share() })).to.deep.equal(
      both({ balance: 3n, codeLength: 300, sum: 4_000n }),
    );

    // and a revert is seen like any change
    store.revertTo(mark);
    expect(await ask(read)).to.deep.equal(both({ balance: 2n, codeLength: 300, sum: 11n }));
  });
});
