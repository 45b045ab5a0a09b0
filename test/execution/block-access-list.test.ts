/**
 * The block-level access list (EIP-7928, experimental), derived by hand, and as runBlock has it where that is not
 * what the EIP says. Random blocks are compared by test/properties/block-access-list.test.ts.
 */
import { expect } from "chai";
import { recoverAuthorizations } from "../../src/chain/transaction-codec";
import { keccak256 } from "../../src/crypto/keccak256";
import {
  BUILDER_DEPOSITS_ADDRESS,
  BUILDER_EXITS_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../../src/execution/block-requests";
import { BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS } from "../../src/execution/block-start";
import { create2Address } from "../../src/execution/contract-address";
import { blockAccessList, fitsBlock } from "../../src/execution/engine/block-access-list";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { BlockEnvironment } from "../../src/execution/transaction";
import { bigIntToBytes32, bytesToBigInt, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble } from "../helpers/assembler";
import { COINBASE, environment, transaction } from "../helpers/environment";
import { SILENT, signAuthorizations } from "../helpers/fuzz/authorities";
import { BEACON_ROOTS_CODE, HISTORY_CODE } from "../helpers/fuzz/recorded-scenes";
import { type AccountDescription, MapState } from "../helpers/map-state";
import { plainOutcome } from "../helpers/plain-outcome";
import {
  type BlockScene,
  type ComparableList,
  comparable,
  recordedList,
  referenceList,
} from "../helpers/recorded-block";
import { type ReferenceTransaction, SENDERS } from "../helpers/reference-transaction";

const [ALICE, BOB] = SENDERS as [Address, Address, Address]; // three test senders
const [AUTHORITY] = SILENT as [Address];
const NOBODY: Address = "0xab50000000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const OTHER: Address = "0xc0de000000000000000000000000000000000002";
const ETHER = 10n ** 18n;
const REQUESTS = [
  WITHDRAWAL_REQUESTS_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  BUILDER_DEPOSITS_ADDRESS,
  BUILDER_EXITS_ADDRESS,
];

function scene(
  transactions: readonly ReferenceTransaction[],
  accounts: Readonly<Record<string, AccountDescription>> = {},
  changes: Partial<BlockEnvironment> = {},
): BlockScene {
  const state = new MapState({
    ...Object.fromEntries(SENDERS.map((sender) => [sender, { balance: ETHER }])),
    ...Object.fromEntries(REQUESTS.map((address) => [address, { nonce: 1n, code: "0x00" }])),
    ...accounts,
  });
  const block = environment("amsterdam", { gasLimit: 60_000_000n, ...changes });
  return { state, environment: block, transactions, withdrawals: [] };
}

type Account = ComparableList["accounts"][number];

/** Of each account only what is not empty. */
async function listOf(block: BlockScene): Promise<Readonly<Record<string, Partial<Account>>>> {
  const list = comparable(await recordedList(new SequentialExecutor(), block));
  expect(list).to.deep.equal(await referenceList(block));
  return Object.fromEntries(
    list.accounts.map(({ address, ...fields }) => [
      address,
      Object.fromEntries(Object.entries(fields).filter(([, items]) => items.length > 0)),
    ]),
  );
}

const at = (index: number): `0x${string}` => `0x${index.toString(16).padStart(2, "0")}`;
const hex = (value: bigint): `0x${string}` => {
  const digits = value.toString(16);
  return `0x${digits.padStart(digits.length + (digits.length % 2), "0")}`;
};
const balance = (index: number, wei: bigint) => ({
  blockAccessIndex: at(index),
  postBalance: wei === 0n ? "0x" : hex(wei),
});
const nonce = (index: number, value: number) => ({
  blockAccessIndex: at(index),
  postNonce: at(value),
});
const slot = (key: `0x${string}`, ...values: readonly (readonly [number, `0x${string}`])[]) => ({
  slot: key,
  slotChanges: values.map(([index, postValue]) => ({ blockAccessIndex: at(index), postValue })),
});

describe("a block-level access list", () => {
  it("has balances, nonces and the untouched of transfers, by index, and what is read around them", async () => {
    const gas = { gasLimit: 300_000n, maxFeePerGas: 7n, maxPriorityFeePerGas: 7n };
    const block = scene([
      transaction(ALICE, { ...gas, to: BOB, value: 5n }),
      transaction(ALICE, { ...gas, to: BOB, nonce: 1n }),
    ]);
    // gas of a transfer: 12000, another recipient 3000, value 6000 (EIP-2780), at the base fee of 7 wei
    const [first, second] = [21_000n * 7n + 5n, 21_000n * 7n + 5n + 15_000n * 7n];
    expect(await listOf(block)).to.deep.equal({
      [ALICE]: {
        nonceChanges: [nonce(1, 1), nonce(2, 2)],
        balanceChanges: [balance(1, ETHER - first), balance(2, ETHER - second)],
      },
      [BOB]: { balanceChanges: [balance(1, ETHER + 5n)] },
      // no tip: an access, and no change
      [COINBASE]: {},
      // there are no such contracts, which was looked at
      [BEACON_ROOTS_ADDRESS]: {},
      [HISTORY_STORAGE_ADDRESS]: {},
      ...Object.fromEntries(REQUESTS.map((address) => [address, {}])),
    });
  });

  it("has changed slots with their last values, and reads of what is written back or taken back", async () => {
    const block = scene(
      [
        transaction(ALICE, { to: CONTRACT, gasLimit: 2_000_000n }),
        transaction(BOB, { to: CONTRACT, gasLimit: 2_000_000n }),
      ],
      {
        [CONTRACT]: {
          // slot 1: 5, then 6; slot 2: 9, then 3 as before; slot 4: read; slot 7: one more each time
          code: assemble(
            `0x5 0x1 SSTORE 0x6 0x1 SSTORE 0x9 0x2 SSTORE 0x3 0x2 SSTORE 0x4 SLOAD POP
             0x7 SLOAD 0x1 ADD 0x7 SSTORE 0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL`,
          ),
          storage: { "0x2": 3n },
        },
        // all of it is taken back, the look at nobody's balance stays
        [OTHER]: { code: assemble(`0x1 0x8 SSTORE ${NOBODY} BALANCE 0x0 0x0 REVERT`) },
      },
    );
    expect(await listOf(block)).to.deep.include({
      [CONTRACT]: {
        storageChanges: [
          // the second transaction writes the 6 that is there
          slot("0x01", [1, "0x06"]),
          slot("0x07", [1, "0x01"], [2, "0x02"]),
        ],
        storageReads: ["0x02", "0x04"],
      },
      [OTHER]: { storageReads: ["0x08"] },
      [NOBODY]: {},
    });
  });

  it("has codes of contracts and delegations, and authorities whose authorization fits nothing", async () => {
    const init = assemble("0x1 0x0 RETURN");
    const signed = signAuthorizations(
      [
        { authority: AUTHORITY, target: OTHER, chainId: 0n, nonce: { offset: 0n }, flaw: null },
        { authority: BOB, target: OTHER, chainId: 0n, nonce: { offset: 1n }, flaw: null },
      ],
      () => 0n,
    );
    const block = scene([
      transaction(ALICE, {
        ...{ type: 4, to: CONTRACT, gasLimit: 2_000_000n },
        authorizationList: recoverAuthorizations(signed),
        signedAuthorizations: signed,
      } as Partial<ReferenceTransaction>),
      transaction(ALICE, { nonce: 1n, data: init, gasLimit: 2_000_000n }),
    ]);
    const list = await listOf(block);
    expect(list).to.deep.include({
      [AUTHORITY]: {
        nonceChanges: [nonce(1, 1)],
        codeChanges: [{ blockAccessIndex: "0x01", newCode: `0xef0100${OTHER.slice(2)}` }],
      },
      [BOB]: {},
    });
    expect(Object.values(list)).to.deep.include({
      nonceChanges: [nonce(2, 1)],
      codeChanges: [{ blockAccessIndex: "0x02", newCode: "0x00" }],
    });
  });

  it("has what the protocol writes before the first and after the last transaction", async () => {
    const block = scene(
      [transaction(ALICE, { to: BOB, gasLimit: 300_000n })],
      {
        [BEACON_ROOTS_ADDRESS]: { code: BEACON_ROOTS_CODE, nonce: 1n },
        [HISTORY_STORAGE_ADDRESS]: { code: HISTORY_CODE, nonce: 1n },
        [BUILDER_EXITS_ADDRESS]: { code: assemble("0x1 0x0 SSTORE 0x3 SLOAD"), nonce: 1n },
      },
      // by EIP-4788 both are in rings of 8191 slots, and hashes by EIP-2935
      {
        number: 8_193n,
        timestamp: 8_191n * 1_000n + 5n,
        parentBeaconBlockRoot: bytesToHex(bigIntToBytes32(77n)),
      },
    );
    const withdrawals = [NOBODY, BOB].map((address, index) => ({
      ...{ address, index: BigInt(index), validatorIndex: 1n },
      amount: BigInt(index),
    }));
    expect(await listOf({ ...block, withdrawals })).to.deep.include({
      [BEACON_ROOTS_ADDRESS]: {
        storageChanges: [
          slot("0x05", [0, hex(8_191_005n)]),
          // 8191 + 5
          slot("0x2004", [0, "0x4d"]),
        ],
      },
      [HISTORY_STORAGE_ADDRESS]: {
        storageChanges: [slot("0x01", [0, block.environment.parentHash])],
      },
      [BUILDER_EXITS_ADDRESS]: {
        storageChanges: [slot("0x", [2, "0x01"])],
        storageReads: ["0x03"],
      },
      [NOBODY]: {},
      [BOB]: { balanceChanges: [balance(2, ETHER + 10n ** 9n)] },
    });
  });

  it("keeps delegations that are taken back for want of gas, as runBlock's does", async () => {
    const signed = signAuthorizations(
      [{ authority: AUTHORITY, target: OTHER, chainId: 0n, nonce: { offset: 0n }, flaw: null }],
      () => 0n,
    );
    // enough for the authorization (test/execution/amsterdam.test.ts), not for an account of the recipient's
    const gasLimit = 12_000n + 3_000n + 6_000n + 7_816n + 9_000n + 143n * 1_530n;
    const block = scene([
      transaction(ALICE, {
        ...{ type: 4, to: NOBODY, value: 1n, gasLimit },
        authorizationList: recoverAuthorizations(signed),
        signedAuthorizations: signed,
      } as Partial<ReferenceTransaction>),
    ]);
    expect((await listOf(block))[AUTHORITY]).to.have.keys("nonceChanges", "codeChanges");
  });

  it("forgets what an account got before the transaction that makes and destroys it, as runBlock's does", async () => {
    // what it is made with goes on, so that its balance is what it was
    const init = assemble("0x0 0x0 0x0 0x0 0x1 COINBASE GAS CALL ADDRESS SELFDESTRUCT");
    const made = create2Address(CONTRACT, bigIntToBytes32(0n), keccak256(init));
    const word = bytesToBigInt(init) << (8n * BigInt(32 - init.length));
    const block = scene(
      [
        transaction(ALICE, { to: made, value: 9n, gasLimit: 600_000n }),
        transaction(BOB, { to: CONTRACT, gasLimit: 900_000n }),
      ],
      {
        [CONTRACT]: {
          balance: 1n,
          code: assemble(
            `0x${word.toString(16)} 0x0 MSTORE 0x0 0x${init.length.toString(16)} 0x0 0x1 CREATE2`,
          ),
        },
      },
    );
    expect((await listOf(block))[made]).to.deep.equal({});
  });

  it("has balances of request contracts that have not changed, as runBlock's does", async () => {
    const call = assemble(`0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL`);
    const block = scene([], { [WITHDRAWAL_REQUESTS_ADDRESS]: { balance: 3n, code: call } });
    expect((await listOf(block))[WITHDRAWAL_REQUESTS_ADDRESS]).to.deep.equal({
      balanceChanges: [balance(1, 3n)],
    });
  });

  it("has a root written before the block although the slot had it, and none that is zero, as runBlock's does", async () => {
    const root = bytesToHex(bigIntToBytes32(77n));
    const contract = { code: BEACON_ROOTS_CODE, nonce: 1n, storage: { "0x2004": 77n } };
    const timestamp = 8_191_005n;
    const same = scene(
      [],
      { [BEACON_ROOTS_ADDRESS]: contract },
      { timestamp, parentBeaconBlockRoot: root },
    );
    expect((await listOf(same))[BEACON_ROOTS_ADDRESS]?.storageChanges).to.have.lengthOf(2);
    const zero = scene([], { [BEACON_ROOTS_ADDRESS]: contract }, { timestamp });
    expect((await listOf(zero))[BEACON_ROOTS_ADDRESS]).to.deep.include({
      storageReads: ["0x2004"],
    });
  });

  it("has a slot as read and changed where a frame that wrote it back is taken back, as runBlock's does", async () => {
    const block = scene([transaction(ALICE, { to: CONTRACT, gasLimit: 2_000_000n })], {
      [CONTRACT]: {
        code: assemble(`0x5 0x1 SSTORE 0x0 0x0 0x0 0x0 ${OTHER} GAS DELEGATECALL`),
      },
      [OTHER]: { code: assemble("0x0 0x1 SSTORE 0x0 0x0 REVERT") },
    });
    expect((await listOf(block))[CONTRACT]).to.deep.equal({
      storageChanges: [slot("0x01", [1, "0x05"])],
      storageReads: ["0x01"],
    });
  });

  it("fits a block with 2000 gas for each address and slot, as runBlock checks", async () => {
    // two contracts of the protocol's that are not there, four of requests, of which one reads three slots
    const accounts = {
      [WITHDRAWAL_REQUESTS_ADDRESS]: {
        code: assemble("0x1 SLOAD 0x2 SLOAD 0x3 0x3 SSTORE"),
        nonce: 1n,
      },
    };
    for (const [gasLimit, fits] of [
      [18_000n, true],
      [17_999n, false],
    ] as const) {
      const block = scene([], accounts, { gasLimit });
      const list = await recordedList(new SequentialExecutor(), block);
      expect(fitsBlock(list, gasLimit)).to.equal(fits);
      const refusal = await referenceList(block).then(
        () => "none",
        (error: Error) => error.message,
      );
      expect(refusal).to.match(fits ? /^none$/ : /block access list gas limit exceeded/);
    }
  });

  it("is made of outcomes that were recorded, and of no others", async () => {
    const {
      state,
      environment: block,
      transactions,
    } = scene([transaction(ALICE, { to: BOB, gasLimit: 300_000n })]);
    const input = { environment: block, transactions, gasAvailable: 60_000_000n, trace: true };
    for (const name of ["ethereumjs", "fast"] as const) {
      const executor = new SequentialExecutor(createEngine(name));
      const plain = await executor.execute(input, state as never); // only reads are used
      const recorded = await executor.execute({ ...input, blockAccessList: true }, state as never);
      const parts = { preState: state, before: [], withdrawals: [], after: [] };
      expect(() => blockAccessList({ ...parts, ...plain })).to.throw(/blockAccessList: true/);
      // nothing else depends on it
      const withoutList = recorded.outcomes.map((outcome) => {
        const { listOperations, ...rest } = plainOutcome(outcome);
        return rest;
      });
      expect(withoutList).to.deep.equal(plain.outcomes.map(plainOutcome));
      const before = environment("osaka");
      const old = await executor.execute(
        { ...input, environment: before, blockAccessList: true },
        state as never,
      );
      expect(old.outcomes[0]).not.to.have.property("listOperations");
    }
  });
});
