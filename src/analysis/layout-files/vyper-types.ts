/**
 * Types as Vyper writes them in a layout (`HashMap[address, DynArray[uint256, 4]]`), as types of a
 * storage layout.
 *
 * Vyper packs nothing: every value takes a slot. DynArray, Bytes and String keep their data behind
 * their length (vyper/codegen/core.py, vyper/semantics/types). Of a struct the layout gives only the
 * name. Owns: reading types. Does not own: where variables stand (vyper-layout.ts).
 */
import type { StorageLayoutType } from "../contract-metadata";

interface TypeExpression {
  readonly name: string;
  readonly args: readonly TypeExpression[];
}

export type Types = Record<string, StorageLayoutType>;

/** Splits `A[B, C[D]][3]` at the brackets and commas of the outermost level. */
function parse(text: string): TypeExpression | null {
  const trimmed = text.trim();
  if (!trimmed.endsWith("]")) {
    return /^[^[\],]+$/.test(trimmed) ? { name: trimmed, args: [] } : null;
  }
  let depth = 0;
  for (let at = trimmed.length - 1; at >= 0; at--) {
    depth += trimmed[at] === "]" ? 1 : trimmed[at] === "[" ? -1 : 0;
    if (depth === 0) {
      const args = splitArguments(trimmed.slice(at + 1, -1)).map(parse);
      const known = args.flatMap((arg) => (arg === null ? [] : [arg]));
      return known.length === args.length && at > 0
        ? { name: trimmed.slice(0, at), args: known }
        : null;
    }
  }
  return null;
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    depth += text[at] === "[" ? 1 : text[at] === "]" ? -1 : 0;
    if (text[at] === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

const ELEMENTARY = /^(u?int\d+|bytes\d+|address|bool|decimal)$/;

function sizeOf(type: TypeExpression | undefined): bigint | null {
  return type !== undefined && type.args.length === 0 && /^\d+$/.test(type.name)
    ? BigInt(type.name)
    : null;
}

function slotsOf(types: Types, id: string): bigint {
  return BigInt(types[id]?.numberOfBytes ?? 0) / 32n;
}

/** Slots that a struct is given where its size is not known: a mapping's value has no neighbours. */
const UNKNOWN_SIZE = 1n << 16n;

/**
 * Adds a type and those in it to `types` and gives its identifier; null if it cannot be read.
 * `slots`: how many it takes, where the layout says.
 */
export function addVyperType(types: Types, text: string, slots: bigint | null): string | null {
  const parsed = parse(text);
  return parsed === null ? null : add(types, parsed, text.trim(), slots);
}

function add(
  types: Types,
  type: TypeExpression,
  label: string,
  slots: bigint | null,
): string | null {
  const { name, args } = type;
  const put = (
    id: string,
    count: bigint,
    rest: Omit<StorageLayoutType, "label" | "numberOfBytes">,
  ): string => {
    types[id] = { ...rest, label, numberOfBytes: (32n * count).toString() };
    return id;
  };
  const [first, second] = args;
  if (args.length === 0) {
    return ELEMENTARY.test(name)
      ? put(`t_${name}`, 1n, { encoding: "inplace" })
      : put(`t_opaque(${name})${slots ?? ""}`, slots ?? UNKNOWN_SIZE, { encoding: "opaque" });
  }
  const size = sizeOf(second ?? first);
  if (name === "HashMap" && first !== undefined && second !== undefined) {
    const key = add(types, first, write(first), null);
    const value = add(types, second, write(second), null);
    return key === null || value === null
      ? null
      : put(`t_vyper(${label})`, 1n, { encoding: "mapping", key, value });
  }
  if ((name === "Bytes" || name === "String") && size !== null && args.length === 1) {
    return put(`t_${name.toLowerCase()}_vyper${size}`, 1n + (size + 31n) / 32n, {
      encoding: "inline_bytes",
    });
  }
  if (name === "DynArray" && first !== undefined && size !== null && args.length === 2) {
    const base = add(types, first, write(first), null);
    return base === null
      ? null
      : put(`t_vyper(${label})`, 1n + size * slotsOf(types, base), {
          encoding: "inline_array",
          base,
          capacity: size.toString(),
        });
  }
  const element = args.length === 1 && size !== null ? parse(name) : null;
  const base = element === null ? null : add(types, element, name, null);
  return base === null || size === null
    ? null
    : put(`t_vyper(${label})`, size * slotsOf(types, base), { encoding: "inplace", base });
}

function write({ name, args }: TypeExpression): string {
  return args.length === 0 ? name : `${name}[${args.map(write).join(", ")}]`;
}
