/**
 * The log of requests, line by line, colours included, as the stock network prints it. Contracts have
 * no names here on either side: there are no artifacts.
 */
import { expect } from "chai";
import { caller, deployCode, PROGRAMS } from "../../helpers/bytecode";
import { startOurs } from "../../helpers/our-network";
import { type NetworkSettings, startStock } from "../../helpers/stock-network";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const CONSOLE = "0x000000000000000000636f6e736f6c652e6c6f67";
const GAS = "0x30d40";

const {
  ConsoleLogger,
}: {
  ConsoleLogger: { getDecodedLogs(inputs: readonly Buffer[]): string[] };
} = require("hardhat/internal/hardhat-network/stack-traces/consoleLogger");

const decode = (calldata: readonly Uint8Array[]): string[] =>
  ConsoleLogger.getDecodedLogs(calldata.map((bytes) => Buffer.from(bytes)));

interface Logs {
  readonly stock: string[];
  readonly ours: string[];
}

async function start(
  settings: NetworkSettings = {},
  enabled = true,
): Promise<{ pair: Pair; logs: Logs }> {
  const logs: Logs = { stock: [], ours: [] };
  const line = (text: string, replacesLast: boolean): string =>
    replacesLast ? `(replaces) ${text}` : text;
  const stock = await startStock(settings, {
    enabled,
    printLineFn: (text) => logs.stock.push(line(text, false)),
    replaceLastLineFn: (text) => logs.stock.push(line(text, true)),
  });
  const ours = await startOurs(settings, {
    loggingEnabled: enabled,
    printLine: (text, replacesLast) => logs.ours.push(line(text, replacesLast)),
    printConsoleLogs: (calldata) => logs.ours.push(...decode(calldata)),
    decodeConsoleLogs: decode,
  });
  return { pair: new Pair(ours, stock), logs };
}

function compare(logs: Logs): void {
  expect(logs.ours).to.deep.equal(logs.stock);
  logs.ours.length = 0;
  logs.stock.length = 0;
}

describe("the log of requests", () => {
  it("methods, repeated methods and refused ones", async () => {
    const { pair, logs } = await start();
    for (const method of ["eth_accounts", "eth_accounts", "eth_blockNumber", "eth_nonsense"]) {
      await pair.compare(method);
    }
    await pair.compare("eth_getBalance", "0x12");
    await pair.compare("eth_getBalance", A, "0xff");
    await pair.compare("eth_sendTransaction", { from: A, to: B, gas: "0x1" });
    await pair.compare("net_listening");
    compare(logs);
    await pair.close();
  });

  it("transactions", async () => {
    const { pair, logs } = await start();
    await pair.send({ from: A, to: B, value: "0xde0b6b3a7640000", gas: GAS });
    await pair.send({ from: A, to: B, value: "0x5", gas: GAS });
    await pair.send({ from: A, to: B, value: "0x12a05f2005", gas: GAS });
    compare(logs);
    const counter = await deploy(pair, PROGRAMS.counter);
    await pair.send({ from: A, to: counter, gas: GAS });
    await pair.send({ from: A, to: `0x${"00".repeat(19)}04`, data: "0x12", gas: GAS });
    compare(logs);
    await pair.refuse("eth_sendTransaction", { from: A, data: "0xfe", gas: GAS });
    compare(logs);
    await pair.close();
  });

  it("failures", async () => {
    const { pair, logs } = await start();
    for (const name of [
      "revertReason",
      "revertEmpty",
      "revertCustom",
      "revertPanic",
      "revertUnknownPanic",
      "revertByte",
      "invalid",
      "endless",
      "badJump",
      "stackUnderflow",
    ] as const) {
      const to = await deploy(pair, PROGRAMS[name]);
      await pair.refuse("eth_sendTransaction", { from: A, to, gas: GAS });
      await pair.refuse("eth_call", { from: A, to, gas: GAS, value: "0x1" });
      await pair.refuse("eth_estimateGas", { from: A, to, gas: GAS });
      compare(logs);
    }
    await pair.close();
  });

  it("calls and console.log", async () => {
    const { pair, logs } = await start();
    await pair.ask("eth_call", { from: A, to: B, data: "0x12" });
    await pair.ask("eth_call", { from: A, data: deployCode(PROGRAMS.stop) });
    await pair.ask("eth_estimateGas", { from: A, to: B });
    const logger = await deploy(pair, caller(CONSOLE));
    await pair.ask("eth_call", { from: A, to: logger });
    await pair.send({ from: A, to: logger, gas: GAS });
    compare(logs);
    await pair.close();
  });

  it("blocks that were mined on request", async () => {
    const { pair, logs } = await start({ automine: false });
    await pair.ask("evm_mine");
    await pair.ask("evm_mine");
    await pair.ask("hardhat_mine", "0x3");
    compare(logs);
    for (const from of [A, B, A]) {
      await pair.send({ from, to: B, gas: GAS });
    }
    await pair.ask("evm_mine");
    compare(logs);
    await pair.send({ from: A, to: B, gas: GAS });
    await pair.ask("hardhat_mine", "0x4");
    await pair.ask("hardhat_mine", "0x20");
    compare(logs);
    await pair.close();
  });

  it("transactions that are mined together with others", async () => {
    const { pair, logs } = await start({ automine: false, blockGasLimit: 60_000 });
    await pair.send({ from: A, to: B, gas: "0x5208" });
    await pair.ask("evm_setAutomine", true);
    await pair.send({ from: B, to: A, gas: "0x5208" });
    compare(logs);
    await pair.ask("evm_setAutomine", false);
    for (const from of [A, B, A]) {
      await pair.send({ from, to: B, gas: "0x5208" });
    }
    await pair.ask("evm_setAutomine", true);
    await pair.send({ from: B, to: A, gas: "0x5208" });
    compare(logs);
    await pair.close();
  });

  // Sends console.log(uint256) of its argument: selector 0xf82c50f1.
  const LOGGER = `63f82c50f160e01b600052600035600452${"6000600060246000600073"}${CONSOLE.slice(2)}5af100`;

  for (const enabled of [true, false]) {
    it(`messages of blocks of several transactions, each with all of its block (log ${enabled ? "on" : "off"})`, async () => {
      const { pair, logs } = await start({ automine: false }, enabled);
      const logger = `0x${"c1".repeat(20)}`;
      await pair.ask("hardhat_setCode", logger, `0x${LOGGER}`);
      const send = (from: string, value: number): Promise<string> =>
        pair.send({
          from,
          to: logger,
          gas: GAS,
          data: `0x${value.toString(16).padStart(64, "0")}`,
        });
      for (const [index, from] of [A, B, A].entries()) {
        await send(from, index);
      }
      await pair.send({ from: B, to: A, gas: GAS });
      await pair.ask("evm_mine");
      compare(logs);
      await send(A, 11);
      await send(B, 12);
      await pair.ask("hardhat_mine", "0x3");
      compare(logs);
      await send(A, 21);
      await pair.ask("evm_setAutomine", true);
      await send(B, 22);
      await send(B, 23);
      await pair.ask("eth_call", { to: logger, data: "0x" });
      compare(logs);
      await pair.ask("evm_setAutomine", false);
      await pair.ask("evm_setBlockGasLimit", "0x493e0");
      await send(A, 31);
      await send(B, 32);
      await pair.ask("evm_setAutomine", true);
      await send(A, 33);
      compare(logs);
      await pair.close();
    });
  }

  it("nothing while it is switched off", async () => {
    const { pair, logs } = await start();
    await pair.ask("hardhat_setLoggingEnabled", false);
    await pair.ask("eth_accounts");
    await pair.ask("hardhat_setLoggingEnabled", true);
    logs.stock.length = 0;
    logs.ours.length = 0;
    await pair.ask("eth_accounts");
    compare(logs);
    await pair.close();
  });
});
