/**
 * `hardhat node` over real sockets: the stock network's process and ours, sent the same bytes.
 *
 * Compared are answers that do not tell the time, for the two processes have clocks of their own.
 */
import { expect } from "chai";
import { type Message, NodeProcess } from "./node-process";

const [A, B] = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
];
const LOOP = `0x${"c1".repeat(20)}`;
/** Transactions of 16 million gas each in the long block. */
const LOOPS = 40;

const request = (id: number, method: string, ...params: unknown[]) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

describe("hardhat node over sockets, beside stock's", function () {
  this.timeout(60_000);
  let stock: NodeProcess;
  let ours: NodeProcess;

  before(async () => {
    [stock, ours] = await Promise.all([
      NodeProcess.start({ PARALLEL: "0" }),
      NodeProcess.start({}),
    ]);
    expect(await stock.call("web3_clientVersion")).not.to.include("hardhat-parallel");
    expect(await ours.call("web3_clientVersion")).to.include("hardhat-parallel");
  });

  after(() => {
    stock?.stop();
    ours?.stop();
  });

  /** What both answer, one after the other. */
  async function alike<T>(ask: (node: NodeProcess) => Promise<T>): Promise<T> {
    const [theirs, own] = [await ask(stock), await ask(ours)];
    expect(own).to.deep.equal(theirs);
    return own;
  }

  // Stock's process ends at two things, which only ours is sent: `null`, alone or in a batch, and a
  // WebSocket message beyond 100 MiB.
  const BODIES: Readonly<Record<string, string>> = {
    "malformed JSON": '{"jsonrpc":"2.0","id":1,',
    "an empty body": "",
    "an empty batch": "[]",
    "a number": "7",
    "a batch of things that are no requests": '[1,{},[],"x",true]',
    "params as object": '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{"a":1}}',
    "no params": '{"jsonrpc":"2.0","id":"x","method":"eth_chainId"}',
    "no id": '{"jsonrpc":"2.0","method":"eth_chainId"}',
    "no version": '{"id":1,"method":"eth_chainId"}',
    "an unknown method": '{"jsonrpc":"2.0","id":1,"method":"eth_nothing","params":[]}',
    "a batch with a failure in it": JSON.stringify([
      request(3, "eth_chainId"),
      request(1, "eth_getBalance", "0x12"),
      request(2, "eth_getBalance", A, "latest"),
    ]),
    "a megabyte that is no JSON": "[".repeat(1_000_000),
    "4 MB of parameter": JSON.stringify(request(1, "web3_sha3", `0x${"ab".repeat(2_000_000)}`)),
  };

  for (const [name, body] of Object.entries(BODIES)) {
    it(`${name}, over HTTP and over WebSocket`, async () => {
      await alike((node) => node.post(body));
      await alike(async (node) => {
        const connection = await node.connect();
        connection.send(body);
        const received = await connection.until(() => connection.received.length > 0);
        connection.close();
        return { received, closed: connection.closed };
      });
    });
  }

  it("a batch of 5000 is answered in its order", async () => {
    const batch = Array.from({ length: 5_000 }, (_, id) => request(id, "eth_chainId"));
    const { body } = await alike((node) => node.post(JSON.stringify(batch)));
    expect((body as Message[]).map(({ id }) => id)).to.deep.equal(batch.map(({ id }) => id));
  });

  it("many clients at once: every answer is its asker's", async () => {
    const CLIENTS = 40;
    await alike(async (node) => {
      const connections = await Promise.all(Array.from({ length: CLIENTS }, () => node.connect()));
      const answers = await Promise.all([
        ...connections.map(async (connection, client) => {
          for (let index = 0; index < 5; index++) {
            connection.send(request(client * 5 + index, "web3_sha3", `0x${client}${index}`));
          }
          const received = await connection.until(() => connection.received.length === 5);
          return [...received].sort((a, b) => Number(a.id) - Number(b.id));
        }),
        ...connections.map((_, client) =>
          node.post(JSON.stringify([request(client, "web3_sha3", `0x${client}7`)])),
        ),
      ]);
      for (const connection of connections) {
        connection.close();
      }
      return answers;
    });
  });

  it("many senders at once: every transaction is mined once, in a block of its own", async () => {
    const SENDS = 30;
    const numbers = await alike(async (node) => {
      const before = Number(await node.call("eth_blockNumber"));
      const hashes = await Promise.all(
        Array.from({ length: SENDS }, () =>
          node.call("eth_sendTransaction", { from: A, to: B, value: "0x1", gas: "0x5208" }),
        ),
      );
      expect(new Set(hashes).size).to.equal(SENDS);
      const receipts = await Promise.all(
        hashes.map((hash) => node.call("eth_getTransactionReceipt", hash)),
      );
      return receipts
        .map((receipt) => Number((receipt as { blockNumber: string }).blockNumber) - before)
        .sort((a, b) => a - b);
    });
    expect(numbers).to.deep.equal(Array.from({ length: SENDS }, (_, index) => index + 1));
  });

  it("subscriptions are told of every block in order, and end with their connection", async () => {
    const [subscription] = await alike(async (node) => {
      const before = Number(await node.call("eth_blockNumber"));
      const [one, other] = [await node.connect(), await node.connect()];
      one.send(request(1, "eth_subscribe", "newHeads"));
      await one.until(() => one.received.length === 1);
      await Promise.all(Array.from({ length: 20 }, () => node.call("evm_mine")));
      await one.until(() => one.received.length === 21);
      const id = one.received[0]?.result;
      const heads = one.received.slice(1).map(({ method, params }) => {
        const head = params?.result as { number: string } | undefined; // a block has it
        return [method, params?.subscription === id, Number(head?.number) - before];
      });
      one.close();
      // nobody else is told
      other.send(request(2, "eth_chainId"));
      await other.until(() => other.received.length > 0);
      other.close();
      expect(other.received.map(({ id: answered }) => answered)).to.deep.equal([2]);
      await one.until(() => false);
      return [id, heads];
    });
    expect(subscription).to.match(/^0x/);
  });

  // Ours alone: the stock network works on what one client sent at once in any order.
  it("a long block delays what was asked after it until it is mined, and nothing longer", async () => {
    await ours.call("hardhat_setCode", LOOP, "0x5b600056");
    await ours.call("evm_setAutomine", false);
    await ours.call("evm_setBlockGasLimit", "0x3b9aca00");
    for (let index = 0; index < LOOPS; index++) {
      await ours.call("eth_sendTransaction", { from: B, to: LOOP, gas: "0xf42400" });
    }
    const before = Number(await ours.call("eth_blockNumber"));
    const connection = await ours.connect();
    const asked = ["evm_mine", "eth_blockNumber", "evm_mine", "eth_blockNumber"];
    asked.forEach((method, id) => {
      connection.send(request(id, method));
    });
    const received = await connection.until(() => connection.received.length === asked.length);
    connection.close();
    const answers = received.map(({ id, result }) => [id, result]);
    const number = (ahead: number): string => `0x${(before + ahead).toString(16)}`;
    expect(answers).to.deep.equal([
      [0, "0"],
      [1, number(1)],
      [2, "0"],
      [3, number(2)],
    ]);
    const mined = await ours.call("eth_getBlockTransactionCountByNumber", number(1));
    expect(mined).to.equal(`0x${LOOPS.toString(16)}`);
  });

  it("both are still there", () => {
    expect([stock.alive, ours.alive]).to.deep.equal([true, true]);
  });

  describe("what ends stock's process", () => {
    const INVALID = { code: -32600, message: "Invalid request" };

    it("null instead of a request is invalid, alone and in a batch", async () => {
      const alone = (await ours.post("null")).body as Message; // the server's form
      expect(alone.error).to.deep.include(INVALID);
      const { body } = await ours.post(`[${JSON.stringify(request(4, "eth_chainId"))}, null]`);
      const [first, second] = body as Message[]; // as above
      expect(first?.result).to.equal("0x7a69");
      expect(second?.error).to.deep.include(INVALID);
      expect(ours.alive).to.equal(true);
    });

    it("a batch of a million requests is refused, over HTTP and over a WebSocket", async () => {
      const batch = `[${Array.from({ length: 1_000_000 }, () => '{"id":1}').join()}]`;
      const pattern = /A batch of 1000000 requests, at most 100000 are taken/;
      const { body } = await ours.post(batch);
      expect((body as Message).error?.message).to.match(pattern); // the server's form
      const socket = await ours.connect();
      socket.send(batch);
      const [answer] = await socket.until(() => socket.received.length > 0);
      expect(answer?.error?.message).to.match(pattern);
      socket.close();
      expect(await ours.call("eth_chainId")).to.equal("0x7a69");
    });

    it("a body beyond 128 MiB is refused, and a WebSocket message beyond 100 MiB closes its socket", async () => {
      const { body } = await ours.post("[".repeat(129 * 1024 * 1024));
      expect((body as Message).error?.message).to.match(/A body of more than 134217728 bytes/);
      const socket = await ours.connect();
      socket.send("[".repeat(101 * 1024 * 1024));
      await socket.until(() => false);
      expect(socket.closed).to.equal(1009); // RFC 6455: too big
      expect(await ours.call("eth_chainId")).to.equal("0x7a69");
    });
  });
});
