/** Blocks by number, tag or hash. */
import type { BlockSelector, ChainBlock } from "../../../chain/chain";
import { blockToJson } from "../../codec/block";
import { quantity } from "../../codec/quantity";
import type { RpcContext } from "../../context";
import { type MethodTable, method } from "../../method";
import { blockNumberOrTag } from "../../params/block-spec";
import { boolean, hash } from "../../params/scalars";
import { none, required, single, tuple } from "../../params/tuple";
import { validateBlockTag } from "../../validation";

export interface FoundBlock {
  readonly block: ChainBlock;
  readonly pending: boolean;
}

/** null = unknown; the pending block is made for the occasion. */
export async function findBlock(
  context: RpcContext,
  selector: BlockSelector,
): Promise<FoundBlock | null> {
  validateBlockTag(context, selector);
  if (selector === "pending") {
    return { block: (await context.chain.pendingBlock()).block, pending: true };
  }
  const block = context.chain.block(selector);
  return block === undefined ? null : { block, pending: false };
}

async function blockJson(
  context: RpcContext,
  selector: BlockSelector,
  full: boolean,
): Promise<object | null> {
  const found = await findBlock(context, selector);
  return (
    found && blockToJson(found.block, { hardfork: context.hardfork, full, pending: found.pending })
  );
}

async function transactionCount(
  context: RpcContext,
  selector: BlockSelector,
): Promise<string | null> {
  const found = await findBlock(context, selector);
  return found && quantity(found.block.transactions.length);
}

export const blockMethods: MethodTable = {
  eth_blockNumber: method(none, ({ chain }) => quantity(chain.latestNumber)),
  eth_getBlockByNumber: method(
    tuple<[BlockSelector, boolean]>(
      "GetBlockByNumber",
      required(blockNumberOrTag),
      required(boolean),
    ),
    (context, [selector, full]) => blockJson(context, selector, full),
  ),
  eth_getBlockByHash: method(
    tuple<[`0x${string}`, boolean]>("GetBlockByHash", required(hash), required(boolean)),
    (context, [blockHash, full]) => blockJson(context, { hash: blockHash }, full),
  ),
  eth_getBlockTransactionCountByNumber: method(single(blockNumberOrTag), transactionCount),
  eth_getBlockTransactionCountByHash: method(single(hash), (context, blockHash) =>
    transactionCount(context, { hash: blockHash }),
  ),
};
