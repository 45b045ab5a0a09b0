import { expect } from "chai";
import { CodeShare, type SharedCode } from "../../src/execution/engine/fast/wasm/code-share";
import { CodeExchange, CodeReceiver } from "../../src/worker/code-exchange";

function code(key: string): SharedCode {
  return {
    key,
    // never run here
    module: {} as SharedCode["module"],
    size: 1,
    height: 0,
    entries: new Int32Array(0),
  };
}

/** A pool with threads of these ids, without threads. */
function exchange(...ids: number[]) {
  const own = new CodeShare();
  const pool = new CodeExchange(own);
  const threads = ids.map((id) => {
    const share = new CodeShare();
    return { share, receiver: new CodeReceiver(share, id) };
  });
  return {
    own,
    pool,
    threads,
    /** Each thread gets a task and ends it. */
    block(): number[] {
      const delivery = pool.delivery(ids);
      for (const { receiver } of threads) {
        receiver.accept(delivery);
      }
      for (const { receiver } of threads) {
        pool.take(receiver.report());
      }
      return [delivery.first, delivery.codes.length];
    },
  };
}

describe("exchange of compiled code", () => {
  it("what a thread compiles reaches the others and the calling thread, once", () => {
    const { own, threads, block } = exchange(1, 2);
    threads[0]?.share.publish(code("a"));
    expect(block()).to.deep.equal([0, 0]);
    expect(own.find("a")?.key).to.equal("a");
    expect(block()).to.deep.equal([0, 1]);
    expect(threads[1]?.share.find("a")?.key).to.equal("a");
    expect(block(), "nothing is sent again").to.deep.equal([1, 0]);
  });

  it("what the calling thread compiles reaches the threads", () => {
    const { own, threads, block } = exchange(1, 2);
    own.publish(code("a"));
    expect(block()).to.deep.equal([0, 1]);
    expect(threads.map(({ share }) => share.find("a")?.key)).to.deep.equal(["a", "a"]);
  });

  it("a code that two threads compile is kept once", () => {
    const { threads, block } = exchange(1, 2);
    for (const { share } of threads) {
      share.publish(code("a"));
    }
    block();
    expect(block()).to.deep.equal([0, 1]);
  });

  it("a thread that starts later gets all that is kept", () => {
    const { own, pool, block } = exchange(1);
    own.publish(code("a"));
    block();
    own.publish(code("b"));
    expect(pool.delivery([1]).codes.map(({ key }) => key)).to.deep.equal(["b"]);
    expect(pool.delivery([1, 7]).codes.map(({ key }) => key)).to.deep.equal(["a", "b"]);
    pool.forgetThreads();
    expect(pool.delivery([1]).codes.map(({ key }) => key)).to.deep.equal(["a", "b"]);
  });

  it("of many codes the latest are kept", () => {
    const { own, pool } = exchange(1);
    for (let i = 0; i < 200; i++) {
      own.publish(code(`${i}`));
    }
    const { first, codes } = pool.delivery([1]);
    expect([first, codes[0]?.key, codes.length]).to.deep.equal([136, "136", 64]);
  });
});
