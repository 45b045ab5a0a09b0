/**
 * Nodes that an update made and that have no reference yet.
 *
 * Owns: the order in which references are computed. Does not own: encoding (node-encoding.ts).
 *
 * Invariant: a node's reference depends on nothing that can change, so it is computed once and each
 * node is hashed at most once in its life.
 *
 * A child lies deeper than its parent, so nodes are encoded depth by depth from the deepest up, each
 * straight into the memory it is hashed in, and all of a depth are hashed at once (hash-memory.ts).
 */
import {
  ARENA_END,
  type HashMemory,
  hashMemory,
  MAX_JOBS,
  paddedLength,
} from "../../crypto/hash-memory";
import type { TrieNode } from "./node";
import { NODE_ROOM, NODES_START, writeNode } from "./node-encoding";
import { HASH_BYTES, keepReference } from "./node-reference";

export class FreshNodes {
  /** The key column of the tries that the nodes belong to. */
  readonly keys: Uint8Array;
  readonly #byDepth: TrieNode[][] = [];

  constructor(keys: Uint8Array) {
    this.keys = keys;
  }

  /** Adds a node whose path begins at `depth` and returns it. */
  add<T extends TrieNode>(node: T, depth: number): T {
    for (let length = this.#byDepth.length; length <= depth; length++) {
      this.#byDepth.push([]);
    }
    this.#byDepth[depth]?.push(node);
    return node;
  }

  /**
   * Computes the references of the nodes added so far that wait for no root that lies elsewhere; the others are
   * left to do.
   */
  computeKnownReferences(): void {
    const memory = hashMemory();
    for (let depth = this.#byDepth.length - 1; depth >= 0; depth--) {
      const known: TrieNode[] = [];
      const waiting: TrieNode[] = [];
      for (const node of this.#byDepth[depth] ?? []) {
        (isWaiting(node) ? waiting : known).push(node);
      }
      computeDepth(memory, known, this.keys);
      this.#byDepth[depth] = waiting;
    }
  }

  /** Computes the references of all nodes added so far; storage tries that they hold have theirs. */
  computeReferences(): void {
    const memory = hashMemory();
    for (let nodes = this.#byDepth.pop(); nodes !== undefined; nodes = this.#byDepth.pop()) {
      computeDepth(memory, nodes, this.keys);
    }
  }
}

/** Does a root below it lie elsewhere, and is not known yet? Of nodes deeper down it is known already. */
function isWaiting(node: TrieNode): boolean {
  switch (node.kind) {
    case "leaf": {
      const { content } = node;
      return (
        typeof content === "object" &&
        content.storage?.kind === "distant" &&
        content.storage.referenceLength === 0
      );
    }
    case "extension":
      return node.child.referenceLength === 0;
    case "branch":
      return node.children.some((child) => child?.referenceLength === 0);
  }
}

function computeDepth(memory: HashMemory, nodes: readonly TrieNode[], keys: Uint8Array): void {
  let first = 0; // of the nodes written since the last hashing
  let at = NODES_START;
  memory.beginJobs();
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) {
      continue;
    }
    const length = writeNode(node, memory, at, keys) - at;
    if (length < HASH_BYTES) {
      keepReference(node, memory.view, at, length);
      continue;
    }
    memory.addJob(at, length);
    at += paddedLength(length);
    if (at > ARENA_END - NODE_ROOM || memory.jobs === MAX_JOBS) {
      hashWaiting(memory, nodes, first, index + 1);
      first = index + 1;
      at = NODES_START;
    }
  }
  hashWaiting(memory, nodes, first, nodes.length);
}

/** Hashes what was written; nodes short enough to be their own reference have it already. */
function hashWaiting(
  memory: HashMemory,
  nodes: readonly TrieNode[],
  from: number,
  to: number,
): void {
  memory.hashMany();
  let job = 0;
  for (let index = from; index < to; index++) {
    const node = nodes[index];
    if (node !== undefined && node.referenceLength === 0) {
      keepReference(node, memory.view, memory.placeOfJob(job++), HASH_BYTES);
    }
  }
}
