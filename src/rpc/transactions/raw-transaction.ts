/**
 * Transactions as eth_sendRawTransaction gets them, checked for this chain, with the stock network's
 * words for what is wrong.
 *
 * Does not own: decoding (chain/transaction-codec.ts).
 */
import type { ChainTransaction } from "../../chain/chain";
import { decodeTransaction, MalformedTransactionError } from "../../chain/transaction-codec";
import type { RpcContext } from "../context";
import { argumentError } from "../errors/words";
import { validateCreation, validateFields, validateInitCode } from "../validation";

/** Throws ProviderError for anything that is not a transaction for this chain. */
export function rawTransaction(context: RpcContext, raw: Uint8Array): ChainTransaction {
  const transaction = decode(raw);
  validateForChain(context, transaction);
  validateCreation(transaction.input.to, transaction.input.data.length);
  return transaction;
}

function decode(raw: Uint8Array): ChainTransaction {
  try {
    return decodeTransaction(raw);
  } catch (error) {
    if (error instanceof MalformedTransactionError) {
      throw argumentError(isTruncated(error.message) ? "input too short" : error.message);
    }
    throw error;
  }
}

/** Broken RLP, or fewer fields than the type has. */
function isTruncated(detail: string): boolean {
  const count = /^expected (\d+) fields, got (\d+)$/.exec(detail);
  return (
    detail.startsWith("invalid RLP") ||
    detail === "expected an RLP list" ||
    Number(count?.[2] ?? 0) < Number(count?.[1] ?? 0)
  );
}

function validateForChain(
  context: RpcContext,
  { input, chainId, signedAuthorizations }: ChainTransaction,
): void {
  const expected = context.chain.config.chainId;
  if (chainId !== undefined && chainId !== expected) {
    throw argumentError(
      input.type === 0
        ? "Trying to send an incompatible EIP-155 transaction, signed for another chain."
        : `Trying to send a raw transaction with an invalid chainId. The expected chainId is ${expected}`,
    );
  }
  if (input.to === null) {
    validateInitCode(context, input.data.length);
  }
  const hasDynamicFees = input.type >= 2;
  validateFields(
    context,
    {
      accessList:
        input.type === 0
          ? undefined
          : input.accessList.map(({ address }) => ({ address, storageKeys: [] })),
      gasPrice: hasDynamicFees ? undefined : input.maxFeePerGas,
      maxFeePerGas: hasDynamicFees ? input.maxFeePerGas : undefined,
      maxPriorityFeePerGas: hasDynamicFees ? input.maxPriorityFeePerGas : undefined,
      authorizationList: input.type === 4 ? signedAuthorizations : undefined,
      to: input.to ?? undefined,
    },
    true,
  );
}
