/**
 * The value of an expression that the compiler knows: literals, constants, keccak256 and conversions
 * of such. Slots of namespaces and keys that the optimizer hashes are written this way.
 *
 * A value is a word as the EVM keeps it (bytesN at the left, everything else at the right) or a
 * string of bytes. What is not fully understood has no value (null), never an approximate one.
 */
import { keccak256 } from "../../crypto/keccak256";
import { type AstNode, nodeAt, nodesAt, referenceOf, textAt, typeOf } from "./ast";
import { erc7201Slot } from "./namespace-slot";

export type ConstantValue = bigint | Uint8Array;

/** The expression that gives a declaration its value, if it never has another. */
export type Definitions = (declaration: number) => AstNode | null;

const MAX_DEPTH = 64;
const WORD = 1n << 256n;

function wordOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function wordBytes(word: bigint): Uint8Array {
  return Buffer.from(BigInt.asUintN(256, word).toString(16).padStart(64, "0"), "hex");
}

/** Bytes of bytesN, 32 for other types of one word; null for types that are no word. */
function fixedBytes(type: string): number | null {
  const size = /^bytes(\d+)$/.exec(type)?.[1];
  return size === undefined ? null : Number(size);
}

export function evaluate(node: AstNode, definitions: Definitions, depth = 0): ConstantValue | null {
  const literal = /^int_const (-?\d+)$/.exec(typeOf(node))?.[1];
  if (literal !== undefined) {
    return BigInt.asUintN(256, BigInt(literal));
  }
  if (depth > MAX_DEPTH) {
    return null;
  }
  const next = (inner: AstNode | null): ConstantValue | null =>
    inner === null ? null : evaluate(inner, definitions, depth + 1);
  switch (node.nodeType) {
    case "Literal":
      return literalValue(node);
    case "Identifier":
    case "MemberAccess": {
      const declaration = referenceOf(node);
      const value = declaration === null ? null : definitions(declaration);
      return value === null ? typeBound(node) : toType(next(value), value, typeOf(node));
    }
    case "TupleExpression": {
      const [only, ...others] = nodesAt(node, "components");
      return only !== undefined && others.length === 0 ? next(only) : null;
    }
    case "UnaryOperation": {
      const value = next(nodeAt(node, "subExpression"));
      const wide = /^(u?int256|bytes32)$/.test(typeOf(node));
      return typeof value === "bigint" && node.operator === "~" && wide ? WORD - 1n - value : null;
    }
    case "BinaryOperation":
      return binary(
        textAt(node, "operator") ?? "",
        next(nodeAt(node, "leftExpression")),
        next(nodeAt(node, "rightExpression")),
        typeOf(node),
      );
    case "FunctionCall":
      return call(node, next);
    default:
      return null;
  }
}

function literalValue(node: AstNode): ConstantValue | null {
  switch (node.kind) {
    case "string":
    case "hexString":
    case "unicodeString": {
      const digits = textAt(node, "hexValue");
      return digits === null ? null : Buffer.from(digits, "hex");
    }
    case "bool":
      return node.value === "true" ? 1n : 0n;
    case "number": {
      const text = textAt(node, "value") ?? "";
      return /^0x[0-9a-fA-F]{1,64}$/.test(text) ? BigInt(text) : null; // an address
    }
    default:
      return null;
  }
}

/** `type(uint64).max` */
function typeBound(node: AstNode): bigint | null {
  const bits = /^uint(\d+)$/.exec(typeOf(node))?.[1];
  const isBound = node.nodeType === "MemberAccess" && node.memberName === "max";
  const of = nodeAt(node, "expression");
  return isBound && bits !== undefined && of !== null && typeOf(of).startsWith("type(")
    ? (1n << BigInt(bits)) - 1n
    : null;
}

/** A string literal that stands where a bytesN is wanted lies at the word's left. */
function toType(value: ConstantValue | null, from: AstNode, to: string): ConstantValue | null {
  const size = fixedBytes(to);
  if (size === null || value === null) {
    return value;
  }
  if (typeof value !== "bigint") {
    return value.length <= size ? wordOf(value) << BigInt(8 * (32 - value.length)) : null;
  }
  // a hex literal of exactly this size, or zero
  return typeOf(from).startsWith("int_const") ? value << BigInt(8 * (32 - size)) : value;
}

function binary(
  operator: string,
  left: ConstantValue | null,
  right: ConstantValue | null,
  type: string,
): bigint | null {
  if (typeof left !== "bigint" || typeof right !== "bigint") {
    return null;
  }
  if (!/^(uint256|bytes32)$/.test(type)) {
    return null;
  }
  const result = ((): bigint | null => {
    switch (operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "&":
        return left & right;
      case "|":
        return left | right;
      case "^":
        return left ^ right;
      case "<<":
        return right < 256n ? BigInt.asUintN(256, left << right) : 0n;
      case ">>":
        return right < 256n ? left >> right : 0n;
      default:
        return null;
    }
  })();
  return result !== null && result >= 0n && result < WORD ? result : null;
}

type Evaluate = (node: AstNode | null) => ConstantValue | null;

function call(node: AstNode, next: Evaluate): ConstantValue | null {
  const args = nodesAt(node, "arguments");
  const [first, ...others] = args;
  if (first === undefined) {
    return null;
  }
  if (node.kind === "typeConversion") {
    return others.length === 0 ? converted(next(first), first, typeOf(node)) : null;
  }
  const callee = nodeAt(node, "expression");
  const name = callee === null ? null : textAt(callee, "name");
  const value = others.length === 0 ? next(first) : null;
  if (name === "keccak256" && value !== null && typeof value !== "bigint") {
    return wordOf(keccak256(value));
  }
  if (name === "erc7201" && value !== null && typeof value !== "bigint") {
    return erc7201Slot(value);
  }
  if (callee?.nodeType === "MemberAccess" && typeOf(callee).startsWith("function (")) {
    const of = nodeAt(callee, "expression");
    if (of !== null && textAt(of, "name") === "abi") {
      return encoded(textAt(callee, "memberName") ?? "", args, next);
    }
  }
  return null;
}

/** abi.encode of words; abi.encodePacked of strings and 32-byte words. */
function encoded(how: string, args: readonly AstNode[], next: Evaluate): Uint8Array | null {
  const parts: Uint8Array[] = [];
  for (const arg of args) {
    const value = next(arg);
    const type = typeOf(arg);
    if (how === "encode" && typeof value === "bigint") {
      parts.push(wordBytes(value));
    } else if (how === "encodePacked" && value !== null && typeof value !== "bigint") {
      parts.push(value);
    } else if (
      how === "encodePacked" &&
      typeof value === "bigint" &&
      /^(u?int256|bytes32)$/.test(type)
    ) {
      parts.push(wordBytes(value));
    } else {
      return null;
    }
  }
  return Buffer.concat(parts);
}

function converted(value: ConstantValue | null, from: AstNode, to: string): ConstantValue | null {
  if (value === null) {
    return null;
  }
  const size = fixedBytes(to);
  if (typeof value !== "bigint") {
    if (size !== null) {
      return toType(value, from, to);
    }
    return /^(bytes|string)\b/.test(to) ? value : null;
  }
  if (size !== null) {
    const source = typeOf(from);
    const kept = fixedBytes(source);
    if (kept !== null) {
      const dropped = BigInt(8 * (32 - size));
      return (value >> dropped) << dropped;
    }
    return BigInt.asUintN(256, value << BigInt(8 * (32 - size)));
  }
  const bits =
    /^uint(\d+)$/.exec(to)?.[1] ?? (/^(address|contract)\b/.test(to) ? "160" : undefined);
  if (bits === undefined) {
    return null;
  }
  const kept = fixedBytes(typeOf(from));
  const aligned = kept === null ? value : value >> BigInt(8 * (32 - kept));
  return BigInt.asUintN(Number(bits), aligned);
}
