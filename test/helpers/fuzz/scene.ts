/** Transactions to made-up contracts, and what they find: hardfork, accounts, storage, blocks before. */
import { delegationTo } from "../../../src/execution/delegation";
import { FINAL_HARDFORKS, hardforkPosition } from "../../../src/execution/hardforks";
import type { TransactionInput } from "../../../src/execution/transaction";
import type { Address, Hash } from "../../../src/state/hex";
import type { Scene } from "../engine-pair";
import { environment, rules, transaction } from "../environment";
import { type AccountDescription, MapState } from "../map-state";
import type { PrecompileSample } from "./precompile-samples";
import type { Random } from "./random";
import { creationCodes, rawCode, structuredCode } from "./random-codes";

export type Kind = "structured" | "raw" | "mutated" | "operands" | "setCode" | "amsterdam";

/** A scene, and what a report calls it. */
export interface Program {
  readonly kind: Exclude<Kind, "setCode" | "amsterdam">;
  readonly hardfork: string;
  readonly scene: Scene;
}

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
export const CONTRACTS: readonly Address[] = [
  "0xc0de000000000000000000000000000000000001",
  "0xc0de000000000000000000000000000000000002",
  "0xc0de000000000000000000000000000000000003",
];
const DELEGATED: Address = "0xde1e000000000000000000000000000000000001";
export const EMPTY: Address = "0xe000000000000000000000000000000000000001";
export const ABSENT: Address = "0xab50000000000000000000000000000000000002";
export const PRECOMPILES: readonly Address[] = [
  ...Array.from({ length: 0x12 }, (_, index) => index + 1),
  0x100,
].map((place): Address => `0x${place.toString(16).padStart(40, "0")}`);
const ADDRESSES: readonly Address[] = [
  ...CONTRACTS,
  ...CONTRACTS,
  ...CONTRACTS,
  ...[SENDER, DELEGATED, EMPTY, ABSENT],
  ...PRECOMPILES,
];
/** Forks that change nothing but the blob schedule are one with the fork before. */
const FORKS = FINAL_HARDFORKS.filter(
  (fork) => !/^(dao|.*Glacier|mergeNetsplitBlock|bpo\d)$/.test(fork),
);

export function randomFork(random: Random): string {
  // every other program by rules that have all opcodes
  return random.once(2) ? random.pick(FORKS.slice(-3)) : random.pick(FORKS);
}

/** Gas: mostly as much as short programs take, now and then enough for long loops. */
export function randomGas(random: Random): bigint {
  const share = random.below(1000) / 1000;
  return BigInt(Math.round(100_000 * 2 ** (5 * share ** 3)));
}

export function madeUpProgram(
  kind: "structured" | "raw",
  random: Random,
  samples: readonly PrecompileSample[],
): Program {
  const hardfork = randomFork(random);
  const has = (fork: string): boolean => hardforkPosition(hardfork) >= hardforkPosition(fork);
  const addresses = ADDRESSES;
  const creations = creationCodes({ random, addresses, samples, hasFork: has });
  const codes = CONTRACTS.map(() =>
    kind === "raw"
      ? rawCode(random)
      : structuredCode({ random, addresses, samples, creations, hasFork: has }),
  );
  const creates = random.once(8);
  const state = new MapState({
    ...accountsOf(random, codes),
    [SENDER]: { balance: 10n ** 18n, nonce: 3n },
    [EMPTY]: { balance: has("spuriousDragon") ? 5n : 0n },
    [DELEGATED]: {
      nonce: 1n,
      balance: 7n,
      ...(has("prague") ? { code: delegationTo(random.pick(addresses)) } : {}),
    },
  });
  const input = transaction(SENDER, {
    nonce: 3n,
    gasLimit: randomGas(random),
    value: random.once(3) ? BigInt(random.below(100)) : 0n,
    to: creates ? null : random.once(8) ? DELEGATED : random.pick(CONTRACTS),
    data: creates ? random.pick([...creations, ...codes]) : callDataOf(random),
    ...envelopeOf(random, creates, has),
  });
  return {
    kind,
    hardfork,
    scene: {
      state,
      transaction: input,
      environment: environment(hardfork, {
        rules: rules(hardfork),
        coinbase: random.once(3) ? random.pick(CONTRACTS) : ABSENT,
        blockHashes: ANCESTORS,
      }),
      trace: random.once(4),
    },
  };
}

export function accountsOf(
  random: Random,
  codes: readonly Uint8Array[],
): Record<Address, AccountDescription> {
  return Object.fromEntries(
    codes.map((code, index): [string, AccountDescription] => [
      CONTRACTS[index] ?? ABSENT,
      {
        code,
        nonce: random.once(50) ? 2n ** 64n - 2n : 1n,
        balance: random.pick([0n, 1n, 1_000n, 10n ** 18n]),
        storage: new Map(
          random.times(random.below(4), () => [BigInt(random.below(5)), BigInt(random.below(3))]),
        ),
      },
    ]),
  );
}

export function callDataOf(random: Random): Uint8Array {
  // A first word of zero lets a recursion run its depth.
  return random.once(2)
    ? new Uint8Array(random.below(100))
    : random.bytes(random.below(random.once(5) ? 2000 : 100));
}

/** What comes with the type of the transaction: access lists, blobs. */
function envelopeOf(
  random: Random,
  creates: boolean,
  has: (fork: string) => boolean,
): Partial<TransactionInput> {
  if (!has("berlin") || random.once(2)) {
    return {};
  }
  const accessList = random.times(random.below(3), () => ({
    address: random.pick(ADDRESSES),
    slots: random.times(random.below(4), () => BigInt(random.below(5))),
  }));
  if (!has("cancun") || creates || !random.once(3)) {
    return { type: 1, accessList };
  }
  const blobVersionedHashes = random.times(
    1 + random.below(3),
    (index): Hash => `0x01${index.toString(16).padStart(62, "a")}`,
  );
  return { type: 3, accessList, blobVersionedHashes, maxFeePerBlobGas: 1_000n };
}

export const ANCESTORS: ReadonlyMap<bigint, Hash> = new Map(
  Array.from({ length: 256 }, (_, index): [bigint, Hash] => [
    999n - BigInt(index),
    `0x${(index + 1).toString(16).padStart(64, "0")}`,
  ]),
);
