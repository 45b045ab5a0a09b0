/**
 * Mainnet blocks with their pre-state (shared test data) on executors: execution, commit, receipts, blooms
 * and roots, without JSON-RPC. Peers behind JSON-RPC cannot take them: they have no way to set a chain
 * up at another block with another hardfork's rules and unsigned-for accounts.
 *
 * Each run is all blocks one after the other; only they are timed, not the reading of their files. The
 * results are checked against the blocks' headers.
 */
import { readdirSync } from "node:fs";
import { makeReceipts, receiptsRoot } from "../src/chain/receipts";
import type { BlockExecutor } from "../src/execution/block-executor";
import { forkRules } from "../src/execution/fork-rules";
import { bytesToHex } from "../src/state/bytes";
import type { StateStore } from "../src/state/state-store";
import { type RealBlock, readRealBlock } from "../test/helpers/real-block";
import { ETHEREUMJS, OURS_1_TWICE, type PeerEntry } from "./peer-list";
import { createEthereumjsBlocksPeer } from "./peers/ethereumjs-blocks";
import { createOurExecutor } from "./peers/our-network";
import { ownCpu, type Peer, type Sample } from "./peers/peer";

export const REAL_BLOCKS = "real-blocks";

/** Why a peer is not measured on real blocks; null = it is. */
export function noRealBlocks({ ours, id }: PeerEntry): string | null {
  if (ours?.tier === "webassembly") {
    return "all of hundreds of contracts would be compiled to WebAssembly, which only hot code pays back";
  }
  if (id === OURS_1_TWICE) {
    return "two processes at once mine the blocks of a plan only";
  }
  return ours !== undefined || id === ETHEREUMJS
    ? null
    : "JSON-RPC has no way to take another chain's blocks and pre-state";
}

export function realBlockNumbers(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((file) => /^(\d+)\.json\.gz$/.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export async function createRealBlocksPeer(entry: PeerEntry, folder: string): Promise<Peer> {
  if (entry.ours === undefined) {
    return createEthereumjsBlocksPeer(entry.name, folder, realBlockNumbers(folder));
  }
  const executor = createOurExecutor(entry.ours);
  const blocks = realBlockNumbers(folder).map((number) => {
    const block = readRealBlock(folder, number);
    return { block, store: block.preState() };
  });
  for (const { store } of blocks) {
    store.stateRoot(); // the pre-state's nodes are hashed already, as they are in a running network
  }
  return {
    async run() {
      const total = { wall: 0, cpu: 0, gasUsed: 0n };
      const modes = new Map<string, number>();
      for (const { block, store } of blocks) {
        const mark = store.mark();
        const cpu = ownCpu();
        const started = performance.now();
        const { gasUsed, mode, bloom, receiptsRoot } = await wholeBlock(executor, block, store);
        total.wall += performance.now() - started;
        total.cpu += ownCpu() - cpu;
        total.gasUsed += gasUsed;
        modes.set(mode, (modes.get(mode) ?? 0) + 1);
        expectHeader(block, { gasUsed, bloom, receiptsRoot });
        store.revertTo(mark);
        store.stateRoot();
      }
      const sample: Sample = {
        wall: total.wall,
        cpu: total.cpu,
        results: { gasUsed: String(total.gasUsed) },
        mode: [...modes].map(([mode, count]) => `${count} ${mode}`).join(", "),
      };
      return sample;
    },
    fill: async () => {
      throw new Error(`${entry.name} takes no fills`);
    },
    close: () => executor.close(),
  };
}

async function wholeBlock(executor: BlockExecutor, { input }: RealBlock, store: StateStore) {
  const {
    outcomes,
    stopped,
    observed,
    receiptBodies: madeBodies,
  } = await executor.execute({ ...input, trace: false }, store);
  if (stopped !== undefined) {
    throw new Error(`transaction ${stopped.index} was not executed: ${stopped.error.kind}`);
  }
  let gasUsed = 0n;
  for (const { writes, gasUsed: used } of outcomes) {
    store.apply(writes);
    gasUsed += used;
  }
  const { receipts, bodies } = makeReceipts(
    outcomes.map((outcome) => ({ outcome })),
    madeBodies,
  );
  const types = input.transactions.map(({ type }) => type);
  store.stateRoot();
  return {
    gasUsed,
    bloom: bytesToHex(bodies.bloom),
    receiptsRoot: receiptsRoot(types, receipts, bodies),
    mode: observed.mode,
  };
}

function expectHeader(
  { number, expected, input }: RealBlock,
  found: { readonly gasUsed: bigint; readonly bloom: string; readonly receiptsRoot: string },
): void {
  // before Byzantium receipts hold state roots, which a partial state does not give
  const withStatus = forkRules(input.environment.rules).hasReceiptStatus;
  if (
    found.gasUsed !== BigInt(expected.gasUsed) ||
    found.bloom !== expected.logsBloom ||
    (withStatus && found.receiptsRoot !== expected.receiptsRoot)
  ) {
    throw new Error(`block ${number}: the results are not those of its header`);
  }
}
