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
  /**
   * solc's four; of layout files also `inline_array` and `inline_bytes`, which keep their data behind
   * their length, and `opaque`, of which only the size is known.
   */
  readonly encoding:
    | "inplace"
    | "mapping"
    | "dynamic_array"
    | "bytes"
    | "inline_array"
    | "inline_bytes"
    | "opaque";
  readonly label: string;
  /** decimal */
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
  /** `inline_array`: the most elements, decimal */
  readonly capacity?: string;
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

/** What the contract's sources tell beyond the layout; all of it optional, for names only. */
export interface SourceFacts {
  /**
   * Members of the enums of the contract's compilation, in order, by AST id (decimal; it ends the
   * type identifier `t_enum(State)17`). Without it enum keys are numbers.
   */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** ABI types under user-defined value types, by AST id as above. */
  readonly valueTypes?: Readonly<Record<string, string>>;
  /**
   * Structs that the contract's code keeps at places of their own (ERC-7201, diamond storage), as
   * variables at absolute slots.
   */
  readonly namespaces?: StorageLayout;
  /** names of bytes32 constants by value (0x and 64 digits) */
  readonly constants?: Readonly<Record<string, string>>;
  /** words (decimal) and texts (hex digits of their bytes) of the source: possible keys of mappings */
  readonly literals?: { readonly numbers: readonly string[]; readonly texts: readonly string[] };
}

/** A source as it was compiled. */
export interface SourceFile {
  readonly name: string;
  /** bytes at which its lines begin */
  readonly lineStarts: readonly number[];
  readonly content?: string;
}

/** The compiler's source map of the deployed code, with what it takes to read it. */
export interface SourceMapFacts {
  readonly map: string;
  /** by the number that the map gives a source */
  readonly files: Readonly<Record<number, SourceFile>>;
}

/** Lines of a source, counted from 1, both inclusive. */
export interface SourceLines {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** A layout that the user gave, not the compiler. */
export interface ImportedLayout {
  readonly path: string;
  /** how mapping entries are hashed; Vyper: either order of slot and key, whichever was hashed */
  readonly hashing: "solidity" | "vyper";
  /** The layout lists all storage of the contract: a slot outside contradicts it. */
  readonly complete: boolean;
}

export interface ContractMetadata extends SourceFacts {
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
  readonly imported?: ImportedLayout;
  /** Absent where the compiler was not asked for it. */
  readonly sourceMap?: SourceMapFacts;
  /**
   * Where its functions are defined, also inherited ones: by signature, and by `constructor`,
   * `receive` and `fallback`. Absent where the compiler gave no AST.
   */
  readonly functionLines?: Readonly<Record<string, SourceLines>>;
  /** The deployed code may go on with data behind what the compiler gave (Vyper's immutables). */
  readonly dataBehindCode?: boolean;
}
