/**
 * node -r ts-node/register/transpile-only bench/engine.ts [--rounds 5] [--engines interpreter,javascript,auto,ethereumjs]
 *   [--only transfer,hot,keccak,arithmetic]
 *
 * The engines alone: blocks of 500 transactions on the sequential executor over a state in a Map, without
 * signatures, roots and receipts. Rounds are interleaved; the table gives medians of wall and CPU time.
 */
import { parseArgs } from "node:util";
import { Interface, toBeHex } from "ethers";
import type { Engine } from "../src/execution/engine/engine";
import { createEngine } from "../src/execution/engine/engine-choice";
import type { EngineName } from "../src/execution/engine/engine-name";
import { EthereumjsEngine } from "../src/execution/engine/ethereumjs-engine";
import { createFastEngine, type FastEngine } from "../src/execution/engine/fast/fast-engine";
import { SequentialExecutor } from "../src/execution/sequential-executor";
import type { TransactionInput } from "../src/execution/transaction";
import { hexToBytes } from "../src/state/bytes";
import type { Address, Hex } from "../src/state/hex";
import { environment, transaction } from "../test/helpers/environment";
import { MapState } from "../test/helpers/map-state";
import { compileBench } from "./contracts";
import { median } from "./statistics";

const SENDERS = 500;
const DEPLOYER: Address = `0x${"d0".repeat(20)}`;
const ABI = new Interface([
  "function fund(address[] accounts, uint256 amount)",
  "function transfer(address to, uint256 amount)",
  "function count(uint256 amount)",
  "function work(uint256 turns)",
  "function arith(uint256 turns)",
]);
const CALLS: Readonly<Record<string, (i: number) => string>> = {
  transfer: (i) => ABI.encodeFunctionData("transfer", [toBeHex(0x1000_0000 + i, 20), 5n]),
  hot: () => ABI.encodeFunctionData("count", [1n]),
  keccak: () => ABI.encodeFunctionData("work", [150n]),
  arithmetic: () => ABI.encodeFunctionData("arith", [1000n]),
};

const senders = Array.from(
  { length: SENDERS },
  (_, i): Address => `0x${(0x5e4d_0000 + i).toString(16).padStart(40, "0")}`,
);
const block = environment("cancun", { gasLimit: 1_000_000_000n });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      engines: { type: "string", default: "interpreter,javascript,auto,ethereumjs" },
      only: { type: "string", default: Object.keys(CALLS).join(",") },
    },
  });
  const engines = values.engines
    .split(",")
    .map((name) => ({ name, engine: engineOf(name) }))
    .map(({ name, engine }) => ({ name, engine, executor: new SequentialExecutor(engine) }));
  const { state, token } = await deployed();
  const chosen = values.only.split(",");
  for (const [workload, call] of Object.entries(CALLS).filter(([name]) => chosen.includes(name))) {
    const transactions = senders.map((from, i) =>
      transaction(from, { to: token, data: hexToBytes(call(i) as Hex), gasLimit: 400_000n }),
    );
    const samples = new Map(engines.map(({ name }) => [name, [] as [number, number, bigint][]]));
    for (let round = -2; round < Number(values.rounds); round++) {
      for (const { name, executor } of engines) {
        const cpu = process.cpuUsage();
        const started = performance.now();
        const gas = await execute(executor, state, transactions);
        const wall = performance.now() - started;
        const { user, system } = process.cpuUsage(cpu);
        if (round >= 0) {
          samples.get(name)?.push([wall, (user + system) / 1000, gas]);
        }
      }
    }
    for (const { name, engine } of engines) {
      if ("tierCounters" in engine) {
        const { compiled, entered, fallen } = engine.tierCounters;
        console.log(`${name}: ${compiled} codes compiled, entered ${entered} times`, [...fallen]);
      }
    }
    for (const [name, runs] of samples) {
      const [wall, cpu] = [0, 1].map((at) => median(runs.map((run) => Number(run[at]))));
      const gas = Number(runs[0]?.[2] ?? 0n);
      console.log(
        `${workload.padEnd(10)}${name.padEnd(12)} wall ${wall?.toFixed(1).padStart(8)} ms   cpu ${cpu?.toFixed(1).padStart(8)} ms   ${(((cpu ?? 0) * 1000) / SENDERS).toFixed(1)} us/tx   ${(gas / 1000 / (cpu ?? 1)).toFixed(0)} Mgas/s`,
      );
    }
  }
}

/** A tier of the fast engine, or an engine. */
function engineOf(name: string): Engine | FastEngine {
  return name === "interpreter" ||
    name === "javascript" ||
    name === "webassembly" ||
    name === "auto"
    ? createFastEngine(new EthereumjsEngine(), name)
    : createEngine(name as EngineName);
}

async function deployed(): Promise<{ state: MapState; token: Address }> {
  const state = new MapState(
    Object.fromEntries([DEPLOYER, ...senders].map((who) => [who, { balance: 10n ** 24n }])),
  );
  const executor = new SequentialExecutor(createEngine("fast"));
  const input = { environment: block, gasAvailable: block.gasLimit, trace: false };
  const create = transaction(DEPLOYER, {
    data: hexToBytes(compileBench()),
    gasLimit: 5_000_000n,
  });
  const first = await executor.execute({ ...input, transactions: [create] }, state);
  const token = first.outcomes[0]?.createdAddress;
  if (token === null || token === undefined) {
    throw new Error("the token was not deployed");
  }
  const funds = Array.from({ length: 5 }, (_, part) =>
    transaction(DEPLOYER, {
      to: token,
      nonce: BigInt(part + 1),
      gasLimit: 4_000_000n,
      data: hexToBytes(
        ABI.encodeFunctionData("fund", [
          senders.slice(part * 100, part * 100 + 100),
          1_000_000n,
        ]) as Hex, // ethers types hex as string
      ),
    }),
  );
  state.apply(first.outcomes[0]?.writes ?? { writes: [], codes: new Map() });
  const second = await executor.execute({ ...input, transactions: funds }, state);
  for (const { writes, status } of second.outcomes) {
    if (status !== 1) {
      throw new Error("funding failed");
    }
    state.apply(writes);
  }
  return { state, token };
}

async function execute(
  executor: SequentialExecutor,
  state: MapState,
  transactions: readonly TransactionInput[],
): Promise<bigint> {
  const { outcomes, stopped } = await executor.execute(
    { environment: block, transactions, gasAvailable: block.gasLimit, trace: false },
    state,
  );
  if (stopped !== undefined || outcomes.some(({ status }) => status !== 1)) {
    throw new Error("a transaction failed");
  }
  return outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
