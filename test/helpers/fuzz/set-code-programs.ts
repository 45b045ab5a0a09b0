/**
 * Blocks of a few transactions that delegate accounts and call delegated accounts (EIP-7702): what one
 * transaction has delegated, the next ones find.
 */
import { delegationTo } from "../../../src/execution/delegation";
import type { BlockEnvironment, TransactionInput } from "../../../src/execution/transaction";
import type { Address } from "../../../src/state/hex";
import { environment, transaction } from "../environment";
import { type AccountDescription, MapState } from "../map-state";
import { SENDERS } from "../reference-transaction";
import { type AuthorizationDraft, randomAuthorizations, SILENT } from "./authorities";
import { CodeBuilder } from "./code-builder";
import { delegatedCalls } from "./delegation-patterns";
import type { PrecompileSample } from "./precompile-samples";
import type { Random } from "./random";
import { creationCodes, structuredCode } from "./random-codes";
import {
  ABSENT,
  ANCESTORS,
  accountsOf,
  CONTRACTS,
  callDataOf,
  PRECOMPILES,
  randomGas,
} from "./scene";
import type { World } from "./world";

/** Nonces and signatures are filled in when the transactions before it have run. */
export interface TransactionDraft {
  readonly transaction: TransactionInput;
  readonly authorizations: readonly AuthorizationDraft[];
}

export interface BlockProgram {
  readonly kind: "setCode" | "amsterdam";
  readonly hardfork: string;
  readonly state: MapState;
  readonly environment: BlockEnvironment;
  readonly transactions: readonly TransactionDraft[];
  readonly trace: boolean;
  /** run again with less gas each time, instead of now and then */
  readonly cutsOften?: boolean;
}

const FORKS = ["prague", "osaka"] as const;
/** Accounts that codes name: mostly those that may be delegated. */
const ADDRESSES: readonly Address[] = [
  ...SILENT,
  ...SILENT,
  ...SENDERS,
  ...CONTRACTS,
  ...CONTRACTS,
  ABSENT,
  ...PRECOMPILES.slice(0, 9),
];
export const TARGETS: readonly Address[] = [
  ...[...CONTRACTS, ...CONTRACTS, ...CONTRACTS, ...CONTRACTS, ...SENDERS, ABSENT],
  ...PRECOMPILES.slice(0, 11),
];
/** gas: of an authorization, an address and a slot of an access list; what the rest costs has room */
const GAS = { authorization: 25_000n, address: 2_400n, slot: 1_900n } as const;
const LAST_NONCE = 2n ** 64n - 1n;

/**
 * Contracts with these codes, senders and silent accounts.
 * @param delegatedOnceIn one of so many senders begins with a delegation
 */
export function stateOfActors(
  random: Random,
  codes: Parameters<typeof accountsOf>[1],
  delegatedOnceIn: number,
): MapState {
  return new MapState({
    ...accountsOf(random, codes),
    ...Object.fromEntries(
      SENDERS.map((address): [string, AccountDescription] => [
        address,
        {
          balance: 10n ** 18n,
          nonce: BigInt(random.below(3)),
          ...(random.once(delegatedOnceIn) ? { code: delegationTo(random.pick(TARGETS)) } : {}),
        },
      ]),
    ),
    ...Object.fromEntries(
      SILENT.flatMap((address): [string, AccountDescription][] => {
        const account = silentAccount(random);
        return account === null ? [] : [[address, account]];
      }),
    ),
  });
}

export function setCodeProgram(random: Random, samples: readonly PrecompileSample[]): BlockProgram {
  const hardfork = random.pick(FORKS);
  const hasFork = (): boolean => true;
  const base = { random, addresses: ADDRESSES, samples, hasFork };
  const world = { ...base, creations: creationCodes(base) };
  const codes = CONTRACTS.map(() => codeOf(world));
  const state = stateOfActors(random, codes, 4);
  return {
    kind: "setCode",
    hardfork,
    state,
    environment: environment(hardfork, {
      coinbase: random.once(3) ? random.pick([...CONTRACTS, ...SILENT]) : ABSENT,
      blockHashes: ANCESTORS,
    }),
    transactions: random.times(1 + random.below(4), () => draftOf(random)),
    trace: random.once(4),
  };
}

/** Null: there is no such account. */
export function silentAccount(random: Random): AccountDescription | null {
  switch (random.below(8)) {
    case 0:
    case 1:
      return null;
    case 2:
      return { balance: 3n };
    case 3:
      return { nonce: random.pick([LAST_NONCE, LAST_NONCE - 1n]), balance: 1n };
    case 4:
      // a contract, however it came to have a key: nothing can be delegated from it
      return { nonce: 1n, code: Uint8Array.of(0x5a, 0x50, 0x00) };
    case 5:
      return { nonce: 2n, storage: new Map([[1n, 7n]]) };
    default:
      return { nonce: 1n, balance: 9n, code: delegationTo(random.pick([...TARGETS, ...SILENT])) };
  }
}

/** Half of the codes do little else than to look at and call accounts that may be delegated. */
function codeOf(world: World): Uint8Array {
  if (world.random.once(2)) {
    return structuredCode(world);
  }
  const code = new CodeBuilder();
  delegatedCalls(code, world);
  return code.build();
}

function draftOf(random: Random): TransactionDraft {
  const type = random.pick([4, 4, 4, 2, 1] as const);
  const authorizations = type === 4 ? randomAuthorizations(random, TARGETS) : [];
  const accessList = random.times(random.below(3), () => ({
    address: random.pick(ADDRESSES),
    slots: random.times(random.below(3), () => BigInt(random.below(5))),
  }));
  const creates = type !== 4 && random.once(8);
  const slots = accessList.reduce((sum, item) => sum + item.slots.length, 0);
  return {
    authorizations,
    transaction: transaction(random.pick(SENDERS), {
      type,
      gasLimit:
        randomGas(random) +
        GAS.authorization * BigInt(authorizations.length) +
        GAS.address * BigInt(accessList.length) +
        GAS.slot * BigInt(slots),
      value: random.once(3) ? BigInt(random.below(100)) : 0n,
      to: creates ? null : random.pick([...SILENT, ...SILENT, ...SENDERS, ...CONTRACTS]),
      data: creates ? Uint8Array.of(0x32, 0xff) : callDataOf(random),
      accessList,
      ...(type === 1 ? {} : { maxFeePerGas: 12n, maxPriorityFeePerGas: random.once(2) ? 2n : 0n }),
    }),
  };
}
