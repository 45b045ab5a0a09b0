/** What a chain that continues another one is told about it. */
import type { HardforkHistory } from "./hardfork-history";
import type { JsonRpcClientOptions } from "./json-rpc-client";

export interface ForkConfig {
  readonly url: string;
  /** absent = the latest block that is safe from reorganisations */
  readonly blockNumber?: bigint;
  readonly httpHeaders?: Readonly<Record<string, string>>;
  /** Where answers are kept on disk; absent = nowhere. */
  readonly cacheDirectory?: string;
  /** By chain id; beside and before the chains that are known anyway. */
  readonly hardforkHistories: ReadonlyMap<bigint, HardforkHistory>;
  /** Says what the user should know, once; default: nothing is said. */
  readonly warn?: (message: string) => void;
  /** Patience with the remote. */
  readonly transport?: Pick<JsonRpcClientOptions, "timeout" | "attempts" | "pause">;
}
