/** eth_sendTransaction and eth_sendRawTransaction. */
import type { CallRequest, ChainTransaction } from "../../../chain/chain";
import { hexToBytes } from "../../../state/bytes";
import type { Hash } from "../../../state/hex";
import { loggedCode, type RpcContext } from "../../context";
import { executionFailure } from "../../errors/execution-failure";
import { rejectionError } from "../../errors/words";
import { type MethodTable, method } from "../../method";
import { bytes } from "../../params/scalars";
import { type TransactionParams, transactionParams } from "../../params/transaction-request";
import { single } from "../../params/tuple";
import { rawTransaction } from "../../transactions/raw-transaction";
import { unsignedTransaction } from "../../transactions/request-builder";
import { validateCreation, validateTransaction } from "../../validation";

async function sendTransaction(context: RpcContext, params: TransactionParams): Promise<Hash> {
  validateTransaction(context, params);
  const unsigned = await unsignedTransaction(context, params);
  const transaction = context.accounts.signTransaction(unsigned, params.from);
  validateCreation(unsigned.to, unsigned.data.length);
  return submit(context, transaction);
}

/** A transaction that automine mined and that failed is mined all the same, and then reported. */
async function submit(context: RpcContext, transaction: ChainTransaction): Promise<Hash> {
  const result = await context.chain.submit(transaction);
  if (!result.ok) {
    throw rejectionError(result.rejection);
  }
  const { hash } = result;
  context.logger.consoleLogsOfSent(hash, result.mined);
  if (context.logger.enabled) {
    context.logger.sent(await loggedCode(context), hash, result.mined);
  }
  const mined = result.mined
    .flatMap(({ transactions }) => transactions)
    .find((candidate) => candidate.transaction.input.hash === hash);
  if (mined?.receipt.outcome.status === 0 && context.options.throwOnTransactionFailures) {
    throw await executionFailure(context, {
      request: requestOf(transaction),
      ...(await context.chain.contextOf(hash)),
      outcome: { ...mined.receipt.outcome, reads: mined.reads },
      transactionHash: hash,
      kind: "transaction",
    });
  }
  return hash;
}

function requestOf({ input }: ChainTransaction): CallRequest {
  return { ...input, gas: input.gasLimit };
}

export const sendMethods: MethodTable = {
  eth_sendTransaction: method(single(transactionParams), sendTransaction),
  eth_sendRawTransaction: method(single(bytes), (context, raw) =>
    submit(context, rawTransaction(context, hexToBytes(raw))),
  ),
};
