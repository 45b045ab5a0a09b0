/** A transaction as JSON-RPC shows it, from a block or from the pool. */
import type { BlockHeader, ChainTransaction } from "../../chain/chain";
import { bigIntToHex32, bytesToHex } from "../../state/bytes";
import type { Hash, Hex } from "../../state/hex";
import { isAtLeast } from "../hardforks";
import { optionalQuantity, quantity, smaller } from "./quantity";

/** Where the transaction stands; `pending` blocks have no position to show but do have a base fee. */
export interface TransactionPosition {
  readonly header: BlockHeader;
  readonly index: number;
  readonly pending: boolean;
}

export interface TransactionJson {
  readonly hash: Hash;
  readonly [field: string]: unknown;
}

/** Wei per gas paid in a block of that base fee; in the pool, the most it would pay. */
export function effectiveGasPrice(
  transaction: ChainTransaction,
  baseFeePerGas: bigint | undefined,
): bigint {
  const { maxFeePerGas, maxPriorityFeePerGas, type } = transaction.input;
  if (baseFeePerGas === undefined || type < 2) {
    return maxFeePerGas;
  }
  return smaller(baseFeePerGas + maxPriorityFeePerGas, maxFeePerGas);
}

/** `position` null = in the pool. */
export function transactionToJson(
  transaction: ChainTransaction,
  position: TransactionPosition | null,
  hardfork: string,
): TransactionJson {
  const { input, signature } = transaction;
  const mined = position !== null && !position.pending ? position : null;
  return defined({
    hash: input.hash,
    nonce: quantity(input.nonce),
    blockHash: mined?.header.hash ?? null,
    blockNumber: mined === null ? null : quantity(mined.header.number),
    transactionIndex: mined === null ? null : quantity(mined.index),
    from: input.from,
    to: input.to,
    value: quantity(input.value),
    gasPrice: quantity(effectiveGasPrice(transaction, position?.header.baseFeePerGas)),
    gas: quantity(input.gasLimit),
    input: bytesToHex(input.data),
    chainId: input.type === 0 ? undefined : optionalQuantity(transaction.chainId),
    type: isAtLeast(hardfork, "berlin") ? quantity(input.type) : undefined,
    accessList: input.type === 0 ? undefined : accessListToJson(transaction),
    maxFeePerGas: input.type < 2 ? undefined : quantity(input.maxFeePerGas),
    maxPriorityFeePerGas: input.type < 2 ? undefined : quantity(input.maxPriorityFeePerGas),
    maxFeePerBlobGas: input.type === 3 ? quantity(input.maxFeePerBlobGas) : undefined,
    blobVersionedHashes: input.type === 3 ? [...input.blobVersionedHashes] : undefined,
    authorizationList: input.type === 4 ? authorizationListToJson(transaction) : undefined,
    v: quantity(signature.v),
    r: quantity(signature.r),
    s: quantity(signature.s),
  });
}

function accessListToJson(transaction: ChainTransaction): readonly {
  readonly address: Hex;
  readonly storageKeys: readonly Hash[];
}[] {
  return transaction.accessList.map(({ address, slots }) => ({
    address,
    storageKeys: slots.map(bigIntToHex32),
  }));
}

function authorizationListToJson(transaction: ChainTransaction): readonly object[] {
  return transaction.signedAuthorizations.map((authorization) => ({
    chainId: quantity(authorization.chainId),
    address: authorization.address,
    nonce: quantity(authorization.nonce),
    yParity: quantity(authorization.yParity),
    r: quantity(authorization.r),
    s: quantity(authorization.s),
  }));
}

/** Without the fields that are undefined: JSON text has none, and in-process results must not either. */
export function defined<T extends object>(fields: T): T {
  const present: Partial<T> = {};
  for (const key in fields) {
    if (fields[key] !== undefined) {
      present[key] = fields[key];
    }
  }
  // Dropping undefined fields leaves a value of the same type: a field that can be undefined may be absent.
  return present as T;
}
