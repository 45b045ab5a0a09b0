/** Logs, filters and subscriptions, as on the stock network. */
import { expect } from "chai";
import { PROGRAMS } from "../../helpers/bytecode";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const GAS = "0x30d40";
const word = (value: number): string => value.toString(16).padStart(64, "0");

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
