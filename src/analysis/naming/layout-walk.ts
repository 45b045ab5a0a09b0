/**
 * What of a contract's variables lies in one slot: the way down through structs and arrays, with
 * the text of the way.
 *
 * Owns: positions and paths. Does not own: where hashed places come from (slot-resolver.ts).
 */
import type { SlotKey } from "../slot-name";
import type { LayoutNode, LayoutTree, Member } from "./layout-tree";

/**
 * A name stands only while an array or string is long enough: `head` is the slot with the length,
 * `minimum` the least number of elements (array) or bytes (string) that reaches this far.
 */
export interface LengthBound {
  readonly head: bigint;
  readonly of: "array" | "bytes";
  readonly minimum: bigint;
}

/** The struct or array around a place, and the place's member name or index there. */
export interface Surrounding {
  readonly kind: "struct" | "array";
  readonly label: string;
  readonly variable: string;
  readonly name: string;
}

/** The way to a place: its text with keys, without them, and the lengths it depends on. */
export interface Path {
  readonly label: string;
  readonly variable: string;
  readonly surrounding: Surrounding | null;
  readonly bounds: readonly LengthBound[];
  /** one for each `[*]` of `variable`, in order */
  readonly keys: readonly SlotKey[];
}

/** What lies in some bytes of a slot. */
export interface SlotMember {
  readonly path: Path;
  /** `mapping` for a slot that only names a mapping: nothing is kept in it. */
  readonly node: LayoutNode;
  /** bytes from the right end of the slot */
  readonly offset: number;
  readonly bytes: number;
}

/** A type at a place. */
export interface Region {
  readonly path: Path;
  readonly slot: bigint;
  /** bytes from the right end of the slot */
  readonly offset: number;
}

/** The members of a variable or struct member that lie in the slot. */
export function membersOf(
  tree: LayoutTree,
  member: Member,
  parent: Path | null,
  base: bigint,
  slot: bigint,
): SlotMember[] {
  const node = tree.node(member.typeId);
  const start = base + member.slot;
  if (node === null || slot < start || slot >= start + tree.slots(node)) {
    return [];
  }
  const path = parent === null ? variablePath(member.name) : memberPath(parent, member.name);
  return descend(tree, node, { path, slot: start, offset: member.offset }, slot);
}

/** The members of a type at a place that lie in the slot. */
export function descend(
  tree: LayoutTree,
  node: LayoutNode,
  region: Region,
  slot: bigint,
): SlotMember[] {
  switch (node.kind) {
    case "struct":
      return node.members.flatMap((member) =>
        membersOf(tree, member, region.path, region.slot, slot),
      );
    case "fixedArray":
      return elements(tree, node.elementId, node.length, region, slot, null);
    case "inlineArray": {
      if (slot === region.slot) {
        return [{ path: region.path, node, offset: 0, bytes: 32 }];
      }
      const data = { ...region, slot: region.slot + 1n };
      return elements(tree, node.elementId, node.capacity, data, slot, region.slot);
    }
    case "inlineBytes":
      return inlineBytes(node.slots, region, slot);
    case "opaque":
      return opaqueWord(node.slots, region, slot);
    case "value":
      return slot === region.slot
        ? [{ path: region.path, node, offset: region.offset, bytes: node.bytes }]
        : [];
    default:
      return slot === region.slot ? [{ path: region.path, node, offset: 0, bytes: 32 }] : [];
  }
}

/**
 * The elements of an array of `length` that lie in the slot; its data begins at the region.
 * `lengthSlot`: where a dynamic array keeps its length.
 */
export function elements(
  tree: LayoutTree,
  elementId: string,
  length: bigint,
  region: Region,
  slot: bigint,
  lengthSlot: bigint | null,
): SlotMember[] {
  const spacing = tree.spacing(elementId);
  if (spacing === null || slot < region.slot) {
    return [];
  }
  const found: SlotMember[] = [];
  const first = ((slot - region.slot) / spacing.slots) * spacing.perSlot;
  for (let i = first; i < first + spacing.perSlot && i < length; i++) {
    const start = region.slot + (i / spacing.perSlot) * spacing.slots;
    const offset = Number(i - first) * spacing.stride;
    const path = elementPath(region.path, i, lengthSlot);
    found.push(...descend(tree, spacing.node, { path, slot: start, offset }, slot));
  }
  return found;
}

/** Length or data of a string that keeps its data behind its length. */
function inlineBytes(slots: bigint, { path, slot: start }: Region, slot: bigint): SlotMember[] {
  if (slot === start) {
    return [{ path, node: { kind: "bytes" }, offset: 0, bytes: 32 }];
  }
  const first = 32n * (slot - start - 1n);
  return slot < start || slot >= start + slots
    ? []
    : [wordOf(path, `bytes ${first} to ${first + 31n}`)];
}

function opaqueWord(slots: bigint, { path, slot: start }: Region, slot: bigint): SlotMember[] {
  const word = slot - start;
  return slot < start || word >= slots
    ? []
    : [slots === 1n ? { path, node: WORD, offset: 0, bytes: 32 } : wordOf(path, `word ${word}`)];
}

const WORD: LayoutNode = { kind: "value", bytes: 32 };

function wordOf(path: Path, which: string): SlotMember {
  const named = { ...path, label: `${path.label} (${which})`, surrounding: null };
  return { path: named, node: WORD, offset: 0, bytes: 32 };
}

function variablePath(name: string): Path {
  return { label: name, variable: name, surrounding: null, bounds: [], keys: [] };
}

function memberPath(parent: Path, name: string): Path {
  return {
    label: `${parent.label}.${name}`,
    variable: `${parent.variable}.${name}`,
    surrounding: { kind: "struct", label: parent.label, variable: parent.variable, name },
    bounds: parent.bounds,
    keys: parent.keys,
  };
}

function elementPath(array: Path, index: bigint, lengthSlot: bigint | null): Path {
  const bound: LengthBound[] =
    lengthSlot === null ? [] : [{ head: lengthSlot, of: "array", minimum: index + 1n }];
  return {
    label: `${array.label}[${index}]`,
    variable: `${array.variable}[*]`,
    surrounding: {
      kind: "array",
      label: array.label,
      variable: array.variable,
      name: index.toString(),
    },
    bounds: [...array.bounds, ...bound],
    keys: [...array.keys, indexKey(index)],
  };
}

function indexKey(index: bigint): SlotKey {
  return {
    kind: "index",
    value: `0x${index.toString(16).padStart(64, "0")}`,
    text: index.toString(),
  };
}
