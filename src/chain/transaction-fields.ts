/**
 * The fields of each transaction type in their RLP order, both ways (yellow paper section 4.2; EIP-155,
 * 2930, 1559, 4844, 7702).
 *
 * @ethereumjs/tx would do the same, but it copies a Common for every transaction and applies
 * consensus rules while it parses; here a transaction that breaks a rule must still be readable, so
 * that the user is told which rule.
 *
 * Owns: shapes and canonical numbers. Does not own: signatures (transaction-codec.ts), rules.
 */
import type { NestedUint8Array } from "@ethereumjs/rlp";
import type { AccessListItem } from "../execution/transaction";
import {
  bigIntToBytes32,
  bigIntToMinimalBytes,
  bytesToBigInt,
  bytesToHex,
  hexToBytes,
} from "../state/bytes";
import type { Address, Hash } from "../state/hex";
import type { ChainTransaction } from "./chain";
import type { RlpItem } from "./typed-envelope";

export type SignedAuthorization = ChainTransaction["signedAuthorizations"][number];

/** Everything but the signature. */
export interface UnsignedTransaction {
  /** 0 legacy, 1 EIP-2930, 2 EIP-1559, 3 EIP-4844, 4 EIP-7702 */
  readonly type: 0 | 1 | 2 | 3 | 4;
  /** null: a legacy transaction without replay protection (before EIP-155) */
  readonly chainId: bigint | null;
  readonly nonce: bigint;
  /** gas */
  readonly gasLimit: bigint;
  /** null = contract creation */
  readonly to: Address | null;
  /** wei */
  readonly value: bigint;
  readonly data: Uint8Array;
  /** wei per gas: gasPrice of types 0 and 1 */
  readonly maxFeePerGas: bigint;
  /** wei per gas: gasPrice of types 0 and 1 */
  readonly maxPriorityFeePerGas: bigint;
  readonly accessList: readonly AccessListItem[];
  readonly blobVersionedHashes: readonly Hash[];
  /** wei per blob gas */
  readonly maxFeePerBlobGas: bigint;
  readonly signedAuthorizations: readonly SignedAuthorization[];
}

/** The bytes are not a transaction; `detail` says where they go wrong. */
export class MalformedTransactionError extends Error {
  constructor(detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = "MalformedTransactionError";
  }
}

/** RLP items of the fields, without chain id of legacy transactions and without signature. */
export function unsignedItems(transaction: UnsignedTransaction): readonly RlpItem[] {
  const { type, nonce, maxFeePerGas, maxPriorityFeePerGas, gasLimit, to } = transaction;
  const number = bigIntToMinimalBytes;
  const message = [
    number(gasLimit),
    to === null ? new Uint8Array(0) : hexToBytes(to),
    number(transaction.value),
    transaction.data,
  ];
  if (type === 0) {
    return [number(nonce), number(maxFeePerGas), ...message];
  }
  const fees =
    type === 1 ? [number(maxFeePerGas)] : [number(maxPriorityFeePerGas), number(maxFeePerGas)];
  const items: RlpItem[] = [number(transaction.chainId ?? 0n), number(nonce), ...fees, ...message];
  items.push(
    transaction.accessList.map(({ address, slots }) => [
      hexToBytes(address),
      slots.map(bigIntToBytes32),
    ]),
  );
  if (type === 3) {
    items.push(
      number(transaction.maxFeePerBlobGas),
      transaction.blobVersionedHashes.map(hexToBytes),
    );
  }
  if (type === 4) {
    items.push(
      transaction.signedAuthorizations.map(({ chainId, address, nonce: at, yParity, r, s }) => [
        number(chainId),
        hexToBytes(address),
        number(at),
        number(yParity),
        number(r),
        number(s),
      ]),
    );
  }
  return items;
}

type Item = Uint8Array | NestedUint8Array;

/** Number of items of each type, the three of the signature included. */
const ITEM_COUNTS = [9, 11, 12, 14, 13] as const;

export interface SignedFields {
  readonly unsigned: UnsignedTransaction;
  readonly v: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

/** Throws MalformedTransactionError. */
export function parseItems(
  type: UnsignedTransaction["type"],
  items: readonly Item[],
): SignedFields {
  const count = ITEM_COUNTS[type];
  if (items.length !== count) {
    throw new MalformedTransactionError(`expected ${count} fields, got ${items.length}`);
  }
  let position = 0;
  const next = (): Item => items[position++] ?? new Uint8Array(0);
  let chainId = type === 0 ? null : parseNumber(next(), "chainId", 8);
  const nonce = parseNumber(next(), "nonce", 8);
  const first = parseNumber(next(), "gas price", 32);
  const maxFeePerGas = type >= 2 ? parseNumber(next(), "maxFeePerGas", 32) : first;
  const gasLimit = parseNumber(next(), "gasLimit", 8);
  const to = bytesOf(next(), "to");
  if (to.length !== 0 && to.length !== 20) {
    throw new MalformedTransactionError(`to: expected 0 or 20 bytes, got ${to.length}`);
  }
  const value = parseNumber(next(), "value", 32);
  const data = bytesOf(next(), "data");
  const accessList = type === 0 ? NONE : parseAccessList(next());
  const maxFeePerBlobGas = type === 3 ? parseNumber(next(), "maxFeePerBlobGas", 32) : 0n;
  const blobVersionedHashes = type === 3 ? parseHashes(next()) : NONE;
  const signedAuthorizations = type === 4 ? parseAuthorizations(next()) : NONE;
  const v = parseNumber(next(), "v", 32);
  if (type === 0 && v >= 35n) {
    chainId = (v - 35n) / 2n;
  }
  return {
    unsigned: {
      type,
      chainId,
      nonce,
      gasLimit,
      to: to.length === 0 ? null : bytesToHex(to),
      value,
      data,
      maxFeePerGas,
      maxPriorityFeePerGas: first,
      accessList,
      blobVersionedHashes,
      maxFeePerBlobGas,
      signedAuthorizations,
    },
    v,
    r: parseNumber(next(), "r", 32),
    s: parseNumber(next(), "s", 32),
  };
}

/** An empty list that all transactions share: most have several. */
const NONE: readonly never[] = Object.freeze([]);

/** As Array.map, but all empty lists are one. */
export function mapped<T, U>(items: readonly T[], map: (item: T) => U): readonly U[] {
  return items.length === 0 ? NONE : items.map(map);
}

/** Canonical: no leading zero, at most `size` bytes. */
function parseNumber(item: Item | undefined, name: string, size: number): bigint {
  const bytes = bytesOf(item, name);
  if (bytes[0] === 0) {
    throw new MalformedTransactionError(`${name}: leading zero`);
  }
  if (bytes.length > size) {
    throw new MalformedTransactionError(`${name}: ${bytes.length} bytes, at most ${size} expected`);
  }
  return bytesToBigInt(bytes);
}

function bytesOf(item: Item | undefined, name: string): Uint8Array {
  if (item instanceof Uint8Array) {
    return item;
  }
  throw new MalformedTransactionError(`${name}: expected bytes, got a list`);
}

function fixedBytes(item: Item | undefined, name: string, size: number): Uint8Array {
  const bytes = bytesOf(item, name);
  if (bytes.length !== size) {
    throw new MalformedTransactionError(`${name}: expected ${size} bytes, got ${bytes.length}`);
  }
  return bytes;
}

function listOf(item: Item | undefined, name: string, length?: number): NestedUint8Array {
  if (!Array.isArray(item)) {
    throw new MalformedTransactionError(`${name}: expected a list`);
  }
  if (length !== undefined && item.length !== length) {
    throw new MalformedTransactionError(`${name}: expected ${length} items, got ${item.length}`);
  }
  return item;
}

function parseAccessList(item: Item): readonly AccessListItem[] {
  return mapped(listOf(item, "accessList"), (entry) => {
    const [address, slots] = listOf(entry, "accessList", 2);
    return {
      address: bytesToHex(fixedBytes(address, "accessList address", 20)),
      slots: listOf(slots, "accessList slots").map((slot) =>
        bytesToBigInt(fixedBytes(slot, "accessList slot", 32)),
      ),
    };
  });
}

function parseHashes(item: Item): Hash[] {
  return listOf(item, "blobVersionedHashes").map((hash) =>
    bytesToHex(fixedBytes(hash, "blob versioned hash", 32)),
  );
}

function parseAuthorizations(item: Item): SignedAuthorization[] {
  return listOf(item, "authorizationList").map((entry) => {
    const [chainId, address, nonce, yParity, r, s] = listOf(entry, "authorization", 6);
    return {
      chainId: parseNumber(chainId, "authorization chainId", 32),
      address: bytesToHex(fixedBytes(address, "authorization address", 20)),
      nonce: parseNumber(nonce, "authorization nonce", 8),
      yParity: parseNumber(yParity, "authorization yParity", 1),
      r: parseNumber(r, "authorization r", 32),
      s: parseNumber(s, "authorization s", 32),
    };
  });
}
