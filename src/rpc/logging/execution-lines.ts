/**
 * What logs say about calls, transactions and blocks.
 *
 * Owns: the lines of each. Does not own: when they are printed (rpc-logger.ts).
 */
import type { CallOutcome, CallRequest, MinedBlock, MinedTransaction } from "../../chain/chain";
import type { TransactionOutcome } from "../../execution/outcome";
import type { Address, Hash } from "../../state/hex";
import { isPrecompile } from "../precompiles";
import { revertMessage, revertReason } from "../revert-reason";
import type { LogLines } from "./log-lines";
import { weiText } from "./wei";

export interface LoggedCode {
  readonly hardfork: string;
  /** Decoded console.log messages. */
  readonly decodeConsoleLogs: (calldata: readonly Uint8Array[]) => readonly string[];
  /** Has the account code? */
  readonly hasCode: (address: Address) => boolean;
}

const UNRECOGNIZED = "<UnrecognizedContract>";

/** A call or an estimate; `showsZero`: an estimate shows the value in any case. */
export function describeCall(
  lines: LogLines,
  code: LoggedCode,
  request: CallRequest,
  result: CallOutcome,
  showsZero: boolean,
): void {
  lines.nested(() => {
    describeTarget(lines, code, request.to, result.outcome, true);
    describeParties(lines, request.from, request.to);
    if (request.value > 0n || showsZero) {
      lines.addTitled("Value", weiText(request.value));
    }
    describeConsoleLogs(lines, code, result.consoleLogs);
    describeFailure(lines, result.outcome);
  });
}

/** The one transaction of a block that was mined for it. */
export function describeSent(
  lines: LogLines,
  code: LoggedCode,
  mined: MinedBlock,
  transaction: MinedTransaction,
): void {
  const { input } = transaction.transaction;
  const { header } = mined.block;
  lines.nested(() => {
    describeTarget(lines, code, input.to, transaction.receipt.outcome, false);
    lines.addTitled("Transaction", input.hash);
    describeParties(lines, input.from, input.to);
    describeCost(lines, transaction);
    lines.addTitled(`Block #${header.number}`, header.hash);
    describeConsoleLogs(lines, code, consoleLogsOf(mined));
    describeFailure(lines, transaction.receipt.outcome);
  });
}

/**
 * The messages of all transactions of a block. As in the stock network, whatever is said of one of its
 * transactions shows all of them.
 */
export function consoleLogsOf({ transactions }: MinedBlock): readonly Uint8Array[] {
  return transactions.flatMap(({ consoleLogs }) => consoleLogs);
}

/** Base fee and transactions of a block. `highlighted` is shown in bold. */
export function describeTransactions(
  lines: LogLines,
  code: LoggedCode,
  mined: MinedBlock,
  highlighted: Hash | null,
): void {
  const { baseFeePerGas } = mined.block.header;
  if (baseFeePerGas !== undefined) {
    lines.add(`Base fee: ${baseFeePerGas}`);
  }
  for (const [index, transaction] of mined.transactions.entries()) {
    const { input } = transaction.transaction;
    lines.addTitled("Transaction", input.hash === highlighted ? bold(input.hash) : input.hash);
    lines.nested(() => {
      describeTarget(lines, code, input.to, transaction.receipt.outcome, false);
      describeParties(lines, input.from, input.to);
      describeCost(lines, transaction);
      describeConsoleLogs(lines, code, consoleLogsOf(mined));
      describeFailure(lines, transaction.receipt.outcome);
    });
    if (index < mined.transactions.length - 1) {
      lines.add("");
    }
  }
}

/** `Mined empty block #7 with base fee 1` */
export function emptyBlockText({ block: { header } }: MinedBlock): string {
  const baseFee =
    header.baseFeePerGas === undefined ? "" : ` with base fee ${header.baseFeePerGas}`;
  return `Mined empty block #${header.number}${baseFee}`;
}

function describeTarget(
  lines: LogLines,
  code: LoggedCode,
  to: Address | null,
  outcome: TransactionOutcome,
  warns: boolean,
): void {
  if (to === null) {
    lines.addTitled("Contract deployment", UNRECOGNIZED);
    if (outcome.createdAddress !== null && outcome.status === 1) {
      lines.addTitled("Contract address", outcome.createdAddress);
    }
  } else if (isPrecompile(BigInt(to), code.hardfork)) {
    lines.addTitled("Precompile call", `<PrecompileContract ${BigInt(to)}>`);
  } else if (code.hasCode(to)) {
    lines.addTitled("Contract call", UNRECOGNIZED);
  } else if (warns) {
    lines.add("WARNING: Calling an account which is not a contract");
  }
}

function describeParties(lines: LogLines, from: Address, to: Address | null): void {
  lines.addTitled("From", from);
  if (to !== null) {
    lines.addTitled("To", to);
  }
}

function describeCost(lines: LogLines, { transaction, receipt }: MinedTransaction): void {
  lines.addTitled("Value", weiText(transaction.input.value));
  lines.addTitled("Gas used", `${receipt.outcome.gasUsed} of ${transaction.input.gasLimit}`);
}

function describeConsoleLogs(
  lines: LogLines,
  code: LoggedCode,
  calldata: readonly Uint8Array[],
): void {
  const messages = calldata.length === 0 ? [] : code.decodeConsoleLogs(calldata);
  if (messages.length === 0) {
    return;
  }
  lines.add("");
  lines.add("console.log:");
  lines.nested(() => {
    for (const message of messages) {
      lines.add(message);
    }
  });
}

function describeFailure(lines: LogLines, outcome: TransactionOutcome): void {
  if (outcome.status === 1) {
    return;
  }
  const isRevert = outcome.halt?.kind === "revert";
  lines.add("");
  lines.add(`${isRevert ? "Error" : "TransactionExecutionError"}: ${failureText(outcome)}`);
}

function failureText({ halt, returnData }: TransactionOutcome): string {
  switch (halt?.reason) {
    case "Revert":
      return revertText(returnData);
    case "OutOfGas":
    case "CodeStoreOutOfGas":
      return "Transaction ran out of gas";
    case "InvalidOpcode":
      return "VM Exception while processing transaction: invalid opcode";
    case "CodeSizeExceeded":
      return "Transaction reverted: trying to deploy a contract whose code is too large";
    default:
      return halt?.reason ?? "";
  }
}

/** As stock: a reason without the words before it, and its log's own words for two kinds of panic. */
function revertText(returnData: Uint8Array): string {
  if (returnData.length === 0) {
    return "Transaction reverted without a reason";
  }
  const reason = revertReason(returnData, []);
  return reason.startsWith("reason")
    ? `reverted with ${reason}`
    : revertMessage(returnData, [])
        .replace("operation overflowed", "operation underflowed or overflowed")
        .replace(/unknown (panic code 0x[0-9a-f]+)$/, "$1 (Unknown panic code)");
}

function bold(text: string): string {
  return `\u001b[1m${text}\u001b[0m`;
}
