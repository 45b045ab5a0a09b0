/**
 * A block on a state that is loaded as it is missed gives what the same block gives on the whole
 * state, for any completion order; and a forked store reverts to what it was.
 */
import { expect } from "chai";
import fc from "fast-check";
import type { BlockExecutor, StateLoader } from "../../src/execution/block-executor";
import { keysOfWrites } from "../../src/execution/loaded-execution";
import type { TransactionOutcome } from "../../src/execution/outcome";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { Address } from "../../src/state/hex";
import type { StateKey } from "../../src/state/missing";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import { storeOf, type TestAccounts } from "../helpers/parallel-equals-sequential";
import { propertyParameters } from "../helpers/properties";
import { arbitraryBlock, type RandomBlock } from "../helpers/random-blocks";
import { FixtureSource } from "../helpers/remote/fixture-source";

/** From Spurious Dragon on: an older remote's empty accounts are not seen through JSON-RPC. */
const FORKS = ["byzantium", "london", "shanghai", "cancun", "prague", "amsterdam"];

/** Of block-level access lists only Amsterdam has any. */
const RECORDED = { trace: true, blockAccessList: true } as const;

/** EIP-7610 asks whether an account without nonce and code has storage; a remote cannot tell. */
function withoutBareStorage(accounts: TestAccounts): TestAccounts {
  return new Map(
    [...accounts].map(([address, account]) => {
      const { storage, ...rest } = account;
      const isBare = (account.nonce ?? 0n) === 0n && (account.code ?? "0x") === "0x";
      return [address, isBare || storage === undefined ? rest : account];
    }),
  );
}

function keysOf(accounts: TestAccounts): StateKey[] {
  return [...accounts].flatMap(([address, { storage }]) => [
    { kind: "account", address } as const,
    ...[...(storage ?? [])].map(([slot]) => ({ kind: "slot", address, slot }) as const),
  ]);
}

interface ForkRun {
  readonly outcomes: readonly TransactionOutcome[];
  readonly stopped: unknown;
  readonly store: StateStore;
  readonly fetches: number;
}

/** @param guesses fetched ahead, one more with each load */
async function runOnFork(
  executor: BlockExecutor,
  block: RandomBlock,
  guesses: readonly StateKey[] = [],
): Promise<ForkRun> {
  const source = new FixtureSource(block.accounts);
  const store = createSharedStateStore({ source });
  let loads = 0;
  const load: StateLoader = (keys) => {
    store.prefetch(guesses.slice(loads, loads + 1));
    loads++;
    return store.load(keys);
  };
  store.prefetch(guesses.slice(-2));
  const { outcomes, stopped } = await executor.execute({ ...block, ...RECORDED, load }, store);
  return { outcomes, stopped, store, fetches: source.fetches.length };
}

async function apply({ store, outcomes }: ForkRun): Promise<void> {
  const begun = new Set<Address>();
  for (const { writes } of outcomes) {
    await store.load(keysOfWrites(writes, begun));
    store.apply(writes);
  }
}

describe("A block on a forked state", () => {
  const joiner = new InterleavedJoiner();
  const parallel = createParallelExecutor({
    workers: 4,
    minTransactionsForThreads: 1,
    pool: joiner,
    sequential: new SequentialExecutor(),
    adaptive: false,
  });
  const sequential = new SequentialExecutor();

  for (const hardfork of FORKS) {
    it(`random ${hardfork} blocks give the results of the whole state, in parallel and one by one`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryBlock(hardfork), fc.integer(), async (drawn, seed) => {
          const block = { ...drawn, accounts: withoutBareStorage(drawn.accounts) };
          joiner.seed = seed;
          const whole = await sequential.execute(
            { ...block, ...RECORDED },
            storeOf(block.accounts),
          );
          const oneByOne = await runOnFork(sequential, block);
          const batched = await runOnFork(parallel, block);
          const guessed = await runOnFork(parallel, block, keysOf(block.accounts));
          for (const run of [oneByOne, batched, guessed]) {
            expect(run.stopped).to.deep.equal(whole.stopped);
            expect(run.outcomes).to.deep.equal(whole.outcomes);
          }
          await apply(oneByOne);
          await apply(batched);
          await apply(guessed);
          expect(batched.store.stateRoot()).to.equal(oneByOne.store.stateRoot());
          await expectRevertible(batched, block.accounts);
          await expectRevertible(guessed, block.accounts);
        }),
        propertyParameters({ numRuns: 25 }),
      );
    });
  }

  /** Every account reads as in the remote again, now and at the first mark. */
  async function expectRevertible({ store }: ForkRun, accounts: TestAccounts): Promise<void> {
    const before = store.at(0);
    for (const isReverted of [false, true]) {
      const reader = isReverted ? store : before;
      if (isReverted) {
        store.revertTo(0);
      }
      for (const [address, { balance = 0n, nonce = 0n, storage }] of accounts) {
        const slots = [...(storage ?? [])];
        await store.load([
          { kind: "account", address },
          ...slots.map(([slot]) => ({ kind: "slot", address, slot }) as const),
        ]);
        expect(reader.balance(address)).to.equal(balance);
        expect(reader.nonce(address)).to.equal(nonce);
        for (const [slot, value] of slots) {
          expect(reader.storage(address, slot)).to.equal(value);
        }
      }
    }
  }
});
