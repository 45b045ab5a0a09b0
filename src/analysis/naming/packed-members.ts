/**
 * One name for what several members of a slot have in common, and which of them an access concerns.
 *
 * A write concerns the members whose bytes differ before and after it. Of a read the slot alone does
 * not tell: all members. Owns: the narrowing and the joined text. Does not own: the members
 * (layout-walk.ts).
 */
import type { SlotPart } from "../slot-name";
import type { LayoutNode } from "./layout-tree";
import type { SlotMember } from "./layout-walk";

export interface Change {
  readonly before: bigint;
  readonly after: bigint;
}

function mask({ offset, bytes }: SlotMember): bigint {
  return ((1n << BigInt(8 * bytes)) - 1n) << BigInt(8 * offset);
}

/**
 * The members that a change concerns; all of them where nothing changed. Null if bytes changed that
 * belong to no member: then something else is kept in the slot as well.
 */
export function narrow(
  members: readonly SlotMember[],
  change: Change | undefined,
): readonly SlotMember[] | null {
  const difference = change === undefined ? 0n : change.before ^ change.after;
  if (difference === 0n) {
    return members;
  }
  const covered = members.reduce((bits, member) => bits | mask(member), 0n);
  if ((difference & ~covered) !== 0n) {
    return null;
  }
  return members.filter((member) => (difference & mask(member)) !== 0n);
}

function isLength({ kind }: LayoutNode): boolean {
  return kind === "dynamicArray" || kind === "inlineArray";
}

/** A member's own name: of a dynamic array's slot `orders.length`, of any other its path. */
function text({ path, node }: SlotMember, which: "label" | "variable"): string {
  return isLength(node) ? `${path[which]}.length` : path[which];
}

/** The name of one member. */
export function memberLabel(member: SlotMember): string {
  return text(member, "label");
}

/** A member as the rest of the analysis is told of it. */
export function toPart(member: SlotMember): SlotPart {
  const { node, path, offset, bytes } = member;
  return {
    label: text(member, "label"),
    variable: text(member, "variable"),
    keys: path.keys,
    offset,
    bytes,
    holds: isLength(node) ? "length" : node.kind === "bytes" ? "bytes" : "value",
  };
}

function join(members: readonly SlotMember[], which: "label" | "variable"): string {
  const around = members[0]?.path.surrounding ?? null;
  const together =
    members.length > 1 &&
    around !== null &&
    members.every(({ path }) => path.surrounding?.label === around.label);
  if (!together) {
    return [...new Set(members.map((member) => text(member, which)))].join(", ");
  }
  const names = members.map(({ path }) => path.surrounding?.name ?? "");
  if (around.kind === "struct") {
    return `${around[which]}.{${names.join(", ")}}`;
  }
  if (which === "variable") {
    return `${around.variable}[*]`;
  }
  const first = BigInt(names[0] ?? 0);
  const isRun = names.every((name, i) => BigInt(name) === first + BigInt(i));
  return `${around.label}[${isRun ? `${first}..${names.at(-1)}` : names.join(", ")}]`;
}

/** `reserve0, reserve1`; members of one struct `orders[3].{price, size}`; of one array `small[0..7]`. */
export function joinLabels(members: readonly SlotMember[]): string {
  return join(members, "label");
}

/** The same with keys left out: `orders[*].{price, size}`, `small[*]`. */
export function joinVariables(members: readonly SlotMember[]): string {
  return join(members, "variable");
}
