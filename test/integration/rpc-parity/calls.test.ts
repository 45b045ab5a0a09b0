/** Calls, estimates and fee history, as on the stock network. */
import { deployCode, PROGRAMS } from "../../helpers/bytecode";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
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
