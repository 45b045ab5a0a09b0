import { expect } from "chai";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { TransactionInput } from "../../src/execution/transaction";
import { executeTransaction } from "../../src/execution/transaction-processing";
import { bytesToBigInt } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble, deploying, RETURN_TOP } from "../helpers/assembler";
import { environment, transaction } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";
import { plainOutcome } from "../helpers/plain-outcome";

const CALLER: Address = "0xca11e40000000000000000000000000000000000";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000000";
const engine = new EthereumjsEngine();

/** As eth_call sends it: no fee, the whole block's gas. */
async function call(
  accounts: Record<Address, AccountDescription>,
  changes: Partial<TransactionInput>,
) {
  const view = new IncarnationView(new BlockOverlay(new MapState(accounts)), false);
  const execution = await executeTransaction(
    engine,
    view,
    transaction(CALLER, {
      to: CONTRACT,
      gasLimit: 30_000_000n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      ...changes,
    }),
    environment("osaka"),
    { lenient: true },
  );
  if (!execution.ok) {
    throw new Error(execution.error.kind);
  }
  return { ...plainOutcome(execution.outcome), view };
}

describe("lenient calls (eth_call, eth_estimateGas)", () => {
  it("need no funds, no nonce, no fee and know no gas cap", async () => {
    const outcome = await call({ [CONTRACT]: { code: "0x00" } }, { nonce: 77n });
    expect(outcome.status).to.equal(1);
    expect(outcome.effectiveGasPrice).to.equal(0n);
  });

  it("BASEFEE is 0", async () => {
    const outcome = await call({ [CONTRACT]: { code: assemble(`BASEFEE ${RETURN_TOP}`) } }, {});
    expect(bytesToBigInt(outcome.returnData)).to.equal(0n);
  });

  it("value may exceed the caller's balance", async () => {
    const outcome = await call(
      { [CALLER]: { balance: 3n }, [CONTRACT]: { code: assemble(`CALLVALUE ${RETURN_TOP}`) } },
      { value: 10n },
    );
    expect(bytesToBigInt(outcome.returnData)).to.equal(10n);
    expect(outcome.view.balance(CALLER)).to.equal(0n);
    expect(outcome.view.balance(CONTRACT)).to.equal(10n);
  });

  it("the caller's own funds are all there during the call", async () => {
    const outcome = await call(
      { [CALLER]: { balance: 3n }, [CONTRACT]: { code: assemble(`CALLER BALANCE ${RETURN_TOP}`) } },
      {},
    );
    expect(bytesToBigInt(outcome.returnData)).to.equal(3n);
  });

  it("a gas price is seen by GASPRICE and need not be paid for", async () => {
    const outcome = await call(
      { [CONTRACT]: { code: assemble(`GASPRICE ${RETURN_TOP}`) } },
      { maxFeePerGas: 5n, maxPriorityFeePerGas: 5n },
    );
    expect(bytesToBigInt(outcome.returnData)).to.equal(5n);
  });

  it("contracts may call (EIP-3607 is off), and create at their real nonce", async () => {
    const outcome = await call(
      { [CALLER]: { code: "0x00", nonce: 6n } },
      { to: null, data: deploying(assemble("STOP")), nonce: 0n },
    );
    const { getCreateAddress } = await import("ethers");
    expect(outcome.createdAddress).to.equal(
      getCreateAddress({ from: CALLER, nonce: 6 }).toLowerCase(),
    );
  });

  it("gas used is that of a transaction", async () => {
    const outcome = await call({ [CONTRACT]: { code: assemble("0x1 0x0 SSTORE STOP") } }, {});
    // 21,000 + two PUSH1 + cold SSTORE to a fresh slot (22,100)
    expect(outcome.gasUsed).to.equal(43_106n);
  });

  it("what makes any transaction impossible is refused here too", async () => {
    const error: unknown = await call({}, { gasLimit: 20_000n }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain("IntrinsicGas");
  });
});
