/** A block as JSON-RPC shows it: fields of later hardforks are there exactly where the header has them. */
import type { ChainBlock } from "../../chain/chain";
import { optionalQuantity, quantity } from "./quantity";
import { defined, transactionToJson } from "./transaction";

export interface BlockJsonOptions {
  readonly hardfork: string;
  /** transactions in full instead of their hashes */
  readonly full: boolean;
  /** number, nonce and mixHash are not known yet */
  readonly pending: boolean;
}

export function blockToJson(block: ChainBlock, options: BlockJsonOptions): object {
  const { header } = block;
  const { pending } = options;
  return defined({
    hash: header.hash,
    parentHash: header.parentHash,
    sha3Uncles: header.sha3Uncles,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    number: pending ? null : quantity(header.number),
    gasUsed: quantity(header.gasUsed),
    gasLimit: quantity(header.gasLimit),
    extraData: header.extraData,
    logsBloom: header.logsBloom,
    timestamp: quantity(header.timestamp),
    difficulty: quantity(header.difficulty),
    totalDifficulty: quantity(header.totalDifficulty),
    uncles: [...(block.uncles ?? [])],
    transactions: block.transactions.map((transaction, index) =>
      options.full
        ? transactionToJson(transaction, { header, index, pending }, options.hardfork)
        : transaction.input.hash,
    ),
    size: quantity(block.size),
    mixHash: pending ? null : header.mixHash,
    nonce: pending ? null : header.nonce,
    baseFeePerGas: optionalQuantity(header.baseFeePerGas),
    miner: header.miner,
    withdrawals: block.withdrawals?.map((withdrawal) => ({
      index: quantity(withdrawal.index),
      validatorIndex: quantity(withdrawal.validatorIndex),
      address: withdrawal.address,
      amount: quantity(withdrawal.amount),
    })),
    withdrawalsRoot: header.withdrawalsRoot,
    blobGasUsed: optionalQuantity(header.blobGasUsed),
    excessBlobGas: optionalQuantity(header.excessBlobGas),
    parentBeaconBlockRoot: header.parentBeaconBlockRoot,
    requestsHash: header.requestsHash,
  });
}
