/**
 * The fast engine gives what the reference engine gives, for random contracts that call, create and
 * destroy each other, under the rules of every hardfork; and so does each of its tiers.
 *
 * HHP_ENGINE_RUNS: transactions per property (default a few seconds' worth). HHP_ENGINE_REFERENCE=interpreter
 * compares with the interpreter instead. FC_SEED and FC_PATH replay.
 */
import { expect } from "chai";
import fc from "fast-check";
import { delegationTo } from "../../src/execution/delegation";
import type { Engine } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../src/execution/engine/fast/fast-engine";
import type { AccessListItem } from "../../src/execution/transaction";
import type { Address } from "../../src/state/hex";
import { expectSameOutcomes } from "../helpers/engine-pair";
import { environment, rules, transaction } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";
import { propertyParameters } from "../helpers/properties";
import { arbitraryLoops, arbitraryProgram, codeOf, mutate } from "../helpers/random-bytecode";
import { readRealBlock } from "../helpers/real-block";
import { requireSharedData } from "../helpers/shared-data";

const RUNS = Number(process.env.HHP_ENGINE_RUNS ?? 300);

const HARDFORKS = [
  "chainstart",
  "homestead",
  "tangerineWhistle",
  "spuriousDragon",
  "byzantium",
  "constantinople",
  "petersburg",
  "istanbul",
  "berlin",
  "london",
  "paris",
  "shanghai",
  "cancun",
  "prague",
  "osaka",
] as const;

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACTS: readonly Address[] = [1, 2, 3].map(
  (digit): Address =>
    `0xc0de00000000000000000000000000000000000${digit}`.padEnd(42, "0") as Address,
);
const DELEGATED: Address = "0xde1e000000000000000000000000000000000001";
const EMPTY: Address = "0xe000000000000000000000000000000000000001";
const ABSENT: Address = "0xab50000000000000000000000000000000000002";
const PRECOMPILES: readonly Address[] = Array.from(
  { length: 0x11 },
  (_, index): Address => `0x${(index + 1).toString(16).padStart(40, "0")}`,
);
const ADDRESSES: readonly Address[] = [
  ...CONTRACTS,
  ...CONTRACTS,
  ...CONTRACTS,
  SENDER,
  DELEGATED,
  EMPTY,
  ABSENT,
  ...PRECOMPILES,
];

const anyHardfork = fc.constantFrom(...HARDFORKS);
const storage = fc.dictionary(
  fc.constantFrom("0", "1", "2", "3"),
  fc.bigInt({ min: 1n, max: 3n }),
  { maxKeys: 3 },
);
const word = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 256n }));
const callData = fc.uint8Array({ maxLength: 100, size: "max" });
const accessList = fc.array(
  fc.record<AccessListItem>({
    address: fc.constantFrom(...ADDRESSES),
    slots: fc.array(fc.bigInt({ min: 0n, max: 3n }), { maxLength: 2 }),
  }),
  { maxLength: 2 },
);

const sceneOf = fc.record({
  hardfork: anyHardfork,
  storages: fc.array(storage, { minLength: 3, maxLength: 3 }),
  balances: fc.array(fc.constantFrom(0n, 1n, 1_000n), { minLength: 3, maxLength: 3 }),
  delegate: fc.constantFrom(...ADDRESSES),
  data: callData,
  value: fc.constantFrom(0n, 0n, 1n, 100n),
  gas: fc.integer({ min: 60_000, max: 400_000 }),
  accessList,
  creates: fc.integer({ min: 0, max: 5 }).map((die) => die === 0),
  trace: fc.boolean(),
  to: fc.constantFrom(...CONTRACTS, ...CONTRACTS, DELEGATED),
  coinbase: fc.constantFrom(ABSENT, ABSENT, ...CONTRACTS),
});
type SceneValues = typeof sceneOf extends fc.Arbitrary<infer Value> ? Value : never;

interface Call {
  readonly code: Uint8Array;
  readonly data: Uint8Array;
}

/** "interpreter": the tiers against each other, many times faster. */
const reference: Engine =
  process.env.HHP_ENGINE_REFERENCE === "interpreter"
    ? createFastEngine(new EthereumjsEngine(), "interpreter")
    : new EthereumjsEngine();
const ENGINES = (
  ["interpreter", "javascript", "webassembly", "hasty", "hasty-webassembly", "climbing"] as const
).map((tier) => ({
  tier,
  engine: createFastEngine(reference, tier),
}));

async function compare(values: SceneValues, codes: readonly Uint8Array[]): Promise<void> {
  const { hardfork } = values;
  const position = HARDFORKS.indexOf(hardfork);
  const has = (fork: (typeof HARDFORKS)[number]): boolean => position >= HARDFORKS.indexOf(fork);
  const accounts: Record<Address, AccountDescription> = {
    [SENDER]: { balance: 10n ** 18n, nonce: 3n },
    [EMPTY]: { balance: has("spuriousDragon") ? 5n : 0n },
  };
  for (const [index, address] of CONTRACTS.entries()) {
    accounts[address] = {
      nonce: 1n,
      balance: values.balances[index] ?? 0n,
      code: codes[index] ?? new Uint8Array(0),
      storage: new Map(
        Object.entries(values.storages[index] ?? {}).map(([slot, value]) => [BigInt(slot), value]),
      ),
    };
  }
  accounts[DELEGATED] = has("prague")
    ? { nonce: 1n, balance: 7n, code: delegationTo(values.delegate) }
    : { nonce: 1n, balance: 7n };
  await expectSameOutcomes(reference, ENGINES, {
    state: new MapState(accounts),
    transaction: transaction(SENDER, {
      to: values.creates ? null : values.to,
      nonce: 3n,
      gasLimit: BigInt(values.gas),
      data: values.creates ? (codes[0] ?? values.data) : values.data,
      value: values.value,
      accessList: has("berlin") ? values.accessList : [],
      type: has("berlin") && values.accessList.length > 0 ? 1 : 0,
    }),
    environment: environment(hardfork, {
      rules: rules(hardfork),
      coinbase: values.coinbase,
      blockHashes: new Map(
        Array.from({ length: 256 }, (_, index) => [
          999n - BigInt(index),
          `0x${(index + 1).toString(16).padStart(64, "0")}`,
        ]),
      ),
    }),
    trace: values.trace,
  });
}

describe("the fast engine equals the reference engine", () => {
  it("on contracts made of opcodes that find their operands", async function () {
    this.timeout(0);
    const programs = fc.array(arbitraryProgram(), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(sceneOf, programs, (values, parts) =>
        compare(
          values,
          parts.map((part) => codeOf(part, ADDRESSES)),
        ),
      ),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it("on contracts that stay in a loop, which change tiers inside it", async function () {
    this.timeout(0);
    const programs = fc.array(arbitraryLoops(), { minLength: 3, maxLength: 3 });
    const climbing = ENGINES.find(({ tier }) => tier === "climbing")?.engine;
    const before = climbing?.tierCounters.paused ?? 0;
    await fc.assert(
      fc.asyncProperty(sceneOf, programs, (values, parts) =>
        compare(
          { ...values, creates: false, to: CONTRACTS[0] ?? ABSENT },
          parts.map((part) => codeOf(part, ADDRESSES)),
        ),
      ),
      propertyParameters({ numRuns: RUNS }),
    );
    expect(climbing?.tierCounters.paused, "frames paused").to.be.greaterThan(before + RUNS / 10);
  });

  it("on arbitrary bytes", async function () {
    this.timeout(0);
    const code = fc.uint8Array({ minLength: 1, maxLength: 60, size: "max" });
    await fc.assert(
      fc.asyncProperty(sceneOf, fc.array(code, { minLength: 3, maxLength: 3 }), compare),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it("on mutated contracts of mainnet", async function () {
    this.timeout(0);
    const folder = requireSharedData(this, "blocks");
    const { input } = readRealBlock(folder, 19_426_587);
    const store = readRealBlock(folder, 19_426_587).preState();
    const calls = input.transactions.flatMap<Call>(({ to, data }) => {
      const code = to === null ? new Uint8Array(0) : store.code(store.codeHash(to));
      return code.length === 0 ? [] : [{ code, data }];
    });
    const place = fc.tuple(fc.nat(24_576), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        sceneOf,
        fc.array(fc.constantFrom<Call[]>(...calls), { minLength: 3, maxLength: 3 }),
        fc.array(place, { maxLength: 12 }),
        word,
        (values, [first, ...others], changes, argument): Promise<void> =>
          first === undefined
            ? Promise.resolve()
            : compare(
                {
                  ...values,
                  creates: false,
                  data: Uint8Array.from(argumentOf(first.data, argument)),
                },
                [mutate(first.code, changes), ...others.map(({ code }) => mutate(code, changes))],
              ),
      ),
      propertyParameters({ numRuns: RUNS }),
    );
  });
});

/** The calldata with another first argument, if there is one. */
function argumentOf(data: Uint8Array, argument: bigint): Uint8Array {
  const changed = data.slice();
  if (changed.length >= 36 && argument % 3n === 0n) {
    changed.set(Buffer.from((argument % 2n ** 256n).toString(16).padStart(64, "0"), "hex"), 4);
  }
  return changed;
}
