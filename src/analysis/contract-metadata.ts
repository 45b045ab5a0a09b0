/**
 * What the compiler says of one contract, as the adapters hand it to the analysis (plain data, no
 * Hardhat types). Owns: the shape. Does not own: how it is obtained (hardhat2/) or used (naming/).
 */
import type { Hex } from "../state/hex";

/** solc `storageLayout.storage[]` entry (docs.soliditylang.org, "JSON Output"). */
export interface StorageLayoutEntry {
  readonly astId: number;
  readonly contract: string;
  readonly label: string;
  /** bytes from the right end of the slot */
  readonly offset: number;
  /** decimal */
  readonly slot: string;
  readonly type: string;
}

/** solc `storageLayout.types{}` entry. */
export interface StorageLayoutType {
  readonly encoding: "inplace" | "mapping" | "dynamic_array" | "bytes";
  readonly label: string;
  /** decimal */
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
  readonly members?: readonly StorageLayoutEntry[];
}

export interface StorageLayout {
  readonly storage: readonly StorageLayoutEntry[];
  /** null when there is no storage */
  readonly types: Readonly<Record<string, StorageLayoutType>> | null;
}

/** Bytes that differ between the artifact's bytecode and the deployed code. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

export interface ContractMetadata {
  /** `contracts/Token.sol:Token` */
  readonly fullyQualifiedName: string;
  readonly contractName: string;
  readonly sourceName: string;
  /** with unlinked library placeholders zeroed; "0x" for interfaces */
  readonly bytecode: Hex;
  readonly deployedBytecode: Hex;
  readonly linkRanges: readonly ByteRange[];
  readonly deployedLinkRanges: readonly ByteRange[];
  readonly immutableRanges: readonly ByteRange[];
  /** `transfer(address,uint256)` -> `a9059cbb` */
  readonly methodIdentifiers: Readonly<Record<string, string>>;
  readonly abi: readonly unknown[];
  readonly storageLayout: StorageLayout | null;
  readonly transientStorageLayout: StorageLayout | null;
  /**
   * Members of the enums of the contract's compilation, in order, by AST id (decimal; it ends the
   * type identifier `t_enum(State)17`). Without it enum keys are numbers.
   */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
}
