/** Transactions and receipts. */
import type { BlockSelector } from "../../../chain/chain";
import { invariant } from "../../../errors/base-error";
import type { Hash } from "../../../state/hex";
import { receiptToJson } from "../../codec/receipt";
import { transactionToJson } from "../../codec/transaction";
import type { RpcContext } from "../../context";
import { argumentError } from "../../errors/words";
import { type MethodTable, method } from "../../method";
import { blockNumberOrTag, blockSpecOrHash } from "../../params/block-spec";
import { hash, u256 } from "../../params/scalars";
import { none, required, single, tuple } from "../../params/tuple";
import { type FoundBlock, findBlock } from "./blocks";

const MAX_INDEX = 2n ** 64n;

function transactionAt(
  { hardfork }: RpcContext,
  found: FoundBlock | null,
  index: bigint,
): object | null {
  const transaction = found?.block.transactions[Number(index)];
  if (found === null || transaction === undefined) {
    return null;
  }
  const { header } = found.block;
  return transactionToJson(
    transaction,
    { header, index: Number(index), pending: found.pending },
    hardfork,
  );
}

function checkIndex(index: bigint): void {
  if (index >= MAX_INDEX) {
    throw argumentError(`Transaction index '${index}' is too large`);
  }
}

async function byBlockAndIndex(
  context: RpcContext,
  selector: BlockSelector,
  index: bigint,
): Promise<object | null> {
  checkIndex(index);
  return transactionAt(context, await findBlock(context, selector), index);
}

function byHash({ chain, hardfork }: RpcContext, transactionHash: Hash): object | null {
  const pooled = chain.pooledTransaction(transactionHash);
  if (pooled !== undefined) {
    return transactionToJson(pooled, null, hardfork);
  }
  const location = chain.transaction(transactionHash);
  const transaction = location?.block.transactions[location.index];
  if (location === undefined || transaction === undefined) {
    return null;
  }
  const { header } = location.block;
  return transactionToJson(
    transaction,
    { header, index: location.index, pending: false },
    hardfork,
  );
}

/** In the order of the block's transactions; null = unknown block. */
async function blockReceipts(
  context: RpcContext,
  selector: BlockSelector,
): Promise<readonly object[] | null> {
  const found = await findBlock(context, selector);
  if (found === null) {
    return null;
  }
  const { chain, hardfork, dialect } = context;
  const { block, pending } = found;
  return block.transactions.map(({ input }, index) => {
    const receipt = pending ? block.receipts[index] : chain.receipt(input.hash);
    invariant(receipt !== undefined, "a transaction in a block has a receipt");
    return receiptToJson(block, receipt, hardfork, dialect);
  });
}

export const transactionMethods: MethodTable = {
  eth_getTransactionByHash: method(single(hash), byHash),
  eth_getTransactionByBlockHashAndIndex: method(
    tuple<[Hash, bigint]>("GetTransactionByBlockHashAndIndex", required(hash), required(u256)),
    (context, [blockHash, index]) => byBlockAndIndex(context, { hash: blockHash }, index),
  ),
  eth_getTransactionByBlockNumberAndIndex: method(
    tuple<[BlockSelector, bigint]>(
      "GetTransactionByBlockNumberAndIndex",
      required(blockNumberOrTag),
      required(u256),
    ),
    (context, [selector, index]) => byBlockAndIndex(context, selector, index),
  ),
  eth_getTransactionReceipt: method(single(hash), ({ chain, hardfork, dialect }, wanted) => {
    const location = chain.transaction(wanted);
    const receipt = chain.receipt(wanted);
    return location === undefined || receipt === undefined
      ? null
      : receiptToJson(location.block, receipt, hardfork, dialect);
  }),
  // beyond stock, as current clients have it
  eth_getBlockReceipts: method(
    tuple<[BlockSelector]>("GetBlockReceipts", required(blockSpecOrHash)),
    (context, [selector]) => blockReceipts(context, selector),
  ),
  eth_pendingTransactions: method(none, ({ chain, hardfork }) =>
    chain
      .pendingTransactions()
      .map((transaction) => transactionToJson(transaction, null, hardfork)),
  ),
};
