/**
 * Calldata as named values: every number, address and string in it, with the path that leads there
 * (`order.maker`, `path[1]`).
 *
 * Owns: names and one form for values that can be compared with keys. Does not own: the decoding
 * (micro-eth-signer). Calldata that the ABI does not describe, or that was cut by the recording,
 * gives null.
 */
import type * as Abi from "micro-eth-signer/abi.js" with { "resolution-mode": "import" };
import { hexToBytes } from "../../state/bytes";
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

type Decode = (data: Uint8Array) => readonly unknown[];

/** Decodes the calldata of one function. */
export class ArgumentDecoder {
  readonly #inputs: readonly Parameter[];
  readonly #decode: Decode | null;

  private constructor(inputs: readonly Parameter[], decode: Decode | null) {
    this.#inputs = inputs;
    this.#decode = decode;
  }

  /** The decoder of `transfer(address,uint256)`; one that finds nothing if the ABI lacks it. */
  static for(contract: ContractMetadata | undefined, signature: string): ArgumentDecoder {
    const inputs = contract === undefined ? null : inputsOf(contract, signature);
    return inputs === null || inputs.length === 0
      ? new ArgumentDecoder([], inputs === null ? null : () => [])
      : new ArgumentDecoder(inputs, decoderOf(inputs));
  }

  /** Arguments of a call; null if they are not known. */
  decode(input: Hex): Arguments | null {
    if (this.#decode === null) {
      return null;
    }
    if (this.#inputs.length === 0) {
      return NO_ARGUMENTS;
    }
    let decoded: readonly unknown[];
    try {
      decoded = this.#decode(hexToBytes(`0x${input.slice(10)}`));
    } catch (error) {
      if (error instanceof Error) {
        return null; // cut, or not encoded as the ABI says: callers may send anything
      }
      throw error;
    }
    const values: ArgumentValue[] = [];
    const lists: ArgumentList[] = [];
    for (const [index, parameter] of this.#inputs.entries()) {
      const name = parameter.name === "" ? `argument ${index + 1}` : parameter.name;
      collect(parameter, name, decoded[index], values, lists);
    }
    return { values, lists };
  }
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

function decoderOf(inputs: readonly Parameter[]): Decode {
  const { createContract } = loadAbi();
  const entry = { type: "function", name: "f", inputs: [], outputs: inputs.map(unnamed) };
  // The library infers types from literal ABIs; ours is only known at run time.
  const contract = createContract([entry] as never) as unknown as {
    readonly f: { decodeOutput(data: Uint8Array): unknown };
  };
  return (data) => {
    const decoded = contract.f.decodeOutput(data);
    return inputs.length === 1 ? [decoded] : Array.isArray(decoded) ? decoded : [];
  };
}

function collect(
  parameter: Parameter,
  name: string,
  value: unknown,
  values: ArgumentValue[],
  lists: ArgumentList[],
): void {
  const element = /^(.*)\[\d*\]$/.exec(parameter.type)?.[1];
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
      const memberName = member.name === "" ? String(index) : member.name;
      collect(member, `${name}.${memberName}`, members[index], values, lists);
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
