/**
 * Block headers: RLP, hash, and the size of a block (yellow paper section 4.3; EIP-1559, 4895, 4844,
 * 4788, 7685 append fields).
 *
 * Owns: encoding. Does not own: what the fields should be (block-builder.ts, genesis.ts).
 */
import { RLP } from "@ethereumjs/rlp";
import { keccak256Hex } from "../crypto/keccak256";
import { bigIntToMinimalBytes, hexToBytes } from "../state/bytes";
import type { Hash, Hex } from "../state/hex";
import type { BlockHeader } from "./chain";

/** Everything that the hash commits to. */
export type UnhashedHeader = Omit<BlockHeader, "hash" | "totalDifficulty">;

/** keccak256(rlp([])): the uncle hash of every block here. */
export const EMPTY_UNCLES_HASH: Hash =
  "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

/** sha256 of nothing: the requests hash of a block without requests (EIP-7685). */
export const EMPTY_REQUESTS_HASH: Hash =
  "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export const ZERO_HASH: Hash = `0x${"00".repeat(32)}`;

const POST_MERGE_NONCE: Hex = "0x0000000000000000";
const PRE_MERGE_NONCE: Hex = "0x0000000000000042";

/** The nonce that the stock network puts in every block. */
export function headerNonce(postMerge: boolean): Hex {
  return postMerge ? POST_MERGE_NONCE : PRE_MERGE_NONCE;
}

/** The header with its hash. */
export function sealHeader(header: UnhashedHeader, totalDifficulty: bigint): BlockHeader {
  return { ...header, hash: keccak256Hex(RLP.encode(headerFields(header))), totalDifficulty };
}

/**
 * Bytes of the block's RLP: [header, transactions, uncles, withdrawals]. `transactionsLength`: bytes
 * of all transactions; as in stock without the string prefixes that typed ones have inside a block.
 */
export function blockSize(header: UnhashedHeader, transactionsLength: number): number {
  const parts =
    RLP.encode(headerFields(header)).length +
    listLength(transactionsLength) +
    listLength(0) +
    (header.withdrawalsRoot === undefined ? 0 : listLength(0));
  return listLength(parts);
}

/** Bytes of an RLP list whose items take `content` bytes. */
function listLength(content: number): number {
  return prefixLength(content) + content;
}

/** Bytes of the prefix of a list. */
function prefixLength(content: number): number {
  return content < 56 ? 1 : 1 + bigIntToMinimalBytes(BigInt(content)).length;
}

function headerFields(header: UnhashedHeader): Uint8Array[] {
  const fields = [
    hexToBytes(header.parentHash),
    hexToBytes(header.sha3Uncles),
    hexToBytes(header.miner),
    hexToBytes(header.stateRoot),
    hexToBytes(header.transactionsRoot),
    hexToBytes(header.receiptsRoot),
    hexToBytes(header.logsBloom),
    bigIntToMinimalBytes(header.difficulty),
    bigIntToMinimalBytes(header.number),
    bigIntToMinimalBytes(header.gasLimit),
    bigIntToMinimalBytes(header.gasUsed),
    bigIntToMinimalBytes(header.timestamp),
    hexToBytes(header.extraData),
    hexToBytes(header.mixHash),
    hexToBytes(header.nonce),
  ];
  if (header.baseFeePerGas !== undefined) {
    fields.push(bigIntToMinimalBytes(header.baseFeePerGas));
  }
  if (header.withdrawalsRoot !== undefined) {
    fields.push(hexToBytes(header.withdrawalsRoot));
  }
  if (header.blobGasUsed !== undefined && header.excessBlobGas !== undefined) {
    fields.push(
      bigIntToMinimalBytes(header.blobGasUsed),
      bigIntToMinimalBytes(header.excessBlobGas),
    );
  }
  if (header.parentBeaconBlockRoot !== undefined) {
    fields.push(hexToBytes(header.parentBeaconBlockRoot));
  }
  if (header.requestsHash !== undefined) {
    fields.push(hexToBytes(header.requestsHash));
  }
  return fields;
}
