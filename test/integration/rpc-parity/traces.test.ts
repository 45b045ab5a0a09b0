/** debug_traceCall and debug_traceTransaction, as on the stock network. */
import { deployCode, PROGRAMS } from "../../helpers/bytecode";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const GAS = "0x30d40";

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

it("a compilation result is accepted", async () => {
  const pair = await Pair.start();
  const settings = { optimizer: {}, outputSelection: {} };
  await pair.ask(
    "hardhat_addCompilationResult",
    "0.8.30",
    { language: "Solidity", sources: {}, settings },
    { sources: {}, contracts: {} },
  );
  await pair.close();
});
