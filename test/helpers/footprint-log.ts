/**
 * Hand-made calls with calldata, and names that give the values of their keys: what footprints are
 * inferred from.
 */
import type { ContractMetadata } from "../../src/analysis/contract-metadata";
import {
  type FunctionModel,
  inferFootprints,
} from "../../src/analysis/footprints/infer-footprints";
import { observeCalls } from "../../src/analysis/footprints/observed-calls";
import type { Naming, SlotKey, SlotPart } from "../../src/analysis/slot-name";
import type { Hex } from "../../src/state/hex";
import {
  account,
  type HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  oneByOne,
} from "./hand-made-log";

/** A number, or the account of a name, as a 32-byte word. */
export function word(value: string | number | bigint): string {
  const number =
    typeof value !== "string" || /^\d+$/.test(value) ? BigInt(value) : BigInt(account(value));
  return number.toString(16).padStart(64, "0");
}

/** Calldata behind the selector. */
export function args(...values: (string | number | bigint)[]): string {
  return values.map(word).join("");
}

/** `balances[alice]` has the key alice's address, `orders[7]` the key 7, `a[b][c]` two. */
function keysOf(label: string): SlotKey[] {
  return [...label.matchAll(/\[([^\]]+)\]/g)].map(([, text = ""]) => {
    const value: Hex = `0x${word(text)}`;
    return { kind: /^\d+$/.test(text) ? "index" : "mapping", value, text };
  });
}

/** Several members in one slot: bytes from the right end, and how many. */
export type Packing = Readonly<Record<string, readonly (readonly [string, number, number])[]>>;

/**
 * Names as `handMadeNaming`, with parts. A variable `x.length` holds an array's length; `packed`
 * gives the members of slots that hold several.
 */
export function keyedNaming(
  contracts: readonly HandMadeContract[],
  functions: readonly string[],
  packed: Packing = {},
): Naming {
  const naming = handMadeNaming(contracts, functions);
  return {
    ...naming,
    // keys with commas are several: `allowances[alice,bob]` is allowances[alice][bob]
    slot: (...place) => {
      const name = naming.slot(...place);
      const depth = name.label.split(",").length;
      return {
        ...name,
        label: name.label.replace(",", "]["),
        variable: name.variable.replace("[*]", "[*]".repeat(depth)),
      };
    },
    parts: (address, slot): SlotPart[] => {
      const { label, variable, resolved } = naming.slot(address, slot);
      const members = packed[variable] ?? [[variable, 0, 32] as const];
      const keys = keysOf(label.replace(",", "]["));
      const text = (name: string) => name.replace("[*]", "[*]".repeat(keys.length));
      return resolved
        ? members.map(([name, offset, bytes]) => ({
            label: members.length === 1 ? label : name,
            variable: text(name),
            keys,
            offset,
            bytes,
            holds: name.endsWith(".length") ? "length" : "value",
          }))
        : [];
    },
  };
}

/** Metadata with nothing but an ABI of functions `transfer(address to,uint256 amount)`. */
export function abiOf(contract: HandMadeContract, functions: readonly string[]): ContractMetadata {
  return {
    fullyQualifiedName: `contracts/${contract.name}.sol:${contract.name}`,
    contractName: contract.name,
    sourceName: `contracts/${contract.name}.sol`,
    bytecode: "0x",
    deployedBytecode: "0x",
    linkRanges: [],
    deployedLinkRanges: [],
    immutableRanges: [],
    methodIdentifiers: {},
    abi: functions.map((text) => {
      const [name = "", list = ""] = text.slice(0, -1).split("(");
      const inputs = list === "" ? [] : list.split(",").map((one) => one.split(" "));
      return {
        type: "function",
        name,
        inputs: inputs.map(([type, parameter]) => ({ type, name: parameter })),
      };
    }),
    storageLayout: null,
    transientStorageLayout: null,
  };
}

/** `transfer(address to,uint256 amount)` as a signature. */
export function signatureOf(text: string): string {
  const [name = "", list = ""] = text.slice(0, -1).split("(");
  return `${name}(${list
    .split(",")
    .map((one) => one.split(" ")[0])
    .join(",")})`;
}

/** The models of one contract's functions after the given transactions, one block each. */
export function modelsOf(
  contract: HandMadeContract,
  functions: readonly string[],
  transactions: readonly HandMadeTransaction[],
  packed: Packing = {},
): FunctionModel[] {
  return inferFootprints(
    observeCalls(handMadeLog(oneByOne(transactions))),
    keyedNaming([contract], functions.map(signatureOf), packed),
    [abiOf(contract, functions)],
  );
}
