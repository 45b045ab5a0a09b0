/**
 * Blocks by the rules of Amsterdam (experimental): accounts, slots and codes come into being and go again, paid
 * for out of a reservoir that is mostly too small or none at all; values go to accounts that do not exist.
 */
import type { TransactionInput } from "../../../src/execution/transaction";
import type { Address } from "../../../src/state/hex";
import { environment, transaction } from "../environment";
import { SENDERS } from "../reference-transaction";
import { type AuthorizationDraft, randomAuthorizations, SILENT, ZERO_ADDRESS } from "./authorities";
import { CodeBuilder } from "./code-builder";
import { delegatedCalls } from "./delegation-patterns";
import { growthPatterns } from "./growth-patterns";
import type { PrecompileSample } from "./precompile-samples";
import type { Random } from "./random";
import { creationCodes, structuredCode } from "./random-codes";
import { ABSENT, ANCESTORS, CONTRACTS, callDataOf, PRECOMPILES } from "./scene";
import {
  type BlockProgram,
  stateOfActors,
  TARGETS,
  type TransactionDraft,
} from "./set-code-programs";
import type { World } from "./world";

/** Accounts that nobody has made yet. */
const NOBODY: readonly Address[] = [1, 2, 3, 4].map(
  (number): Address =>
    `0xab5e0000000000000000000000000000000000${number.toString(16).padStart(2, "0")}`,
);
const ADDRESSES: readonly Address[] = [
  ...SILENT,
  ...SENDERS,
  ...[...CONTRACTS, ...CONTRACTS, ...CONTRACTS],
  ...NOBODY,
  ...PRECOMPILES.slice(0, 9),
];
const RECIPIENTS: readonly Address[] = [
  ...[...CONTRACTS, ...CONTRACTS, ...CONTRACTS, ...CONTRACTS],
  ...[...SILENT, ...SENDERS, ...NOBODY],
  ...PRECOMPILES.slice(0, 5),
];
/** gas: EIP-7825 */
const CAP = 16_777_216n;

/** @param most transactions */
export function amsterdamProgram(
  random: Random,
  samples: readonly PrecompileSample[],
  most = 4,
): BlockProgram {
  // A loop would run for all the gas that there is below a reservoir.
  const hasReservoirs = random.once(3);
  const base = { random, addresses: ADDRESSES, samples, hasFork: () => true };
  const world = {
    ...base,
    creations: hasReservoirs ? shortCreations(random) : creationCodes(base).map(withoutContainers),
  };
  const codes = CONTRACTS.map(() => codeOf(world, hasReservoirs));
  const state = stateOfActors(random, codes, 6);
  return {
    kind: "amsterdam",
    hardfork: "amsterdam",
    state,
    environment: environment("amsterdam", {
      coinbase: random.once(3) ? random.pick([...CONTRACTS, ...SILENT, ...NOBODY]) : ABSENT,
      blockHashes: ANCESTORS,
      slotNumber: BigInt(random.below(1 << 30)),
    }),
    transactions: random.times(1 + random.below(most), () => draftOf(world, hasReservoirs)),
    trace: random.once(4),
    cutsOften: true,
  };
}

/** @ethereumjs/evm takes 0xef00 for a container on every hardfork (container-lookalikes.ts), which is not compared. */
function withoutContainers(code: Uint8Array): Uint8Array {
  return code[0] === 0xef && code[1] === 0x00 ? Uint8Array.of(0xfe, ...code.slice(1)) : code;
}

/** Init codes that end soon. */
function shortCreations(random: Random): readonly Uint8Array[] {
  const store = new CodeBuilder();
  store.push(1, random.below(9)).op(0x55).push(1, random.below(9)).op(0x55);
  const deploys = (length: number, ...bytes: readonly number[]): Uint8Array =>
    new CodeBuilder().load(Uint8Array.from(bytes), 0).push(length, 0).op(0xf3).build();
  return [
    store
      .push(random.below(70), 0)
      .op(random.pick([0xf3, 0xfd]))
      .build(),
    deploys(2, 0x33, 0xff),
    deploys(random.pick([300, 1_000, 24_577, 65_536, 65_537]), 0x00),
    deploys(1, 0xef),
    deploys(random.below(40), 0x60, 0x01, 0x34, 0x55),
    Uint8Array.of(0x32, 0xff),
    Uint8Array.of(0x30, 0xff),
    Uint8Array.of(0xfe),
    new Uint8Array(0),
  ];
}

function codeOf(world: World, isShort: boolean): Uint8Array {
  const { random } = world;
  if (!isShort && random.once(3)) {
    return structuredCode(world);
  }
  const code = new CodeBuilder();
  if (random.once(4)) {
    delegatedCalls(code, world);
  } else {
    growthPatterns(code, world, isShort);
  }
  return code.build();
}

/** gas: little more than what nothing grows with, or enough for a few accounts */
function gasOf(random: Random): bigint {
  const amount = (most: number): bigint => BigInt(random.below(most));
  switch (random.below(4)) {
    case 0:
      return 60_000n + amount(200_000);
    case 1:
      return 300_000n + amount(400_000);
    default:
      return 500_000n + amount(2_000_000);
  }
}

/** gas: with something for the reservoir, or nearly */
function gasAboveCap(random: Random): bigint {
  return CAP + BigInt(random.once(2) ? random.below(300_000) : random.below(3_000_000));
}

/** Now and then one authority changes its mind again and again. */
function authorizationsOf(random: Random): readonly AuthorizationDraft[] {
  const [first, ...others] = randomAuthorizations(random, TARGETS);
  if (first === undefined || !random.once(5)) {
    return first === undefined ? [] : [first, ...others];
  }
  const targets = [random.pick(TARGETS), ZERO_ADDRESS, random.pick(TARGETS), ZERO_ADDRESS];
  return targets.slice(random.below(2)).map((target) => ({
    ...{ authority: first.authority, target, chainId: 0n, nonce: { offset: 0n }, flaw: null },
  }));
}

function draftOf(world: World, hasReservoirs: boolean): TransactionDraft {
  const { random } = world;
  const type = random.pick([4, 4, 2, 2, 1, 0] as const);
  const authorizations = type === 4 ? authorizationsOf(random) : [];
  const accessList = random.times(type === 0 ? 0 : random.below(4), () => ({
    address: random.pick(ADDRESSES),
    slots: random.times(random.below(4), () => BigInt(random.below(5))),
  }));
  const [first] = authorizations;
  const called = first !== undefined && random.once(4) ? first.authority : random.pick(RECIPIENTS);
  const to = type !== 4 && random.once(4) ? null : called;
  const gas = hasReservoirs && random.once(2) ? gasAboveCap(random) : gasOf(random);
  const changes: Partial<TransactionInput> = {
    type,
    gasLimit: gas + 7_816n * BigInt(authorizations.length) + 15_000n * BigInt(accessList.length),
    value: random.once(2) ? BigInt(random.below(100)) : 0n,
    to,
    data: to === null ? random.pick(world.creations) : callDataOf(random),
    accessList,
    ...(type < 2 ? {} : { maxFeePerGas: 12n, maxPriorityFeePerGas: random.once(2) ? 2n : 0n }),
  };
  return { authorizations, transaction: transaction(random.pick(SENDERS), changes) };
}
