/**
 * The names that the analysis gives to what it found (types only; resolver in naming/).
 * Never a guess: what cannot be resolved is marked `resolved: false` and counted.
 */
import type { Frame } from "../access-log/block-record";
import type { Address, Hash, Hex } from "../state/hex";

/** A mapping's key, or the index of an array's element, on the way to a place. */
export interface SlotKey {
  readonly kind: "mapping" | "index";
  /** the 32-byte word as it is hashed; for keys of type string and bytes their bytes */
  readonly value: Hex;
  /** as people say it */
  readonly text: string;
}

/** A variable, member or element that lies in a slot, whichever of them an access concerns. */
export interface SlotPart {
  readonly label: string;
  readonly variable: string;
  /** one for each `[*]` of `variable`, in order */
  readonly keys: readonly SlotKey[];
  /** bytes from the right end of the slot */
  readonly offset: number;
  readonly bytes: number;
  /** `length`: of a dynamic array; `bytes`: head of a string or bytes */
  readonly holds: "value" | "length" | "bytes";
}

export interface SlotName {
  /** Contract of the storage: `Token`, or the address where it is unknown. */
  readonly contract: string;
  /** `balances[0xa11c…]`, `orders[3].price`, `slot 0x5` if unresolved. Full keys, not shortened. */
  readonly label: string;
  /** The variable with keys left out: `balances[*]`; groups slots in reports. */
  readonly variable: string;
  readonly resolved: boolean;
  /** Members of a packed slot that the access may concern; absent if the slot holds one variable. */
  readonly packed?: readonly string[];
  /** Why it is unresolved: codes that use this storage have different variables here, `Box.owner`. */
  readonly clash?: readonly string[];
}

export interface FunctionName {
  /** fully qualified name, or the address where it is unknown */
  readonly contract: string;
  /**
   * `transfer(address,uint256)`, `constructor`, `receive`, `fallback`, `(no code)` for a transfer to
   * an account, `(no function)` where the contract has none for the call, `0x12345678` if unknown
   */
  readonly signature: string;
  readonly resolved: boolean;
}

/** Names of transient storage (EIP-1153): another space than storage, with slots of the same numbers. */
export interface TransientNaming {
  transientSlot(address: Address, slot: bigint): SlotName;
}

/** Why names are missing, or of another version of a source, in words for the user. */
export interface NamingNotes {
  /** Complete once all names have been asked for. */
  notes(): readonly string[];
}

export interface Naming {
  /**
   * Name of a slot; `change` narrows a packed slot to the members whose bytes differ. `codeHash` is
   * the code that accessed it (behind a proxy: the implementation's): its layout is the one to use.
   * Without it the address alone decides, which is ambiguous where a reverted chain deployed
   * another contract at the same address.
   */
  slot(
    address: Address,
    slot: bigint,
    change?: { readonly before: bigint; readonly after: bigint },
    codeHash?: Hash,
  ): SlotName;
  /** Everything that lies in a slot, by offset, with its keys; empty where that is not known. */
  parts?(address: Address, slot: bigint, codeHash?: Hash): readonly SlotPart[];
  /**
   * Name of the contract at an address (`Token`; fully qualified where several are called so), by
   * its runtime code, or of the contract with `codeHash`; null if unknown.
   */
  contract(address: Address, codeHash?: Hash): string | null;
  /**
   * The function that a frame runs. With `frames`, those of its transaction, the frame of a proxy
   * that passes its calldata on is the function of the implementation.
   */
  functionOf(frame: Frame, frames?: readonly Frame[]): FunctionName;
}
