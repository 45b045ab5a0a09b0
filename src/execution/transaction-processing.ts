/**
 * One transaction from its validity to its write set (EELS process_transaction; yellow paper,
 * section 6): nonce, fees, authorizations, the message, refunds, cleanup.
 *
 * Owns: everything around the message. Does not own: the EVM (engine/), the block (gas packing,
 * withdrawals), signatures.
 *
 * Invariant: fees reach the coinbase as a credit, never as a read, so they conflict with nothing but
 * a transaction that reads the coinbase.
 */
import type { Address } from "../state/hex";
import { applyAuthorizations } from "./authorizations";
import { blobBaseFee, blobGasOf } from "./blob-gas";
import { createAddress } from "./contract-address";
import type { Engine, EngineHooks, Message, MessageResult } from "./engine/engine";
import { type ForkRules, forkRules } from "./fork-rules";
import { type GasMeter, PlainGasMeter } from "./gas-meter";
import { intrinsicGas } from "./intrinsic-gas";
import type { InvalidTransaction } from "./invalid-transaction";
import { ListRecorder } from "./list-operations";
import { endPreparation, OUT_OF_GAS_BEFORE_START } from "./message-preparation";
import {
  completeOutcome,
  type OutcomeResult,
  type TransactionOutcome,
  withEncodedLogs,
} from "./outcome";
import { StateGasMeter } from "./state-gas";
import type { StateView } from "./state-view";
import { cleanUp, touch } from "./touched-accounts";
import type { BlockEnvironment, TransactionInput } from "./transaction";
import { checkFees, checkForm, checkSender, upfrontCost } from "./transaction-validity";

export interface TransactionOptions {
  /**
   * eth_call and eth_estimateGas: base fee 0; nonce, fees, sender code and the gas cap unchecked;
   * what the sender lacks for value and gas is given to it.
   */
  readonly lenient?: boolean;
  /** Observes opcodes; console.log calls are in the outcome in any case. */
  readonly onStep?: EngineHooks["onStep"];
  /** Observes frames. */
  readonly frames?: EngineHooks["frames"];
  /** Record what the transaction does to the block's access list (EIP-7928), by Amsterdam's rules. */
  readonly blockAccessList?: boolean;
}

export type TransactionExecution =
  | { readonly ok: true; readonly outcome: TransactionOutcome }
  | { readonly ok: false; readonly error: InvalidTransaction };

const BALANCE_LIMIT = 1n << 256n;

/**
 * Runs the transaction on the view and takes the view's read set, write set and trace into the
 * outcome. Invalidity is a value; the view then holds reads but no writes.
 * Throws (or rejects with) what a read threw (ReadBlocked, a failing reader).
 * @returns a promise only if the engine gave one: the hot path has no await
 */
export function executeTransaction(
  engine: Engine,
  view: StateView,
  transaction: TransactionInput,
  blockEnvironment: BlockEnvironment,
  options: TransactionOptions = {},
): TransactionExecution | Promise<TransactionExecution> {
  const lenient = options.lenient === true;
  const rules = forkRules(blockEnvironment.rules);
  const environment =
    lenient && blockEnvironment.baseFeePerGas !== null
      ? { ...blockEnvironment, baseFeePerGas: 0n }
      : blockEnvironment;
  const gas = intrinsicGas(transaction, rules);
  const error =
    checkForm(transaction, environment, rules, gas) ??
    (lenient ? null : checkFees(transaction, environment, rules, gas)) ??
    (lenient ? null : checkSender(transaction, environment, view));
  if (error !== null) {
    return { ok: false, error };
  }

  const { from, to, gasLimit } = transaction;
  const nonce = lenient ? view.nonce(from) : transaction.nonce;
  if (lenient) {
    giveWhatIsMissing(transaction, view);
  }
  const price = effectiveGasPrice(transaction, environment);
  const blobGasUsed = blobGasOf(transaction);
  const blobFee = blobGasUsed === 0n ? 0n : blobGasUsed * (blobBaseFee(environment, rules) ?? 0n);
  const metersStateGas = rules.isActive(8037);
  const recorder =
    options.blockAccessList === true && metersStateGas && rules.isActive(7928)
      ? new ListRecorder()
      : null;
  touch(view, rules, from);
  payFrom(view, from, gasLimit * price + blobFee);
  view.setNonce(from, nonce + 1n);
  recorder?.balance(from, -(gasLimit * price + blobFee));
  recorder?.nonce(from, nonce + 1n);
  const meter: GasMeter = metersStateGas
    ? new StateGasMeter(transaction, rules, gas, environment.rules.transactionGasCap)
    : new PlainGasMeter(gasLimit, gas.intrinsic);
  if (metersStateGas) {
    view.checkpoint(); // of what is taken back if the gas ends before the first opcode
  }
  const { authorities, isComplete } = applyAuthorizations(
    transaction.authorizationList,
    environment.rules.chainId,
    view,
    meter,
    recorder,
  );

  const { left } = meter;
  const consoleLogs: Uint8Array[] = [];
  const message: Message = {
    caller: from,
    to,
    value: transaction.value,
    data: transaction.data,
    gasLimit: left.regular,
    gasPrice: price,
    origin: from,
    blobVersionedHashes: transaction.blobVersionedHashes,
    warmAddresses: warmAddresses(transaction, environment, rules, authorities),
    warmSlots: transaction.accessList,
    callerNonce: nonce,
    stateGasReservoir: left.reservoir,
  };
  const finish = (result: MessageResult): TransactionExecution => {
    if (metersStateGas) {
      endPreparation(view, message, result);
    }
    const { gasBeforeRefund, blockGas } = meter.total(result);
    const refund = min(result.gasRefund + meter.refund, gasBeforeRefund / rules.maxRefundQuotient);
    const gasUsed = max(gasBeforeRefund - refund, gas.floor);
    const { coinbase } = environment;
    const refunded = receive(view, from, (gasLimit - gasUsed) * price);
    touch(view, rules, coinbase);
    const paid = receive(view, coinbase, gasUsed * (price - (environment.baseFeePerGas ?? 0n)));
    if (recorder !== null) {
      recorder.balance(from, refunded);
      recorder.nonce(from, view.nonce(from));
      if (paid === 0n) {
        recorder.account(coinbase);
      } else {
        recorder.balance(coinbase, paid);
      }
      recorder.cleared(result.selfDestructed);
    }
    cleanUp(view, rules, result.selfDestructed, [...result.touched, from, coinbase]);

    const fields: OutcomeResult = {
      status: result.halt === undefined ? 1 : 0,
      gasUsed,
      gasBeforeRefund,
      intrinsicGas: gas.intrinsic,
      blobGasUsed,
      effectiveGasPrice: price,
      returnData: result.returnData,
      createdAddress: to === null ? createAddress(from, nonce) : null,
    };
    const outcome = withEncodedLogs(
      completeOutcome(fields, result.halt, consoleLogs, blockGas, recorder?.operations),
      result.logs,
      { reads: view.readSet(), writes: view.writeSet(), trace: view.trace() },
    );
    return { ok: true, outcome };
  };
  if (!isComplete) {
    return finish(OUT_OF_GAS_BEFORE_START);
  }
  const onConsoleLog = (data: Uint8Array) => consoleLogs.push(data);
  const { onStep, frames } = options;
  const hooks: EngineHooks =
    onStep === undefined && frames === undefined && recorder === null
      ? { onConsoleLog }
      : {
          onConsoleLog,
          ...(onStep === undefined ? {} : { onStep }),
          ...(frames === undefined ? {} : { frames }),
          ...(recorder === null ? {} : { listRecorder: recorder }),
        };
  const running = engine.run(message, environment, view, hooks);
  return running instanceof Promise ? running.then(finish) : finish(running);
}

/** wei per gas that the transaction pays (EIP-1559; the gas price of legacy transactions). */
export function effectiveGasPrice(
  transaction: TransactionInput,
  environment: BlockEnvironment,
): bigint {
  const baseFee = environment.baseFeePerGas ?? 0n;
  return min(transaction.maxFeePerGas, baseFee + transaction.maxPriorityFeePerGas);
}

/** EIP-2929, EIP-2930, EIP-3651, EIP-7702; precompiles are warm in every engine. */
function warmAddresses(
  transaction: TransactionInput,
  environment: BlockEnvironment,
  rules: ForkRules,
  authorities: readonly Address[],
): Address[] {
  const warm = [transaction.from, ...authorities];
  if (transaction.to !== null) {
    warm.push(transaction.to);
  }
  if (rules.isActive(3651)) {
    warm.push(environment.coinbase);
  }
  return warm;
}

function payFrom(view: StateView, address: Address, amount: bigint): void {
  if (amount > 0n) {
    view.debit(address, amount);
  }
}

/** A fee or refund: a credit, cut at the largest balance there is. @returns wei that were credited */
function receive(view: StateView, address: Address, amount: bigint): bigint {
  if (amount === 0n) {
    return 0n;
  }
  const credited = view.creditOverflows(address, amount)
    ? BALANCE_LIMIT - 1n - view.balance(address)
    : amount;
  if (credited > 0n) {
    view.credit(address, credited);
  }
  return credited;
}

function giveWhatIsMissing(transaction: TransactionInput, view: StateView): void {
  const required = upfrontCost(transaction);
  if (!view.balanceAtLeast(transaction.from, required)) {
    view.credit(transaction.from, required - view.balance(transaction.from));
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
