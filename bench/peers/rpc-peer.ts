/**
 * A peer behind JSON-RPC that understands Hardhat's methods: fill the pool, time the block, revert.
 *
 * The block is `evm_mine` and the `eth_getBlockByNumber` that asks for what it gave: a network that
 * computes roots only when someone wants to see them has computed them by then.
 */
import { BALANCE_WEI, type BenchPlan, GENESIS_TIMESTAMP } from "../workload";
import { ownCpu, type Peer, timed } from "./peer";
import { shiftCollections } from "./young-generation";

export type Request = (method: string, params?: readonly unknown[]) => Promise<unknown>;

export interface RpcPeerOptions {
  /** ms of CPU that the peer has used so far; null = cannot be read; default: this process's */
  readonly cpu?: () => number | null;
  /** where the last block ran */
  readonly mode?: () => string | undefined;
  readonly close: () => Promise<void>;
}

/** What of an answer is read here; its shape is fixed by the JSON-RPC specification. */
interface Block {
  readonly gasUsed: string;
  readonly receiptsRoot: string;
  readonly logsBloom: string;
  readonly timestamp: string;
  readonly transactions: readonly string[];
}

/** seconds between blocks, so that peers agree on each block's time */
const INTERVAL = 100;

export async function createRpcPeer(
  name: string,
  plan: BenchPlan,
  request: Request,
  { cpu = ownCpu, mode, close }: RpcPeerOptions,
): Promise<Peer> {
  let timestamp = GENESIS_TIMESTAMP;
  const submit = async (raw: readonly string[]): Promise<void> => {
    for (const transaction of raw) {
      await request("eth_sendRawTransaction", [transaction]);
    }
    timestamp += INTERVAL;
    await request("evm_setNextBlockTimestamp", [timestamp]);
  };
  const mine = async (): Promise<Block> => {
    await request("evm_mine");
    return (await request("eth_getBlockByNumber", ["latest", false])) as Block; // see Block
  };
  /** Throws unless the block has all that was sent, and all of it succeeded. */
  const expectSuccess = async (what: string, block: Block): Promise<void> => {
    for (const hash of block.transactions) {
      const receipt = (await request("eth_getTransactionReceipt", [hash])) as { status: string }; // see Block
      if (receipt.status !== "0x1") {
        throw new Error(`${name}: transaction ${hash} of ${what} failed`);
      }
    }
  };
  const mineAll = async (what: string, raw: readonly string[]): Promise<void> => {
    await submit(raw);
    const block = await mine();
    expectAll(name, what, raw, block);
    await expectSuccess(what, block);
  };
  const checked = new Set<string>();

  await request("evm_setAutomine", [false]);
  const balance = `0x${BALANCE_WEI.toString(16)}`;
  for (const account of plan.accounts) {
    await request("hardhat_setBalance", [account, balance]);
  }
  await mineAll("the setup", plan.setup);
  return {
    async run(workload, transactions) {
      const raw = plan.workloads.find((candidate) => candidate.name === workload)?.raw;
      if (raw === undefined) {
        throw new Error(`${name}: no workload "${workload}" in the plan`);
      }
      const sent = raw.slice(0, transactions);
      const snapshot = await request("evm_snapshot");
      const before = timestamp;
      await submit(sent);
      shiftCollections();
      const { value: block, ...times } = await timed(mine, cpu);
      expectAll(name, `"${workload}"`, sent, block);
      if (!checked.has(workload)) {
        await expectSuccess(`"${workload}"`, block);
        checked.add(workload);
      }
      await request("evm_revert", [snapshot]);
      timestamp = before;
      const { gasUsed, receiptsRoot, logsBloom } = block;
      const ranIn = mode?.();
      return {
        ...times,
        results: { gasUsed: String(BigInt(gasUsed)), receiptsRoot, logsBloom },
        ...(ranIn === undefined ? {} : { mode: ranIn }),
      };
    },
    async fill(step) {
      for (const raw of plan.fills[step]?.blocks ?? []) {
        await mineAll(`fill ${step}`, raw);
      }
    },
    close,
  };
}

function expectAll(name: string, what: string, sent: readonly string[], mined: Block): void {
  if (mined.transactions.length !== sent.length) {
    throw new Error(
      `${name}: mined ${mined.transactions.length} of ${sent.length} transactions of ${what}`,
    );
  }
}
