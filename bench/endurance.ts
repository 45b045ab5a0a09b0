/**
 * npm run bench:endurance [-- --blocks 10000 --snapshots 1000]
 *
 * What a long life of the network costs in memory: blocks, then snapshots, each with one block, that are gone
 * back to; with one transaction a block in the calling thread, then with 40 on two threads (a tenth of the
 * blocks). Bytes are after garbage collection: of the heap, and of what lies outside it (array buffers,
 * WebAssembly). A block may keep its history; a second round of snapshots shows whether going back gives memory
 * back: what it adds is a leak, what the first adds may be caches and compiled code.
 * The exit code is 1 if a goal is missed.
 */
import { parseArgs } from "node:util";
import type { ParallelNetwork } from "../src/network";
import { PROGRAMS } from "../test/helpers/bytecode";
import { startOurs } from "../test/helpers/our-network";

const FROM = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const COUNTER = `0x${"c1".repeat(20)}`;

interface Memory {
  /** bytes */
  readonly heap: number;
  /** bytes */
  readonly external: number;
}

function memory(): Memory {
  const { gc } = globalThis;
  if (gc === undefined) {
    throw new Error("run with node --expose-gc, as npm run bench:endurance does");
  }
  gc();
  gc(); // what finalizers let go
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external };
}

/** bytes that a block may keep: its history, by its transactions */
const blockGoal = (transactions: number): number => 6_000 + 4_000 * transactions;
/** bytes that a snapshot, a block and going back may keep: none, but for what is measured beside it */
const SNAPSHOT_GOAL = 1_000;

const increment = (network: ParallelNetwork, from: string): Promise<unknown> =>
  network.request({
    method: "eth_sendTransaction",
    params: [{ from, to: COUNTER, gas: "0x186a0" }],
  });

/** Mines a block of so many transactions from the accounts in turn. */
async function mine(network: ParallelNetwork, accounts: readonly string[]): Promise<void> {
  for (const from of accounts) {
    await increment(network, from);
  }
  if (accounts.length > 1) {
    await network.request({ method: "evm_mine", params: [] }); // one by one they are mined at once
  }
}

async function snapshots(
  network: ParallelNetwork,
  count: number,
  accounts: readonly string[],
): Promise<void> {
  for (let round = 0; round < count; round++) {
    const id = await network.request({ method: "evm_snapshot", params: [] });
    await mine(network, accounts);
    await network.request({ method: "evm_revert", params: [id] });
  }
}

/** @returns the goals that were missed, in words */
async function live(
  threads: number,
  transactions: number,
  blocks: number,
  reverts: number,
): Promise<string[]> {
  console.log(`\n${transactions} transactions a block, ${threads} threads`);
  const network = await startOurs({ automine: transactions === 1, threads });
  const all = (await network.request({ method: "eth_accounts", params: [] })) as string[]; // its specification
  const accounts = Array.from({ length: transactions }, (_, i) => all[i % all.length] ?? FROM);
  await network.request({
    method: "hardhat_setCode",
    params: [COUNTER, `0x${PROGRAMS.counter}`],
  });
  for (let block = 0; block < 100; block++) {
    await mine(network, accounts); // code is compiled, caches are filled
  }

  const missed: string[] = [];
  let before = memory();
  console.log(`at first: heap ${mib(before.heap)}, external ${mib(before.external)}`);
  const step = async (
    name: string,
    count: number,
    goal: number,
    work: () => Promise<void>,
  ): Promise<void> => {
    const start = performance.now();
    await work();
    const milliseconds = performance.now() - start;
    const after = memory();
    const [heap, external] = [after.heap - before.heap, after.external - before.external];
    const each = Math.round((heap + external) / count);
    console.log(
      `${name}: heap ${mib(after.heap)}, external ${mib(after.external)}; each ` +
        `${Math.round(heap / count)} + ${Math.round(external / count)} bytes${goal < Number.POSITIVE_INFINITY ? `, goal ${goal}` : ""}, ${(milliseconds / count).toFixed(2)} ms`,
    );
    if (each > goal) {
      missed.push(`${name}: ${each} bytes each, goal ${goal}`);
    }
    before = after;
  };
  await step(`${blocks} blocks`, blocks, blockGoal(transactions), async () => {
    for (let block = 0; block < blocks; block++) {
      await mine(network, accounts);
    }
  });
  for (const [round, goal] of [
    ["", Number.POSITIVE_INFINITY],
    [" again", SNAPSHOT_GOAL],
  ] as const) {
    await step(`${reverts} snapshots, blocks and reverts${round}`, reverts, goal, () =>
      snapshots(network, reverts, accounts),
    );
  }
  await network.close();
  return missed;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      blocks: { type: "string", default: "10000" },
      snapshots: { type: "string", default: "1000" },
    },
  });
  const [blocks, reverts] = [Number(values.blocks), Number(values.snapshots)];
  const missed = [
    ...(await live(1, 1, blocks, reverts)),
    ...(await live(2, 40, Math.ceil(blocks / 10), reverts)),
  ];
  for (const goal of missed) {
    console.log(`MISSED ${goal}`);
  }
  process.exitCode = missed.length === 0 ? 0 : 1;
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}

void main();
