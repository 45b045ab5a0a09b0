/**
 * A layout file that the user gave: Vyper's or an EIP-8317 descriptor, for one contract or several.
 *
 * Owns: telling the formats apart and the errors. Does not own: which compiled contract a layout
 * belongs to (the adapters), whether the run bears it out (naming/imported-check.ts).
 */
import { ParallelError } from "../../errors/base-error";
import { ERRORS } from "../../errors/catalogue";
import type { Hex } from "../../state/hex";
import type { StorageLayout } from "../contract-metadata";
import { isDescriptor, readDescriptor } from "./descriptor";
import { isRecord, isVyperLayout, LayoutProblem, readVyperLayout } from "./vyper-layout";

export interface LayoutOfContract {
  /** `Vault` */
  readonly contractName: string;
  readonly storage: StorageLayout;
  readonly transient: StorageLayout | null;
  readonly hashing: "solidity" | "vyper";
  /** see ImportedLayout */
  readonly complete: boolean;
  /** what the file itself says of the contract (combined_json); null if it says nothing */
  readonly compiled: {
    readonly bytecode: Hex;
    readonly deployedBytecode: Hex;
    readonly abi: readonly unknown[];
    readonly methodIdentifiers: Readonly<Record<string, string>>;
  } | null;
}

/** `build/Vault.layout.json` -> `Vault` */
function nameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).split(".")[0] ?? path;
}

function hexOf(value: unknown): Hex | null {
  return typeof value === "string" && /^0x([0-9a-fA-F]{2})*$/.test(value)
    ? `0x${value.slice(2).toLowerCase()}`
    : null;
}

/**
 * The layouts in a file. `path` is for messages, and its name is the contract's where the content
 * does not name it.
 * @throws ParallelError LAYOUT_FILE_INVALID
 */
export function readLayoutFile(path: string, content: string): LayoutOfContract[] {
  try {
    return read(path, JSON.parse(content));
  } catch (cause) {
    if (cause instanceof LayoutProblem || cause instanceof SyntaxError) {
      throw new ParallelError(
        ERRORS.LAYOUT_FILE_INVALID,
        { path, reason: cause.message },
        { cause },
      );
    }
    throw cause;
  }
}

function read(path: string, json: unknown): LayoutOfContract[] {
  if (isDescriptor(json)) {
    const { language, layout } = readDescriptor(json);
    return [
      {
        contractName: nameOf(path),
        storage: layout,
        transient: null,
        hashing: language === "Vyper" ? "vyper" : "solidity",
        complete: false,
        compiled: null,
      },
    ];
  }
  if (isVyperLayout(json)) {
    return [vyper(nameOf(path), json, null)];
  }
  const contracts = isRecord(json) ? Object.entries(json) : [];
  const combined = contracts.flatMap(([source, contract]) =>
    isRecord(contract) && "layout" in contract ? [{ source, contract }] : [],
  );
  if (combined.length === 0) {
    throw new LayoutProblem("it is no layout of Vyper and no EIP-8317 descriptor");
  }
  return combined.map(({ source, contract }) => {
    const [bytecode, deployedBytecode] = [
      hexOf(contract.bytecode),
      hexOf(contract.bytecode_runtime),
    ];
    if (bytecode === null || deployedBytecode === null) {
      throw new LayoutProblem(`${source} has a layout without bytecode and bytecode_runtime`);
    }
    return vyper(nameOf(source), contract.layout, {
      bytecode,
      deployedBytecode,
      abi: Array.isArray(contract.abi) ? contract.abi : [],
      methodIdentifiers: selectors(contract.method_identifiers),
    });
  });
}

/** Vyper writes selectors as `0x12345678`, solc without 0x and with leading zeros. */
function selectors(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).flatMap(([signature, selector]) =>
      typeof selector === "string" && /^0x[0-9a-fA-F]{1,8}$/.test(selector)
        ? [[signature, selector.slice(2).toLowerCase().padStart(8, "0")]]
        : [],
    ),
  );
}

function vyper(
  contractName: string,
  json: unknown,
  compiled: LayoutOfContract["compiled"],
): LayoutOfContract {
  const { storage, transient } = readVyperLayout(json);
  return { contractName, storage, transient, hashing: "vyper", complete: true, compiled };
}
