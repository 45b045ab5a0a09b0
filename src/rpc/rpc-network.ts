/**
 * The network as an EIP-1193 provider: requests one after the other in order of arrival, events, and
 * the instance behind them, which hardhat_reset replaces.
 *
 * Owns: the queue, events, the instance. Does not own: methods (method-table.ts), how a chain is made
 * (`createChain`).
 */
import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Chain, MinedBlock } from "../chain/chain";
import { invariant } from "../errors/base-error";
import { bytesToHex } from "../state/bytes";
import type { Hex } from "../state/hex";
import { Accounts } from "./accounts";
import { loggedCode, type RpcContext, type RpcOptions } from "./context";
import { type DialectName, dialectOf } from "./dialect";
import { InternalError, InvalidInputError } from "./errors/provider-error";
import { Filters } from "./filters";
import { jsonValue } from "./json-value";
import { printLine } from "./logging/print-line";
import { RpcLogger } from "./logging/rpc-logger";
import {
  CONSTANT_ANSWERS,
  type ForkRequest,
  readCompilationResult,
  readReset,
} from "./methods/hardhat/hardhat2";
import { isList, type Json } from "./params/place";
import { handleRequest, type JsonRequest } from "./request-handler";

export interface RpcNetworkOptions extends RpcOptions {
  readonly dialect: DialectName;
  readonly loggingEnabled: boolean;
  /** Prints decoded console.log messages. */
  readonly printConsoleLogs?: (calldata: readonly Uint8Array[]) => void;
  /** Prints a line of the log, or replaces the last one; default: stdout. */
  readonly printLine?: (line: string, replacesLast: boolean) => void;
}

export interface RequestArguments {
  /** the caller's number for the request */
  readonly id?: number | string | null;
  readonly method: string;
  readonly params?: readonly unknown[] | object;
}

const RESET_EVENT = "hardhatNetworkReset";
const REVERT_EVENT = "hardhatNetworkRevertSnapshot";

/** Methods that the log of requests does not show: Hardhat 2's own, and the switch itself. */
const UNLOGGED: ReadonlySet<string> = new Set([
  ...CONSTANT_ANSWERS.keys(),
  "hardhat_reset",
  "hardhat_addCompilationResult",
  "hardhat_setLoggingEnabled",
]);

/** Methods that log the blocks they mine; other blocks are those of interval mining. */
const MINING: ReadonlySet<string> = new Set([
  "eth_sendTransaction",
  "eth_sendRawTransaction",
  "evm_mine",
  "hardhat_mine",
]);

/**
 * Makes a chain from scratch, at the start and at each hardhat_reset: as configured, without a fork
 * (null), or on top of the given remote.
 */
export type CreateChain = (fork: ForkRequest | null | "configured") => Promise<Chain>;

export class RpcNetwork extends EventEmitter {
  readonly #options: RpcNetworkOptions;
  readonly #createChain: CreateChain;
  readonly #logger: RpcLogger;
  #context: RpcContext;
  /** The method that is being answered. */
  #running: string | null = null;
  /** Settles with the request before the next one. */
  #previous: Promise<unknown> = Promise.resolve();

  static async create(createChain: CreateChain, options: RpcNetworkOptions): Promise<RpcNetwork> {
    return new RpcNetwork(await createChain("configured"), createChain, options);
  }

  private constructor(chain: Chain, createChain: CreateChain, options: RpcNetworkOptions) {
    super();
    this.#options = options;
    this.#createChain = createChain;
    this.#logger = new RpcLogger({
      enabled: options.loggingEnabled,
      printLine,
      ...options,
    });
    this.#context = this.#instance(chain);
  }

  /** Throws ProviderError (EIP-1193), or the error of a failed execution. */
  async request(request: RequestArguments): Promise<unknown> {
    const { method, id = null } = request;
    if (request.params !== undefined && !Array.isArray(request.params)) {
      throw new InvalidInputError(
        "Hardhat Network doesn't support JSON-RPC params sent as an object",
      );
    }
    // Parameters mean what their JSON text says: undefined is null in lists, absent in objects.
    const params = jsonValue(request.params ?? []);
    invariant(isList(params), "the JSON of a list is a list");
    const answer = this.#previous.then(() => this.#answer({ id, method, params }));
    this.#previous = answer.catch(() => undefined); // the caller gets the error
    return answer;
  }

  /** Frees what the chain holds; idempotent. */
  async close(): Promise<void> {
    await this.#context.chain.close();
  }

  async #answer(request: JsonRequest): Promise<unknown> {
    this.#running = request.method;
    try {
      const result = await this.#dispatch(request);
      this.#log(request.method, null);
      return result;
    } catch (error) {
      this.#log(request.method, error instanceof Error ? error : null);
      throw error;
    } finally {
      this.#running = null;
    }
  }

  #log(method: string, error: Error | null): void {
    if (!UNLOGGED.has(method)) {
      this.#logger.finished(method, error);
    }
  }

  async #dispatch(request: JsonRequest): Promise<unknown> {
    const { method, params } = request;
    if (this.#context.dialect.hasHardhat2Methods) {
      if (CONSTANT_ANSWERS.has(method)) {
        return CONSTANT_ANSWERS.get(method);
      }
      if (method === "hardhat_reset") {
        return this.#reset(params);
      }
      if (method === "hardhat_addCompilationResult") {
        return this.#addCompilationResult(params);
      }
    }
    const result = await handleRequest(this.#context, request);
    if (method === "evm_revert") {
      this.emit(REVERT_EVENT);
    }
    return result;
  }

  async #reset(params: readonly Json[]): Promise<true> {
    const chain = await this.#createChain(readReset(params));
    // only now: a remote that cannot be forked leaves the chain as it is
    await this.#context.chain.close();
    this.#context = this.#instance(chain);
    this.emit(RESET_EVENT);
    return true;
  }

  async #addCompilationResult(params: readonly Json[]): Promise<boolean> {
    const [solcVersion, input, output] = readCompilationResult(params);
    try {
      return (await this.#options.addCompilationResult?.(solcVersion, input, output)) ?? true;
    } catch (error) {
      throw error instanceof Error ? new InternalError(error.message, error) : error;
    }
  }

  /** A new instance: nothing of the one before remains but the logger. */
  #instance(chain: Chain): RpcContext {
    const dialect = dialectOf(this.#options.dialect);
    const { hardfork } = chain.config;
    const filters = new Filters(hardfork, dialect, (subscription, result) =>
      this.#deliver(subscription, result),
    );
    chain.on("pendingTransaction", (transaction) => filters.onPendingTransaction(transaction));
    chain.on("newBlock", (mined) => {
      filters.onBlock(mined.block);
      this.#logger.consoleLogsOfBlock(mined);
      if (this.#logger.enabled && !MINING.has(this.#running ?? "")) {
        this.#logIntervalBlock(context, mined);
      }
    });
    const context: RpcContext = {
      options: this.#options,
      dialect,
      chain,
      accounts: new Accounts(chain.config.accounts),
      filters,
      logger: this.#logger,
      instanceId: bytesToHex(randomBytes(32)),
      hardfork,
    };
    return context;
  }

  #logIntervalBlock(context: RpcContext, mined: MinedBlock): void {
    loggedCode(context).then(
      (code) => this.#logger.intervalMined(code, mined),
      // the latest block always has a state, so this is a bug of ours: not to be lost
      (error) =>
        queueMicrotask(() => {
          throw error;
        }),
    );
  }

  /**
   * Both forms of a subscription's event. Listeners run after the current step, so that what they
   * throw is theirs and not the request's.
   */
  #deliver(subscription: Hex, result: unknown): void {
    queueMicrotask(() => {
      this.emit("notification", { subscription, result });
      this.emit("message", { type: "eth_subscription", data: { subscription, result } });
    });
  }
}
