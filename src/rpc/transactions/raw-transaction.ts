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
  if (raw[0] === BLOB_TYPE && !hasSidecar(raw)) {
    throw argumentError("unexpected string");
  }
  try {
    return decodeTransaction(raw);
  } catch (error) {
    if (error instanceof MalformedTransactionError) {
      throw argumentError(isTruncated(error.message) ? "input too short" : error.message);
    }
    throw error;
  }
}

const BLOB_TYPE = 3;

/**
 * EIP-4844's network form is a list that begins with a list, the transaction; the form in blocks
 * begins with a number and is not accepted. Bytes too short to tell are left to the decoder.
 */
function hasSidecar(raw: Uint8Array): boolean {
  const listPrefix = raw[1] ?? 0xc0;
  const lengthBytes = listPrefix > 0xf7 ? listPrefix - 0xf7 : 0;
  return (raw[2 + lengthBytes] ?? 0xc0) >= 0xc0;
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
    { isRaw: true, hasBlobs: input.type === BLOB_TYPE },
  );
}
