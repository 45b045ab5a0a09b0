/**
 * Private keys of a wallet that one mnemonic stands for: BIP-39's seed and BIP-32's derivation, over
 * Node's PBKDF2 and HMAC and the chosen secp256k1 backend. JavaScript takes 10 ms for a seed.
 *
 * Owns: the derivation of private keys. Does not own: word lists and checksums (a seed has none),
 * public derivation, which paths a host allows.
 */
import { createHmac, pbkdf2Sync } from "node:crypto";
import { bigEndianToBigInt } from "./big-endian";
import { publicKeyOf } from "./secp256k1";

/** Order of the group (SEC 2, section 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Indices from here on are hardened (BIP-32): written 0', 1', ... */
const HARDENED = 0x8000_0000;
/** BIP-39 */
const SEED_ROUNDS = 2048;
const SEED_BYTES = 64;

/** A private key and what its children are derived with. */
export interface HdKey {
  /** 32 bytes */
  readonly privateKey: Uint8Array;
  /** 32 bytes */
  readonly chainCode: Uint8Array;
}

/** BIP-39's seed of a mnemonic, whose words are not checked. */
export function mnemonicSeed(mnemonic: string, passphrase: string): Uint8Array {
  const salt = `mnemonic${passphrase}`.normalize("NFKD");
  return pbkdf2Sync(mnemonic.normalize("NFKD"), salt, SEED_ROUNDS, SEED_BYTES, "sha512");
}

/** BIP-32's master key; null for the one seed in 2^127 that has none. */
export function masterKey(seed: Uint8Array): HdKey | null {
  return keyOf(hmac(Buffer.from("Bitcoin seed"), seed), 0n);
}

/**
 * The key below `parent`, of index `index` or, hardened, `index`'. Null for an index of 2^31 and
 * above, and for the one child in 2^127 that BIP-32 leaves out.
 */
export function childKey(parent: HdKey, index: number, hardened: boolean): HdKey | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= HARDENED) {
    return null;
  }
  const place = Buffer.alloc(4);
  place.writeUInt32BE(hardened ? index + HARDENED : index);
  const head = hardened ? [Buffer.alloc(1), parent.privateKey] : [compressedPublicKey(parent)];
  return keyOf(
    hmac(parent.chainCode, Buffer.concat([...head, place])),
    bigEndianToBigInt(parent.privateKey),
  );
}

/** From the two halves of a derivation's hash. */
function keyOf(hash: Uint8Array, parent: bigint): HdKey | null {
  const tweak = bigEndianToBigInt(hash.subarray(0, 32));
  const key = (tweak + parent) % ORDER;
  return tweak >= ORDER || key === 0n
    ? null
    : {
        privateKey: Buffer.from(key.toString(16).padStart(64, "0"), "hex"),
        chainCode: hash.subarray(32),
      };
}

/** 33 bytes: the sign of y, then x. */
function compressedPublicKey({ privateKey }: HdKey): Uint8Array {
  const point = publicKeyOf(privateKey);
  const oddY = (point[63] ?? 0) & 1;
  return Uint8Array.of(2 + oddY, ...point.subarray(0, 32));
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac("sha512", key).update(data).digest();
}
