/**
 * Functions that transactions could have called and none did: of the contracts that the run called,
 * those that are no view.
 *
 * Owns: which functions count. Does not own: names of contracts (naming/).
 */
import type { ContractMetadata } from "./contract-metadata";
import type { FunctionName } from "./slot-name";

export interface Uncalled {
  /** functions of the called contracts that change state */
  readonly of: number;
  readonly functions: readonly Pick<FunctionName, "contract" | "signature">[];
}

interface AbiParameter {
  readonly type: string;
  readonly components?: readonly AbiParameter[];
}

interface AbiFunction {
  readonly type: "function";
  readonly name: string;
  readonly inputs: readonly AbiParameter[];
  readonly stateMutability?: string;
}

/** @param called by contract (fully qualified): signatures of its functions that were called */
export function uncalledFunctions(
  contracts: readonly ContractMetadata[],
  called: ReadonlyMap<string, ReadonlySet<string>>,
): Uncalled {
  const functions = new Map<string, Uncalled["functions"][number]>();
  const all = new Set<string>();
  for (const { fullyQualifiedName: contract, abi } of contracts) {
    const seen = called.get(contract);
    for (const entry of seen === undefined ? [] : abi.filter(isFunction)) {
      const signature = `${entry.name}(${entry.inputs.map(canonicalType).join(",")})`;
      if (entry.stateMutability === "view" || entry.stateMutability === "pure") {
        continue;
      }
      const key = `${contract}\n${signature}`;
      all.add(key);
      if (seen?.has(signature) === false) {
        functions.set(key, { contract, signature });
      }
    }
  }
  return { of: all.size, functions: [...functions.values()] };
}

function isFunction(entry: unknown): entry is AbiFunction {
  return (
    typeof entry === "object" &&
    entry !== null &&
    "type" in entry &&
    entry.type === "function" &&
    "inputs" in entry &&
    Array.isArray(entry.inputs)
  );
}

/** `(address,uint256)[]` for an array of structs. */
function canonicalType({ type, components = [] }: AbiParameter): string {
  return type.startsWith("tuple")
    ? `(${components.map(canonicalType).join(",")})${type.slice("tuple".length)}`
    : type;
}
