/**
 * A block's transactions in one SharedArrayBuffer: written once by the calling thread, read by
 * whichever thread executes them.
 *
 * Owns: the encoding (lives for one block, has no version). Does not own: what a transaction means.
 */

import {
  ADDRESS_LENGTH,
  decodeList,
  decodeOptional,
  encodeList,
  encodeOptional,
  HASH_LENGTH,
} from "../access-log/access-codec";
import { ByteReader, ByteWriter } from "../access-log/bytes";
import { invariant } from "../errors/base-error";
import { BytePool } from "../state/byte-pool";
import { SharedByteStrings } from "./shared-byte-strings";
import type { AccessListItem, Authorization, TransactionInput } from "./transaction";

const TYPES: readonly TransactionInput["type"][] = [0, 1, 2, 3, 4];

const writer = new ByteWriter();
const calldata = new BytePool();

/** The transaction as threads get it: a view, valid until the next call. */
export function encodeTransaction(transaction: TransactionInput): Uint8Array {
  writer.reset();
  encodeTransactionInput(writer, transaction);
  return writer.view();
}

/** A block's transactions, as one thread reads them. */
export class SharedTransactions {
  readonly #list: SharedByteStrings;

  /** @param buffer list of shared-byte-strings.ts */
  constructor(buffer: SharedArrayBuffer) {
    this.#list = new SharedByteStrings(buffer);
  }

  at(index: number): TransactionInput {
    const list = this.#list;
    return decodeTransactionInput(new ByteReader(list.bytes, list.start(index), list.end(index)));
  }
}

function encodeTransactionInput(writer: ByteWriter, transaction: TransactionInput): void {
  writer.u8(transaction.type);
  writer.fixedHex(transaction.hash, HASH_LENGTH);
  writer.fixedHex(transaction.from, ADDRESS_LENGTH);
  encodeOptional(writer, transaction.to, (out, to) => out.fixedHex(to, ADDRESS_LENGTH));
  writer.uint(transaction.nonce);
  writer.uint(transaction.gasLimit);
  writer.uint(transaction.maxFeePerGas);
  writer.uint(transaction.maxPriorityFeePerGas);
  writer.uint(transaction.value);
  writer.lengthPrefixed(transaction.data);
  encodeList(writer, transaction.accessList, encodeAccessListItem);
  encodeList(writer, transaction.blobVersionedHashes, (out, hash) =>
    out.fixedHex(hash, HASH_LENGTH),
  );
  writer.uint(transaction.maxFeePerBlobGas);
  encodeList(writer, transaction.authorizationList, encodeAuthorization);
}

function decodeTransactionInput(reader: ByteReader): TransactionInput {
  const type = TYPES[reader.u8()];
  invariant(type !== undefined, "unknown transaction type in shared memory");
  return {
    type,
    hash: reader.fixedHex(HASH_LENGTH),
    from: reader.address(),
    to: decodeOptional(reader, (input) => input.address()) ?? null,
    nonce: reader.uint(),
    gasLimit: reader.uint(),
    maxFeePerGas: reader.uint(),
    maxPriorityFeePerGas: reader.uint(),
    value: reader.uint(),
    data: reader.lengthPrefixed(calldata),
    accessList: decodeList(reader, decodeAccessListItem),
    blobVersionedHashes: decodeList(reader, (input) => input.fixedHex(HASH_LENGTH)),
    maxFeePerBlobGas: reader.uint(),
    authorizationList: decodeList(reader, decodeAuthorization),
  };
}

function encodeAccessListItem(writer: ByteWriter, item: AccessListItem): void {
  writer.fixedHex(item.address, ADDRESS_LENGTH);
  encodeList(writer, item.slots, (out, slot) => out.uint(slot));
}

function decodeAccessListItem(reader: ByteReader): AccessListItem {
  return {
    address: reader.address(),
    slots: decodeList(reader, (input) => input.uint()),
  };
}

function encodeAuthorization(writer: ByteWriter, authorization: Authorization): void {
  writer.uint(authorization.chainId);
  writer.fixedHex(authorization.address, ADDRESS_LENGTH);
  writer.uint(authorization.nonce);
  encodeOptional(writer, authorization.authority, (out, authority) =>
    out.fixedHex(authority, ADDRESS_LENGTH),
  );
}

function decodeAuthorization(reader: ByteReader): Authorization {
  return {
    chainId: reader.uint(),
    address: reader.address(),
    nonce: reader.uint(),
    authority: decodeOptional(reader, (input) => input.address()) ?? null,
  };
}
