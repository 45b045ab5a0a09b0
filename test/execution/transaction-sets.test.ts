import { generateAddress } from "@ethereumjs/util";
import { expect } from "chai";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { TransactionOutcome } from "../../src/execution/outcome";
import type { BlockEnvironment, TransactionInput } from "../../src/execution/transaction";
import { executeTransaction } from "../../src/execution/transaction-processing";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { PRE_STATE_ORIGIN, type Read, UNBOUNDED } from "../../src/state/read-set";
import { assemble, deploying, RETURN_TOP } from "../helpers/assembler";
import { COINBASE, environment, transaction } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";

const ALICE: Address = "0xa11ce00000000000000000000000000000000000";
const BOB: Address = "0xb0b0000000000000000000000000000000000000";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000000";
const OTHER: Address = "0x0ccc000000000000000000000000000000000000";
const ETHER = 10n ** 18n;

const engine = new EthereumjsEngine();

async function run(
  accounts: Record<Address, AccountDescription>,
  changes: Partial<TransactionInput>,
  block: BlockEnvironment = environment("cancun"),
): Promise<TransactionOutcome> {
  const view = new IncarnationView(new BlockOverlay(new MapState(accounts)), false);
  const execution = await executeTransaction(engine, view, transaction(ALICE, changes), block);
  if (!execution.ok) {
    throw new Error(`invalid: ${execution.error.kind}`);
  }
  return execution.outcome;
}

function readsOf(outcome: TransactionOutcome, address: Address): Read[] {
  return outcome.reads.filter((read) => read.address === address);
}

describe("what a transaction reads and writes", () => {
  const rich = { [ALICE]: { balance: ETHER } };

  it("a transfer reads the sender's nonce exactly, its balance as a bound, and no balance of others", async () => {
    const outcome = await run({ ...rich, [BOB]: { balance: 5n } }, { to: BOB, value: 3n });
    // bound: gas limit 1,000,000 * 10 wei + 3 wei
    expect(outcome.reads).to.deep.equal([
      { kind: "nonce", address: ALICE, min: 0n, max: 0n, origin: PRE_STATE_ORIGIN },
      {
        kind: "balance",
        address: ALICE,
        min: 10_000_003n,
        max: UNBOUNDED,
        origin: PRE_STATE_ORIGIN,
      },
      {
        kind: "code",
        address: ALICE,
        codeHash: "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        origin: PRE_STATE_ORIGIN,
      },
      {
        kind: "code",
        address: BOB,
        codeHash: "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        origin: PRE_STATE_ORIGIN,
      },
    ]);
  });

  it("a transfer writes deltas: value, fee, and the tip to the coinbase", async () => {
    const outcome = await run({ ...rich, [BOB]: { balance: 5n } }, { to: BOB, value: 3n });
    // 21,000 gas at 10 wei, of which 7 are burnt
    expect(outcome.writes.writes).to.deep.equal([
      { kind: "balance", address: ALICE, delta: -210_003n },
      { kind: "nonce", address: ALICE, value: 1n },
      { kind: "balance", address: BOB, delta: 3n },
      { kind: "balance", address: COINBASE, delta: 63_000n },
    ]);
  });

  it("the coinbase is read exactly only by a transaction that asks for its balance", async () => {
    const asking = assemble(`COINBASE BALANCE ${RETURN_TOP}`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code: asking }, [COINBASE]: { balance: 44n } },
      { to: CONTRACT },
    );
    expect(BigInt(bytesToHex(outcome.returnData))).to.equal(44n);
    expect(readsOf(outcome, COINBASE)).to.deep.equal([
      { kind: "balance", address: COINBASE, min: 44n, max: 44n, origin: PRE_STATE_ORIGIN },
    ]);
  });

  for (const opcode of ["CALL", "CALLCODE"]) {
    it(`${opcode} with value 0 reads no balance`, async () => {
      const calling = assemble(`0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS ${opcode} STOP`);
      const outcome = await run(
        { ...rich, [CONTRACT]: { code: calling }, [OTHER]: { code: "0x00" } },
        { to: CONTRACT },
      );
      const balances = outcome.reads.filter(({ kind }) => kind === "balance");
      expect(balances.map(({ address }) => address)).to.deep.equal([ALICE]);
    });
  }

  for (const opcode of ["STATICCALL", "DELEGATECALL"]) {
    it(`${opcode} reads no balance`, async () => {
      const calling = assemble(`0x0 0x0 0x0 0x0 ${OTHER} GAS ${opcode} STOP`);
      const outcome = await run(
        { ...rich, [CONTRACT]: { code: calling }, [OTHER]: { code: "0x00" } },
        { to: CONTRACT },
      );
      const balances = outcome.reads.filter(({ kind }) => kind === "balance");
      expect(balances.map(({ address }) => address)).to.deep.equal([ALICE]);
    });
  }

  it("CALL with value reads the caller's balance as a bound of that value", async () => {
    const paying = assemble(`0x0 0x0 0x0 0x0 0x7 ${BOB} GAS CALL STOP`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code: paying, balance: 100n }, [BOB]: { nonce: 1n } },
      { to: CONTRACT },
    );
    expect(readsOf(outcome, CONTRACT)[1]).to.deep.equal({
      kind: "balance",
      address: CONTRACT,
      min: 7n,
      max: UNBOUNDED,
      origin: PRE_STATE_ORIGIN,
    });
    expect(readsOf(outcome, BOB).map(({ kind }) => kind)).to.deep.equal(["code", "nonce"]);
    expect(outcome.writes.writes).to.deep.include({ kind: "balance", address: BOB, delta: 7n });
  });

  it("CALL that the caller cannot pay fails and reads an upper bound", async () => {
    const paying = assemble(`0x0 0x0 0x0 0x0 0x7 ${BOB} GAS CALL ${RETURN_TOP}`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code: paying, balance: 6n }, [BOB]: { nonce: 1n } },
      { to: CONTRACT },
    );
    expect(BigInt(bytesToHex(outcome.returnData))).to.equal(0n);
    expect(readsOf(outcome, CONTRACT)[1]).to.deep.equal({
      kind: "balance",
      address: CONTRACT,
      min: 0n,
      max: 6n,
      origin: PRE_STATE_ORIGIN,
    });
  });

  it("value received in the same transaction pays without a read", async () => {
    const forwarding = assemble(`0x0 0x0 0x0 0x0 CALLVALUE ${BOB} GAS CALL STOP`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code: forwarding }, [BOB]: { nonce: 1n } },
      { to: CONTRACT, value: 9n },
    );
    expect(readsOf(outcome, CONTRACT).map(({ kind }) => kind)).to.deep.equal(["code"]);
    expect(outcome.writes.writes.some(({ address }) => address === CONTRACT)).to.equal(false);
  });

  it("the new-account surcharge asks only whether the recipient is empty", async () => {
    const paying = assemble(`0x0 0x0 0x0 0x0 0x7 ${BOB} GAS CALL STOP`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code: paying, balance: 100n }, [BOB]: { balance: 5n } },
      { to: CONTRACT },
    );
    expect(readsOf(outcome, BOB).slice(1)).to.deep.equal([
      { kind: "nonce", address: BOB, min: 0n, max: 0n, origin: PRE_STATE_ORIGIN },
      { kind: "balance", address: BOB, min: 1n, max: UNBOUNDED, origin: PRE_STATE_ORIGIN },
    ]);
  });

  it("SELFBALANCE reads the balance exactly", async () => {
    const asking = assemble(`SELFBALANCE ${RETURN_TOP}`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code: asking, balance: 77n } },
      { to: CONTRACT, value: 3n },
    );
    expect(BigInt(bytesToHex(outcome.returnData))).to.equal(80n);
    // the interval speaks of the value before the transaction's own writes
    expect(readsOf(outcome, CONTRACT)[1]).to.deep.include({ min: 77n, max: 77n });
  });

  it("SELFDESTRUCT reads its own balance exactly and not its beneficiary's", async () => {
    const code = assemble(`${BOB} SELFDESTRUCT`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code, balance: 50n }, [BOB]: { balance: 1n, nonce: 1n } },
      { to: CONTRACT },
      environment("shanghai"),
    );
    expect(readsOf(outcome, CONTRACT)[1]).to.deep.include({ kind: "balance", min: 50n, max: 50n });
    expect(readsOf(outcome, BOB).some(({ kind }) => kind === "balance")).to.equal(false);
    expect(outcome.writes.writes).to.deep.include({
      kind: "existence",
      address: CONTRACT,
      exists: false,
      clearsStorage: true,
    });
    expect(outcome.writes.writes).to.deep.include({ kind: "balance", address: BOB, delta: 50n });
  });

  it("from Cancun on SELFDESTRUCT of an older contract only moves its balance (EIP-6780)", async () => {
    const code = assemble(`${BOB} SELFDESTRUCT`);
    const outcome = await run(
      { ...rich, [CONTRACT]: { code, balance: 50n }, [BOB]: { nonce: 1n } },
      { to: CONTRACT },
    );
    const ofContract = outcome.writes.writes.filter(({ address }) => address === CONTRACT);
    expect(ofContract).to.deep.equal([{ kind: "balance", address: CONTRACT, delta: -50n }]);
  });

  it("a write of the value that is there is listed (silent)", async () => {
    const code = assemble("0x5 0x1 SSTORE STOP");
    const outcome = await run(
      { ...rich, [CONTRACT]: { code, storage: { "0x1": 5n } } },
      { to: CONTRACT },
    );
    expect(outcome.writes.writes).to.deep.include({
      kind: "storage",
      address: CONTRACT,
      slot: 1n,
      value: 5n,
    });
  });

  it("reads survive a revert, writes do not", async () => {
    const code = assemble("0x1 SLOAD POP 0x9 0x2 SSTORE 0x0 0x0 REVERT");
    const outcome = await run(
      { ...rich, [CONTRACT]: { code, storage: { "0x1": 5n } } },
      { to: CONTRACT },
    );
    expect(outcome.status).to.equal(0);
    expect(outcome.halt).to.deep.equal({ kind: "revert", reason: "Revert" });
    const slots = readsOf(outcome, CONTRACT).flatMap((read) =>
      read.kind === "storage" ? [[read.slot, read.value]] : [],
    );
    expect(slots).to.deep.equal([
      [1n, 5n],
      [2n, 0n],
    ]);
    expect(outcome.writes.writes.some(({ kind }) => kind === "storage")).to.equal(false);
  });

  it("a creation begins a life: existence, nonce, code", async () => {
    const runtime = assemble("0x1 0x0 SSTORE STOP");
    const outcome = await run(rich, { to: null, data: deploying(runtime) });
    const created = outcome.createdAddress;
    expect(created).to.equal(
      bytesToHex(generateAddress(hexToBytes(ALICE), new Uint8Array(0))), // nonce 0
    );
    const writes = outcome.writes.writes.filter(({ address }) => address === created);
    expect(writes.map(({ kind }) => kind)).to.deep.equal(["existence", "nonce", "code"]);
    expect([...outcome.writes.codes.values()].map(bytesToHex)).to.deep.equal([bytesToHex(runtime)]);
  });

  it("what is made and destroyed in one transaction leaves no value behind", async () => {
    const outcome = await run(rich, {
      to: null,
      value: 5n,
      data: assemble(`0x7 0x1 SSTORE ${BOB} SELFDESTRUCT`),
    });
    const created = outcome.createdAddress;
    const writes = outcome.writes.writes.filter(({ address }) => address === created);
    expect(writes).to.deep.equal([
      { kind: "existence", address: created, exists: false, clearsStorage: true },
    ]);
  });

  it("transfers to one account commute: neither reads what the other writes", async () => {
    const accounts = { ...rich, [OTHER]: { balance: ETHER }, [BOB]: { balance: 1n } };
    const state = new MapState(accounts);
    const overlay = new BlockOverlay(state);
    for (const [index, from] of [ALICE, OTHER].entries()) {
      const view = new IncarnationView(overlay, false);
      const execution = await executeTransaction(
        engine,
        view,
        transaction(from, { to: BOB, value: 10n }),
        environment("cancun"),
      );
      if (!execution.ok) {
        throw new Error(execution.error.kind);
      }
      overlay.apply(execution.outcome.writes, index);
      const origins = execution.outcome.reads.map(({ origin }) => origin.transactionIndex);
      expect(new Set(origins)).to.deep.equal(new Set([-1]));
    }
    expect(overlay.balance(BOB)).to.equal(21n);
  });
});
