/** A remote that is slow, limits the rate, answers nonsense or goes away: what the user is told, and after. */
import type { ServerResponse } from "node:http";
import { expect } from "chai";
import { ERRORS } from "../../../src/errors/catalogue";
import type { ParallelNetwork } from "../../../src/network";
import { startForked } from "../../helpers/remote/forked-pair";
import { type PopulatedRemote, populatedRemote } from "../../helpers/remote/populated-remote";
import { type Fault, RemoteProxy } from "../../helpers/remote/slow-proxy";

const TRANSPORT = { attempts: 3, pause: 1, timeout: 2_000 };
const STRANGER = "0x00000000000000000000000000000000000000ab";

function answer(response: ServerResponse, status: number, body: string, headers = {}): true {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
  return true;
}

describe("a faulty remote", () => {
  let remote: PopulatedRemote;
  let proxy: RemoteProxy;
  let network: ParallelNetwork;

  const ask = (method: string, ...params: unknown[]) => network.request({ method, params });

  before(async () => {
    remote = await populatedRemote(10);
    proxy = await RemoteProxy.start(remote.anvil.url);
  });

  beforeEach(async () => {
    proxy.fault = () => false;
    network = await startForked({ url: proxy.url, transport: TRANSPORT });
    proxy.forget();
  });

  afterEach(() => network.close());

  after(async () => {
    await proxy.stop();
    await remote.anvil.stop();
  });

  /** The message of a refused request, which must name no more of the URL than its host. */
  async function refused(method: string, ...params: unknown[]): Promise<string> {
    try {
      await ask(method, ...params);
    } catch (error) {
      const { message, code } = error as Error & { code: unknown }; // the network throws errors
      expect(code).to.equal(-32000);
      expect(message).to.include(new URL(proxy.url).host);
      expect(message).not.to.include("http://");
      return message;
    }
    throw new Error(`${method} was answered`);
  }

  /** Faults for the first requests only. */
  function faults(times: number, fault: Fault): void {
    let left = times;
    proxy.fault = (calls, response) => left-- > 0 && fault(calls, response);
  }

  it("that fails now and then is asked again", async () => {
    faults(2, (_, response) => answer(response, 503, "busy"));
    expect(await ask("eth_getBalance", STRANGER)).to.equal("0x0");
    expect(proxy.requests).to.have.length(3);
  });

  it("that limits the rate is given the time it asks for", async () => {
    faults(1, (_, response) => answer(response, 429, "slow down", { "retry-after": "1" }));
    const started = performance.now();
    expect(await ask("eth_getBalance", STRANGER)).to.equal("0x0");
    expect(performance.now() - started).to.be.greaterThan(900);
    faults(1, ([call], response) => {
      const error = { code: -32005, message: "daily request count exceeded" };
      return answer(response, 200, JSON.stringify([{ jsonrpc: "2.0", id: call?.id, error }]));
    });
    expect(await ask("eth_getBalance", remote.accounts[9])).to.match(/^0x/);
  });

  for (const [what, error, fault] of [
    [
      "limits the rate for good",
      ERRORS.FORK_RATE_LIMITED,
      (_, response) => answer(response, 429, "no"),
    ],
    ["is broken", ERRORS.FORK_HTTP_STATUS, (_, response) => answer(response, 500, "broken")],
    [
      "refuses the key",
      ERRORS.FORK_HTTP_STATUS,
      (_, response) => answer(response, 401, "who are you?"),
    ],
    [
      "is no JSON-RPC node",
      ERRORS.FORK_NOT_JSON_RPC,
      (_, response) => answer(response, 200, "<html>Welcome</html>"),
    ],
    [
      "answers other questions",
      ERRORS.FORK_NOT_JSON_RPC,
      (calls, response) =>
        answer(
          response,
          200,
          JSON.stringify(calls.map(() => ({ jsonrpc: "2.0", id: -1, result: "0x0" }))),
        ),
    ],
    [
      "answers something else than a number",
      ERRORS.FORK_INVALID_ANSWER,
      (calls, response) =>
        answer(
          response,
          200,
          JSON.stringify(calls.map(({ id }) => ({ jsonrpc: "2.0", id, result: { a: 1 } }))),
        ),
    ],
    [
      "has pruned the state",
      ERRORS.FORK_STATE_PRUNED,
      (calls, response) => {
        const error = { code: -32000, message: "missing trie node 1234 (path )" };
        return answer(
          response,
          200,
          JSON.stringify(calls.map(({ id }) => ({ jsonrpc: "2.0", id, error }))),
        );
      },
    ],
    [
      "refuses a method",
      ERRORS.FORK_REFUSED,
      (calls, response) => {
        const error = { code: -32601, message: "method not found" };
        return answer(
          response,
          200,
          JSON.stringify(calls.map(({ id }) => ({ jsonrpc: "2.0", id, error }))),
        );
      },
    ],
    [
      "goes away",
      ERRORS.FORK_UNREACHABLE,
      (_, response) => {
        response.destroy();
        return true;
      },
    ],
    [
      "does not answer in time",
      ERRORS.FORK_UNREACHABLE,
      () => new Promise<true>((resolve) => setTimeout(() => resolve(true), 2_500)),
    ],
  ] as readonly (readonly [string, { readonly code: string }, Fault])[]) {
    it(`that ${what} is told as ${error.code}; a block is not half mined, and it goes on afterwards`, async () => {
      const [from] = remote.accounts;
      const block = await ask("eth_getBlockByNumber", "latest", false);
      proxy.fault = fault;
      expect(await refused("eth_getBalance", STRANGER)).to.include(error.code);
      if (what !== "does not answer in time") {
        const call = { from, to: remote.counter, gas: "0x186a0" };
        expect(await refused("eth_sendTransaction", call)).to.include(error.code);
        expect(await refused("eth_call", { from, to: STRANGER }, "pending")).to.include(error.code);
        expect(await refused("hardhat_setBalance", STRANGER, "0x5")).to.include(error.code);
        const reset = ask("hardhat_reset", { forking: { jsonRpcUrl: proxy.url } });
        expect(String(await reset.catch((failure: unknown) => failure))).to.include(error.code);
      }
      expect(await ask("eth_getBlockByNumber", "latest", false)).to.deep.equal(block);
      expect(await ask("eth_pendingTransactions")).to.deep.equal([]);
      proxy.fault = () => false;
      expect(await ask("eth_getBalance", STRANGER)).to.equal("0x0");
      await ask("eth_sendTransaction", { from, to: remote.counter, gas: "0x186a0" });
      expect(await ask("eth_getStorageAt", remote.counter, "0x0")).to.match(/3$/);
    });
  }

  it("that takes no batches is asked call by call", async () => {
    proxy.fault = (calls, response) =>
      calls.length > 1 &&
      answer(response, 200, JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32600 } }));
    expect(await ask("eth_getBalance", STRANGER)).to.equal("0x0");
    expect(await ask("eth_getBalance", remote.accounts[8])).to.match(/^0x/);
  });

  it("is not asked at all by a network that does not fork", async () => {
    await ask("hardhat_reset", {});
    proxy.forget();
    await ask("evm_mine");
    await ask("eth_getBalance", STRANGER);
    await ask("eth_getTransactionByHash", `0x${"12".repeat(32)}`);
    expect(proxy.requests).to.deep.equal([]);
  });
});
