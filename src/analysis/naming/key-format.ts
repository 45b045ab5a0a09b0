/**
 * A mapping's key as people say it: addresses by account label or checksummed (EIP-55), numbers in
 * decimal, enum members by name, strings in quotes, bytes in hex.
 *
 * Owns: the text, and the check that a preimage is a well-formed key of the type (solc pads keys to
 * 32 bytes and cleans them): what is not cannot be this mapping's key. Does not own: preimages.
 */
import { keccak256 } from "../../crypto/keccak256";
import type { Address } from "../../state/hex";
import type { KeyType } from "./layout-tree";

/** What is known of the project, for keys that have a name. */
export interface KeyNames {
  /** label of an account, if it has one */
  account(address: Address): string | undefined;
  /** members of an enum by the AST id at the end of its type identifier, in order */
  enumMembers(astId: string): readonly string[] | undefined;
  /** ABI type under a user-defined value type (`OrderId` -> `uint256`), by AST id or else by name */
  underlyingType(label: string, astId?: string): string | undefined;
  /** what the source writes for a bytes32: a constant's name (`MINTER_ROLE`), `keccak256("x")`, `"x"` */
  constant(value: string): string | undefined;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function unsigned(word: Uint8Array): bigint {
  return BigInt(`0x${hex(word)}`);
}

/** EIP-55: a letter is upper-case where the hash of the lower-case digits has a digit above 7. */
export function checksumAddress(address: Address): string {
  const digits = address.slice(2);
  const hash = hex(keccak256(Buffer.from(digits, "latin1")));
  const cased = [...digits].map((digit, i) =>
    Number.parseInt(hash[i] ?? "0", 16) > 7 ? digit.toUpperCase() : digit,
  );
  return `0x${cased.join("")}`;
}

function formatAddress(word: Uint8Array, names: KeyNames): string | null {
  if (unsigned(word) >> 160n !== 0n) {
    return null;
  }
  const address: Address = `0x${hex(word.subarray(12))}`;
  return names.account(address) ?? checksumAddress(address);
}

function formatUnsigned(word: Uint8Array, bits: number): string | null {
  const value = unsigned(word);
  return value >> BigInt(bits) === 0n ? value.toString() : null;
}

function formatSigned(word: Uint8Array, bits: number): string | null {
  const value = BigInt.asIntN(256, unsigned(word));
  return BigInt.asIntN(bits, value) === value ? value.toString() : null;
}

function formatFixedBytes(word: Uint8Array, length: number, names: KeyNames): string | null {
  if (word.subarray(length).some((byte) => byte !== 0)) {
    return null;
  }
  const text = `0x${hex(word.subarray(0, length))}`;
  return (length === 32 ? names.constant(text) : undefined) ?? text;
}

/** `t_enum(State)17` -> 17 */
function astIdOf(key: KeyType): string | undefined {
  return /\)(\d+)$/.exec(key.id)?.[1];
}

function formatEnum(word: Uint8Array, key: KeyType, names: KeyNames): string | null {
  const value = formatUnsigned(word, 8 * key.bytes);
  const astId = astIdOf(key);
  const members = astId === undefined ? undefined : names.enumMembers(astId);
  return value === null ? null : (members?.[Number(value)] ?? value);
}

/** A value of an elementary type (`uint8`, `bytes32`, `address`, `bool`); null if malformed or of another type. */
function formatElementary(type: string, word: Uint8Array, names: KeyNames): string | null {
  if (type === "address" || type === "address_payable") {
    return formatAddress(word, names);
  }
  if (type === "bool") {
    const value = unsigned(word);
    return value > 1n ? null : value === 1n ? "true" : "false";
  }
  const [, kind, size] = /^(uint|int|bytes)(\d+)$/.exec(type) ?? [];
  switch (kind) {
    case "uint":
      return formatUnsigned(word, Number(size));
    case "int":
      return formatSigned(word, Number(size));
    case "bytes":
      return formatFixedBytes(word, Number(size), names);
    default:
      return null;
  }
}

/** The characters of other scripts stay; what would steer a terminal or hide text is escaped. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(
    /\p{C}/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function formatString(bytes: Uint8Array): string {
  try {
    return quote(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) {
      return `hex"${hex(bytes)}"`; // not UTF-8: solc lets a string hold any bytes
    }
    throw error;
  }
}

/** True for keys that are hashed as they are, unpadded: string and bytes. */
export function isUnpaddedKey(key: KeyType): boolean {
  return /^t_(string|bytes)_/.test(key.id);
}

/**
 * The text of a key from its bytes in the preimage (32 for value types), or null if they are not a
 * key of this type.
 */
export function formatKey(key: KeyType, bytes: Uint8Array, names: KeyNames): string | null {
  if (isUnpaddedKey(key)) {
    return key.id.startsWith("t_string_") ? formatString(bytes) : `0x${hex(bytes)}`;
  }
  if (bytes.length !== 32) {
    return null;
  }
  if (key.id.startsWith("t_contract(")) {
    return formatAddress(bytes, names);
  }
  if (key.id.startsWith("t_enum(")) {
    return formatEnum(bytes, key, names);
  }
  if (key.id.startsWith("t_userDefinedValueType(")) {
    const type = names.underlyingType(key.label, astIdOf(key));
    return type === undefined ? `0x${hex(bytes)}` : formatElementary(type, bytes, names);
  }
  return formatElementary(key.id.replace(/^t_/, ""), bytes, names);
}
