/** How much two threads hash for a root: what one alone would, and nothing that the other hashes too. */
import { expect } from "chai";
import { HashMemory } from "../../../src/crypto/hash-memory";
import { bigIntToHex32 } from "../../../src/state/bytes";
import type { Address, Hash } from "../../../src/state/hex";
import { createSharedStateStore } from "../../../src/state/shared-state-store";
import type { StateStore } from "../../../src/state/state-store";
import { ALWAYS_THERE, NearRootThread } from "../../helpers/root-thread";

const ACCOUNTS = 2000;
const LARGE = 20;
const SMALL = 15;
const SLOTS = 200;

const addressOf = (number: number): Address => `0x${bigIntToHex32(BigInt(number)).slice(-40)}`;
const large = (number: number): Address => addressOf(10_000 + number);
const small = (number: number): Address => addressOf(20_000 + number);

/** Accounts, and contracts whose slots begin with all nibbles. */
function fill(store: StateStore): void {
  for (let number = 0; number < ACCOUNTS; number++) {
    store.setBalance(addressOf(number), 1n);
  }
  for (let contract = 0; contract < LARGE; contract++) {
    for (let slot = 0; slot < SLOTS; slot++) {
      store.setStorage(large(contract), BigInt(slot), 1n);
    }
  }
}

/** Changes, new rows and deletions among them. */
function change(store: StateStore): void {
  for (let number = 0; number < ACCOUNTS; number += 7) {
    store.setBalance(addressOf(number), 2n);
    store.setBalance(addressOf(50_000 + number), 1n);
  }
  for (let contract = 0; contract < LARGE; contract++) {
    for (let slot = contract; slot < SLOTS; slot += 20) {
      store.setStorage(large(contract), BigInt(slot), slot % 3 === 0 ? 0n : 2n);
      store.setStorage(large(contract), BigInt(slot + 1000), 1n);
    }
  }
}

/** Contracts with one slot. */
function changeSmall(store: StateStore): void {
  for (let contract = 0; contract < SMALL; contract++) {
    store.setStorage(small(contract), 0n, 1n);
  }
}

/** The root after the changes, and the nodes hashed for it, by their RLP. */
async function rooted(
  store: StateStore,
  ...changes: readonly ((store: StateStore) => void)[]
): Promise<{
  readonly root: Hash;
  readonly nodes: readonly string[];
  /** of them, hashed when the other thread's answer was there */
  readonly late: number;
}> {
  fill(store);
  await store.stateRootSoon().wait();
  for (const make of changes) {
    make(store);
  }
  const nodes: string[] = [];
  const { addJob } = HashMemory.prototype;
  HashMemory.prototype.addJob = function (pointer, length) {
    // what keys are hashes of has 20 or 32 bytes
    if (length > 32) {
      nodes.push(Buffer.from(this.bytes.subarray(pointer, pointer + length)).toString("hex"));
    }
    addJob.call(this, pointer, length);
  };
  try {
    const soon = store.stateRootSoon();
    const early = nodes.length;
    const root = await soon.wait();
    return { root, nodes: nodes.sort(), late: nodes.length - early };
  } finally {
    HashMemory.prototype.addJob = addJob;
  }
}

/** Calling thread alone, and with another. */
function pair(): readonly [StateStore, StateStore] {
  const rootThread = new NearRootThread();
  return [
    createSharedStateStore(),
    createSharedStateStore({ rootThread, rootChoice: ALWAYS_THERE }),
  ];
}

describe("a root that two threads make", () => {
  it("has each node hashed by one of them, and once: the nodes that one thread hashes", async () => {
    const [one, two] = pair();
    const alone = await rooted(one, change);
    const together = await rooted(two, change);
    expect(together.root).to.equal(alone.root);
    expect(alone.nodes.length).to.be.greaterThan(1000);
    expect(together.nodes.length).to.equal(alone.nodes.length);
    expect(together.nodes).to.deep.equal(alone.nodes);
  });

  it("waits for the other thread with nothing but what lies above its storages", async () => {
    const [, two] = pair();
    const { nodes, late } = await rooted(two, change);
    // of 20 storages: the root, the account, and above it a branch for each of some 4 nibbles at most
    expect(late).to.be.within(20 * 2, 20 * 6);
    expect(nodes.length).to.be.greaterThan(1000);
  });

  it("has one node more for a storage with a single slot: who has it does not know that it is the root", async () => {
    const [one, two] = pair();
    const alone = await rooted(one, change, changeSmall);
    const together = await rooted(two, change, changeSmall);
    expect(together.root).to.equal(alone.root);
    // A leaf below a root, until the other thread has said that there is nothing else: then it is the root.
    expect(together.nodes.length).to.equal(alone.nodes.length + 15);
  });
});
