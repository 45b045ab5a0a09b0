/**
 * Runs a block on the parallel and on the sequential executor, on the same state, and compares all
 * that is derived: outcomes field by field (receipts, logs, gas, return data, read and write sets,
 * traces), where they stopped, and the state root after them.
 */
import { expect } from "chai";
import type { BlockExecution, BlockExecutor, BlockInput } from "../../src/execution/block-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { BlockEnvironment, TransactionInput } from "../../src/execution/transaction";
import { hexToBytes } from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";

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

/** Compares; returns the parallel execution and the root after it. */
export async function expectParallelEqualsSequential(
  parallel: BlockExecutor,
  input: BlockInput,
  store: StateStore,
): Promise<{ readonly execution: BlockExecution; readonly stateRoot: Hash }> {
  const expected = await sequential.execute(input, store);
  const execution = await parallel.execute(input, store);
  expect(execution.stopped).to.deep.equal(expected.stopped);
  expect(execution.outcomes.length).to.equal(expected.outcomes.length);
  for (const [index, outcome] of execution.outcomes.entries()) {
    expect(outcome, `outcome of transaction ${index}`).to.deep.equal(expected.outcomes[index]);
  }
  expect(execution.observed.incarnations).to.have.lengthOf(execution.outcomes.length);
  const stateRoot = rootAfter(store, execution);
  expect(stateRoot).to.equal(rootAfter(store, expected));
  return { execution, stateRoot };
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

export const COINBASE: Address = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";

export function environmentOf(
  hardfork: string,
  overrides: Partial<BlockEnvironment> = {},
): BlockEnvironment {
  const forks = ["chainstart", "homestead", "byzantium", "istanbul", "london", "cancun", "prague"];
  const has = (fork: string) => forks.indexOf(hardfork) >= forks.indexOf(fork);
  return {
    rules: {
      chainId: 31337n,
      hardfork,
      allowUnlimitedContractSize: false,
      transactionGasCap: null,
    },
    number: 10n,
    timestamp: 1_700_000_000n,
    coinbase: COINBASE,
    gasLimit: 60_000_000n,
    baseFeePerGas: has("london") ? 7n : null,
    difficulty: has("cancun") ? 0n : 1n,
    prevRandao: `0x${"11".repeat(32)}`,
    excessBlobGas: has("cancun") ? 0n : null,
    parentBeaconBlockRoot: has("cancun") ? `0x${"22".repeat(32)}` : null,
    parentHash: `0x${"33".repeat(32)}`,
    blockHashes: new Map([[9n, `0x${"33".repeat(32)}` as const]]),
    ...overrides,
  };
}

/** A plain transaction; `type` 4 if it has authorizations, else 0. */
export function transactionOf(
  fields: Partial<TransactionInput> & Pick<TransactionInput, "from">,
): TransactionInput {
  return {
    type: (fields.authorizationList?.length ?? 0) > 0 ? 4 : 0,
    hash: `0x${"00".repeat(32)}`,
    to: null,
    nonce: 0n,
    gasLimit: 200_000n,
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: 10n,
    value: 0n,
    data: new Uint8Array(0),
    accessList: [],
    blobVersionedHashes: [],
    maxFeePerBlobGas: 0n,
    authorizationList: [],
    ...fields,
  };
}

export function addressOf(n: number): Address {
  return `0x${n.toString(16).padStart(40, "0")}`;
}
