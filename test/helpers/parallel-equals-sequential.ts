/**
 * Runs a block on the parallel and on the sequential executor, on the same state, and compares all
 * that is derived: outcomes field by field (receipts, logs, gas, return data, read and write sets,
 * traces), where they stopped, and the state root after them.
 */
import { expect } from "chai";
import type {
  BlockExecution,
  BlockExecutor,
  BlockInput,
  SettledTransaction,
} from "../../src/execution/block-executor";
import { encodeLogs } from "../../src/execution/encoded-logs";
import { type ReceiptBodies, receiptBodies } from "../../src/execution/receipt-bodies";
import { receiptsRootOf } from "../../src/execution/receipts-root";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateMark, StateStore } from "../../src/state/state-store";

export interface TestAccount {
  readonly balance?: bigint;
  readonly nonce?: bigint;
  readonly code?: Hex;
  readonly storage?: ReadonlyMap<bigint, bigint>;
}

export type TestAccounts = ReadonlyMap<Address, TestAccount>;

export function storeOf(accounts: TestAccounts): StateStore {
  const store = createSharedStateStore();
  for (const [address, { balance = 0n, nonce = 0n, code = "0x", storage }] of accounts) {
    store.setBalance(address, balance);
    store.setNonce(address, nonce);
    if (code !== "0x") {
      store.setCode(address, hexToBytes(code));
    }
    for (const [slot, value] of storage ?? []) {
      store.setStorage(address, slot, value);
    }
  }
  return store;
}

const sequential = new SequentialExecutor();

/**
 * Compares; returns the parallel execution and the root after it. Like a chain, it applies a block that is
 * settled at once; `settled` says if it was.
 */
export async function expectParallelEqualsSequential(
  parallel: BlockExecutor,
  input: BlockInput,
  store: StateStore,
): Promise<{
  readonly execution: BlockExecution;
  readonly stateRoot: Hash;
  readonly settled: boolean;
}> {
  const expected = await sequential.execute(input, store);
  const early = new EarlyCommit(store);
  const settle = early.settle.bind(early);
  const isPlain = !input.trace && input.load === undefined;
  const execution = await parallel.execute(isPlain ? { ...input, settle } : input, store);
  expect(execution.stopped).to.deep.equal(expected.stopped);
  expect(execution.outcomes.length).to.equal(expected.outcomes.length);
  for (const [index, outcome] of execution.outcomes.entries()) {
    expect(outcome, `outcome of transaction ${index}`).to.deep.equal(expected.outcomes[index]);
  }
  const { receiptBodies: bodies } = execution;
  const expectedBodies = receiptBodies(expected.outcomes.map(({ logs }) => encodeLogs(logs)));
  if (bodies !== undefined) {
    for (const index of expected.outcomes.keys()) {
      const made = bodyOf(expectedBodies, index);
      expect(bodyOf(bodies, index), `receipt of transaction ${index}`).to.equal(made);
    }
    const bloom = bytesToHex(expectedBodies.bloom);
    expect(bytesToHex(bodies.bloom), "bloom of the block").to.equal(bloom);
  }
  if (execution.receiptsRoot !== undefined) {
    const root = receiptsRootOf(
      expectedBodies,
      expected.outcomes.map(({ status, gasUsed }, index) => {
        return { type: input.transactions[index]?.type ?? 0, status, gasUsed };
      }),
    );
    expect(bytesToHex(execution.receiptsRoot)).to.equal(bytesToHex(root));
  }
  // Only now: what is read of a result late is read when the block is applied.
  const settled = early.undo();
  expect(execution.observed.incarnations).to.have.lengthOf(execution.outcomes.length);
  const stateRoot = rootAfter(store, execution);
  expect(stateRoot).to.equal(rootAfter(store, expected));
  if (settled !== null) {
    expect(settled.root).to.equal(stateRoot);
    expect(settled.gas).to.deep.equal(expected.outcomes.map(({ gasUsed }) => gasUsed));
  }
  return { execution, stateRoot, settled: settled !== null };
}

/** What a chain does with a block that is settled. */
class EarlyCommit {
  readonly #store: StateStore;
  readonly #mark: StateMark;
  #settled: { readonly root: Hash; readonly gas: readonly bigint[] } | null = null;

  constructor(store: StateStore) {
    this.#store = store;
    this.#mark = store.mark();
  }

  settle(transactions: readonly SettledTransaction[]): void {
    expect(this.#settled, "a block is settled once").to.equal(null);
    for (const { writes } of transactions) {
      this.#store.apply(writes);
    }
    const gas = transactions.map(({ gasUsed }) => gasUsed);
    this.#settled = { root: this.#store.stateRoot(), gas };
  }

  /** The state is as before; null = the block was not settled. */
  undo(): { readonly root: Hash; readonly gas: readonly bigint[] } | null {
    this.#store.revertTo(this.#mark);
    return this.#settled;
  }
}

function bodyOf({ bytes, starts, ends, logCounts }: ReceiptBodies, index: number): string {
  const body = Buffer.from(bytes.subarray(starts[index], ends[index])).toString("hex");
  return `${logCounts[index]} logs: ${body}`;
}

/** The root after the execution's writes; the store is as before afterwards. */
function rootAfter(store: StateStore, { outcomes }: BlockExecution): Hash {
  const mark = store.mark();
  for (const { writes } of outcomes) {
    store.apply(writes);
  }
  const root = store.stateRoot();
  store.revertTo(mark);
  return root;
}

/** The block ran on threads and they finished it. */
export function expectNoFallback({ observed }: BlockExecution): void {
  expect(observed.fallback).to.equal(undefined);
  expect(observed.mode).to.equal("parallel");
}
