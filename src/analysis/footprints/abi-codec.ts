/**
 * Calldata as named values: every number, address and string in it, with the path that leads there
 * (`order.maker`, `path[1]`).
 *
 * Owns: names and one form for values that can be compared with keys, and putting others in their
 * place. Does not own: decoding and encoding (micro-eth-signer). Calldata that the ABI does not describe, or that was cut by the recording,
 * gives null.
 */
import type * as Abi from "micro-eth-signer/abi.js" with { "resolution-mode": "import" };
import { bytesToHex, hexToBytes } from "../../state/bytes";
import type { Hex } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";

export interface ArgumentValue {
  readonly name: string;
  /** the 32-byte word that a mapping hashes; of string and bytes their bytes */
  readonly value: Hex;
  /** set for values that amounts can be compared with: integers */
  readonly isInteger: boolean;
}

/** An argument that is an array of simple values, as a whole: `to[*]`. */
export interface ArgumentList {
  readonly name: string;
  readonly values: readonly Hex[];
}

export interface Arguments {
  readonly values: readonly ArgumentValue[];
  readonly lists: readonly ArgumentList[];
}

/** elements of an array argument that are looked at */
const MAX_ELEMENTS = 64;
const NO_ARGUMENTS: Arguments = { values: [], lists: [] };

interface Parameter {
  readonly type: string;
  readonly name: string;
  readonly components: readonly Parameter[];
}

interface Codec {
  decode(data: Uint8Array): readonly unknown[];
  encode(values: readonly unknown[]): Uint8Array;
}

/** What stands for an argument's value; null: the value itself. */
export type ReplaceArgument = (name: string, value: Hex) => Hex | null;

/** Decodes the calldata of one function. */
export class ArgumentDecoder {
  readonly #inputs: readonly Parameter[];
  readonly #codec: Codec | null;

  private constructor(inputs: readonly Parameter[], codec: Codec | null) {
    this.#inputs = inputs;
    this.#codec = codec;
  }

  /** The decoder of `transfer(address,uint256)`; one that finds nothing if the ABI lacks it. */
  static for(contract: ContractMetadata | undefined, signature: string): ArgumentDecoder {
    const inputs = contract === undefined ? null : inputsOf(contract, signature);
    return inputs === null || inputs.length === 0
      ? new ArgumentDecoder([], inputs === null ? null : NO_CODEC)
      : new ArgumentDecoder(inputs, codecOf(inputs));
  }

  /** Arguments of a call; null if they are not known. */
  decode(input: Hex): Arguments | null {
    if (this.#codec !== null && this.#inputs.length === 0) {
      return NO_ARGUMENTS;
    }
    const decoded = this.#decoded(input);
    if (decoded === null) {
      return null;
    }
    const values: ArgumentValue[] = [];
    const lists: ArgumentList[] = [];
    for (const [index, parameter] of this.#inputs.entries()) {
      collect(parameter, nameOf(parameter, index), decoded[index], values, lists);
    }
    return { values, lists };
  }

  /**
   * The calldata with other values, named as `decode` names them; of integers as many bits as their
   * type has. Null if the arguments are not known.
   */
  replace(input: Hex, replacement: ReplaceArgument): Hex | null {
    if (this.#codec !== null && this.#inputs.length === 0) {
      return input;
    }
    const decoded = this.#decoded(input);
    if (decoded === null || this.#codec === null) {
      return null;
    }
    const values = this.#inputs.map((parameter, index) =>
      replaced(parameter, nameOf(parameter, index), decoded[index], replacement),
    );
    return `${input.slice(0, 10)}${bytesToHex(this.#codec.encode(values)).slice(2)}` as Hex; // 0x stays
  }

  #decoded(input: Hex): readonly unknown[] | null {
    try {
      return this.#codec?.decode(hexToBytes(`0x${input.slice(10)}`)) ?? null;
    } catch (error) {
      if (error instanceof Error) {
        return null; // cut, or not encoded as the ABI says: callers may send anything
      }
      throw error;
    }
  }
}

const NO_CODEC: Codec = { decode: () => [], encode: () => new Uint8Array() };

function nameOf({ name }: Parameter, index: number): string {
  return name === "" ? `argument ${index + 1}` : name;
}

/** Loaded when calldata is first decoded; an ES module, which TypeScript's `require` types reject. */
function loadAbi(): typeof Abi {
  // the cast names what Node's untyped require of exactly this module returns
  return require("micro-eth-signer/abi.js") as typeof Abi;
}

/** Types without names: then tuples decode to arrays, whatever their members are called. */
function unnamed({ type, components }: Parameter): object {
  return components.length === 0 ? { type } : { type, components: components.map(unnamed) };
}

/** bytes of a selector */
const SELECTOR = 4;

function codecOf(inputs: readonly Parameter[]): Codec {
  const { createContract } = loadAbi();
  const types = inputs.map(unnamed);
  const entry = { type: "function", name: "f", inputs: types, outputs: types };
  // The library infers types from literal ABIs; ours is only known at run time.
  const { f } = createContract([entry] as never) as unknown as {
    readonly f: {
      decodeOutput(data: Uint8Array): unknown;
      encodeInput(values: unknown): Uint8Array;
    };
  };
  return {
    decode: (data) => {
      const decoded = f.decodeOutput(data);
      return inputs.length === 1 ? [decoded] : Array.isArray(decoded) ? decoded : [];
    },
    encode: (values) => f.encodeInput(inputs.length === 1 ? values[0] : values).subarray(SELECTOR),
  };
}

const ARRAY = /^(.*)\[\d*\]$/;

/** A decoded argument with other values. */
function replaced(
  parameter: Parameter,
  name: string,
  value: unknown,
  replacement: ReplaceArgument,
): unknown {
  const element = ARRAY.exec(parameter.type)?.[1];
  if (element !== undefined && Array.isArray(value)) {
    const inner = { ...parameter, type: element };
    return value.map((one, index) => replaced(inner, `${name}[${index}]`, one, replacement));
  }
  if (parameter.type === "tuple" && Array.isArray(value)) {
    return value.map((one, index) => {
      const member = parameter.components[index];
      return member === undefined
        ? one
        : replaced(member, `${name}.${member.name || index}`, one, replacement);
    });
  }
  const word = canonical(parameter.type, value);
  const other = word === null ? null : replacement(name, word);
  return other === null ? value : fromWord(parameter.type, other, value);
}

/** The inverse of `canonical`, for a type whose value was `old`; bytes and strings of any length stay. */
function fromWord(type: string, word: Hex, old: unknown): unknown {
  if (type === "bytes" || type === "string") {
    return old;
  }
  if (typeof old === "bigint") {
    const bits = Number(/\d+/.exec(type)?.[0] ?? 256);
    return type.startsWith("int")
      ? BigInt.asIntN(bits, BigInt(word))
      : BigInt.asUintN(bits, BigInt(word));
  }
  if (old instanceof Uint8Array) {
    return hexToBytes(word).subarray(0, old.length);
  }
  return type === "address" ? `0x${word.slice(26)}` : old;
}

function collect(
  parameter: Parameter,
  name: string,
  value: unknown,
  values: ArgumentValue[],
  lists: ArgumentList[],
): void {
  const element = ARRAY.exec(parameter.type)?.[1];
  if (element !== undefined) {
    const elements = Array.isArray(value) ? value.slice(0, MAX_ELEMENTS) : [];
    const inner = { ...parameter, type: element };
    for (const [index, one] of elements.entries()) {
      collect(inner, `${name}[${index}]`, one, values, lists);
    }
    const words = elements.map((one) => canonical(element, one));
    const known = words.filter((word) => word !== null);
    if (known.length > 0 && known.length === words.length) {
      lists.push({ name: `${name}[*]`, values: known });
    }
    return;
  }
  if (parameter.type === "tuple") {
    const members = Array.isArray(value) ? value : [];
    for (const [index, member] of parameter.components.entries()) {
      collect(member, `${name}.${member.name || index}`, members[index], values, lists);
    }
    return;
  }
  const word = canonical(parameter.type, value);
  if (word !== null) {
    values.push({ name, value: word, isInteger: /^u?int/.test(parameter.type) });
  }
}

/** A value as a mapping's key: numbers and addresses at the right of the word, bytesN at its left. */
function canonical(type: string, value: unknown): Hex | null {
  if (typeof value === "bigint") {
    return wordOf(value);
  }
  if (typeof value === "boolean") {
    return wordOf(value ? 1n : 0n);
  }
  if (value instanceof Uint8Array) {
    const digits = Buffer.from(value).toString("hex");
    return type === "bytes" ? `0x${digits}` : `0x${digits.padEnd(64, "0")}`;
  }
  if (typeof value === "string") {
    return type === "address"
      ? wordOf(BigInt(value))
      : `0x${Buffer.from(value, "utf8").toString("hex")}`;
  }
  return null;
}

/** A number as a 32-byte word; negative ones as in memory. */
export function wordOf(value: bigint): Hex {
  return `0x${BigInt.asUintN(256, value).toString(16).padStart(64, "0")}`;
}

/** The number in a 32-byte word; null for a key of another length (string, bytes). */
export function numberOf(value: Hex): bigint | null {
  return value.length === 66 ? BigInt(value) : null;
}

function inputsOf(contract: ContractMetadata, signature: string): Parameter[] | null {
  for (const entry of contract.abi) {
    if (isRecord(entry) && entry.type === "function" && typeof entry.name === "string") {
      const inputs = parameters(entry.inputs);
      if (`${entry.name}(${inputs.map(typeText).join(",")})` === signature) {
        return inputs;
      }
    }
  }
  return null;
}

function typeText({ type, components }: Parameter): string {
  return type.startsWith("tuple")
    ? `(${components.map(typeText).join(",")})${type.slice("tuple".length)}`
    : type;
}

function parameters(list: unknown): Parameter[] {
  return (Array.isArray(list) ? list : []).filter(isRecord).map((entry) => ({
    type: typeof entry.type === "string" ? entry.type : "",
    name: typeof entry.name === "string" ? entry.name : "",
    components: parameters(entry.components),
  }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
