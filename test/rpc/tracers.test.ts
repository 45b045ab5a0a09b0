/**
 * Named tracers on the network of Hardhat 2, whose stock network has none: they answer as on that of
 * Hardhat 3, which test/golden/hardhat3 compares with its recorded answers.
 */
import { expect } from "chai";
import type { ParallelNetwork } from "../../src/network";
import { caller, deployCode, PROGRAMS } from "../helpers/bytecode";
import { startOurs } from "../helpers/our-network";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const COUNTER = "0x00000000000000000000000000000000000000c1";
const CALLER = "0x00000000000000000000000000000000000000c2";

async function start(changes: Parameters<typeof startOurs>[1] = {}): Promise<ParallelNetwork> {
  const network = await startOurs({}, changes);
  for (const [address, code] of [
    [COUNTER, PROGRAMS.counter],
    [CALLER, caller(COUNTER)],
  ]) {
    await network.request({ method: "hardhat_setCode", params: [address, `0x${code}`] });
  }
  return network;
}

const trace = (network: ParallelNetwork, config: object): Promise<unknown> =>
  network.request({
    method: "debug_traceCall",
    params: [{ from: A, to: CALLER, gas: "0x30d40" }, "latest", config],
  });

describe("tracers on Hardhat 2's network", () => {
  for (const engine of ["ethereumjs", "fast"] as const) {
    it(`answer as on Hardhat 3's (${engine})`, async () => {
      const [hardhat2, hardhat3] = [
        await start({ engine }),
        await start({ engine, dialect: "hardhat3" }),
      ];
      for (const config of [
        { tracer: "callTracer", tracerConfig: { withLog: true } },
        { tracer: "prestateTracer" },
        { tracer: "prestateTracer", tracerConfig: { diffMode: true } },
        { tracer: "4byteTracer" },
        { tracer: "flatCallTracer" },
        { tracer: "noopTracer" },
        { tracer: "muxTracer", tracerConfig: { callTracer: null } },
      ]) {
        expect(await trace(hardhat2, config)).to.deep.equal(await trace(hardhat3, config));
      }
      await Promise.all([hardhat2.close(), hardhat3.close()]);
    });
  }

  it("of transactions that were mined with others before them see the state between them", async () => {
    const network = await start();
    const send = (): Promise<unknown> =>
      network.request({
        method: "eth_sendTransaction",
        params: [{ from: A, to: COUNTER, gas: "0x30d40" }],
      });
    await network.request({ method: "evm_setAutomine", params: [false] });
    await send();
    const second = await send();
    await network.request({ method: "evm_mine" });
    const config = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
    const result = await network.request({
      method: "debug_traceTransaction",
      params: [second, config],
    });
    const slot = `0x${"00".repeat(32)}`;
    const word = (value: number): string => `0x${value.toString(16).padStart(64, "0")}`;
    const storageOf = (accounts: unknown): unknown =>
      (accounts as Record<string, { storage: unknown }>)[COUNTER]?.storage; // the tracer's format
    const { pre, post } = result as { pre: unknown; post: unknown };
    expect(storageOf(pre)).to.deep.equal({ [slot]: word(1) });
    expect(storageOf(post)).to.deep.equal({ [slot]: word(2) });
    await network.close();
  });

  it("that there are not are refused with the names of those that there are", async () => {
    const network = await start();
    for (const [config, message] of [
      [
        { tracer: "jsTracer" },
        /^Tracer "jsTracer" is not supported. Use one of callTracer, prestateTracer, 4byteTracer, flatCallTracer, muxTracer, noopTracer, or none for the default tracer at line 1 column \d+$/,
      ],
      [{ tracer: 5 }, /^Tracer 5 is not supported/],
      [
        { tracer: "callTracer", tracerConfig: { withLog: 1 } },
        /^invalid tracer config: withLog must be true or false$/,
      ],
      [
        { tracer: "callTracer", tracerConfig: [] },
        /^invalid tracer config: tracerConfig must be an object$/,
      ],
      [
        { tracer: "muxTracer", tracerConfig: { other: {} } },
        /^invalid tracer config: muxTracer knows no "other"$/,
      ],
    ] as const) {
      const error = await trace(network, config).then(
        () => null,
        (reason: { message: string; code: number }) => reason,
      );
      expect(error?.message).to.match(message);
      expect(error?.code).to.equal(-32602);
    }
    await network.close();
  });

  it("show deployments", async () => {
    const network = await start();
    const result = await network.request({
      method: "debug_traceCall",
      params: [
        { from: A, data: deployCode(PROGRAMS.stop), gas: "0x30d40" },
        "latest",
        { tracer: "callTracer" },
      ],
    });
    expect(result).to.include({ type: "CREATE", output: `0x${PROGRAMS.stop}` });
    await network.close();
  });
});
