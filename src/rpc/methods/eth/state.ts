/** Accounts and storage at a block. */
import type { BlockSelector } from "../../../chain/chain";
import { bigIntToHex32, bytesToHex } from "../../../state/bytes";
import type { Address, Hash } from "../../../state/hex";
import type { StateReader } from "../../../state/state-reader";
import { quantity } from "../../codec/quantity";
import type { RpcContext } from "../../context";
import { type Handler, type MethodTable, method } from "../../method";
import { blockSpec } from "../../params/block-spec";
import { hash, list } from "../../params/scalars";
import { storageSlot, strictAddress } from "../../params/strict-strings";
import { required, trailing, tuple } from "../../params/tuple";
import { validateBlockTag } from "../../validation";

/** Throws ProviderError for a tag that the hardfork does not have, ChainError for an unknown block. */
export async function stateAt(
  context: RpcContext,
  selector: BlockSelector | undefined,
): Promise<StateReader> {
  const block = selector ?? "latest";
  validateBlockTag(context, block);
  return context.chain.stateAt(block);
}

/** A method of an account at a block. */
function accountMethod(
  variant: string,
  read: (state: StateReader, at: Address) => string,
): Handler {
  return method(
    tuple<[Address, BlockSelector | undefined]>(
      variant,
      required(strictAddress),
      trailing(blockSpec),
    ),
    async (context, [account, selector]) => read(await stateAt(context, selector), account),
  );
}

export const stateMethods: MethodTable = {
  eth_getBalance: accountMethod("GetBalance", (state, at) => quantity(state.balance(at))),
  eth_getTransactionCount: accountMethod("GetTransactionCount", (state, at) =>
    quantity(state.nonce(at)),
  ),
  eth_getCode: accountMethod("GetCode", (state, at) => bytesToHex(state.code(state.codeHash(at)))),
  eth_getStorageAt: method(
    tuple<[Address, bigint, BlockSelector | undefined]>(
      "GetStorageAt",
      required(strictAddress),
      required(storageSlot),
      trailing(blockSpec),
    ),
    async (context, [account, slot, selector]) =>
      bigIntToHex32((await stateAt(context, selector)).storage(account, slot)),
  ),
  eth_getProof: method(
    tuple<[Address, readonly Hash[], BlockSelector]>(
      "GetProof",
      required(strictAddress),
      required(list(hash)),
      required(blockSpec),
    ),
    async (context, [account, slots, selector]) => {
      const state = await stateAt(context, selector);
      const proof = await context.chain.proofAt(
        account,
        slots.map((slot) => BigInt(slot)),
        selector,
      );
      return {
        address: account,
        balance: quantity(state.balance(account)),
        codeHash: state.codeHash(account),
        nonce: quantity(state.nonce(account)),
        storageHash: proof.storageHash,
        accountProof: proof.accountProof,
        storageProof: proof.storageProof.map(({ slot, value, proof: nodes }) => ({
          key: bigIntToHex32(slot),
          value: quantity(value),
          // As stock: the root node of an empty trie is shown.
          proof: nodes.length === 0 ? ["0x80"] : nodes,
        })),
      };
    },
  ),
};
