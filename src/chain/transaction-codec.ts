/**
 * Transactions from and to bytes (EIP-2718), with senders and authorities recovered, so that nothing
 * after this file sees keys or signatures.
 *
 * Owns: hashes, signatures, impersonation, blob sidecars. Does not own: field layouts
 * (transaction-fields.ts), the rules of admission (mempool.ts, local-chain.ts).
 */
import { createHash } from "node:crypto";
import { type NestedUint8Array, RLP } from "@ethereumjs/rlp";
import { keccak256, keccak256Hex } from "../crypto/keccak256";
import { addressOf, InvalidSignatureError, recoverAddress, sign } from "../crypto/secp256k1";
import type { Authorization, TransactionInput } from "../execution/transaction";
import { BytePool } from "../state/byte-pool";
import { bigIntToMinimalBytes, bytesToHex, hexToBytes } from "../state/bytes";
import type { Address, Hash } from "../state/hex";
import { AssembledTransaction, shownV } from "./assembled-transaction";
import type { ChainTransaction } from "./chain";
import { listViews } from "./rlp-views";
import {
  MalformedTransactionError,
  mapped,
  parseItems,
  type SignedAuthorization,
  type UnsignedTransaction,
  unsignedItems,
} from "./transaction-fields";
import { type RlpItem, typedEnvelope } from "./typed-envelope";

export { MalformedTransactionError, type UnsignedTransaction } from "./transaction-fields";

/** Group order of secp256k1, halved: the highest s of a valid signature (EIP-2). */
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const MAX_NONCE = 2n ** 64n - 1n;
/** EIP-7702 */
const AUTHORIZATION_MAGIC = 0x05;
/** EIP-4844: first byte of the hash of a KZG commitment */
const VERSIONED_HASH_VERSION_KZG = 0x01;

type Signature = ChainTransaction["signature"];

/** Bytes of transactions, which live as long as the chain. */
const pool = new BytePool();

/** Signs with the private key (32 bytes). Throws for a key outside the group. */
export function signTransaction(unsigned: UnsignedTransaction, privateKey: Hash): ChainTransaction {
  const key = hexToBytes(privateKey);
  return signTransactionFrom(unsigned, key, addressOf(key));
}

/** The same where the key's address is known: it costs as much as the signature. */
export function signTransactionFrom(
  unsigned: UnsignedTransaction,
  key: Uint8Array,
  sender: Address,
): ChainTransaction {
  const fields = unsignedItems(unsigned);
  const { r, s, yParity } = sign(signingHash(unsigned, fields), key);
  return assemble(unsigned, { r, s, yParity, v: shownV(unsigned, yParity) }, sender, { fields });
}

/**
 * What the stock network does for an account whose key nobody has: r = s = the sender, parity 1 for
 * typed transactions (shown as v = 28) and 0 for legacy ones.
 */
export function impersonateTransaction(
  unsigned: UnsignedTransaction,
  sender: Address,
): ChainTransaction {
  const r = BigInt(sender);
  const signature: Signature =
    unsigned.type === 0
      ? { r, s: r, yParity: 0, v: shownV(unsigned, 0) }
      : { r, s: r, yParity: 1, v: 28n };
  return assemble(unsigned, signature, sender, { isShown: true });
}

/** A transaction that nobody has signed: what a simulation shows. */
export function unsignedTransactionFrom(
  unsigned: UnsignedTransaction,
  sender: Address,
): ChainTransaction {
  return assemble(unsigned, { r: 0n, s: 0n, v: 0n, yParity: 0 }, sender, { isShown: true });
}

/**
 * Decodes signed bytes as eth_sendRawTransaction takes them; blob transactions come with their
 * sidecar (EIP-4844, EIP-7594) or without. Throws MalformedTransactionError.
 */
export function decodeTransaction(raw: Uint8Array): ChainTransaction {
  const [first] = raw;
  if (first === undefined) {
    throw new MalformedTransactionError("input too short");
  }
  if (first >= 0xc0) {
    return fromItems(0, decodeList(raw));
  }
  switch (first) {
    case 1:
    case 2:
    case 4:
      return fromItems(first, decodeList(raw.subarray(1)));
    case 3:
      return fromItems(3, withoutSidecar(decodeList(raw.subarray(1))));
    default:
      throw new MalformedTransactionError(`Invalid transaction type ${first}.`);
  }
}

/**
 * A transaction that another node has checked: its hash and sender are taken as they are told, so
 * that signatures which mean nothing here (a rollup's deposits) do no harm.
 */
export function knownTransaction(
  unsigned: UnsignedTransaction,
  signature: Signature,
  from: Address,
  hash: Hash,
): ChainTransaction {
  return assemble(unsigned, signature, from, { isShown: true, hash });
}

/** The authorizations as the executor takes them. */
export function recoverAuthorizations(
  signed: readonly SignedAuthorization[],
): readonly Authorization[] {
  return mapped(signed, (authorization) => {
    const { chainId, address, nonce } = authorization;
    return { chainId, address, nonce, authority: authorityOf(authorization) };
  });
}

function fromItems(
  type: UnsignedTransaction["type"],
  items: readonly (Uint8Array | NestedUint8Array)[],
): ChainTransaction {
  const { unsigned, v, r, s } = parseItems(type, items);
  const yParity = parityOf(unsigned, v);
  if (yParity === null) {
    throw new MalformedTransactionError(`invalid signature: v is ${v}`);
  }
  if (s > MAX_S) {
    throw new MalformedTransactionError("invalid signature: s is in the upper half (EIP-2)");
  }
  const fields = unsignedItems(unsigned);
  const sender = recover(signingHash(unsigned, fields), r, s, yParity);
  return assemble(unsigned, { r, s, yParity, v }, sender, { fields });
}

function recover(hash: Uint8Array, r: bigint, s: bigint, yParity: 0 | 1): Address {
  try {
    return recoverAddress(hash, r, s, yParity);
  } catch (error) {
    if (error instanceof InvalidSignatureError) {
      throw new MalformedTransactionError("invalid signature: no sender", { cause: error });
    }
    throw error;
  }
}

/** Hash of what is signed (EIP-155 puts the chain id into legacy transactions). */
function signingHash(
  { type, chainId }: UnsignedTransaction,
  fields: readonly RlpItem[],
): Uint8Array {
  const items =
    type === 0 && chainId !== null
      ? [...fields, bigIntToMinimalBytes(chainId), EMPTY, EMPTY]
      : fields;
  return keccak256(typedEnvelope(type, items));
}

const EMPTY = new Uint8Array(0);

/** What is not taken from the encoding. */
interface Assembling {
  /** the signature is shown as given, whatever the encoding says */
  readonly isShown?: boolean;
  readonly hash?: Hash;
  /** as `unsignedItems` made them */
  readonly fields?: readonly RlpItem[];
}

function assemble(
  unsigned: UnsignedTransaction,
  signature: Signature,
  from: Address,
  { isShown = false, hash, fields = unsignedItems(unsigned) }: Assembling = {},
): ChainTransaction {
  const { signedAuthorizations } = unsigned;
  const encoding = typedEnvelope(unsigned.type, [
    ...fields,
    bigIntToMinimalBytes(unsigned.type === 0 ? signature.v : BigInt(signature.yParity)),
    bigIntToMinimalBytes(signature.r),
    bigIntToMinimalBytes(signature.s),
  ]);
  const raw = pool.copy(encoding);
  // Field by field: V8 gives each object made by a rest pattern a hidden class of its own, and every
  // access to a field of 500 such objects is then a search in the runtime.
  const input: TransactionInput = {
    type: unsigned.type,
    hash: hash ?? keccak256Hex(raw),
    from,
    to: unsigned.to,
    nonce: unsigned.nonce,
    gasLimit: unsigned.gasLimit,
    maxFeePerGas: unsigned.maxFeePerGas,
    maxPriorityFeePerGas: unsigned.maxPriorityFeePerGas,
    value: unsigned.value,
    data: pool.copy(unsigned.data),
    accessList: unsigned.accessList,
    blobVersionedHashes: unsigned.blobVersionedHashes,
    maxFeePerBlobGas: unsigned.maxFeePerBlobGas,
    authorizationList: recoverAuthorizations(signedAuthorizations),
  };
  return new AssembledTransaction(
    input,
    unsigned.chainId,
    raw,
    signedAuthorizations,
    isShown ? signature : null,
  );
}

function decodeList(bytes: Uint8Array): NestedUint8Array {
  const views = listViews(bytes);
  if (views !== null) {
    return views;
  }
  let decoded: Uint8Array | NestedUint8Array;
  try {
    decoded = RLP.decode(bytes);
  } catch (error) {
    throw new MalformedTransactionError(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
  if (!Array.isArray(decoded)) {
    throw new MalformedTransactionError("expected an RLP list");
  }
  return decoded;
}

function parityOf(unsigned: UnsignedTransaction, v: bigint): 0 | 1 | null {
  const parity = v - shownV(unsigned, 0);
  if (parity === 0n || parity === 1n) {
    return parity === 0n ? 0 : 1;
  }
  return null;
}

/** The signer, or null where EIP-7702 says to skip the authorization. */
function authorityOf(authorization: SignedAuthorization): Address | null {
  const { chainId, address, nonce, yParity, r, s } = authorization;
  if (yParity > 1n || s > MAX_S || nonce >= MAX_NONCE) {
    return null;
  }
  const message = RLP.encode([
    bigIntToMinimalBytes(chainId),
    hexToBytes(address),
    bigIntToMinimalBytes(nonce),
  ]);
  try {
    return recoverAddress(
      keccak256(Uint8Array.from([AUTHORIZATION_MAGIC, ...message])),
      r,
      s,
      yParity === 0n ? 0 : 1,
    );
  } catch (error) {
    if (error instanceof InvalidSignatureError) {
      return null;
    }
    throw error;
  }
}

/**
 * Takes the blobs off a blob transaction's network form: [fields, blobs, commitments, proofs], with
 * a version before the blobs since EIP-7594. Checks that the commitments are those of the hashes.
 */
function withoutSidecar(items: NestedUint8Array): NestedUint8Array {
  const [fields] = items;
  if (!Array.isArray(fields)) {
    return items;
  }
  const commitments = items.at(-2);
  const blobs = items.at(-3);
  const isWrapped = items.length === 4 || (items.length === 5 && items[1] instanceof Uint8Array);
  if (!isWrapped || !Array.isArray(commitments) || !Array.isArray(blobs)) {
    throw new MalformedTransactionError("expected a blob transaction's fields and sidecar");
  }
  const { blobVersionedHashes } = parseItems(3, fields).unsigned;
  const matches =
    blobs.length === commitments.length &&
    commitments.length === blobVersionedHashes.length &&
    commitments.every((commitment, i) => versionedHash(commitment) === blobVersionedHashes[i]);
  if (!matches) {
    throw new MalformedTransactionError("the blob commitments do not match the versioned hashes");
  }
  return fields;
}

function versionedHash(commitment: Uint8Array | NestedUint8Array): Hash | null {
  if (!(commitment instanceof Uint8Array)) {
    return null;
  }
  const hash = createHash("sha256").update(commitment).digest();
  hash[0] = VERSIONED_HASH_VERSION_KZG;
  return bytesToHex(hash);
}
