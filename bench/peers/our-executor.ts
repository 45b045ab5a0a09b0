/**
 * Our executor without the network: execution, commit, state root and receipts root, which is what
 * runBlock does. "sequential" runs in this thread, the others on worker threads.
 */

import { RLP } from "@ethereumjs/rlp";
import { encodeReceipt, makeReceipts } from "../../src/chain/receipts";
import { decodeTransaction } from "../../src/chain/transaction-codec";
import { addressOf } from "../../src/crypto/secp256k1";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { BlockEnvironment, TransactionInput } from "../../src/execution/transaction";
import { bigIntToMinimalBytes, hexToBytes } from "../../src/state/bytes";
import type { Hex } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";
import { trieRoot } from "../../src/state/trie/trie-root";
import { createWorkerPool } from "../../src/worker/pool";
import {
  BALANCE_WEI,
  type BenchPlan,
  BLOCK_GAS_LIMIT,
  CHAIN_ID,
  GENESIS_TIMESTAMP,
} from "../workload";
import { type Peer, timed } from "./peer";

export function createSequentialPeer(plan: BenchPlan): Promise<Peer> {
  return createPeer("executor, sequential", plan, new SequentialExecutor(), "sequential");
}

export async function createExecutorPeer(plan: BenchPlan, threads: number): Promise<Peer> {
  const pool = createWorkerPool({ workers: threads });
  const executor = createParallelExecutor({
    workers: threads,
    minTransactionsForThreads: 1,
    pool,
    sequential: new SequentialExecutor(),
  });
  const name = `executor, ${threads} thread${threads === 1 ? "" : "s"}`;
  return createPeer(name, plan, executor, "parallel");
}

async function createPeer(
  name: string,
  plan: BenchPlan,
  executor: BlockExecutor,
  mode: "sequential" | "parallel",
): Promise<Peer> {
  const store = createSharedStateStore();
  for (const key of plan.privateKeys) {
    store.setBalance(addressOf(hexToBytes(key)), BALANCE_WEI);
  }
  await executeBlock(executor, store, decode(plan.setup), 1n);
  return {
    name,
    async run(workload) {
      const transactions = decode(workload.raw);
      const mark = store.mark();
      const { value, wall, cpu } = await timed(() =>
        executeBlock(executor, store, transactions, 2n),
      );
      store.revertTo(mark);
      store.stateRoot();
      // A block known to be serial runs in this thread: that is what is measured there.
      if (value.mode !== mode && workload.name !== "hot") {
        throw new Error(`${name}: the block ran in mode ${value.mode}: ${value.fallback ?? ""}`);
      }
      return { wall, cpu, gasUsed: value.gasUsed, stateRoot: value.stateRoot };
    },
    close: () => executor.close(),
  };
}

function decode(raw: readonly Hex[]): TransactionInput[] {
  return raw.map((bytes) => decodeTransaction(hexToBytes(bytes)).input);
}

async function executeBlock(
  executor: BlockExecutor,
  store: StateStore,
  transactions: readonly TransactionInput[],
  number: bigint,
) {
  const { outcomes, stopped, observed } = await executor.execute(
    {
      environment: environment(number),
      transactions,
      gasAvailable: BigInt(BLOCK_GAS_LIMIT),
      trace: false,
    },
    store,
  );
  if (stopped !== undefined) {
    throw new Error(`transaction ${stopped.index} was not executed: ${stopped.error.kind}`);
  }
  let gasUsed = 0n;
  for (const outcome of outcomes) {
    store.apply(outcome.writes);
    gasUsed += outcome.gasUsed;
  }
  const receipts = makeReceipts(outcomes.map((outcome) => ({ outcome })));
  trieRoot(
    receipts.map((receipt, i) => [
      RLP.encode(bigIntToMinimalBytes(BigInt(i))),
      encodeReceipt(transactions[i]?.type ?? 0, receipt),
    ]),
  );
  return {
    gasUsed,
    stateRoot: store.stateRoot(),
    mode: observed.mode,
    fallback: observed.fallback,
  };
}

function environment(number: bigint): BlockEnvironment {
  const zero = `0x${"00".repeat(32)}` as const;
  return {
    rules: {
      chainId: BigInt(CHAIN_ID),
      hardfork: "cancun",
      allowUnlimitedContractSize: false,
      transactionGasCap: null,
    },
    number,
    timestamp: BigInt(GENESIS_TIMESTAMP) + number,
    coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
    gasLimit: BigInt(BLOCK_GAS_LIMIT),
    baseFeePerGas: 1_000_000_000n,
    difficulty: 0n,
    prevRandao: zero,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: zero,
    parentHash: zero,
    blockHashes: new Map(),
  };
}
