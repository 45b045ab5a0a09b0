/**
 * Selectors of an ABI's functions, for artifacts without a build info: those of other compilers than
 * solc list none. (docs.soliditylang.org, "Contract ABI Specification": a tuple is written as its
 * components in parentheses.)
 */
import { keccak256Hex } from "../crypto/keccak256";

interface Parameter {
  readonly type: string;
  readonly components?: readonly Parameter[];
}

function isFunction(
  entry: unknown,
): entry is { readonly name: string; readonly inputs: readonly Parameter[] } {
  return (
    typeof entry === "object" &&
    entry !== null &&
    "type" in entry &&
    entry.type === "function" &&
    "name" in entry &&
    "inputs" in entry
  );
}

function canonical({ type, components = [] }: Parameter): string {
  return type.startsWith("tuple")
    ? `(${components.map(canonical).join(",")})${type.slice("tuple".length)}`
    : type;
}

/** `transfer(address,uint256)` -> `a9059cbb` */
export function methodIdentifiers(abi: readonly unknown[]): Record<string, string> {
  return Object.fromEntries(
    abi.filter(isFunction).map(({ name, inputs }) => {
      const signature = `${name}(${inputs.map(canonical).join(",")})`;
      return [signature, keccak256Hex(Buffer.from(signature)).slice(2, 10)];
    }),
  );
}
