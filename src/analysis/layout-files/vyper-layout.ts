/**
 * Layouts that Vyper writes (`vyper -f layout`, and `layout` in `-f combined_json`): variables by name
 * with type and slot; variables of imported modules one level deeper.
 *
 * Owns: reading them into a storage layout. Does not own: types (vyper-types.ts).
 */
import type { StorageLayout, StorageLayoutEntry } from "../contract-metadata";
import { addVyperType, type Types } from "./vyper-types";

/** What is wrong with a file, in words. */
export class LayoutProblem extends Error {}

export interface VyperLayout {
  readonly storage: StorageLayout;
  readonly transient: StorageLayout | null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isVariable(value: unknown): value is { readonly type: string; readonly slot: number } {
  return (
    isRecord(value) &&
    typeof value.type === "string" &&
    typeof value.slot === "number" &&
    Number.isSafeInteger(value.slot) &&
    value.slot >= 0
  );
}

/** True if a JSON value looks like such a layout, with or without `storage_layout` around it. */
export function isVyperLayout(json: unknown): boolean {
  return (
    isRecord(json) &&
    ("storage_layout" in json || "transient_storage_layout" in json || "code_layout" in json
      ? true
      : Object.keys(json).length > 0 && Object.values(json).every(isVariable))
  );
}

/** @throws LayoutProblem */
export function readVyperLayout(json: unknown): VyperLayout {
  if (!isRecord(json)) {
    throw new LayoutProblem("the layout is no object");
  }
  const nested =
    "storage_layout" in json || "transient_storage_layout" in json || "code_layout" in json;
  const storage = readVariables(nested ? (json.storage_layout ?? {}) : json);
  const transient = nested ? json.transient_storage_layout : undefined;
  return { storage, transient: transient === undefined ? null : readVariables(transient) };
}

/** `nonreentrant.lock`, `$.nonreentrant_key`: the compiler's own, made readable. */
function label(path: readonly string[], type: string): string {
  const name = path.join(".");
  if (type !== "nonreentrant lock") {
    return name;
  }
  const key = /^nonreentrant\.(.+)$/.exec(name)?.[1];
  return key === undefined || key === "lock" ? "nonreentrant lock" : `nonreentrant lock (${key})`;
}

function readVariables(json: unknown): StorageLayout {
  const types: Types = {};
  const storage: StorageLayoutEntry[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (!isRecord(value)) {
      throw new LayoutProblem(`${path.join(".") || "the layout"} is no variable and no module`);
    }
    for (const [name, entry] of Object.entries(value)) {
      const at = [...path, name];
      if (!isVariable(entry)) {
        visit(entry, at);
        continue;
      }
      const { n_slots: count } = entry as { n_slots?: unknown }; // since Vyper 0.4
      const slots = typeof count === "number" && count > 0 ? BigInt(count) : null;
      const isLock = entry.type === "nonreentrant lock";
      const type = addVyperType(types, isLock ? "bool" : entry.type, slots);
      if (type === null) {
        throw new LayoutProblem(`${at.join(".")} has a type that is no Vyper type: ${entry.type}`);
      }
      checkSize(at.join("."), types[type]?.numberOfBytes, slots);
      storage.push({
        astId: 0,
        contract: "",
        label: label(at, entry.type),
        offset: 0,
        slot: entry.slot.toString(),
        type,
      });
    }
  };
  visit(json, []);
  checkOverlaps(storage, types);
  return { storage, types };
}

function checkSize(name: string, bytes: string | undefined, slots: bigint | null): void {
  const own = BigInt(bytes ?? 0) / 32n;
  if (slots !== null && own !== slots) {
    throw new LayoutProblem(`${name} takes ${own} slots by its type and ${slots} by n_slots`);
  }
}

/** Two variables in one slot: the file is no layout of a Vyper contract. */
function checkOverlaps(storage: readonly StorageLayoutEntry[], types: Types): void {
  const sorted = [...storage].sort((a, b) => Number(BigInt(a.slot) - BigInt(b.slot)));
  for (const [i, entry] of sorted.entries()) {
    const next = sorted[i + 1];
    const isOpen = types[entry.type]?.encoding === "opaque";
    const end =
      BigInt(entry.slot) + (isOpen ? 1n : BigInt(types[entry.type]?.numberOfBytes ?? 0) / 32n);
    if (next !== undefined && BigInt(next.slot) < end) {
      throw new LayoutProblem(`${entry.label} and ${next.label} overlap at slot ${next.slot}`);
    }
  }
}
