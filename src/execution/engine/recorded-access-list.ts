/**
 * Stands in for the block-level access list that @ethereumjs/evm keeps from EIP-7928 on, as a record beside
 * the state that no opcode reads. What the EVM would do to it goes to the recorder of the message that runs,
 * or nowhere: an EVM instance lives longer than a block, and its list would grow for ever.
 *
 * Owns: the translation, and what the list says of value that moves; balances are not read for it.
 */
import { BlockLevelAccessList, type Address as EthereumjsAddress } from "@ethereumjs/util";
import { InvariantError } from "../../errors/base-error";
import { bytesToBigInt, bytesToHex } from "../../state/bytes";
import type { Address } from "../../state/hex";
import type { ListRecorder } from "../list-operations";

export class RecordedAccessList extends BlockLevelAccessList {
  /** null: nobody asked for the list */
  recorder: ListRecorder | null = null;

  override checkpoint(): void {
    this.recorder?.checkpoint();
  }

  override commit(): void {
    this.recorder?.commit();
  }

  override revert(): void {
    this.recorder?.revert();
  }

  override addAddress(address: Address): void {
    this.recorder?.account(address);
  }

  override addStorageRead(address: Address, slot: Uint8Array): void {
    this.recorder?.read(address, bytesToBigInt(slot));
  }

  override addNonceChange(address: Address, nonce: bigint): void {
    this.recorder?.nonce(address, nonce);
  }

  override addCodeChange(address: Address, code: Uint8Array): void {
    this.recorder?.code(address, code, null);
  }

  /** By a call or creation that takes it from the caller: as ethereumjs does, also where it is none. */
  sent(from: EthereumjsAddress, value: bigint): void {
    this.recorder?.balance(bytesToHex(from.bytes), -value);
  }

  /** With the message that begins. */
  received(by: EthereumjsAddress, value: bigint): void {
    if (this.recorder === null) {
      return;
    }
    const address = bytesToHex(by.bytes);
    this.recorder.account(address);
    if (value > 0n) {
      this.recorder.balance(address, value);
    }
  }

  override addStorageWrite(): void {
    throw new InvariantError("the EVM writes a slot past the opcode that is replaced");
  }

  override addBalanceChange(): void {
    throw new InvariantError("the EVM sets a balance instead of moving value");
  }
}
