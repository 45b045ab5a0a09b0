/** What is fetched ahead of a remote's state: how much at a time, and for how long after it failed. */
import { expect } from "chai";
import {
  BATCH_SIZE,
  JsonRpcClient,
  PARALLEL_REQUESTS,
} from "../../../src/chain/fork/json-rpc-client";
import { RemoteState } from "../../../src/chain/fork/remote-state";
import { isParallelError } from "../../../src/errors/base-error";
import { ERRORS } from "../../../src/errors/catalogue";
import type { Address } from "../../../src/state/hex";
import type { SourceKeys } from "../../../src/state/state-source";
import { answerEmpty, PatientRemote } from "../../helpers/remote/empty-remote";
import { type ProxiedCall, RemoteProxy } from "../../helpers/remote/slow-proxy";

const ADDRESS: Address = `0x${"11".repeat(20)}`;
const BLOCK = { number: 1n, hash: `0x${"22".repeat(32)}` } as const;
/** More HTTP requests than leave at a time. */
const PARTS = 12;

function slots(first: number, count: number): SourceKeys {
  return {
    accounts: [],
    slots: Array.from({ length: count }, (_, i) => ({ address: ADDRESS, slot: BigInt(first + i) })),
  };
}

/** The first slot of an HTTP request: what it is known by here. */
function firstSlot(calls: readonly ProxiedCall[]): number {
  return Number(calls[0]?.params[1]);
}

describe("RemoteState.prefetch", () => {
  let proxy: RemoteProxy;
  let state: RemoteState;

  before(async () => {
    proxy = await RemoteProxy.start("no node");
  });

  beforeEach(() => {
    proxy.forget();
    const client = new JsonRpcClient({ url: proxy.url, attempts: 1 });
    state = new RemoteState(client, null, BLOCK);
  });

  after(() => proxy.stop());

  /** Resolves when so many parts of the keys have come. */
  function ahead(keys: SourceKeys, parts: number): Promise<void> {
    let left = parts;
    return new Promise((resolve) => {
      state.prefetch(keys, () => {
        left--;
        if (left === 0) {
          resolve();
        }
      });
    });
  }

  it("has at most 8 HTTP requests open", async () => {
    const remote = new PatientRemote();
    proxy.fault = remote.fault;
    await ahead(slots(0, PARTS * BATCH_SIZE), PARTS);
    expect(proxy.requests).to.have.length(PARTS);
    expect(remote.largest).to.equal(PARALLEL_REQUESTS);
  }).timeout(10_000);

  it("asks for nothing after a failure, nor for what waited, until something needed has come", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    proxy.fault = async (calls, response) => {
      if (firstSlot(calls) !== 0) {
        await released;
        return answerEmpty(calls, response);
      }
      response.writeHead(500);
      response.end("broken");
      return true;
    };
    const others = ahead(slots(0, PARTS * BATCH_SIZE), PARALLEL_REQUESTS - 1);
    // Waits for the guess, which fails, and asks itself, which fails too: that makes nothing well.
    const failure = await state.fetch(slots(0, 1)).catch((error: unknown) => error);
    expect(isParallelError(failure, ERRORS.FORK_HTTP_STATUS)).to.equal(true);
    state.prefetch(slots(100_000, 1), () => undefined);
    release();
    await others;
    await state.fetch(slots(200_000, 1));
    await ahead(slots(300_000, 1), 1);
    const sent = Array.from({ length: PARALLEL_REQUESTS }, (_, part) => part * BATCH_SIZE);
    expect(proxy.requests.map(firstSlot)).to.have.members([...sent, 0, 200_000, 300_000]);
  }).timeout(10_000);
});
