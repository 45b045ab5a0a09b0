/** Failed executions without Solidity sources: errors, receipts and state as on the stock network. */
import { caller, PROGRAMS } from "../../helpers/bytecode";
import { deploy, ENGINES, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const GAS = "0x30d40";

const FAILING = [
  "revertEmpty",
  "revertReason",
  "revertPanic",
  "revertUnknownPanic",
  "revertCustom",
  "revertByte",
  "invalid",
  "undefinedOpcode",
  "stackUnderflow",
  "badJump",
  "endless",
] as const;

for (const { engine, hardfork } of ENGINES.flatMap((engine) =>
  ["istanbul", "london", "osaka"].map((hardfork) => ({ engine, hardfork })),
)) {
  describe(`failed executions (${hardfork}, ${engine})`, () => {
    let pair: Pair;

    before(async () => {
      pair = await Pair.start({ engine, hardfork });
    });

    after(() => pair.close());

    for (const name of FAILING) {
      it(`${name} as transaction, call and estimate`, async () => {
        const to = await deploy(pair, PROGRAMS[name]);
        await pair.refuse("eth_call", { from: A, to, gas: GAS });
        await pair.refuse("eth_estimateGas", { from: A, to, gas: GAS });
        const { transactionHash, data } = await pair.refuse("eth_sendTransaction", {
          from: A,
          to,
          gas: GAS,
        });
        const hash = transactionHash ?? (data as { transactionHash: string }).transactionHash; // of out of gas
        await pair.ask("eth_getTransactionReceipt", hash);
        await pair.ask("eth_getTransactionByHash", hash);
        await pair.ask("eth_getBlockByNumber", "latest", true);
        await pair.ask("eth_getBalance", A);
      });
    }

    const CREATIONS: Readonly<Record<string, object>> = {
      "reverting init code": { data: "0x60006000fd" },
      "init code out of gas": { data: "0x5b600056", gas: "0xd000" },
      "invalid init code": { data: "0xfe" },
      "code deposit out of gas": { data: "0x61300060 00f3".replace(" ", ""), gas: "0xe000" },
      "code too large": { data: "0x6160016000f3", gas: "0x989680" },
      "code beginning with 0xEF": { data: "0x60ef60005360016000f3" },
    };
    for (const [name, creation] of Object.entries(CREATIONS)) {
      it(name, async () => {
        await pair.compare("eth_call", { from: A, ...creation });
        await pair.compare("eth_estimateGas", { from: A, ...creation });
        await pair.compare("eth_sendTransaction", { from: A, gas: GAS, ...creation });
        await pair.ask("eth_getBlockByNumber", "latest", true);
      });
    }

    // Not on the reference engine, which names the want of gas.
    if (engine === "fast") {
      it("code beginning with 0xEF that could not be paid for", async () => {
        const creation = { from: A, data: "0x60ef60005360016000f3", gas: "0xd000" };
        await pair.compare("eth_call", creation);
        await pair.compare("eth_sendTransaction", creation);
      });
    }

    it("a failing inner call is not the transaction's failure", async () => {
      const inner = await deploy(pair, PROGRAMS.revertReason);
      const to = await deploy(pair, caller(inner));
      await pair.ask("eth_call", { from: A, to });
      await pair.send({ from: A, to, gas: GAS });
      await pair.ask("eth_getBlockByNumber", "latest", true);
    });

    it("calls to precompiles that fail", async () => {
      const nine = `0x${"00".repeat(19)}09`;
      const six = `0x${"00".repeat(19)}06`;
      const two = `0x${"00".repeat(19)}02`;
      await pair.compare("eth_call", { from: A, to: nine, data: "0x12" });
      await pair.compare("eth_call", { from: A, to: six, data: `0x${"ff".repeat(64)}` });
      await pair.compare("eth_call", { from: A, to: two, gas: "0x5230", data: "0x12" });
      await pair.compare("eth_sendTransaction", { from: A, to: nine, data: "0x12", gas: GAS });
    });

    it("data sent to an account without code is accepted", async () => {
      await pair.send({ from: A, to: B, data: "0x12345678", gas: GAS });
      await pair.ask("eth_call", { from: A, to: B, data: "0x12345678" });
    });
  });
}

describe("failures that are not thrown", () => {
  it("are hashes and return data", async () => {
    const pair = await Pair.start({
      throwOnTransactionFailures: false,
      throwOnCallFailures: false,
    });
    for (const name of FAILING) {
      const to = await deploy(pair, PROGRAMS[name]);
      await pair.ask("eth_call", { from: A, to, gas: GAS });
      await pair.ask("eth_getTransactionReceipt", await pair.send({ from: A, to, gas: GAS }));
      await pair.refuse("eth_estimateGas", { from: A, to, gas: GAS });
    }
    await pair.close();
  });
});
