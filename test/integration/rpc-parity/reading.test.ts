/** Calls, estimates, fee history, traces, filters, subscriptions and signatures, as on the stock network. */
import { expect } from "chai";
import { deployCode, PROGRAMS } from "../../helpers/bytecode";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const GAS = "0x30d40";
const word = (value: number): string => value.toString(16).padStart(64, "0");

describe("calls and estimates", () => {
  let pair: Pair;
  let reader: string;
  let hungry: string;

  before(async () => {
    pair = await Pair.start();
    reader = await deploy(pair, PROGRAMS.reader);
    hungry = await deploy(pair, PROGRAMS.gasHungry);
  });

  after(() => pair.close());

  it("overrides change what a call sees, and nothing else", async () => {
    const call = { from: A, to: reader, data: `0x${word(5)}` };
    for (const overrides of [
      { state: { [`0x${word(5)}`]: `0x${word(9)}` } },
      { stateDiff: { [`0x${word(5)}`]: `0x${word(9)}` } },
      { state: {} },
      { code: `0x${PROGRAMS.environment}`, balance: "0x1234" },
      { code: "0x" },
    ]) {
      await pair.ask("eth_call", call, "latest", { [reader]: overrides });
      await pair.ask("eth_call", call, "pending", { [reader]: overrides });
    }
    await pair.ask("eth_call", call);
    await pair.ask("eth_call", { from: A, to: B, value: `0x${"f".repeat(24)}` });
    await pair.ask("eth_call", { data: deployCode(PROGRAMS.stop) });
    await pair.refuse("eth_call", { to: B, gas: "0x1000001" });
    await pair.refuse("eth_call", { to: B, gas: "0x5300", data: `0x${"11".repeat(30)}` });
    await pair.compare("eth_call", { from: A, to: B, gasPrice: "0x1" });
  });

  it("estimates are bisected where a contract asks for more gas than it uses", async () => {
    // Stock's bisection starts beyond the transaction gas cap and so refuses.
    await pair.compare("eth_estimateGas", { from: A, to: hungry });
    await pair.compare("eth_estimateGas", { from: A, to: hungry, gas: "0x80000" });
    await pair.refuse("eth_estimateGas", { from: A, to: hungry, gas: "0x10000" });
    await pair.ask("eth_estimateGas", { from: A, data: deployCode(PROGRAMS.counter) });
    await pair.ask("eth_estimateGas", { from: A, to: B, value: "0x1" });
    await pair.ask("eth_estimateGas", { from: A, to: B, data: `0x${"11".repeat(100)}` });
    await pair.compare("eth_estimateGas", { from: A, to: B, value: `0x${"f".repeat(24)}` });
    await pair.ask("eth_estimateGas", { from: A, to: reader, data: "0x" }, "latest");
    await pair.ask("eth_estimateGas", { from: A, to: reader, data: "0x" }, "0x1");
  });
});

describe("fee history", () => {
  it("shows base fees, fullness and tips", async () => {
    const pair = await Pair.start({ blockGasLimit: 200_000 });
    await pair.ask("evm_setAutomine", false);
    for (let block = 0; block < 4; block++) {
      for (const [from, tip] of [
        [A, 3],
        [B, 1],
      ] as const) {
        for (let count = 0; count <= block; count++) {
          await pair.send({
            from,
            to: B,
            gas: "0x5208",
            maxFeePerGas: "0x174876e800",
            maxPriorityFeePerGas: `0x${(tip * 1e9).toString(16)}`,
          });
        }
      }
      await pair.ask("eth_feeHistory", "0xa", "pending", [0, 25, 50, 75, 100]);
      await pair.ask("evm_mine");
      await pair.ask("eth_feeHistory", "0xa", "latest", [0, 5, 10, 20, 50, 100]);
    }
    for (const [count, newest] of [
      ["0x1", "earliest"],
      ["0x2", "0x2"],
      ["0x400", "latest"],
      ["0x1", "safe"],
    ]) {
      await pair.ask("eth_feeHistory", count, newest, [10]);
      await pair.ask("eth_feeHistory", count, newest, []);
    }
    await pair.close();
  });
});

describe("traces", () => {
  const TRACED: Readonly<Record<string, string>> = {
    storage: PROGRAMS.counter,
    reading: PROGRAMS.reader,
    reverting: PROGRAMS.revertReason,
    invalid: PROGRAMS.invalid,
    underflow: PROGRAMS.stackUnderflow,
    endless: PROGRAMS.endless,
    // SSTORE, SLOAD, MSTORE, KECCAK256, STATICCALL to the identity precompile
    everything: "600560005560005460aa600052602060002060206000602060006004 5afa50505000".replace(
      " ",
      "",
    ),
    // sends 1 wei to an account without code
    paying: `6000600060006000600173${"77".repeat(20)}5af100`,
    // CREATE of an empty contract, then CALL it with value
    creating: `${"6000600060006000f0"}${"60006000600060006001"}${"855af1"}00`,
  };

  let pair: Pair;

  before(async () => {
    pair = await Pair.start();
  });

  after(() => pair.close());

  for (const [name, program] of Object.entries(TRACED)) {
    it(name, async () => {
      const to = await deploy(pair, program);
      await pair.ask("debug_traceCall", { from: A, to, gas: "0x7530" });
      await pair.ask("debug_traceCall", { from: A, to, gas: GAS }, "latest", {
        disableMemory: true,
        disableStack: true,
        disableStorage: true,
      });
      const answer = await pair.compare("eth_sendTransaction", {
        from: A,
        to,
        gas: GAS,
        value: "0x2",
      });
      if ("result" in answer) {
        await pair.ask("debug_traceTransaction", answer.result);
      }
    });
  }

  it("creations, and blocks of several transactions", async () => {
    await pair.ask("debug_traceCall", { from: A, data: deployCode(PROGRAMS.counter) });
    await pair.ask("debug_traceCall", { from: A, data: "0x00" });
    const to = await deploy(pair, PROGRAMS.counter);
    await pair.ask("evm_setAutomine", false);
    const hashes: string[] = [];
    for (const from of [A, B, A]) {
      hashes.push(await pair.send({ from, to, gas: GAS }));
    }
    await pair.ask("evm_mine");
    for (const hash of hashes) {
      await pair.ask("debug_traceTransaction", hash);
    }
  });
});

describe("filters", () => {
  it("collect logs, blocks and pending transactions until asked", async () => {
    const pair = await Pair.start();
    const counter = await deploy(pair, PROGRAMS.counter);
    const topic = `0x${word(0xaa)}`;
    const sender = `0x${A.slice(2).padStart(64, "0")}`;
    await pair.send({ from: A, to: counter, gas: GAS });
    const filters = [
      await pair.ask("eth_newFilter", {}),
      await pair.ask("eth_newFilter", { fromBlock: "0x0", address: counter }),
      await pair.ask("eth_newFilter", { fromBlock: "0x0", toBlock: "0x3" }),
      await pair.ask("eth_newFilter", { topics: [topic, sender] }),
      await pair.ask("eth_newFilter", { topics: [null, [sender]] }),
      await pair.ask("eth_newFilter", { topics: [null, null, null] }),
      await pair.ask("eth_newFilter", { address: [B, counter], topics: [[topic, sender]] }),
      await pair.ask("eth_newBlockFilter"),
      await pair.ask("eth_newPendingTransactionFilter"),
    ];
    for (let round = 0; round < 2; round++) {
      for (const from of [A, B]) {
        await pair.send({ from, to: counter, gas: GAS });
      }
      for (const filter of filters) {
        await pair.ask("eth_getFilterChanges", filter);
        await pair.ask("eth_getFilterChanges", filter);
      }
    }
    await pair.send({ from: B, to: counter, gas: GAS });
    for (const filter of filters) {
      await pair.compare("eth_getFilterLogs", filter);
      await pair.ask("eth_uninstallFilter", filter);
      await pair.ask("eth_getFilterChanges", filter);
    }
    const head = (await pair.ask("eth_getBlockByNumber", "latest", false)) as { hash: string };
    for (const filter of [
      { fromBlock: "0x0", toBlock: "latest" },
      { blockHash: head.hash },
      { fromBlock: "0x2", toBlock: "0x3", topics: [topic] },
      { fromBlock: "earliest", topics: [[topic, sender], sender] },
      { fromBlock: "0x0", address: [A, counter] },
      { fromBlock: "0x0", address: B },
      { fromBlock: "0x0", topics: [] },
      { fromBlock: "0x0", topics: [[]] },
      { fromBlock: "pending", toBlock: "pending" },
    ]) {
      await pair.compare("eth_getLogs", filter);
    }
    await pair.close();
  });

  it("subscriptions hand events out as they happen", async () => {
    const pair = await Pair.start();
    const counter = await deploy(pair, PROGRAMS.counter);
    const seen = { stock: new Map<string, unknown[]>(), ours: new Map<string, unknown[]>() };
    for (const [name, network] of [
      ["stock", pair.stock],
      ["ours", pair.ours],
    ] as const) {
      for (const event of ["notification", "message"]) {
        network.on(event, (payload: object) => {
          // The order between subscriptions of one block is not determined in stock.
          const key = `${event} ${JSON.stringify(payload).match(/"subscription":"(0x\w+)"/)?.[1]}`;
          const list = seen[name].get(key) ?? [];
          seen[name].set(key, [...list, JSON.stringify(payload)]);
        });
      }
    }
    const ids = [
      await pair.ask("eth_subscribe", "newHeads"),
      await pair.ask("eth_subscribe", "logs", { address: counter }),
      await pair.ask("eth_subscribe", "logs", { address: A }),
      await pair.ask("eth_subscribe", "newPendingTransactions"),
    ];
    await pair.send({ from: A, to: counter, gas: GAS });
    await pair.ask("evm_setAutomine", false);
    await pair.send({ from: A, to: counter, gas: GAS });
    await pair.send({ from: B, to: counter, gas: GAS });
    await pair.ask("evm_mine");
    await pair.ask("hardhat_mine", "0x2");
    for (const id of ids) {
      await pair.ask("eth_uninstallFilter", id);
      await pair.ask("eth_unsubscribe", id);
    }
    await pair.ask("evm_mine");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sorted = (events: Map<string, unknown[]>) =>
      [...events].sort(([first], [second]) => first.localeCompare(second));
    expect(seen.stock.size).to.equal(6);
    expect(sorted(seen.ours)).to.deep.equal(sorted(seen.stock));
    await pair.close();
  });
});

describe("typed data", () => {
  const types = {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    Person: [
      { name: "name", type: "string" },
      { name: "wallets", type: "address[]" },
      { name: "age", type: "int8" },
      { name: "tag", type: "bytes4" },
      { name: "blob", type: "bytes" },
      { name: "ok", type: "bool" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person[2]" },
      { name: "amount", type: "uint256" },
    ],
  };
  const domain = { name: "x", chainId: 31337, verifyingContract: A };
  const person = { name: "a", wallets: [A, B], age: -3, tag: "0x12345678", blob: "0x12", ok: true };
  const message = { from: person, to: [person, person], amount: "5" };
  const mail = { types, primaryType: "Mail", domain, message };

  const CASES: Readonly<Record<string, unknown>> = {
    "an object": mail,
    "the JSON text of an object": JSON.stringify(mail),
    "numbers as numbers, decimal and hex": { ...mail, message: { ...message, amount: 7 } },
    "hex numbers": { ...mail, message: { ...message, amount: "0x10" } },
    "fields that no type names": { ...mail, message: { ...message, extra: 1 } },
    "booleans as text": { ...mail, message: { ...message, from: { ...person, ok: "true" } } },
    "a domain alone": { ...mail, primaryType: "EIP712Domain", message: {} },
    "an unknown primary type": { ...mail, primaryType: "Nope" },
  };

  for (const [name, data] of Object.entries(CASES)) {
    it(name, async () => {
      const pair = await Pair.start();
      await pair.compare("eth_signTypedData_v4", A, data);
      await pair.compare("eth_signTypedData_v4", `0x${"00".repeat(19)}aa`, data);
      await pair.close();
    });
  }
});

describe("facts about the network", () => {
  it("are the stock network's", async () => {
    const pair = await Pair.start();
    for (const method of [
      "eth_accounts",
      "eth_coinbase",
      "eth_chainId",
      "eth_syncing",
      "net_version",
      "web3_clientVersion",
      "hardhat_metadata",
      "eth_gasPrice",
      "eth_maxPriorityFeePerGas",
      "eth_blobBaseFee",
      "eth_blockNumber",
    ]) {
      await pair.ask(method);
    }
    await pair.close();
  });

  it("parameters must be a list", async () => {
    const pair = await Pair.start();
    for (const network of [pair.stock, pair.ours]) {
      for (const params of [{ a: 1 }, null]) {
        const error = await network
          // Callers without types can send anything.
          .request({ method: "eth_accounts", params: params as unknown as unknown[] })
          .then(
            () => null,
            (reason: { message: string; code: number; name: string }) => reason,
          );
        expect(error?.message).to.equal(
          "Hardhat Network doesn't support JSON-RPC params sent as an object",
        );
        expect(error?.code).to.equal(-32000);
        expect(error?.name).to.equal("InvalidInputError");
      }
    }
    await pair.close();
  });
});
