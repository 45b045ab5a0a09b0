/**
 * npm run bench:roots [-- --rounds 15 --slots 5000 --accounts 2500 --transfers 500]
 *
 * Roots, receipts and blooms of a block of token transfers, ours beside @ethereumjs/mpt: CPU time,
 * medians over interleaved rounds, warm. The roots of both are compared in every round.
 */
import { parseArgs } from "node:util";
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { makeReceipts } from "../src/chain/receipts";
import { keccak256, keccak256Backend } from "../src/crypto/keccak256";
import { encodedLogs, type TransactionOutcome } from "../src/execution/outcome";
import { type ReceiptBodies, receiptBodies } from "../src/execution/receipt-bodies";
import { completeReceipt } from "../src/execution/receipt-head";
import {
  bigIntToBytes32,
  bigIntToHex32,
  bigIntToMinimalBytes,
  bytesToHex,
  hexToBytes,
} from "../src/state/bytes";
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from "../src/state/hex";
import { createSharedStateStore } from "../src/state/shared-state-store";
import type { StateStore } from "../src/state/state-store";
import { orderedTrieRoot } from "../src/state/trie/trie-root";
import type { Write } from "../src/state/write-set";
import { median, medianRatio } from "./statistics";

const TOKEN: Address = `0x${"7e".repeat(20)}`;
const TRANSFER_TOPIC: Hash = bytesToHex(
  keccak256(Buffer.from("Transfer(address,address,uint256)")),
);
const CODE = Uint8Array.of(0x60, 0x00);

interface Sizes {
  readonly slots: number;
  readonly accounts: number;
  readonly transfers: number;
}

/** What one row of the table measures: the same work by us and by the reference, which must agree. */
interface Subject {
  readonly name: string;
  ours(): unknown;
  /** absent = nothing to compare with */
  reference?(): Promise<unknown>;
  /** Not measured, before each round. */
  prepare?(round: number): void;
}

const addressOf = (index: number): Address =>
  bytesToHex(keccak256(bigIntToBytes32(BigInt(index))).subarray(12));
const slotOf = (index: number): bigint =>
  BigInt(bytesToHex(keccak256(bigIntToBytes32(BigInt(index) + 2n ** 128n))));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "15" },
      slots: { type: "string", default: "5000" },
      accounts: { type: "string", default: "2500" },
      transfers: { type: "string", default: "500" },
    },
  });
  const sizes = {
    slots: Number(values.slots),
    accounts: Number(values.accounts),
    transfers: Number(values.transfers),
  };
  const subjects = [await stateRoot(sizes), ...blockParts(sizes)];
  const warmUp = 10;
  const samples = subjects.map(() => ({ ours: [] as number[], reference: [] as number[] }));
  for (let round = -warmUp; round < Number(values.rounds); round++) {
    for (const [index, subject] of subjects.entries()) {
      subject.prepare?.(round);
      const ours = await cpuOf(() => subject.ours());
      const reference =
        subject.reference === undefined ? null : await cpuOf(() => subject.reference?.());
      if (reference !== null && reference.result !== ours.result) {
        throw new Error(`${subject.name}: ours ${ours.result}, reference ${reference.result}`);
      }
      if (round >= 0) {
        samples[index]?.ours.push(ours.cpu);
        samples[index]?.reference.push(reference?.cpu ?? Number.NaN);
      }
    }
  }
  console.log(`keccak256: ${keccak256Backend()}; CPU ms, medians of ${values.rounds} rounds`);
  for (const [index, { name, reference }] of subjects.entries()) {
    const { ours = [], reference: theirs = [] } = samples[index] ?? {};
    const compared =
      reference === undefined
        ? ""
        : `   @ethereumjs ${median(theirs).toFixed(2).padStart(8)}   ${medianRatio(theirs, ours).toFixed(0)} times`;
    console.log(`${name.padEnd(44)}${median(ours).toFixed(2).padStart(8)}${compared}`);
  }
}

async function cpuOf(work: () => unknown): Promise<{ cpu: number; result: unknown }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, result };
}

/** Every transfer changes a slot of its own on both sides, its sender and the fee's receiver. */
async function stateRoot({ slots, accounts, transfers }: Sizes): Promise<Subject> {
  const store = createSharedStateStore();
  const storageTrie = new MerklePatriciaTrie({ useKeyHashing: true });
  const accountTrie = new MerklePatriciaTrie({ useKeyHashing: true });
  store.setCode(TOKEN, CODE);
  for (let slot = 0; slot < slots; slot++) {
    store.setStorage(TOKEN, slotOf(slot), 10n ** 20n + BigInt(slot));
    await putSlot(storageTrie, store, slotOf(slot));
  }
  for (let index = 0; index < accounts; index++) {
    store.setBalance(addressOf(index), 10n ** 22n + BigInt(index));
    await putAccount(accountTrie, store, addressOf(index), null);
  }
  store.stateRoot();
  let changedSlots: bigint[] = [];
  let changedAccounts: Address[] = [];
  return {
    name: `state root, ${2 * transfers} of ${slots} slots, ${transfers + 1} of ${accounts} accounts`,
    prepare(round) {
      const start = (round + 100) * 37;
      changedSlots = unique(2 * transfers, slots, start).map(slotOf);
      changedAccounts = unique(transfers + 1, accounts, start).map(addressOf);
      store.apply({
        writes: writesOf(changedSlots, changedAccounts, BigInt(start)),
        codes: new Map(),
      });
    },
    ours: () => store.stateRoot(),
    async reference() {
      for (const slot of changedSlots) {
        await putSlot(storageTrie, store, slot);
      }
      for (const address of changedAccounts) {
        await putAccount(accountTrie, store, address, null);
      }
      await putAccount(accountTrie, store, TOKEN, storageTrie.root());
      return bytesToHex(accountTrie.root());
    },
  };
}

function writesOf(slots: readonly bigint[], accounts: readonly Address[], turn: bigint): Write[] {
  return [
    ...slots.map(
      (slot): Write => ({
        kind: "storage",
        address: TOKEN,
        slot,
        value: 10n ** 19n + (slot % 1000n) + turn,
      }),
    ),
    ...accounts.flatMap((address): Write[] => [
      { kind: "balance", address, delta: 1n + turn },
      { kind: "nonce", address, value: turn },
    ]),
  ];
}

/** `count` different numbers below `limit`. */
function unique(count: number, limit: number, start: number): number[] {
  return Array.from({ length: Math.min(count, limit) }, (_, i) => (start + i) % limit);
}

async function putSlot(trie: MerklePatriciaTrie, store: StateStore, slot: bigint): Promise<void> {
  await trie.put(
    bigIntToBytes32(slot),
    RLP.encode(bigIntToMinimalBytes(store.storage(TOKEN, slot))),
  );
}

async function putAccount(
  trie: MerklePatriciaTrie,
  store: StateStore,
  address: Address,
  storageRoot: Uint8Array | null,
): Promise<void> {
  await trie.put(
    hexToBytes(address),
    RLP.encode([
      bigIntToMinimalBytes(store.nonce(address)),
      bigIntToMinimalBytes(store.balance(address)),
      storageRoot ?? hexToBytes(EMPTY_TRIE_ROOT),
      hexToBytes(address === TOKEN ? store.codeHash(address) : EMPTY_CODE_HASH),
    ]),
  );
}

function blockParts({ transfers }: Sizes): Subject[] {
  const executed = Array.from({ length: transfers }, (_, index) => ({
    outcome: outcomeOf(index),
  }));
  const raw = executed.map((_, index) => {
    const bytes = new Uint8Array(178).fill(index & 255);
    bytes.set(bigIntToBytes32(BigInt(index)), 40);
    return bytes;
  });
  let bodies = receiptBodies([]);
  const logs = executed.map(({ outcome }) => encodedLogs(outcome));
  const { receipts } = makeReceipts(executed);
  const encoded = (bodies: ReceiptBodies) =>
    receipts.map(({ cumulativeGasUsed }, index) =>
      completeReceipt(bodies, index, 2, 1, cumulativeGasUsed),
    );
  return [
    {
      name: `blooms of ${transfers} receipts, their union, RLP of logs`,
      ours: () => bytesToHex(receiptBodies(logs).bloom),
    },
    {
      name: "the same, and blooms as hex (what is kept)",
      ours: () => makeReceipts(executed).receipts.length,
    },
    {
      name: `receipts root, ${transfers}, from their bodies`,
      prepare: () => {
        bodies = receiptBodies(logs);
      },
      ours: () => bytesToHex(orderedTrieRoot(encoded(bodies))),
      reference: () => referenceRoot(encoded(receiptBodies(logs))),
    },
    {
      name: `transactions root, ${transfers}`,
      ours: () => bytesToHex(orderedTrieRoot(raw)),
      reference: () => referenceRoot(raw),
    },
  ];
}

async function referenceRoot(values: readonly Uint8Array[]): Promise<string> {
  const trie = new MerklePatriciaTrie();
  for (const [index, value] of values.entries()) {
    await trie.put(RLP.encode(index), value);
  }
  return bytesToHex(trie.root());
}

function outcomeOf(index: number): TransactionOutcome {
  const topicOf = (address: Address): Hash => bigIntToHex32(BigInt(address));
  return {
    status: 1,
    gasUsed: 51_000n,
    gasBeforeRefund: 51_000n,
    intrinsicGas: 21_500n,
    blobGasUsed: 0n,
    effectiveGasPrice: 1n,
    returnData: bigIntToBytes32(1n),
    logs: [
      {
        address: TOKEN,
        topics: [TRANSFER_TOPIC, topicOf(addressOf(index)), topicOf(addressOf(index + 10_000))],
        data: bigIntToHex32(5n),
      },
    ],
    createdAddress: null,
    reads: [],
    writes: { writes: [], codes: new Map() },
    trace: { frames: [], accesses: [], preimages: [], transient: [] },
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
