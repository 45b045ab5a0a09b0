/**
 * Stands in for the block-level access list that @ethereumjs/evm keeps from EIP-7928 on, as a record beside
 * the state that no opcode reads. The view records accesses itself, and an EVM instance lives longer than a
 * block: its list would grow for ever.
 */
import { BlockLevelAccessList } from "@ethereumjs/util";

export class NoAccessList extends BlockLevelAccessList {
  override checkpoint(): void {}
  override commit(): void {}
  override revert(): void {}
  override addAddress(): void {}
  override addStorageWrite(): void {}
  override addStorageRead(): void {}
  override addBalanceChange(): void {}
  override addNonceChange(): void {}
  override addCodeChange(): void {}
}
