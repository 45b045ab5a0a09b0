/**
 * What the network prints: the lines of console.log always; where logging is enabled, as `hardhat
 * node` has it, each request with what it ran or mined.
 *
 * Owns: when something is printed, and that equal requests in a row and ranges of empty blocks share
 * one line. Does not own: what is said of an execution (execution-lines.ts), decoding of console.log.
 */
import type { CallOutcome, CallRequest, MinedBlock, MinedTransaction } from "../../chain/chain";
import type { Hash } from "../../state/hex";
import { ErrorCode, ProviderError } from "../errors/provider-error";
import { SolidityError } from "../errors/solidity-error";
import {
  consoleLogsOf,
  describeCall,
  describeSent,
  describeTransactions,
  emptyBlockText,
  type LoggedCode,
} from "./execution-lines";
import { LogLines } from "./log-lines";

export interface LoggerOptions {
  readonly enabled: boolean;
  /** Prints console.log messages by themselves. */
  readonly printConsoleLogs?: (calldata: readonly Uint8Array[]) => void;
  /** Texts of console.log messages for the log. */
  readonly decodeConsoleLogs?: (calldata: readonly Uint8Array[]) => readonly string[];
  /** Prints a line, or replaces the last one. */
  readonly printLine: (line: string, replacesLast: boolean) => void;
}

/** What was printed last, as far as the next line may add to it. */
type State =
  | { readonly kind: "method"; readonly method: string; readonly count: number }
  | { readonly kind: "mined"; readonly firstEmpty: bigint }
  | { readonly kind: "interval"; readonly firstEmpty: bigint }
  | null;

const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const METAMASK_HELP =
  "If you are using MetaMask, you can learn how to fix this error here: https://hardhat.org/metamask-issue";

export class RpcLogger {
  enabled: boolean;
  readonly #options: LoggerOptions;
  readonly #lines = new LogLines();
  #state: State = null;

  constructor(options: LoggerOptions) {
    this.enabled = options.enabled;
    this.#options = options;
  }

  /** Prints the messages by themselves, unless the log shows them. */
  consoleLogs(calldata: readonly Uint8Array[]): void {
    const isInLog = this.enabled && this.#options.decodeConsoleLogs !== undefined;
    if (!isInLog && calldata.length > 0) {
      this.#options.printConsoleLogs?.(calldata);
    }
  }

  /** The messages of a block, once for each of its transactions, as the stock network prints them. */
  consoleLogsOfBlock(mined: MinedBlock): void {
    const calldata = consoleLogsOf(mined); // once: a block may have thousands of transactions
    if (calldata.length > 0) {
      for (const _ of mined.transactions) {
        this.consoleLogs(calldata);
      }
    }
  }

  /** Once more for a transaction that was mined with others. */
  consoleLogsOfSent(hash: Hash, mined: readonly MinedBlock[]): void {
    const own = ownBlock(hash, mined);
    if (own !== undefined && !isAlone(own, mined)) {
      this.consoleLogs(consoleLogsOf(own));
    }
  }

  call(code: LoggedCode, request: CallRequest, result: CallOutcome, isEstimate: boolean): void {
    this.#state = null;
    describeCall(this.#lines, code, request, result, isEstimate);
  }

  /** Blocks that automine mined for a transaction. */
  sent(code: LoggedCode, hash: Hash, mined: readonly MinedBlock[]): void {
    const own = ownBlock(hash, mined);
    const transaction = own?.transactions.find((candidate) => hashOf(candidate) === hash);
    if (own === undefined || transaction === undefined) {
      return;
    }
    this.#state = null;
    const lines = this.#lines;
    if (isAlone(own, mined)) {
      describeSent(lines, code, own, transaction);
      return;
    }
    lines.nested(() =>
      lines.add(
        mined.length > 1
          ? "There were other pending transactions. More than one block had to be mined:"
          : "There were other pending transactions mined in the same block:",
      ),
    );
    lines.add("");
    for (const block of mined) {
      const { header } = block.block;
      lines.nested(() => {
        lines.add(`Block #${header.number}: ${header.hash}`);
        lines.nested(() => describeTransactions(lines, code, block, hash));
      });
      lines.add("");
    }
    lines.nested(() => {
      lines.add("Currently sent transaction:");
      lines.add("");
    });
    describeSent(lines, code, own, transaction);
  }

  /** Blocks of evm_mine and hardhat_mine. */
  mined(code: LoggedCode, mined: readonly MinedBlock[]): void {
    const lines = this.#lines;
    for (const [index, block] of mined.entries()) {
      const { number, hash } = block.block.header;
      const firstEmpty = this.#state?.kind === "mined" ? this.#state.firstEmpty : null;
      this.#state = null;
      if (block.transactions.length === 0) {
        lines.nested(() => {
          if (firstEmpty === null) {
            lines.add(emptyBlockText(block));
          } else {
            lines.replaceLast(`Mined empty block range #${firstEmpty} to #${number}`);
          }
        });
        this.#state = { kind: "mined", firstEmpty: firstEmpty ?? number };
        continue;
      }
      lines.nested(() => {
        lines.add(`Mined block #${number}`);
        lines.nested(() => {
          lines.add(`Block: ${hash}`);
          lines.nested(() => describeTransactions(lines, code, block, null));
        });
      });
      if (index < mined.length - 1) {
        lines.add("");
      }
    }
  }

  /** A block that no request asked for. */
  intervalMined(code: LoggedCode, mined: MinedBlock): void {
    const { number, hash } = mined.block.header;
    if (mined.transactions.length === 0) {
      const firstEmpty = this.#state?.kind === "interval" ? this.#state.firstEmpty : null;
      if (firstEmpty === null) {
        this.#print(emptyBlockText(mined));
      } else {
        this.#print(`Mined empty block range #${firstEmpty} to #${number}`, true);
      }
      this.#state = { kind: "interval", firstEmpty: firstEmpty ?? number };
      return;
    }
    const lines = this.#lines;
    lines.nested(() => {
      lines.add(`Block: ${hash}`);
      lines.nested(() => describeTransactions(lines, code, mined, null));
    });
    this.#print(`Mined block #${number}`);
    this.#printLines();
    this.#print("");
  }

  /** A request was answered, or refused with an error. */
  finished(method: string, error: Error | null): void {
    if (!this.enabled) {
      this.#state = null;
      return;
    }
    if (error !== null) {
      this.#failed(method, error);
      return;
    }
    const count =
      this.#state?.kind === "method" && this.#state.method === method ? this.#state.count + 1 : 1;
    if (this.#lines.isEmpty || count === 1) {
      this.#state = { kind: "method", method, count };
    }
    this.#print(paint(GREEN, count === 1 ? method : `${method} (${count})`), count > 1);
    if (this.#printLines()) {
      this.#print("");
    }
  }

  #failed(method: string, error: Error): void {
    const code = error instanceof ProviderError ? error.code : undefined;
    if (code === ErrorCode.InvalidParams && isMalformed(error)) {
      return; // stock refuses such a request before it gets to its log
    }
    this.#state = null;
    if (code === ErrorCode.MethodNotSupported) {
      this.#print(paint(RED, `${method} - Method not supported`));
      return;
    }
    this.#print(paint(RED, method));
    this.#printLines();
    if (!isFailedExecution(error)) {
      this.#print("");
      this.#print(indent(error.message));
      if (error.message.startsWith("Trying to send an incompatible EIP-155")) {
        this.#print(indent(paint(YELLOW, METAMASK_HELP)));
      }
    }
    this.#print("");
  }

  #printLines(): boolean {
    const lines = this.#lines.take();
    for (const line of lines) {
      this.#print(line);
    }
    return lines.length > 0;
  }

  #print(line: string, replacesLast = false): void {
    this.#options.printLine(line, replacesLast);
  }
}

function ownBlock(hash: Hash, mined: readonly MinedBlock[]): MinedBlock | undefined {
  return mined.find(({ transactions }) => transactions.some((one) => hashOf(one) === hash));
}

/** Nothing else was mined with the block's transaction. */
function isAlone(block: MinedBlock, mined: readonly MinedBlock[]): boolean {
  return mined.length === 1 && block.transactions.length === 1;
}

function hashOf({ transaction }: MinedTransaction): Hash {
  return transaction.input.hash;
}

/** The error's data is the request: its parameters could not be read. */
function isMalformed(error: Error): boolean {
  return error instanceof ProviderError && error.data !== null && error.data !== undefined;
}

/** The lines of the request have said it already. */
function isFailedExecution(error: Error): boolean {
  return (
    error instanceof SolidityError ||
    "stackTrace" in error ||
    (error instanceof ProviderError &&
      typeof error.data === "object" &&
      error.data !== null &&
      "reason" in error.data)
  );
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

function paint(color: number, text: string): string {
  return `\u001b[${color}m${text}\u001b[0m`;
}
