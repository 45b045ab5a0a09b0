/**
 * Random blocks for property tests, made to collide: few senders, contracts with random programs, a
 * hot counter, a factory that makes and re-makes self-destructing children by CREATE2, delegated
 * accounts, transactions that pay and read the coinbase, run out of gas or revert.
 */
import fc from "fast-check";
import { keccak256 } from "../../src/crypto/keccak256";
import { create2Address } from "../../src/execution/contract-address";
import type {
  Authorization,
  BlockEnvironment,
  TransactionInput,
} from "../../src/execution/transaction";
import { bigIntToBytes32, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble, deploying } from "./assembler";
import { COINBASE, environment, transaction } from "./environment";
import type { TestAccount, TestAccounts } from "./parallel-equals-sequential";
import { ABSENT_ACCOUNT, arbitraryProgram, CONTRACTS, EMPTY_ACCOUNT } from "./random-programs";

export interface RandomBlock {
  readonly accounts: TestAccounts;
  readonly environment: BlockEnvironment;
  readonly transactions: readonly TransactionInput[];
  /** gas */
  readonly gasAvailable: bigint;
}

export const SENDERS: readonly Address[] = [1, 2, 3, 4].map(
  (digit): Address => `0x5e4de4000000000000000000000000000000000${digit}`,
);
export const COUNTER: Address = "0xc0047e0000000000000000000000000000000001";
export const COINBASE_READER: Address = "0xb41a4ce000000000000000000000000000000001";
export const CREATOR: Address = "0xc4ea704000000000000000000000000000000001";
export const FACTORY: Address = "0xfac7040000000000000000000000000000000001";
const ZERO_ADDRESS: Address = "0x0000000000000000000000000000000000000000";

export const PROGRAMS = {
  /** adds one to slot 0 */
  counter: assemble("0x0 SLOAD 0x1 ADD 0x0 SSTORE"),
  /** writes the coinbase's balance to slot 0 */
  coinbaseReader: assemble("COINBASE BALANCE 0x0 SSTORE"),
  /** makes an empty contract in the name of the account whose code it is */
  creator: assemble("0x0 0x0 0x0 CREATE 0x0 SSTORE"),
  /** called with value it destroys itself to the caller, else it adds one to slot 0 */
  child: assemble(
    "CALLVALUE 0xe JUMPI 0x0 SLOAD 0x1 ADD 0x0 SSTORE STOP JUMPDEST CALLER SELFDESTRUCT",
  ),
} as const;

const CHILD_INIT = deploying(PROGRAMS.child);

/** Makes the child with salt calldata[0], fails if it is there, and calls it with calldata[32] wei. */
export function factoryCode(): Uint8Array {
  const stores: string[] = [];
  for (let at = 0; at < CHILD_INIT.length; at += 32) {
    const word = new Uint8Array(32);
    word.set(CHILD_INIT.subarray(at, at + 32));
    stores.push(`${bytesToHex(word)} 0x${at.toString(16)} MSTORE`);
  }
  const length = `0x${CHILD_INIT.length.toString(16)}`;
  return assemble(
    `${stores.join(" ")} 0x0 CALLDATALOAD ${length} 0x0 0x0 CREATE2 0x0 SSTORE
     0x0 0x0 0x0 0x0 0x20 CALLDATALOAD 0x0 SLOAD GAS CALL POP STOP`,
  );
}

export function factoryCalldata(salt: bigint, value: bigint): Uint8Array {
  return Uint8Array.from([...bigIntToBytes32(salt), ...bigIntToBytes32(value)]);
}

export function childAddress(salt: bigint): Address {
  return create2Address(FACTORY, bigIntToBytes32(salt), keccak256(CHILD_INIT));
}

export const FIXED_ACCOUNTS: TestAccounts = new Map<Address, TestAccount>([
  [COUNTER, { nonce: 1n, code: bytesToHex(PROGRAMS.counter) }],
  [COINBASE_READER, { nonce: 1n, code: bytesToHex(PROGRAMS.coinbaseReader) }],
  [CREATOR, { nonce: 1n, code: bytesToHex(PROGRAMS.creator) }],
  [FACTORY, { nonce: 1n, balance: 1000n, code: bytesToHex(factoryCode()) }],
  ...SENDERS.map((address): [Address, TestAccount] => [address, { balance: 10n ** 18n }]),
]);

/** A transaction before it has a nonce. */
interface Draft {
  readonly from: number;
  readonly to: Address | null;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly price: bigint;
  readonly data: Uint8Array;
  readonly authorizations: readonly {
    readonly authority: number;
    readonly address: Address;
    readonly nonceOffset: bigint;
  }[];
  readonly nonceOffset: bigint;
}

const FEATURES = {
  staticcall: ["homestead"],
  create2: ["homestead", "byzantium"],
  extcodehash: ["homestead", "byzantium"],
  transient: ["homestead", "byzantium", "istanbul", "london", "shanghai"],
} as const;

/** Of many transactions: a program that never ends uses all of it. */
const LARGE_BLOCK = 100;
const LITTLE_GAS = 100_000n;

/** @param sizes least and largest number of transactions; of many each has little gas */
export function arbitraryBlock(
  hardfork: string,
  [minLength, maxLength]: readonly [number, number] = [3, 16],
): fc.Arbitrary<RandomBlock> {
  const has = (feature: keyof typeof FEATURES): boolean =>
    !(FEATURES[feature] as readonly string[]).includes(hardfork);
  const program = arbitraryProgram({ senders: SENDERS, has });
  return fc
    .record({
      programs: fc.tuple(program, program, program),
      drafts: fc.array(arbitraryDraft(hardfork, program), { minLength, maxLength }),
      coinbase: fc.constantFrom(
        COINBASE,
        COINBASE,
        SENDERS[0] ?? COINBASE,
        CONTRACTS[0] ?? COINBASE,
      ),
      gasAvailable:
        minLength < LARGE_BLOCK
          ? fc.constantFrom(30_000_000n, 30_000_000n, 30_000_000n, 900_000n)
          : fc.constant(1_000_000_000n),
    })
    .map(({ programs, drafts, coinbase, gasAvailable }) => ({
      accounts: new Map([
        ...FIXED_ACCOUNTS,
        ...CONTRACTS.map((address, i): [Address, TestAccount] => [
          address,
          {
            nonce: 1n,
            balance: 1_000_000n,
            code: bytesToHex(assemble(programs[i] ?? "STOP")),
            storage: new Map([[0n, 7n]]),
          },
        ]),
      ]),
      environment: environment(hardfork, { coinbase }),
      transactions: withNonces(drafts).map((each) =>
        minLength < LARGE_BLOCK || each.gasLimit < LITTLE_GAS
          ? each
          : { ...each, gasLimit: LITTLE_GAS },
      ),
      gasAvailable,
    }));
}

function arbitraryDraft(hardfork: string, program: fc.Arbitrary<string>): fc.Arbitrary<Draft> {
  const contract = fc.constantFrom(
    ...CONTRACTS,
    COUNTER,
    COUNTER,
    COUNTER,
    COINBASE_READER,
    CREATOR,
  );
  const anyone = fc.constantFrom(
    ...SENDERS,
    ...CONTRACTS,
    COINBASE,
    EMPTY_ACCOUNT,
    ABSENT_ACCOUNT,
    childAddress(0n),
  );
  const salt = fc.constantFrom(0n, 1n);
  const wei = fc.constantFrom(0n, 1n, 100n);
  const none = new Uint8Array(0);
  const target = fc.oneof(
    fc.record({ to: anyone, value: wei, data: fc.constant(none) }),
    { weight: 4, arbitrary: fc.record({ to: contract, value: wei, data: fc.constant(none) }) },
    fc
      .tuple(salt, wei)
      .map(([s, value]) => ({ to: FACTORY, value: 0n, data: factoryCalldata(s, value) })),
    fc.tuple(salt, wei).map(([s, value]) => ({ to: childAddress(s), value, data: none })),
    fc.record({
      to: fc.constant(null),
      value: wei,
      data: program.map((source) => assemble(`${source} 0x0 0x0 RETURN`)),
    }),
  );
  const sender = fc.nat({ max: SENDERS.length - 1 });
  const authorization = fc.record({
    authority: sender,
    address: fc.constantFrom(COUNTER, CREATOR, COINBASE_READER, ...CONTRACTS, ZERO_ADDRESS),
    nonceOffset: fc.constantFrom(0n, 0n, 0n, 1n),
  });
  return fc
    .record({
      target,
      from: sender,
      gasLimit: fc.constantFrom(400_000n, 400_000n, 400_000n, 60_000n, 30_000n),
      price: fc.constantFrom(10n, 10n, 7n),
      authorizations:
        hardfork === "prague"
          ? fc.oneof(
              { weight: 2, arbitrary: fc.constant([]) },
              { weight: 1, arbitrary: fc.array(authorization, { maxLength: 2 }) },
            )
          : fc.constant([]),
      nonceOffset: fc.oneof(
        { weight: 40, arbitrary: fc.constant(0n) },
        { weight: 1, arbitrary: fc.constantFrom(-1n, 1n) },
      ),
    })
    .map(({ target: { to, value, data }, ...rest }) => ({ ...rest, to, value, data }));
}

/** Nonces as the senders would count them: what contracts do to them is left out. */
function withNonces(drafts: readonly Draft[]): TransactionInput[] {
  const nonces = SENDERS.map(() => 0n);
  return drafts.map((draft) => {
    const nonce = nonces[draft.from] ?? 0n;
    nonces[draft.from] = nonce + 1n;
    const authorizationList = draft.to === null ? [] : draft.authorizations.map(authorize);
    return transaction(SENDERS[draft.from] ?? ZERO_ADDRESS, {
      type: authorizationList.length > 0 ? 4 : 0,
      to: draft.to,
      nonce: nonce + draft.nonceOffset < 0n ? 0n : nonce + draft.nonceOffset,
      value: draft.value,
      // creations and authorizations do not begin with little gas
      gasLimit: draft.to === null || authorizationList.length > 0 ? 400_000n : draft.gasLimit,
      maxFeePerGas: draft.price,
      maxPriorityFeePerGas: authorizationList.length > 0 ? draft.price - 7n : draft.price,
      data: draft.data,
      authorizationList,
    });
  });

  function authorize({
    authority,
    address,
    nonceOffset,
  }: Draft["authorizations"][number]): Authorization {
    const nonce = nonces[authority] ?? 0n;
    if (nonceOffset === 0n) {
      nonces[authority] = nonce + 1n;
    }
    return {
      chainId: 0n,
      address,
      nonce: nonce + nonceOffset,
      authority: SENDERS[authority] ?? null,
    };
  }
}
