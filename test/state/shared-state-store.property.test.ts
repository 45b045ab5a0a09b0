/**
 * The store against the plain Map model under random write sets, irregular changes, marks, reverts
 * and history reads; roots against @ethereumjs/mpt. Replay: FC_SEED and FC_PATH.
 */
import { expect } from "chai";
import fc from "fast-check";
import { keccak256Hex } from "../../src/crypto/keccak256";
import type { Address, Hash } from "../../src/state/hex";
import { EMPTY_CODE_HASH } from "../../src/state/hex";
import { createSharedStateStore, openSharedState } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";
import type { Write, WriteSet } from "../../src/state/write-set";
import { propertyParameters } from "../helpers/properties";
import { inTurns, NearRootThread } from "../helpers/root-thread";
import { describeReader, StateModel } from "./state-model";

const ADDRESSES: Address[] = Array.from(
  { length: 6 },
  (_, index): Address => `0x${(index + 1).toString(16).padStart(40, index % 2 === 0 ? "0" : "f")}`,
);
const SLOTS = [0n, 1n, 2n, 2n ** 64n, 2n ** 256n - 1n, 0xabcdefn << 128n];
const CODES = new Map<Hash, Uint8Array>(
  [1, 2, 3].map((length) => {
    const code = new Uint8Array(length).fill(0x5b);
    return [keccak256Hex(code), code];
  }),
);

const address = fc.constantFrom(...ADDRESSES);
const slot = fc.constantFrom(...SLOTS);
const word = fc.oneof(
  fc.constantFrom(0n, 0n, 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n, 2n ** 256n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
);
const nonce = fc.constantFrom(0n, 1n, 2n, 2n ** 32n, 2n ** 64n - 1n);
const codeHash = fc.constantFrom(EMPTY_CODE_HASH, ...CODES.keys());

/** A write whose balance is the value to reach; the delta follows from the model. */
const write = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("balance"), address, value: word }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("nonce"), address, value: nonce }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("code"), address, codeHash }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("storage"), address, slot, value: word }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("existence"),
      address,
      exists: fc.boolean(),
      clearsStorage: fc.boolean(),
    }),
  },
);
type RandomWrite = typeof write extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("apply"), writes: fc.array(write, { maxLength: 8 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("irregular"), write }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("mark") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("revert"), to: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("root") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("rootSoon") }) },
);

/** At most one write per location; of a removed account only the balance delta to zero. */
function writeSetOf(random: readonly RandomWrite[], model: StateModel): WriteSet {
  const removed = new Set<Address>();
  const existence = new Map<Address, Write>();
  for (const each of random) {
    if (each.kind === "existence" && "exists" in each) {
      existence.set(each.address, { ...each, kind: "existence" });
    }
  }
  for (const [key, each] of existence) {
    if (each.kind === "existence" && !each.exists) {
      removed.add(key);
    }
  }
  const writes = new Map<string, Write>();
  for (const each of random) {
    const balance = model.accounts.get(each.address)?.balance ?? 0n;
    if (each.kind === "existence" || removed.has(each.address)) {
      continue;
    }
    if ("slot" in each) {
      writes.set(`${each.address}${each.slot}`, { ...each, kind: "storage" });
    } else if ("codeHash" in each) {
      writes.set(`${each.address}code`, { ...each, kind: "code" });
    } else if ("value" in each && each.kind === "nonce") {
      writes.set(`${each.address}nonce`, { ...each, kind: "nonce" });
    } else if ("value" in each && each.value !== balance) {
      const delta = each.value - balance;
      writes.set(`${each.address}balance`, { kind: "balance", address: each.address, delta });
    }
  }
  for (const key of removed) {
    const balance = model.accounts.get(key)?.balance ?? 0n;
    if (balance !== 0n) {
      writes.set(`${key}balance`, { kind: "balance", address: key, delta: -balance });
    }
  }
  // existence writes come last in the list: the store has to apply them first
  return { writes: [...writes.values(), ...existence.values()], codes: CODES };
}

function applyIrregular(random: RandomWrite, store: StateStore, model: StateModel): void {
  const { address: key } = random;
  if ("slot" in random) {
    store.setStorage(key, random.slot, random.value);
    model.setStorage(key, random.slot, random.value);
  } else if ("codeHash" in random) {
    store.setCode(key, CODES.get(random.codeHash) ?? new Uint8Array(0));
    model.touch(key).codeHash = random.codeHash;
  } else if ("value" in random && random.kind === "nonce") {
    store.setNonce(key, random.value);
    model.touch(key).nonce = random.value;
  } else if ("value" in random) {
    store.setBalance(key, random.value);
    model.touch(key).balance = random.value;
  }
}

describe("shared state store, against a model of Maps", () => {
  it("reads, reverts, history, roots and shared readers agree with the model", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        // Every other root of more than a few changes comes from a second set of tries.
        const rootThread = new NearRootThread(3);
        const store = createSharedStateStore({ rootThread, rootChoice: inTurns() });
        let model = new StateModel();
        const marks: { mark: number; model: StateModel }[] = [{ mark: 0, model: model.clone() }];
        const check = (actual: string[], expected: StateModel) =>
          expect(actual).to.deep.equal(expected.describe(ADDRESSES, SLOTS));
        for (const each of steps) {
          if ("writes" in each) {
            const writes = writeSetOf(each.writes, model);
            store.apply(writes);
            model.apply(writes);
          } else if ("write" in each) {
            applyIrregular(each.write, store, model);
          } else if ("to" in each) {
            const kept = marks[each.to % marks.length];
            if (kept === undefined) {
              continue;
            }
            marks.length = (each.to % marks.length) + 1;
            store.revertTo(kept.mark);
            await store.catchUp();
            model = kept.model.clone();
          } else if (each.do === "mark") {
            marks.push({ mark: store.mark(), model: model.clone() });
          } else if (each.do === "rootSoon") {
            expect(await store.stateRootSoon().wait()).to.equal(await model.stateRoot());
          } else {
            expect(store.stateRoot()).to.equal(await model.stateRoot());
          }
          check(describeReader(store, ADDRESSES, SLOTS), model);
        }
        check(describeReader(openSharedState(store.share()), ADDRESSES, SLOTS), model);
        for (const past of marks) {
          check(describeReader(store.at(past.mark), ADDRESSES, SLOTS), past.model);
        }
        expect(store.stateRoot()).to.equal(await model.stateRoot());
        expect(store.accounts()).to.deep.equal([...model.accounts.keys()].sort());
        for (const key of ADDRESSES) {
          const storage = model.accounts.get(key)?.storage ?? new Map<bigint, bigint>();
          expect(store.storageEntries(key)).to.deep.equal(
            [...storage].sort(([a], [b]) => (a < b ? -1 : 1)),
          );
          expect(store.storageRoot(key)).to.equal(await model.storageRoot(key));
        }
      }),
      // the limit ends the search for a smaller counterexample
      propertyParameters({ numRuns: 150, skipAllAfterTimeLimit: 60_000 }),
    );
  });
});
