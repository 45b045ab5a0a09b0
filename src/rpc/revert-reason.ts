/**
 * What a revert says: Error(string), Panic(uint256), a custom error of a known ABI, or bytes that
 * nobody can read.
 *
 * Owns: decoding and the sentence. Does not own: the error object (errors/).
 */
import { bytesToBigInt, bytesToHex } from "../state/bytes";
import { checksummed } from "./checksum";
import { loadAbi } from "./micro-eth-signer";

const ERROR_SELECTOR = "0x08c379a0";
const PANIC_SELECTOR = "0x4e487b71";

/** Solidity's panic codes, in Hardhat's words. */
const PANICS: ReadonlyMap<bigint, string> = new Map([
  [0x1n, "Assertion error"],
  [0x11n, "Arithmetic operation overflowed outside of an unchecked block"],
  [0x12n, "Division or modulo division by zero"],
  [0x21n, "Tried to convert a value into an enum, but the value was too big or negative"],
  [0x22n, "Incorrectly encoded storage byte array"],
  [0x31n, ".pop() was called on an empty array"],
  [0x32n, "Array accessed at an out-of-bounds or negative index"],
  [0x41n, "Too much memory was allocated, or an array was created that is too large"],
  [0x51n, "Called a zero-initialized variable of internal function type"],
]);

/** Hardhat's sentence for return data of a reverted execution. `errorAbi`: entries of type "error". */
export function revertMessage(returnData: Uint8Array, errorAbi: readonly unknown[]): string {
  if (returnData.length === 0) {
    return "Transaction reverted without a reason string";
  }
  return `VM Exception while processing transaction: reverted with ${revertReason(returnData, errorAbi)}`;
}

/** The end of the sentence: `reason string '…'`, `panic code …`, `custom error '…'`. */
export function revertReason(returnData: Uint8Array, errorAbi: readonly unknown[]): string {
  const text = reasonString(returnData);
  if (text !== null) {
    return `reason string '${text}'`;
  }
  const code = panicCode(returnData);
  if (code !== null) {
    const known = PANICS.get(code);
    return known === undefined
      ? `unknown panic code 0x${code.toString(16)}`
      : `panic code 0x${code.toString(16)} (${known})`;
  }
  const custom = returnData.length >= 4 ? decodeCustom(returnData, errorAbi) : null;
  return custom === null
    ? `an unrecognized custom error (return data: ${bytesToHex(returnData)})`
    : `custom error '${custom}'`;
}

/** The text of Error(string); null = the data is nothing of the kind. */
export function reasonString(returnData: Uint8Array): string | null {
  return bytesToHex(returnData.subarray(0, 4)) === ERROR_SELECTOR
    ? decodeString(returnData.subarray(4))
    : null;
}

/** The code of Panic(uint256); null = the data is nothing of the kind. */
export function panicCode(returnData: Uint8Array): bigint | null {
  return bytesToHex(returnData.subarray(0, 4)) === PANIC_SELECTOR && returnData.length === 36
    ? bytesToBigInt(returnData.subarray(4))
    : null;
}

/** ABI encoding of one string; null = malformed. */
function decodeString(data: Uint8Array): string | null {
  if (data.length < 64) {
    return null;
  }
  const offset = bytesToBigInt(data.subarray(0, 32));
  if (offset + 32n > BigInt(data.length)) {
    return null;
  }
  const start = Number(offset) + 32;
  const length = bytesToBigInt(data.subarray(start - 32, start));
  if (length > BigInt(data.length - start)) {
    return null;
  }
  return Buffer.from(data.subarray(start, start + Number(length))).toString("utf8");
}

/** An ABI parameter, as far as its value's spelling depends on it. */
interface AbiParameter {
  readonly type: string;
  readonly name?: string;
  readonly components?: readonly AbiParameter[];
}

interface AbiError {
  readonly type: "error";
  readonly name: string;
  readonly inputs: readonly AbiParameter[];
}

/** `Name(arguments)`; null = no entry fits the data. */
function decodeCustom(returnData: Uint8Array, errorAbi: readonly unknown[]): string | null {
  for (const entry of errorAbi.filter(isAbiError)) {
    const decoded = decodeAs(entry, returnData);
    if (decoded !== undefined) {
      return `${entry.name}(${argumentsOf(entry.inputs, decoded.args).join(", ")})`;
    }
  }
  return null;
}

/** undefined = not this error: another selector, or data that its inputs do not describe. */
function decodeAs(
  entry: AbiError,
  returnData: Uint8Array,
): { readonly args?: unknown } | undefined {
  const { decodeError } = loadAbi();
  try {
    // The entry has the shape that the library reads.
    return decodeError(returnData, [entry] as unknown as Parameters<typeof decodeError>[1]);
  } catch (error) {
    if (error instanceof Error) {
      return undefined;
    }
    throw error;
  }
}

/** Decoded values in order: one value stands alone, several are a list or an object by name. */
function argumentsOf(inputs: readonly AbiParameter[], decoded: unknown): readonly string[] {
  if (inputs.length === 0) {
    return [];
  }
  const values =
    inputs.length === 1 && !hasOnlyName(inputs, decoded) ? [decoded] : members(inputs, decoded);
  return inputs.map((input, index) => spell(input, values[index]));
}

function hasOnlyName(inputs: readonly AbiParameter[], decoded: unknown): boolean {
  const [input] = inputs;
  return (
    input?.name !== undefined &&
    input.name !== "" &&
    !input.type.startsWith("tuple") &&
    !input.type.endsWith("]") &&
    isRecord(decoded) &&
    input.name in decoded
  );
}

function members(components: readonly AbiParameter[], value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  return isRecord(value)
    ? components.map(({ name }, index) => value[name ?? ""] ?? value[String(index)])
    : [value];
}

function spell(parameter: AbiParameter, value: unknown): string {
  const element = /^(.*)\[\d*\]$/.exec(parameter.type)?.[1];
  if (element !== undefined && Array.isArray(value)) {
    return `[${value.map((item) => spell({ ...parameter, type: element }, item)).join(", ")}]`;
  }
  if (parameter.type === "tuple") {
    const components = parameter.components ?? [];
    const values = members(components, value);
    return `(${components.map((component, index) => spell(component, values[index])).join(", ")})`;
  }
  if (value instanceof Uint8Array) {
    return `"${bytesToHex(value)}"`;
  }
  if (parameter.type === "address" && typeof value === "string") {
    return `"${checksummed(`0x${value.slice(2).toLowerCase()}`)}"`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function isAbiError(entry: unknown): entry is AbiError {
  return (
    isRecord(entry) &&
    entry.type === "error" &&
    typeof entry.name === "string" &&
    Array.isArray(entry.inputs)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}
