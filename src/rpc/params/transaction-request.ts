/**
 * The transaction objects of eth_sendTransaction (`from` required, nonce and chainId heeded) and of
 * eth_call, eth_estimateGas and debug_traceCall.
 *
 * Owns: shape. Does not own: which fields go together (validation.ts), defaults (transaction-builder.ts).
 */
import type { Address, Hash, Hex } from "../../state/hex";
import { child, isList, type Json, type Place } from "./place";
import { address, bytes, hash, list, optional, type Parser, u8, u64, u128, u256 } from "./scalars";
import { ShapeError, wrongKind } from "./shape-error";
import { struct } from "./struct";

export interface AccessListEntry {
  readonly address: Address;
  readonly storageKeys: readonly Hash[];
}

/** An EIP-7702 authorization with its signature, as given. */
export interface AuthorizationRequest {
  readonly chainId: bigint;
  readonly address: Address;
  readonly nonce: bigint;
  readonly yParity: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

export interface CallParams {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  /** wei per gas */
  readonly gasPrice: bigint | undefined;
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly gas: bigint | undefined;
  /** wei */
  readonly value: bigint | undefined;
  readonly data: Hex | undefined;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly type: bigint | undefined;
  readonly blobs: readonly Hex[] | undefined;
  readonly blobHashes: readonly Hash[] | undefined;
  readonly authorizationList: readonly AuthorizationRequest[] | undefined;
}

export interface TransactionParams extends Omit<CallParams, "from"> {
  readonly from: Address;
  readonly nonce: bigint | undefined;
  readonly chainId: bigint | undefined;
}

const accessListEntry = struct<AccessListEntry>({
  name: "AccessListItem",
  fields: { address, storageKeys: list(hash) },
  required: ["address", "storageKeys"],
});

const shared = {
  to: optional(address),
  gasPrice: optional(u128),
  maxFeePerGas: optional(u128),
  maxPriorityFeePerGas: optional(u128),
  gas: optional(u64),
  value: optional(u256),
  data: optional(bytes),
  accessList: optional(list(accessListEntry)),
  type: optional(u8),
  blobs: optional(list(bytes)),
  blobHashes: optional(list(hash)),
  authorizationList: optional(list(authorization)),
};

export const callParams: Parser<CallParams> = struct<CallParams>({
  name: "L1CallRequest",
  fields: { from: optional(address), ...shared },
  aliases: { input: "data" },
});

export const transactionParams: Parser<TransactionParams> = struct<TransactionParams>({
  name: "L1RpcTransactionRequest",
  fields: { from: address, nonce: optional(u64), chainId: optional(u64), ...shared },
  required: ["from"],
  aliases: { input: "data" },
});

/** A call of eth_simulateV1: of a transaction nothing is required. */
export interface SimulatedCallParams extends CallParams {
  readonly nonce: bigint | undefined;
  readonly chainId: bigint | undefined;
}

export const simulatedCallParams: Parser<SimulatedCallParams> = struct<SimulatedCallParams>({
  name: "SimulatedCall",
  fields: { from: optional(address), nonce: optional(u64), chainId: optional(u64), ...shared },
  aliases: { input: "data" },
});

/**
 * Fields in the order in which the stock parser misses them. Its errors are noticed only at the end
 * of the object, because the signature's fields are flattened into it.
 */
function authorization(value: Json, place: Place): AuthorizationRequest {
  if (value === null || typeof value !== "object" || isList(value)) {
    throw wrongKind(value, "struct SignedAuthorization", place);
  }
  const field = <T>(parser: Parser<T>, ...names: readonly string[]): T => {
    for (const name of names) {
      const given = value[name];
      if (given !== undefined) {
        try {
          return parser(given, child(place, name));
        } catch (error) {
          if (error instanceof ShapeError) {
            throw new ShapeError(error.message, place, "after");
          }
          throw error;
        }
      }
    }
    throw new ShapeError(`missing field \`${names[0]}\``, place, "after");
  };
  const signature = {
    r: field(u256, "r"),
    s: field(u256, "s"),
    yParity: field(u8, "yParity", "v"),
  };
  return {
    chainId: field(u256, "chainId"),
    address: field(address, "address"),
    nonce: field(u64, "nonce"),
    ...signature,
  };
}
