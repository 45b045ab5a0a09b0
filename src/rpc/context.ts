/**
 * What every method handler gets: the chain of the moment, the accounts, filters and switches of one
 * network instance. hardhat_reset makes a new one.
 *
 * Owns: the list of things. Does not own: any of them.
 */
import type { Chain } from "../chain/chain";
import type { Address, Hash } from "../state/hex";
import { whenLoaded } from "../state/missing";
import type { Accounts } from "./accounts";
import type { Dialect } from "./dialect";
import type { FailedExecution } from "./failed-execution";
import type { Filters } from "./filters";
import type { LoggedCode } from "./logging/execution-lines";
import type { RpcLogger } from "./logging/rpc-logger";

export interface RpcOptions {
  /** web3_clientVersion */
  readonly clientVersion: string;
  readonly throwOnTransactionFailures: boolean;
  readonly throwOnCallFailures: boolean;
  readonly explainFailure?: (failure: FailedExecution) => Promise<Error | null>;
  readonly errorAbi?: (code: Uint8Array) => readonly unknown[];
  /** console.log messages for the log of requests */
  readonly decodeConsoleLogs?: (calldata: readonly Uint8Array[]) => readonly string[];
  readonly addCompilationResult?: (
    solcVersion: string,
    input: unknown,
    output: unknown,
  ) => Promise<boolean>;
}

export interface RpcContext {
  readonly options: RpcOptions;
  readonly dialect: Dialect;
  readonly chain: Chain;
  readonly accounts: Accounts;
  readonly filters: Filters;
  readonly logger: RpcLogger;
  /** random; names this instance in hardhat_metadata */
  readonly instanceId: Hash;
  /** Hardhat's name of the running hardfork */
  readonly hardfork: string;
}

/**
 * What logs need to know of accounts, at the latest block.
 * @param called an account that no transaction has touched and that the log will ask for
 */
export async function loggedCode(
  { chain, hardfork, options }: RpcContext,
  called: Address | null = null,
): Promise<LoggedCode> {
  const state = await chain.stateAt("latest");
  if (called !== null) {
    await whenLoaded(() => state.codeHash(called));
  }
  return {
    hardfork,
    hasCode: (address) => state.code(state.codeHash(address)).length > 0,
    decodeConsoleLogs: options.decodeConsoleLogs ?? (() => []),
  };
}
