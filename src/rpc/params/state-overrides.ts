/** The third parameter of eth_call: accounts to see with other balance, nonce, code or storage. */
import type { Address, Hash, Hex } from "../../state/hex";
import { address, bytes, hash, optional, type Parser, u64, u256 } from "./scalars";
import { map, struct } from "./struct";

export interface AccountOverrideParams {
  /** wei */
  readonly balance: bigint | undefined;
  readonly nonce: bigint | undefined;
  readonly code: Hex | undefined;
  /** replaces the whole storage */
  readonly state: ReadonlyMap<Hash, bigint> | undefined;
  /** replaces single slots */
  readonly stateDiff: ReadonlyMap<Hash, bigint> | undefined;
}

export const accountOverrideFields = {
  balance: optional(u256),
  nonce: optional(u64),
  code: optional(bytes),
  state: optional(map(hash, u256)),
  stateDiff: optional(map(hash, u256)),
};

const accountOverride = struct<AccountOverrideParams>({
  name: "AccountOverrideOptions",
  fields: accountOverrideFields,
});

export const stateOverrideParams: Parser<ReadonlyMap<Address, AccountOverrideParams>> = map(
  address,
  accountOverride,
);
