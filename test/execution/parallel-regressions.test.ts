/**
 * Blocks that broke other parallel executors (bor V2, grevm, erigon, Sei), and the promises about
 * fees and balances. Each runs in many completion orders, is compared with the sequential executor,
 * and is held to values derived by hand.
 */
import { expect } from "chai";
import type { BlockExecution } from "../../src/execution/block-executor";
import { delegationTo } from "../../src/execution/delegation";
import { createParallelExecutor } from "../../src/execution/parallel-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { BlockEnvironment, TransactionInput } from "../../src/execution/transaction";
import { bigIntToBytes32, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import type { StateStore } from "../../src/state/state-store";
import { assemble } from "../helpers/assembler";
import { COINBASE, environment, transaction } from "../helpers/environment";
import { withoutFallback } from "../helpers/executors";
import { InterleavedJoiner } from "../helpers/interleaved-joiner";
import {
  expectParallelEqualsSequential,
  storeOf,
  type TestAccount,
} from "../helpers/parallel-equals-sequential";
import {
  COUNTER,
  CREATOR,
  childAddress,
  FACTORY,
  FIXED_ACCOUNTS,
  factoryCalldata,
  PROGRAMS,
  SENDERS,
} from "../helpers/random-blocks";

const [ALICE, BOB, CAROL, DAVE] = SENDERS as [Address, Address, Address, Address]; // four of them
const AUTHORITY: Address = "0xa070000000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const ABSENT: Address = "0xab5e000000000000000000000000000000000001";
const CHILD = childAddress(0n);
const ORDERS = 12;

const joiner = new InterleavedJoiner();
const executor = withoutFallback(
  createParallelExecutor({
    workers: 3,
    minTransactionsForThreads: 1,
    pool: joiner,
    sequential: new SequentialExecutor(),
  }),
);

interface Scenario {
  readonly hardfork?: string;
  readonly environment?: Partial<BlockEnvironment>;
  readonly accounts?: readonly [Address, TestAccount][];
  readonly gasAvailable?: bigint;
  readonly transactions: readonly TransactionInput[];
}

/** Runs the scenario in many orders; the store has the block's writes when `check` sees it. */
async function inEveryOrder(
  scenario: Scenario,
  check: (execution: BlockExecution, after: StateStore) => void,
): Promise<void> {
  const hardfork = scenario.hardfork ?? "prague";
  const store = storeOf(new Map([...FIXED_ACCOUNTS, ...(scenario.accounts ?? [])]));
  for (let seed = 0; seed < ORDERS; seed++) {
    joiner.seed = seed;
    const { execution } = await expectParallelEqualsSequential(
      executor,
      {
        environment: environment(hardfork, scenario.environment),
        transactions: scenario.transactions,
        gasAvailable: scenario.gasAvailable ?? 30_000_000n,
        trace: true,
      },
      store,
    );
    const mark = store.mark();
    for (const { writes } of execution.outcomes) {
      store.apply(writes);
    }
    check(execution, store);
    store.revertTo(mark);
  }
}

const code = (source: string): TestAccount => ({
  nonce: 1n,
  code: bytesToHex(assemble(source)),
});

function setCode(
  from: Address,
  authorizations: readonly { authority: Address; nonce: bigint; to: Address }[],
  changes: Partial<TransactionInput> = {},
): TransactionInput {
  return transaction(from, {
    type: 4,
    to: COUNTER,
    maxPriorityFeePerGas: 3n,
    authorizationList: authorizations.map(({ authority, nonce, to }) => ({
      chainId: 0n,
      address: to,
      nonce,
      authority,
    })),
    ...changes,
  });
}

const make = (from: Address, nonce: bigint, kill = 0n): TransactionInput =>
  transaction(from, { to: FACTORY, nonce, data: factoryCalldata(0n, kill) });
const count = (from: Address, nonce: bigint): TransactionInput =>
  transaction(from, { to: CHILD, nonce });
const kill = (from: Address, nonce: bigint): TransactionInput =>
  transaction(from, { to: CHILD, nonce, value: 1n });

describe("Regressions of parallel executors", () => {
  describe("EIP-7702", () => {
    it("two transactions share an authority that is neither sender nor target (bor V2)", () =>
      inEveryOrder(
        {
          transactions: [
            setCode(ALICE, [{ authority: AUTHORITY, nonce: 0n, to: COUNTER }]),
            setCode(BOB, [{ authority: AUTHORITY, nonce: 1n, to: CREATOR }]),
            setCode(CAROL, [{ authority: AUTHORITY, nonce: 1n, to: COUNTER }]), // comes too late
          ],
        },
        (_, after) => {
          expect(after.nonce(AUTHORITY)).to.equal(2n);
          expect(after.code(after.codeHash(AUTHORITY))).to.deep.equal(delegationTo(CREATOR));
        },
      ));

    it("a self-sponsored authorization bumps the sender's nonce twice (grevm halt)", () =>
      inEveryOrder(
        {
          transactions: [
            setCode(ALICE, [{ authority: ALICE, nonce: 1n, to: COUNTER }]),
            transaction(ALICE, { to: BOB, nonce: 2n }),
            transaction(ALICE, { to: BOB, nonce: 3n }),
          ],
        },
        ({ stopped, observed }, after) => {
          expect(stopped).to.equal(undefined);
          expect(after.nonce(ALICE)).to.equal(4n);
          // that its code changed is a true conflict; its nonce was predicted right
          expect(observed.aborts.map(({ location }) => location.kind)).not.to.include("nonce");
        },
      ));

    it("a self-sponsored authorization that is predicted wrong is corrected", () =>
      inEveryOrder(
        {
          transactions: [
            // chain id of another chain: skipped, so the nonce grows by one only
            {
              ...setCode(ALICE, []),
              authorizationList: [{ chainId: 99n, address: COUNTER, nonce: 1n, authority: ALICE }],
            },
            transaction(ALICE, { to: BOB, nonce: 1n }),
          ],
        },
        ({ stopped }, after) => {
          expect(stopped).to.equal(undefined);
          expect(after.nonce(ALICE)).to.equal(2n);
        },
      ));

    it("code hash, code size and call of a delegated account agree when its delegation changes in between (bor V2)", () =>
      inEveryOrder(
        {
          accounts: [
            [
              CONTRACT,
              code(
                `0x${AUTHORITY.slice(2)} EXTCODEHASH 0x0 SSTORE 0x${AUTHORITY.slice(2)} EXTCODESIZE 0x1 SSTORE
                 0x0 0x0 0x0 0x0 0x0 0x${AUTHORITY.slice(2)} GAS CALL 0x2 SSTORE
                 0x${AUTHORITY.slice(2)} EXTCODEHASH 0x3 SSTORE`,
              ),
            ],
          ],
          transactions: [
            setCode(ALICE, [{ authority: AUTHORITY, nonce: 0n, to: COUNTER }]),
            setCode(BOB, [{ authority: AUTHORITY, nonce: 1n, to: CREATOR }]),
            transaction(CAROL, { to: CONTRACT }),
            setCode(DAVE, [{ authority: AUTHORITY, nonce: 2n, to: COUNTER }]),
          ],
        },
        (_, after) => {
          // keccak256(0xef0100 ++ CREATOR) is what transaction 1 left; 23 bytes (EIP-7702)
          const hash = after.storage(CONTRACT, 0n);
          expect(after.storage(CONTRACT, 3n)).to.equal(hash);
          expect(after.storage(CONTRACT, 1n)).to.equal(23n);
          expect(after.storage(CONTRACT, 2n)).to.equal(1n);
          // the creator ran in the authority's name: nonce 2, +1 for CREATE, so 2 is too low
          expect(after.nonce(AUTHORITY)).to.equal(3n);
          expect(after.code(after.codeHash(AUTHORITY))).to.deep.equal(delegationTo(CREATOR));
        },
      ));

    it("a delegated sender that executes CREATE bumps its nonce (bor V2)", () =>
      inEveryOrder(
        {
          accounts: [[ALICE, { balance: 10n ** 18n, code: bytesToHex(delegationTo(CREATOR)) }]],
          transactions: [
            transaction(BOB, { to: ALICE }),
            transaction(ALICE, { to: CAROL, nonce: 1n }),
            transaction(ALICE, { to: ALICE, nonce: 2n }),
            transaction(ALICE, { to: CAROL, nonce: 4n }),
          ],
        },
        ({ stopped }, after) => {
          expect(stopped).to.equal(undefined);
          expect(after.nonce(ALICE)).to.equal(5n);
        },
      ));

    it("a transaction whose nonce a delegated CREATE has used is too low, for good", () =>
      inEveryOrder(
        {
          accounts: [[ALICE, { balance: 10n ** 18n, code: bytesToHex(delegationTo(CREATOR)) }]],
          transactions: [
            transaction(ALICE, { to: ALICE, nonce: 0n }),
            transaction(ALICE, { to: CAROL, nonce: 1n }),
            transaction(BOB, { to: CAROL }),
          ],
        },
        ({ stopped, outcomes }) => {
          expect(outcomes).to.have.lengthOf(1);
          expect(stopped).to.deep.equal({
            index: 1,
            error: { kind: "NonceTooLow", expected: 2n, actual: 1n },
          });
        },
      ));
  });

  describe("create and destroy", () => {
    it("CREATE2 after SELFDESTRUCT begins with empty storage (grevm, mainnet 11133845)", () =>
      inEveryOrder(
        {
          hardfork: "shanghai",
          transactions: [
            make(ALICE, 0n),
            count(BOB, 0n),
            kill(CAROL, 0n),
            make(DAVE, 0n),
            count(BOB, 1n),
          ],
        },
        (_, after) => {
          // the factory counts once when it makes the child; 2 + 1 before the kill are gone
          expect(after.storage(CHILD, 0n)).to.equal(2n);
          expect(after.nonce(CHILD)).to.equal(1n);
        },
      ));

    it("a contract killed twice is a plain account the second time", () =>
      inEveryOrder(
        {
          hardfork: "shanghai",
          transactions: [make(ALICE, 0n), kill(BOB, 0n), kill(CAROL, 0n), count(DAVE, 0n)],
        },
        (_, after) => {
          expect(after.balance(CHILD), "the second kill is a transfer of 1 wei").to.equal(1n);
          expect(after.nonce(CHILD)).to.equal(0n);
          expect(after.storage(CHILD, 0n)).to.equal(0n);
        },
      ));

    it("an account that was destroyed and paid again is there, empty but for the money", () =>
      inEveryOrder(
        {
          hardfork: "shanghai",
          transactions: [
            make(ALICE, 0n),
            kill(BOB, 0n),
            transaction(CAROL, { to: CHILD, value: 5n }),
            make(DAVE, 0n),
          ],
        },
        (_, after) => {
          expect(after.exists(CHILD)).to.equal(true);
          expect(after.balance(CHILD)).to.equal(5n);
          expect(after.nonce(CHILD), "made again over the money").to.equal(1n);
          expect(after.storage(CHILD, 0n)).to.equal(1n);
        },
      ));

    it("since Cancun a contract made in an earlier transaction survives SELFDESTRUCT (EIP-6780)", () =>
      inEveryOrder(
        {
          hardfork: "cancun",
          transactions: [make(ALICE, 0n), kill(BOB, 0n), count(CAROL, 0n), make(DAVE, 0n)],
        },
        (_, after) => {
          expect(after.storage(CHILD, 0n)).to.equal(2n);
          expect(after.storage(FACTORY, 0n), "the second CREATE2 collides").to.equal(0n);
        },
      ));

    it("a contract made and destroyed in one transaction can be made by the next (EIP-6780)", () =>
      inEveryOrder(
        {
          hardfork: "cancun",
          transactions: [make(ALICE, 0n, 1n), make(BOB, 0n, 1n), make(CAROL, 0n), count(DAVE, 0n)],
        },
        (_, after) => {
          expect(after.storage(CHILD, 0n)).to.equal(2n);
        },
      ));

    it("equal values left by reordered creation and destruction change nothing (bor 2290)", () =>
      inEveryOrder(
        {
          hardfork: "shanghai",
          accounts: [
            [
              CONTRACT,
              code(
                `0x${CHILD.slice(2)} EXTCODESIZE 0x0 SSTORE 0x${CHILD.slice(2)} EXTCODEHASH 0x1 SSTORE`,
              ),
            ],
          ],
          transactions: [
            make(ALICE, 0n),
            kill(BOB, 0n),
            make(CAROL, 0n),
            kill(BOB, 1n),
            make(CAROL, 1n),
            transaction(DAVE, { to: CONTRACT }),
          ],
        },
        (_, after) => {
          expect(after.storage(CONTRACT, 0n)).to.equal(BigInt(PROGRAMS.child.length));
          expect(after.storage(CHILD, 0n)).to.equal(1n);
        },
      ));

    it("before EIP-161 a touched account exists, and a call to it costs no new-account gas (erigon Exist)", () =>
      inEveryOrder(
        {
          hardfork: "homestead",
          accounts: [
            [CONTRACT, code(`0x0 0x0 0x0 0x0 0x0 0x${ABSENT.slice(2)} 0xc350 CALL 0x0 SSTORE`)],
          ],
          transactions: [
            transaction(ALICE, { to: CONTRACT }),
            transaction(BOB, { to: CONTRACT }),
            transaction(CAROL, { to: ABSENT }),
          ],
        },
        ({ outcomes }, after) => {
          expect(after.exists(ABSENT)).to.equal(true);
          // first: 25,000 for the new account (yellow paper G_newaccount) and 20,000 for slot 0 set
          // from 0 to 1; second: neither, but 5,000 for the slot that stays 1 (both before EIP-1283)
          const [first, second] = outcomes.map(({ gasUsed }) => gasUsed);
          expect((first ?? 0n) - (second ?? 0n)).to.equal(25_000n + 15_000n);
        },
      ));
  });

  describe("nonces and money", () => {
    it("a nonce that is too high only for the moment is no error (Sei 3583)", () =>
      inEveryOrder(
        {
          transactions: Array.from({ length: 6 }, (_, i) =>
            transaction(ALICE, { to: BOB, nonce: BigInt(i), value: 1n }),
          ),
        },
        ({ stopped, outcomes, observed }) => {
          expect(stopped).to.equal(undefined);
          expect(outcomes).to.have.lengthOf(6);
          expect(observed.aborts, "one sender's transactions need not wait").to.deep.equal([]);
        },
      ));

    it("a nonce that stays too high stops the block there", () =>
      inEveryOrder(
        {
          transactions: [
            transaction(ALICE, { to: BOB }),
            transaction(BOB, { to: CAROL, nonce: 1n }),
            transaction(CAROL, { to: DAVE }),
          ],
        },
        ({ stopped, outcomes, observed }) => {
          expect(outcomes).to.have.lengthOf(1);
          expect(observed.incarnations).to.have.lengthOf(1);
          expect(stopped).to.deep.equal({
            index: 1,
            error: { kind: "NonceTooHigh", expected: 0n, actual: 1n },
          });
        },
      ));

    it("money that a lower transaction brings can be spent", () =>
      inEveryOrder(
        {
          transactions: [
            transaction(ALICE, { to: AUTHORITY, value: 10n ** 17n }),
            transaction(AUTHORITY, { to: BOB, value: 1n }),
            transaction(AUTHORITY, { to: BOB, value: 1n, nonce: 1n }),
          ],
        },
        ({ stopped }) => expect(stopped).to.equal(undefined),
      ));

    it("money that is not there stops the block, with the balance at that place", () =>
      inEveryOrder(
        {
          transactions: [
            transaction(ALICE, { to: AUTHORITY, value: 5n }),
            transaction(BOB, { to: AUTHORITY, value: 6n }),
            transaction(AUTHORITY, { to: BOB, value: 1n, gasLimit: 21_000n }),
          ],
        },
        ({ stopped }) =>
          expect(stopped).to.deep.equal({
            index: 2,
            error: { kind: "InsufficientFunds", required: 21_000n * 10n + 1n, balance: 11n },
          }),
      ));

    it("a transaction that does not fit the remaining gas stops the block, whatever comes after it", () =>
      inEveryOrder(
        {
          gasAvailable: 100_000n,
          transactions: [ALICE, BOB, CAROL, DAVE].map((from, i) =>
            transaction(from, { to: ABSENT, gasLimit: i === 2 ? 60_000n : 40_000n }),
          ),
        },
        ({ stopped, outcomes }) => {
          expect(outcomes).to.have.lengthOf(2);
          // 100,000 less twice 21,000
          expect(stopped).to.deep.equal({
            index: 2,
            error: { kind: "ExceedsBlockGas", available: 58_000n, gasLimit: 60_000n },
          });
        },
      ));

    it("transactions that cannot be reached are not executed", () =>
      inEveryOrder(
        {
          gasAvailable: 50_000n,
          transactions: [ALICE, BOB, CAROL].map((from) =>
            transaction(from, { to: ABSENT, gasLimit: 45_000n }),
          ),
        },
        ({ stopped, outcomes }) => {
          expect(outcomes).to.have.lengthOf(1);
          expect(stopped?.error.kind).to.equal("ExceedsBlockGas");
        },
      ));
  });

  describe("what is observable beside the state", () => {
    it("log data follows the block order also where the state does not show it (bor V2)", () =>
      inEveryOrder(
        {
          accounts: [
            // slot 0 := calldata, then log the old value
            [CONTRACT, code("0x0 SLOAD 0x0 MSTORE 0x0 CALLDATALOAD 0x0 SSTORE 0x20 0x0 LOG0")],
          ],
          transactions: [1n, 2n, 1n, 2n].map((value, i) =>
            transaction(SENDERS[i] ?? ALICE, { to: CONTRACT, data: bigIntToBytes32(value) }),
          ),
        },
        ({ outcomes }) =>
          expect(outcomes.map(({ logs }) => BigInt(logs[0]?.data ?? "0x0"))).to.deep.equal([
            0n,
            1n,
            2n,
            1n,
          ]),
      ));
  });

  describe("fees and balances", () => {
    it("transfers of different senders to one account conflict with nothing", () =>
      inEveryOrder(
        { transactions: SENDERS.map((from) => transaction(from, { to: ABSENT, value: 3n })) },
        ({ observed }, after) => {
          expect(observed.aborts).to.deep.equal([]);
          expect(observed.incarnations).to.deep.equal([1, 1, 1, 1]);
          expect(after.balance(ABSENT)).to.equal(12n);
          // 4 transfers of 21,000 gas at 10 - 7 wei above the base fee
          expect(after.balance(COINBASE)).to.equal(4n * 21_000n * 3n);
        },
      ));

    it("a transaction that reads the coinbase's balance sees the fees of those below, without being aborted", () =>
      inEveryOrder(
        {
          accounts: [[CONTRACT, code("COINBASE BALANCE 0x0 SSTORE")]],
          transactions: [
            transaction(ALICE, { to: ABSENT }),
            transaction(BOB, { to: ABSENT }),
            transaction(CAROL, { to: CONTRACT }),
            transaction(DAVE, { to: ABSENT }),
          ],
        },
        ({ observed }, after) => {
          expect(after.storage(CONTRACT, 0n)).to.equal(2n * 21_000n * 3n);
          expect(observed.aborts).to.deep.equal([]);
        },
      ));

    it("a transaction that pays the coinbase nothing does not wait for those that do", () =>
      inEveryOrder(
        {
          transactions: SENDERS.map((from, i) =>
            transaction(from, {
              to: ABSENT,
              ...(i === 2 ? { maxFeePerGas: 7n, maxPriorityFeePerGas: 7n } : {}),
            }),
          ),
        },
        ({ observed }, after) => {
          expect(observed.aborts).to.deep.equal([]);
          expect(after.balance(COINBASE)).to.equal(3n * 21_000n * 3n);
        },
      ));

    it("the coinbase can be a sender", () =>
      inEveryOrder(
        {
          environment: { coinbase: BOB },
          transactions: [
            transaction(ALICE, { to: CAROL, value: 1n }),
            transaction(BOB, { to: CAROL, value: 10n ** 18n - 300_000n, gasLimit: 21_000n }),
            transaction(ALICE, { to: BOB, nonce: 1n }),
          ],
        },
        // 10^18 + fee 63,000 covers value and 210,000 for gas
        ({ stopped }) => expect(stopped).to.equal(undefined),
      ));

    it("a hot slot serialises, and every abort names the slot and a lower writer", () =>
      inEveryOrder(
        { transactions: SENDERS.map((from) => transaction(from, { to: COUNTER })) },
        ({ observed }, after) => {
          expect(after.storage(COUNTER, 0n)).to.equal(4n);
          for (const { transactionIndex, writer, location } of observed.aborts) {
            expect(location).to.deep.equal({ kind: "storage", address: COUNTER, slot: 0n });
            expect(writer).to.be.within(0, transactionIndex - 1);
          }
          const aborts = observed.incarnations.reduce((sum, n) => sum + n - 1, 0);
          expect(observed.aborts).to.have.lengthOf(aborts);
        },
      ));
  });
});
