/**
 * The primitive types every room shares.
 *
 * Owns: their names and their canonical form. Does not own: parsing of user input (rpc/params).
 * Canonical form inside the project: addresses and hashes are lower-case hex strings with 0x;
 * storage slots, storage values, balances (wei), nonces and gas are bigint.
 */

/** Lower-case hex with 0x prefix; any even number of digits. */
export type Hex = `0x${string}`;

/** 20 bytes, lower-case. */
export type Address = Hex;

/** 32 bytes, lower-case. */
export type Hash = Hex;

/** keccak256 of no bytes: the code hash of an account without code (yellow paper, section 4.1). */
export const EMPTY_CODE_HASH: Hash =
  "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

/** Root of an empty Merkle Patricia trie: keccak256(rlp("")). */
export const EMPTY_TRIE_ROOT: Hash =
  "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
