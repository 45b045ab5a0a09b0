/**
 * RLP, references and hashes of trie nodes (yellow paper, appendix D, equations 193 to 195 in the
 * Shanghai version: functions c and n).
 *
 * Invariant: a node's reference depends on nothing that can change, so it is computed once and each
 * node is hashed at most once in its life. Encodings are not kept: a parent needs only references.
 */
import { EMPTY_TRIE_ROOT, type Hash } from "../hex";
import { type ByteString, byteStringToHex, keccak256ByteString } from "./byte-string";
import { type Branch, type Leaf, nibbleAt, type TrieNode } from "./node";

const HASH_REFERENCE_LENGTH = 33;
const HASH_HEADER = "\xa0";
const LEAF_FLAG = 0x20;

let scratch = Buffer.alloc(1024);

/** Root hash of a trie; every node that has no reference yet is hashed, children first. */
export function rootHash(root: TrieNode | null): Hash {
  return root === null ? EMPTY_TRIE_ROOT : byteStringToHex(rootHashBytes(root));
}

/** The root hash as 32 bytes. The root is hashed even if its encoding is short. */
export function rootHashBytes(root: TrieNode): ByteString {
  const reference = referenceOf(root);
  return reference.length === HASH_REFERENCE_LENGTH
    ? reference.slice(1)
    : keccak256ByteString(Buffer.from(reference, "latin1"));
}

/** RLP of the node if it is shorter than 32 bytes, else RLP of its hash. */
export function referenceOf(node: TrieNode): ByteString {
  if (node.reference === null) {
    const rlp = encodeNode(node);
    node.reference =
      rlp.length < 32 ? rlp.toString("latin1") : HASH_HEADER + keccak256ByteString(rlp);
  }
  return node.reference;
}

/** True if the parent holds the node's hash and not the node itself. */
export function isHashReference(reference: ByteString): boolean {
  return reference.length === HASH_REFERENCE_LENGTH;
}

/** RLP of a node, valid until the next call. */
export function encodeNode(node: TrieNode): Buffer {
  switch (node.kind) {
    case "leaf":
      return encodeLeaf(node);
    case "extension": {
      const child = referenceOf(node.child);
      const payload = pathLength(node.length) + child.length;
      let end = writeHeader(0, 0xc0, payload);
      end = writePath(end, 0, node.key, node.depth, node.length);
      return scratch.subarray(0, writeBytes(end, child));
    }
    case "branch":
      return encodeBranch(node);
  }
}

function encodeLeaf({ key, depth, value }: Leaf): Buffer {
  const nibbles = key.length * 2 - depth;
  const single = value.length === 1 && value.charCodeAt(0) < 0x80;
  const item = single ? 1 : headerLength(value.length) + value.length;
  const payload = pathLength(nibbles) + item;
  let end = writeHeader(0, 0xc0, payload);
  end = writePath(end, LEAF_FLAG, key, depth, nibbles);
  if (!single) {
    end = writeHeader(end, 0x80, value.length);
  }
  return scratch.subarray(0, writeBytes(end, value));
}

function encodeBranch({ children }: Branch): Buffer {
  // all references first: computing one uses the scratch buffer
  let payload = 1; // the empty value
  for (const child of children) {
    payload += child === null ? 1 : referenceOf(child).length;
  }
  let end = writeHeader(0, 0xc0, payload);
  for (const child of children) {
    if (child === null) {
      scratch[end++] = 0x80;
    } else {
      end = writeBytes(end, referenceOf(child));
    }
  }
  scratch[end++] = 0x80;
  return scratch.subarray(0, end);
}

/** Bytes of the RLP item of a hex-prefix path (yellow paper, appendix C). */
function pathLength(nibbles: number): number {
  const bytes = (nibbles >> 1) + 1;
  return bytes === 1 ? 1 : headerLength(bytes) + bytes;
}

function writePath(
  start: number,
  flag: number,
  key: ByteString,
  depth: number,
  nibbles: number,
): number {
  const bytes = (nibbles >> 1) + 1;
  let end = bytes === 1 ? start : writeHeader(start, 0x80, bytes);
  let position = depth;
  if (nibbles % 2 === 1) {
    scratch[end++] = flag | 0x10 | nibbleAt(key, position++);
  } else {
    scratch[end++] = flag;
  }
  for (; position < depth + nibbles; position += 2) {
    scratch[end++] = (nibbleAt(key, position) << 4) | nibbleAt(key, position + 1);
  }
  return end;
}

function headerLength(length: number): number {
  return length < 56 ? 1 : 1 + byteLength(length);
}

function byteLength(value: number): number {
  return value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 24 ? 3 : 4;
}

/** Writes an RLP header and makes room for the content that follows it. */
function writeHeader(start: number, base: 0x80 | 0xc0, length: number): number {
  if (scratch.length < start + length + 16) {
    const larger = Buffer.alloc((start + length + 16) * 2);
    larger.set(scratch.subarray(0, start));
    scratch = larger;
  }
  let end = start;
  if (length < 56) {
    scratch[end++] = base + length;
    return end;
  }
  const size = byteLength(length);
  scratch[end++] = base + 55 + size;
  for (let shift = size - 1; shift >= 0; shift--) {
    scratch[end++] = (length >>> (8 * shift)) & 255;
  }
  return end;
}

function writeBytes(start: number, content: ByteString): number {
  const { length } = content;
  if (length > 128) {
    scratch.write(content, start, "latin1");
  } else {
    for (let position = 0; position < length; position++) {
      scratch[start + position] = content.charCodeAt(position);
    }
  }
  return start + length;
}
