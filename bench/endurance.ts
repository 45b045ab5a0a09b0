/**
 * npm run bench:endurance [-- --blocks 10000 --snapshots 1000]
 *
 * What a long life of the network costs in memory: blocks of one transaction each, then snapshots,
 * each with one block, that are gone back to. Bytes are after garbage collection: of the heap, and of
 * what lies outside it (array buffers, WebAssembly). A second round of snapshots shows whether going
 * back gives memory back: what it adds is a leak.
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

const increment = (network: ParallelNetwork): Promise<unknown> =>
  network.request({
    method: "eth_sendTransaction",
    params: [{ from: FROM, to: COUNTER, gas: "0x186a0" }],
  });

async function snapshots(network: ParallelNetwork, count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const id = await network.request({ method: "evm_snapshot", params: [] });
    await increment(network);
    await network.request({ method: "evm_revert", params: [id] });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      blocks: { type: "string", default: "10000" },
      snapshots: { type: "string", default: "1000" },
    },
  });
  const [blocks, reverts] = [Number(values.blocks), Number(values.snapshots)];
  const network = await startOurs();
  await network.request({
    method: "hardhat_setCode",
    params: [COUNTER, `0x${PROGRAMS.counter}`],
  });
  for (let block = 0; block < 100; block++) {
    await increment(network); // code is compiled, caches are filled
  }

  let before = memory();
  console.log(`after 100 blocks: heap ${mib(before.heap)}, external ${mib(before.external)}`);
  const step = async (name: string, count: number, work: () => Promise<void>): Promise<void> => {
    const start = performance.now();
    await work();
    const milliseconds = performance.now() - start;
    const after = memory();
    const [heap, external] = [after.heap - before.heap, after.external - before.external];
    console.log(
      `${name}: heap ${mib(after.heap)}, external ${mib(after.external)}; each ` +
        `${Math.round(heap / count)} + ${Math.round(external / count)} bytes, ${(milliseconds / count).toFixed(2)} ms`,
    );
    before = after;
  };
  await step(`${blocks} blocks of one transaction`, blocks, async () => {
    for (let block = 0; block < blocks; block++) {
      await increment(network);
    }
  });
  for (const round of ["", " again"]) {
    await step(`${reverts} snapshots, blocks and reverts${round}`, reverts, () =>
      snapshots(network, reverts),
    );
  }
  await network.close();
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}

void main();
