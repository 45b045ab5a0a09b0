/** How much of a remote the client asks for at a time. */
import { expect } from "chai";
import {
  BATCH_SIZE,
  JsonRpcClient,
  PARALLEL_REQUESTS,
  type RemoteCall,
} from "../../../src/chain/fork/json-rpc-client";
import { PatientRemote } from "../../helpers/remote/empty-remote";
import { RemoteProxy } from "../../helpers/remote/slow-proxy";

const REQUESTS = 20;

describe("JsonRpcClient.batch", () => {
  let proxy: RemoteProxy;

  before(async () => {
    proxy = await RemoteProxy.start("no node");
  });

  after(() => proxy.stop());

  it("has at most 8 HTTP requests open, and as many if there is so much to ask", async () => {
    const remote = new PatientRemote();
    proxy.fault = remote.fault;
    const calls = Array.from(
      { length: REQUESTS * BATCH_SIZE },
      (): RemoteCall => ({ method: "eth_blockNumber", params: [] }),
    );
    const results = await new JsonRpcClient({ url: proxy.url }).batch(calls);
    expect(results).to.have.length(calls.length);
    expect(proxy.requests).to.have.length(REQUESTS);
    expect(PARALLEL_REQUESTS).to.equal(8);
    expect(remote.largest).to.equal(PARALLEL_REQUESTS);
  });
});
