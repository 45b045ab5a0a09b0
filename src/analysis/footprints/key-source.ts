/**
 * Where a key comes from: what footprints say in place of the key's value.
 *
 * Owns: the kinds, their text, their order of preference. Does not own: finding them
 * (access-roles.ts).
 */
import type { Hex } from "../../state/hex";

export type KeySource =
  /** msg.sender: the caller of the frame */
  | { readonly kind: "sender" }
  /** tx.origin; told apart from msg.sender only in calls made by contracts */
  | { readonly kind: "origin" }
  /** `to`, `order.maker`, `path[0]`, `to[*]` for every element; `argument 2` if it has no name */
  | { readonly kind: "argument"; readonly name: string }
  /** the called contract itself */
  | { readonly kind: "contract" }
  /** the value that the same call found in a variable, or left there */
  | {
      readonly kind: "storage";
      readonly contract: string;
      readonly variable: string;
      readonly when: "before" | "after";
    }
  | { readonly kind: "block"; readonly field: "number" | "timestamp" | "coinbase" }
  /** ether sent with the call; only as an amount */
  | { readonly kind: "value" }
  /** fixed for each deployment: the same in all calls of one contract, another in those of others */
  | { readonly kind: "immutable" }
  /** another source modulo a constant: the bucket of a sharded counter */
  | { readonly kind: "remainder"; readonly of: KeySource; readonly modulus: number }
  | { readonly kind: "constant"; readonly value: Hex; readonly text: string };

/** A string that is equal for equal sources. */
export function sourceId(source: KeySource): string {
  switch (source.kind) {
    case "sender":
    case "origin":
    case "contract":
    case "value":
    case "immutable":
      return source.kind;
    case "argument":
      return `argument:${source.name}`;
    case "storage":
      return `storage:${source.contract}.${source.variable}:${source.when}`;
    case "block":
      return `block:${source.field}`;
    case "remainder":
      return `remainder:${source.modulus}:${sourceId(source.of)}`;
    case "constant":
      return `constant:${source.value}`;
  }
}

/** As Solidity says it. */
export function sourceText(source: KeySource): string {
  switch (source.kind) {
    case "sender":
      return "msg.sender";
    case "origin":
      return "tx.origin";
    case "contract":
      return "this";
    case "value":
      return "msg.value";
    case "immutable":
      return "immutable";
    case "argument":
      return source.name;
    case "storage":
      return source.when === "before" ? source.variable : `new ${source.variable}`;
    case "block":
      return `block.${source.field}`;
    case "remainder":
      return `${sourceText(source.of)} % ${source.modulus}`;
    case "constant":
      return source.text;
  }
}

const PREFERENCE: Readonly<Record<KeySource["kind"], number>> = {
  sender: 0,
  contract: 1,
  argument: 2,
  value: 3,
  storage: 4,
  block: 5,
  origin: 6,
  immutable: 7,
  remainder: 8,
  constant: 9,
};

/** Order in which candidates are named: the plainest first. */
export function compareSources(a: KeySource, b: KeySource): number {
  const [left, right] = [sourceId(a), sourceId(b)];
  return PREFERENCE[a.kind] - PREFERENCE[b.kind] || (left < right ? -1 : left > right ? 1 : 0);
}
