/**
 * Names that keys have in the project: accounts, enum members, constants, the types under
 * user-defined ones, taken from what the compiler says of all contracts.
 *
 * A name that two contracts give to different things is no name. Owns: these tables. Does not own:
 * how a key is written (key-format.ts).
 */
import { keccak256Hex } from "../../crypto/keccak256";
import type { Address } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import { type KeyNames, quote } from "./key-format";

/** The parts of an ABI entry or parameter that are looked at (docs.soliditylang.org, "Contract ABI"). */
interface AbiNode {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly internalType?: unknown;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly components?: unknown;
}

function nodes(list: unknown): AbiNode[] {
  return Array.isArray(list)
    ? list.filter((node): node is AbiNode => typeof node === "object" && node !== null)
    : [];
}

/** All parameters of an ABI, with those inside tuples. */
function parameters(list: unknown): AbiNode[] {
  return nodes(list).flatMap((node) => [
    node,
    ...parameters(node.inputs),
    ...parameters(node.outputs),
    ...parameters(node.components),
  ]);
}

/** A table in which a key with two different values has none. */
class AgreedNames {
  readonly #values = new Map<string, string | null>();

  add(key: string, value: string): void {
    const known = this.#values.get(key);
    this.#values.set(key, known === undefined || known === value ? value : null);
  }

  get(key: string): string | undefined {
    return this.#values.get(key) ?? undefined;
  }
}

const ARRAY_SUFFIX = /(\[\d*\])+$/;

/** `internalType` names a user-defined value type where it is no built-in type, struct, enum or contract. */
function userDefinedTypes(contracts: readonly ContractMetadata[]): AgreedNames {
  const types = new AgreedNames();
  for (const { type, internalType } of contracts.flatMap(({ abi }) => parameters(abi))) {
    if (typeof type !== "string" || typeof internalType !== "string" || internalType === type) {
      continue;
    }
    if (!/^(struct|enum|contract|function|address payable)\b/.test(internalType)) {
      types.add(internalType.replace(ARRAY_SUFFIX, ""), type.replace(ARRAY_SUFFIX, ""));
    }
  }
  return types;
}

/**
 * Roles: `bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE")` shows in the ABI as a
 * getter without parameters. Its name belongs to the value only if it is the value's preimage.
 */
function hashedConstants(contracts: readonly ContractMetadata[]): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const { name, type, inputs, outputs } of contracts.flatMap(({ abi }) => nodes(abi))) {
    const [output, ...others] = nodes(outputs);
    const isGetter =
      type === "function" &&
      nodes(inputs).length === 0 &&
      output !== undefined &&
      others.length === 0;
    if (isGetter && output.type === "bytes32" && typeof name === "string") {
      constants.set(keccak256Hex(Buffer.from(name)), name);
    }
  }
  return constants;
}

/** Values below are numbers that happen to be bytes32, not hashes or texts. */
const SMALLEST_NAMED = 1n << 64n;

/** What a contract's source writes for words: its constants, hashes of its texts, the texts themselves. */
function sourceWords({ constants = {}, literals }: ContractMetadata): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const digits of literals?.texts ?? []) {
    const bytes = Buffer.from(digits, "hex");
    const text = bytes.toString("utf8");
    // bytes that are no text are better read in hex
    if (bytes.length > 0 && Buffer.from(text, "utf8").equals(bytes) && !/\p{Cc}/u.test(text)) {
      words.set(keccak256Hex(bytes), `keccak256(${quote(text)})`);
      if (bytes.length <= 32) {
        words.set(`0x${digits.padEnd(64, "0")}`, quote(text));
      }
    }
  }
  for (const [value, name] of Object.entries(constants)) {
    if (BigInt(value) >= SMALLEST_NAMED) {
      words.set(value, name);
    }
  }
  return words;
}

/**
 * Names for the keys of one contract, by contract: AST ids mean something only within the contract's
 * own compilation, constants within its own scope. `accounts`: labels by address, lower-case.
 */
export function projectNames(
  contracts: readonly ContractMetadata[],
  accounts: ReadonlyMap<Address, string>,
): (contract: ContractMetadata) => KeyNames {
  const types = userDefinedTypes(contracts);
  const hashes = hashedConstants(contracts);
  return (contract) => {
    const { enums, valueTypes } = contract;
    const words = sourceWords(contract);
    return {
      account: (address) => accounts.get(address),
      enumMembers: (astId) => enums?.[astId],
      underlyingType: (label, astId) => valueTypes?.[astId ?? ""] ?? types.get(label),
      constant: (value) => words.get(value) ?? hashes.get(value),
    };
  };
}
