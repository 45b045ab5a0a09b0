/**
 * Amsterdam (experimental): what is around messages and blocks. Random blocks are compared with runTx by
 * test/properties/engine-fuzz.test.ts.
 */
import { txExceedsAvailableBlockGas8037 } from "@ethereumjs/evm";
import { expect } from "chai";
import fc from "fast-check";
import { makeReceipts, receiptsRoot } from "../../src/chain/receipts";
import { BlockCapacity, blockGasUsed, reachablePrefix } from "../../src/execution/block-capacity";
import type { BlockExecution } from "../../src/execution/block-executor";
import {
  BUILDER_DEPOSITS_ADDRESS,
  BUILDER_EXITS_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  collectRequests,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../../src/execution/block-requests";
import { createAddress } from "../../src/execution/contract-address";
import type { Engine } from "../../src/execution/engine/engine";
import { createEngine } from "../../src/execution/engine/engine-choice";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../src/execution/engine/fast/fast-engine";
import type { TransactionOutcome } from "../../src/execution/outcome";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { TransactionInput } from "../../src/execution/transaction";
import { bytesToBigInt, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble } from "../helpers/assembler";
import { environment, transaction } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";
import { propertyParameters } from "../helpers/properties";
import { runReferenceBlock, SENDERS } from "../helpers/reference-transaction";

const [ALICE, BOB] = SENDERS as [Address, Address, Address]; // three test senders
const NOBODY: Address = "0xab50000000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const TARGET: Address = "0x7a00000000000000000000000000000000000000";
const ETHER = 10n ** 18n;
/** gas (EIP-7825) */
const CAP = 16_777_216n;
/** gas: 120 bytes of an account (EIP-8037), at 1530 each */
const NEW_ACCOUNT = 120n * 1_530n;
/** gas: 64 bytes of a slot */
const NEW_SLOT = 64n * 1_530n;
/** gas: base, another recipient, value for it (EIP-2780) */
const [BASE, RECIPIENT, VALUE] = [12_000n, 3_000n, 6_000n];

async function execute(
  transactions: readonly TransactionInput[],
  accounts: Readonly<Record<string, AccountDescription>> = {},
  { engine = createEngine("ethereumjs"), gasAvailable = 60_000_000n, trace = false } = {},
): Promise<BlockExecution & { readonly state: MapState }> {
  const state = new MapState({
    ...Object.fromEntries(SENDERS.map((sender) => [sender, { balance: ETHER }])),
    ...accounts,
  });
  const execution = await new SequentialExecutor(engine).execute(
    {
      environment: environment("amsterdam", { slotNumber: 77n }),
      transactions,
      gasAvailable,
      trace,
    },
    state as never, // only reads are used
  );
  for (const { writes } of execution.outcomes) {
    state.apply(writes);
  }
  return { ...execution, state };
}

async function outcomeOf(...parameters: Parameters<typeof execute>): Promise<TransactionOutcome> {
  const { outcomes } = await execute(...parameters);
  const [first] = outcomes;
  if (first === undefined) {
    throw new Error("expected an outcome");
  }
  return first;
}

const payment = (gasLimit: bigint): TransactionInput =>
  transaction(ALICE, { to: NOBODY, value: 5n, gasLimit });

describe("Amsterdam", () => {
  it("value for nobody pays for an account, out of the gas limit or of what is above the cap", async () => {
    const regular = BASE + RECIPIENT + VALUE;
    for (const gasLimit of [regular + NEW_ACCOUNT, CAP + 1n, CAP + NEW_ACCOUNT, CAP + 1_000_000n]) {
      const outcome = await outcomeOf([payment(gasLimit)]);
      expect(outcome).to.deep.include({
        status: 1,
        intrinsicGas: regular,
        gasUsed: regular + NEW_ACCOUNT,
        blockGas: { regular, state: NEW_ACCOUNT },
      });
      // keccak256("Transfer(address,address,uint256)"), from the system address (EIP-7708)
      expect(outcome.logs).to.deep.equal([
        {
          address: "0xfffffffffffffffffffffffffffffffffffffffe",
          topics: [
            "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
            `0x${"00".repeat(12)}${ALICE.slice(2)}`,
            `0x${"00".repeat(12)}${NOBODY.slice(2)}`,
          ],
          data: `0x${"5".padStart(64, "0")}`,
        },
      ]);
    }
  });

  it("gas that ends before the first opcode ends the transaction, with one frame in its trace", async () => {
    const gasLimit = BASE + RECIPIENT + VALUE + NEW_ACCOUNT - 1n;
    const { outcomes, state } = await execute([payment(gasLimit)], {}, { trace: true });
    expect(outcomes[0]).to.deep.include({
      status: 0,
      gasUsed: gasLimit,
      blockGas: { regular: gasLimit, state: 0n },
      logs: [],
    });
    expect(outcomes[0]?.trace.frames).to.have.lengthOf(1);
    expect(state.exists(NOBODY)).to.equal(false);
    expect(state.nonce(ALICE)).to.equal(1n);
  });

  it("authorizations are taken back where gas ends with them, or after them before the first opcode", async () => {
    const authorization = { chainId: 0n, nonce: 0n, address: TARGET };
    // an authorization: 7816 intrinsic, 9000 for the write, 120 + 23 bytes for account and delegation
    const paid = BASE + RECIPIENT + VALUE + 7_816n + 9_000n + 143n * 1_530n;
    const setCode = (gasLimit: bigint): TransactionInput =>
      transaction(ALICE, {
        ...{ type: 4, to: NOBODY, value: 1n, gasLimit },
        authorizationList: [{ ...authorization, authority: CONTRACT }],
      });
    for (const gasLimit of [paid - 1n, paid, paid + NEW_ACCOUNT - 1n]) {
      const { outcomes, state } = await execute([setCode(gasLimit)], {}, { trace: true });
      expect(outcomes[0]).to.deep.include({ status: 0, gasUsed: gasLimit });
      expect(outcomes[0]?.trace.frames).to.have.lengthOf(1);
      expect(state.exists(CONTRACT)).to.equal(false);
    }
    const { outcomes, state } = await execute([setCode(paid + NEW_ACCOUNT)]);
    expect(outcomes[0]).to.deep.include({
      status: 1,
      gasUsed: paid + NEW_ACCOUNT,
      blockGas: { regular: paid - 143n * 1_530n, state: 143n * 1_530n + NEW_ACCOUNT },
    });
    expect(bytesToHex(state.code(state.codeHash(CONTRACT)))).to.equal(`0xef0100${TARGET.slice(2)}`);
  });

  it("a slot that is filled and cleared costs no growth; SLOTNUM is the block's slot", async () => {
    const fill = await outcomeOf([transaction(ALICE, { to: CONTRACT })], {
      [CONTRACT]: { code: Uint8Array.of(0x4b, 0x60, 1, 0x55) }, // SLOTNUM 1 SSTORE
    });
    expect(fill.writes.writes).to.deep.include({
      ...{ kind: "storage", address: CONTRACT, slot: 1n, value: 77n },
    });
    expect(fill.blockGas?.state).to.equal(NEW_SLOT);
    const both = await outcomeOf([transaction(ALICE, { to: CONTRACT })], {
      [CONTRACT]: { code: assemble("0x5 0x1 SSTORE 0x0 0x1 SSTORE") },
    });
    expect(both.blockGas?.state).to.equal(0n);
    // The refund is the sender's, not the block's (EIP-7778).
    expect(both.gasUsed < both.gasBeforeRefund).to.equal(true);
    expect(both.blockGas?.regular).to.equal(both.gasBeforeRefund);
  });

  it("what is above the cap comes back after a failure, but not where a call to nobody ran out of gas, as in runTx", async () => {
    const above = 100_000n;
    const run = (value: bigint): Promise<TransactionOutcome> =>
      outcomeOf([transaction(ALICE, { to: CONTRACT, gasLimit: CAP + above })], {
        // calls the other one with 50000 gas, and then wants more memory than there is gas for
        [CONTRACT]: {
          code: assemble(`0x0 0x0 0x0 0x0 0x0 ${TARGET} 0xc350 CALL 0xffffffffffff MLOAD`),
        },
        [TARGET]: { balance: 9n, code: assemble(`0x0 0x0 0x0 0x0 0x${value} ${NOBODY} GAS CALL`) },
      });
    expect(await run(0n)).to.deep.include({ status: 0, gasUsed: CAP });
    // 50000 and the 100000 do not pay for an account
    expect(await run(1n)).to.deep.include({ status: 0, gasUsed: CAP + above });
  });

  it("a contract that destroys itself as it is made keeps its balance, and nothing else (EIP-8246)", async () => {
    const create = (value: bigint, init: string): TransactionInput =>
      transaction(ALICE, { to: null, value, data: assemble(init), gasLimit: 2_000_000n });
    const made = createAddress(ALICE, 0n);
    const code = "0x1 0x1 SSTORE ADDRESS SELFDESTRUCT";
    const { state } = await execute([create(9n, code)]);
    expect(state.accounts.get(made)).to.deep.include({ balance: 9n, nonce: 0n });
    expect(state.hasStorage(made)).to.equal(false);
    expect((await execute([create(0n, code)])).state.exists(made)).to.equal(false);
  });

  it("the cap is one of intrinsic gas; init code may have 128 KiB (EIP-7954)", async () => {
    const data = (size: number): TransactionInput =>
      transaction(ALICE, { to: null, data: new Uint8Array(size), gasLimit: 20_000_000n });
    expect((await execute([data(131_072)])).stopped).to.equal(undefined);
    expect((await execute([data(131_073)])).stopped?.error.kind).to.equal("InitCodeTooLarge");
    // 64 gas a byte is the least (EIP-7976)
    const long = { to: BOB, data: new Uint8Array(262_000), gasLimit: 30_000_000n };
    const { stopped } = await execute([transaction(ALICE, long)]);
    expect(stopped?.error).to.deep.equal({
      kind: "ExceedsTransactionGasCap",
      cap: CAP,
      gasLimit: BASE + RECIPIENT + 64n * 262_000n,
    });
  });

  it("blocks have room for transactions by both kinds of gas, as runBlock has", () => {
    const amount = fc.bigInt({ min: 0n, max: 40_000_000n });
    const outcomes = fc.array(fc.record({ regular: amount, state: amount }), { maxLength: 3 });
    fc.assert(
      fc.property(outcomes, fc.bigInt({ min: 1n, max: 40_000_000n }), (used, gasLimit) => {
        const block = environment("amsterdam", { gasLimit: 60_000_000n });
        const capacity = new BlockCapacity(block, block.gasLimit);
        let [regular, state] = [0n, 0n];
        for (const blockGas of used) {
          // nothing else of an outcome is looked at
          capacity.take({ gasUsed: 1n, blobGasUsed: 0n, blockGas } as TransactionOutcome);
          regular += blockGas.regular;
          state += blockGas.state;
        }
        const next = transaction(ALICE, { gasLimit });
        const exceeds = txExceedsAvailableBlockGas8037(
          ...([gasLimit, CAP, block.gasLimit, regular, state] as const),
        );
        expect(capacity.check(next) !== null).to.equal(exceeds);
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("what is above the cap does not keep a transaction out of reach", () => {
    const block = environment("amsterdam");
    const transactions = [20_000_000n, 20_000_000n, 30_000_001n].map((gasLimit) =>
      transaction(ALICE, { gasLimit }),
    );
    const input = { environment: block, transactions, gasAvailable: 30_000_000n, trace: false };
    expect(reachablePrefix(input)).to.have.lengthOf(2);
  });

  it("a block is what runBlock makes of it: gas of the header, receipts, state", async () => {
    const accounts = {
      // what it is called with becomes a slot
      [CONTRACT]: { code: assemble("0x1 0x0 CALLDATALOAD SSTORE 0x0 0x9 SSTORE") },
    };
    const store = { to: CONTRACT, gasLimit: 400_000n };
    const word = (value: number): Uint8Array => new Uint8Array(32).fill(value, 31);
    const transactions = [
      transaction(ALICE, { ...store, data: word(1) }),
      transaction(BOB, { ...store, data: word(9) }),
      payment(CAP + 300_000n),
      transaction(ALICE, {
        to: null,
        nonce: 2n,
        value: 1n,
        data: assemble("ADDRESS SELFDESTRUCT"),
      }),
    ].map((one, index) => (index === 2 ? { ...one, nonce: 1n } : one));
    const state = new MapState({
      ...Object.fromEntries(SENDERS.map((sender) => [sender, { balance: ETHER }])),
      ...accounts,
    });
    const block = environment("amsterdam", { gasLimit: 60_000_000n, slotNumber: 77n });
    const { accessList: _, ...expected } = await runReferenceBlock(state, block, transactions);
    for (const name of ["ethereumjs", "fast", "verified"] as const) {
      const engine = createEngine(name);
      const execution = await execute(transactions, accounts, { engine });
      const { receipts, bodies } = makeReceipts(execution.outcomes.map((outcome) => ({ outcome })));
      const types = transactions.map(({ type }) => type);
      expect({
        gasUsed: blockGasUsed(execution.outcomes),
        receiptsRoot: receiptsRoot(types, receipts, bodies),
        stateRoot: await execution.state.stateRoot(),
      }).to.deep.equal(expected);
    }
  });

  it("the fast engine hands its messages to the reference, counted", async () => {
    const reference: Engine = new EthereumjsEngine();
    const engine = createFastEngine(reference);
    await execute([payment(300_000n)], {}, { engine });
    expect([...engine.fallbacks]).to.deep.equal([["experimental hardfork", 1]]);
  });

  it("builders' requests are collected after the others (EIP-8282), and their calls may fill 16 slots", async () => {
    const contract = { code: assemble("0x7 0x0 MSTORE 0x1 0x1f RETURN"), nonce: 1n };
    // the gas of filling 17 slots, of which the reservoir pays for the growth of 16
    const filling = Array.from(
      { length: 17 },
      (_, index) => `0x1 0x${(index + 1).toString(16)} SSTORE`,
    );
    const metered = `GAS ${filling.join(" ")} GAS SWAP1 SUB 0x0 MSTORE 0x20 0x0 RETURN`;
    const state = new MapState({
      [WITHDRAWAL_REQUESTS_ADDRESS]: contract,
      [CONSOLIDATION_REQUESTS_ADDRESS]: contract,
      [BUILDER_DEPOSITS_ADDRESS]: { code: assemble(metered), nonce: 1n },
      [BUILDER_EXITS_ADDRESS]: { code: assemble("GAS 0x0 MSTORE 0x20 0x0 RETURN"), nonce: 1n },
    });
    const engine = createEngine("ethereumjs");
    const result = await collectRequests(engine, state, environment("amsterdam"), []);
    if (!result.ok) {
      throw new Error(result.reason);
    }
    const requests = result.requests.map(({ type, data }) => [type, bytesToBigInt(data)]);
    expect(requests).to.deep.equal([
      [0, 0n],
      [1, 7n],
      [2, 7n],
      // two pushes, cold access and write of each slot; one slot's growth; the second GAS
      [3, 17n * (3n + 3n + 2_100n + 10_000n) + NEW_SLOT + 2n],
      [4, 29_999_998n], // GAS itself costs 2: the reservoir is no part of what it sees
    ]);
    const missing = await collectRequests(
      ...([engine, new MapState(), environment("amsterdam"), []] as const),
    );
    expect(missing.ok).to.equal(false);
  });
});
