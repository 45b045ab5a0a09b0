/**
 * Requests with everything that they left out filled in: as transaction fields to sign, or as a
 * message to run.
 */
import type { CallRequest } from "../../chain/chain";
import { recoverAuthorizations, type UnsignedTransaction } from "../../chain/transaction-codec";
import type { AccessListItem } from "../../execution/transaction";
import { hexToBytes } from "../../state/bytes";
import type { RpcContext } from "../context";
import { type Fees, suggestedGasPrice, transactionFees } from "../fees";
import { isAtLeast } from "../hardforks";
import type { CallParams, TransactionParams } from "../params/transaction-request";

/** The validated request's transaction; type and fees as the stock network chooses them. */
export async function unsignedTransaction(
  context: RpcContext,
  request: TransactionParams,
): Promise<UnsignedTransaction> {
  const { chain, hardfork } = context;
  const type = transactionType(hardfork, request);
  const gasPrice = request.gasPrice ?? suggestedGasPrice(chain);
  const fees: Fees =
    type >= 2
      ? transactionFees(chain, request)
      : { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
  return {
    type,
    chainId: request.chainId ?? chain.config.chainId,
    nonce: request.nonce ?? (await chain.pendingNonce(request.from)),
    ...fees,
    gasLimit: request.gas ?? defaultGas(context),
    to: request.to ?? null,
    value: request.value ?? 0n,
    data: hexToBytes(request.data ?? "0x"),
    accessList: accessList(request),
    maxFeePerBlobGas: 0n,
    blobVersionedHashes: [],
    signedAuthorizations: request.authorizationList ?? [],
  };
}

export function transactionType(
  hardfork: string,
  {
    authorizationList,
    gasPrice,
    accessList,
  }: Pick<TransactionParams, "authorizationList" | "gasPrice" | "accessList">,
): 0 | 1 | 2 | 4 {
  if (authorizationList !== undefined) {
    return 4;
  }
  if (isAtLeast(hardfork, "london") && gasPrice === undefined) {
    return 2;
  }
  return accessList === undefined ? 0 : 1;
}

/** The validated request's message. `fees` are those of a request without a gas price. */
export function callRequest(
  context: RpcContext,
  request: CallParams,
  fees: Fees,
  gasPriceBeforeLondon: bigint,
): CallRequest {
  const usesGasPrice = request.gasPrice !== undefined || !isAtLeast(context.hardfork, "london");
  const gasPrice = request.gasPrice ?? gasPriceBeforeLondon;
  return {
    from: request.from ?? context.accounts.defaultCaller,
    to: request.to ?? null,
    gas: request.gas ?? defaultGas(context),
    maxFeePerGas: usesGasPrice ? gasPrice : fees.maxFeePerGas,
    maxPriorityFeePerGas: usesGasPrice ? gasPrice : fees.maxPriorityFeePerGas,
    value: request.value ?? 0n,
    data: hexToBytes(request.data ?? "0x"),
    accessList: accessList(request),
    blobVersionedHashes: [],
    authorizationList: usesGasPrice ? [] : recoverAuthorizations(request.authorizationList ?? []),
  };
}

/** gas; EIP-7825's cap where there is one */
function defaultGas({ chain }: RpcContext): bigint {
  return chain.config.transactionGasCap ?? chain.blockGasLimit;
}

export function accessList(request: Pick<CallParams, "accessList">): readonly AccessListItem[] {
  return (request.accessList ?? []).map(({ address, storageKeys }) => ({
    address,
    slots: storageKeys.map((key) => BigInt(key)),
  }));
}
