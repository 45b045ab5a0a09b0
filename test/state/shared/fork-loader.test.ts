/** What is fetched ahead of a fork's state: when it becomes rows, and that it is not lost till then. */
import { expect } from "chai";
import type { Address } from "../../../src/state/hex";
import { MissingState, type StateKey } from "../../../src/state/missing";
import { createSharedStateStore, openSharedState } from "../../../src/state/shared-state-store";
import type { SourceKeys, SourceValues, StateSource } from "../../../src/state/state-source";

const GUESSED: Address = `0x${"11".repeat(20)}`;
const NEEDED: Address = `0x${"22".repeat(20)}`;
const SLOT = 7n;
const GUESSES: readonly StateKey[] = [
  { kind: "account", address: GUESSED },
  { kind: "slot", address: GUESSED, slot: SLOT },
];

/** Has what it is asked for ahead at once, before `prefetch` comes back. */
class InstantSource implements StateSource {
  readonly fetches: SourceKeys[] = [];

  async fetch(keys: SourceKeys): Promise<SourceValues> {
    this.fetches.push(keys);
    return valuesOf(keys);
  }

  prefetch(keys: SourceKeys, arrived: (keys: SourceKeys, values: SourceValues) => void): void {
    arrived(keys, valuesOf(keys));
  }
}

function valuesOf({ accounts, slots }: SourceKeys): SourceValues {
  return {
    accounts: accounts.map(() => ({ balance: 5n, nonce: 1n, code: new Uint8Array() })),
    slots: slots.map(({ slot }) => slot + 1n),
  };
}

describe("ForkLoader.prefetch", () => {
  for (const [what, keys, fetches] of [
    ["of something else", [{ kind: "account", address: NEEDED }], [[NEEDED]]],
    ["of nothing", [], []],
  ] as readonly (readonly [string, readonly StateKey[], readonly (readonly Address[])[]])[]) {
    it(`what has come is no row while threads may read; a load ${what} brings it in`, async () => {
      const source = new InstantSource();
      const store = createSharedStateStore({ source });
      const handle = store.share();
      store.prefetch(GUESSES);
      expect(store.absent(GUESSES)).to.deep.equal(GUESSES);
      expect(store.share()).to.equal(handle);
      for (const reader of [store, store.at(store.mark()), openSharedState(handle)]) {
        expect(() => reader.balance(GUESSED)).to.throw(MissingState);
        expect(() => reader.storage(GUESSED, SLOT)).to.throw(MissingState);
      }

      await store.load(keys);
      expect(store.absent(GUESSES)).to.deep.equal([]);
      for (const reader of [store, openSharedState(store.share())]) {
        expect(reader.balance(GUESSED)).to.equal(5n);
        expect(reader.storage(GUESSED, SLOT)).to.equal(SLOT + 1n);
      }
      expect(source.fetches.map(({ accounts }) => accounts)).to.deep.equal(fetches);
    });
  }
});
