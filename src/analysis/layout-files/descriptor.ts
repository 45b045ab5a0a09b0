/**
 * Storage layout descriptors of EIP-8317 (draft): close to solc's `storageLayout`, for any language.
 *
 * Owns: reading them into a storage layout, and the check of places that a descriptor says to be
 * derived from a namespace. Does not own: the draft's display annotations, which names do not need.
 */
import type { StorageLayout, StorageLayoutEntry, StorageLayoutType } from "../contract-metadata";
import { namespaceSlot } from "../solidity/namespace-slot";
import { isRecord, LayoutProblem } from "./vyper-layout";

export interface Descriptor {
  readonly language: string;
  readonly layout: StorageLayout;
}

export function isDescriptor(json: unknown): boolean {
  return isRecord(json) && isRecord(json.compiler) && "storage" in json;
}

function text(record: Record<string, unknown>, field: string, where: string): string {
  const value = record[field];
  if (typeof value !== "string") {
    throw new LayoutProblem(`${where} has no ${field}`);
  }
  return value;
}

function decimal(record: Record<string, unknown>, field: string, where: string): string {
  const value = text(record, field, where);
  if (!/^\d+$/.test(value)) {
    throw new LayoutProblem(`${field} of ${where} is no decimal number: ${value}`);
  }
  return value;
}

/** @throws LayoutProblem */
export function readDescriptor(json: unknown): Descriptor {
  if (!isRecord(json) || !isRecord(json.compiler)) {
    throw new LayoutProblem("it has no compiler");
  }
  const language = text(json.compiler, "language", "compiler");
  if (!isRecord(json.types)) {
    throw new LayoutProblem("it has no types");
  }
  const types = Object.fromEntries(
    Object.entries(json.types).map(([id, type]) => [id, readType(id, type, language)]),
  );
  const storage = entries(json.storage, "storage");
  for (const { type, label } of storage) {
    if (!Object.hasOwn(types, type)) {
      throw new LayoutProblem(`${label} has the type ${type}, which types does not describe`);
    }
  }
  return { language, layout: { storage, types: withKeysByLabel(types) } };
}

/**
 * Identifiers of types are free in a descriptor; keys are read by solc's, so each key type is given
 * the one that its label stands for.
 */
function withKeysByLabel(
  types: Readonly<Record<string, StorageLayoutType>>,
): Record<string, StorageLayoutType> {
  const all: Record<string, StorageLayoutType> = { ...types };
  for (const [id, type] of Object.entries(types)) {
    const key = type.key === undefined ? undefined : types[type.key];
    if (key !== undefined) {
      const solcId = /^(string|bytes)\b(?!\d)/i.test(key.label)
        ? `t_${key.label.toLowerCase().replace(/\W.*$/, "")}_storage`
        : `t_${key.label}`;
      all[solcId] ??= key;
      all[id] = { ...type, key: solcId };
    }
  }
  return all;
}

function entries(list: unknown, where: string): StorageLayoutEntry[] {
  if (!Array.isArray(list)) {
    throw new LayoutProblem(`${where} is no list`);
  }
  return list.map((entry: unknown, number) => {
    const name = `${where}[${number}]`;
    if (!isRecord(entry)) {
      throw new LayoutProblem(`${name} is no object`);
    }
    const label = text(entry, "label", name);
    const slot = decimal(entry, "slot", label);
    const offset = Number(entry.offset);
    if (!Number.isInteger(offset) || offset < 0 || offset > 31) {
      throw new LayoutProblem(`offset of ${label} is not from 0 to 31: ${String(entry.offset)}`);
    }
    checkDerivation(label, slot, entry.baseSlotDerivation);
    return { astId: 0, contract: "", label, slot, offset, type: text(entry, "type", label) };
  });
}

function checkDerivation(label: string, slot: string, derivation: unknown): void {
  if (!isRecord(derivation) || derivation.scheme === "custom") {
    return;
  }
  const expected = namespaceSlot(`${String(derivation.scheme)}:${String(derivation.namespaceId)}`);
  if (expected !== null && expected !== BigInt(slot)) {
    throw new LayoutProblem(
      `${label} stands at slot ${slot}, but ${String(derivation.scheme)} puts ${String(derivation.namespaceId)} at ${expected}`,
    );
  }
}

/** `value` is EIP-8317's word for what solc calls the `base` of an array. */
function readType(id: string, type: unknown, language: string): StorageLayoutType {
  if (!isRecord(type)) {
    throw new LayoutProblem(`the type ${id} is no object`);
  }
  const label = text(type, "label", id);
  const numberOfBytes = decimal(type, "numberOfBytes", id);
  const common = { label, numberOfBytes };
  const optional = (field: string): string | undefined =>
    typeof type[field] === "string" ? type[field] : undefined;
  const vyper = language === "Vyper";
  switch (type.encoding) {
    case "inplace_struct":
      return { ...common, encoding: "inplace", members: entries(type.members, `${id}.members`) };
    case "mapping":
      return {
        ...common,
        encoding: "mapping",
        key: text(type, "key", id),
        value: text(type, "value", id),
      };
    case "dynamic_array": {
      const base = optional("value") ?? text(type, "base", id);
      const capacity = /,\s*(\d+)\s*\]$/.exec(label)?.[1];
      return vyper
        ? {
            ...common,
            encoding: "inline_array",
            base,
            ...(capacity === undefined ? {} : { capacity }),
          }
        : { ...common, encoding: "dynamic_array", base };
    }
    case "bytes":
      return { ...common, encoding: vyper ? "inline_bytes" : "bytes" };
    case "inplace": {
      const base = optional("base") ?? optional("value");
      const members =
        type.members === undefined ? undefined : entries(type.members, `${id}.members`);
      return {
        ...common,
        encoding: "inplace",
        ...(base === undefined ? {} : { base }),
        ...(members === undefined ? {} : { members }),
      };
    }
    default:
      throw new LayoutProblem(
        `the type ${id} has an encoding that is not known: ${String(type.encoding)}`,
      );
  }
}
