/**
 * Which fields of a request may stand together and in which hardfork: checks before anything is
 * signed or run, in the stock network's order.
 */
import type { BlockSelector } from "../chain/chain";
import type { RpcContext } from "./context";
import { argumentError, inputError } from "./errors/words";
import { isAtLeast, shownHardfork } from "./hardforks";
import type { CallParams, TransactionParams } from "./params/transaction-request";

/** bytes; EIP-3860 */
const MAX_INIT_CODE = 49_152;

const BLOB_TRANSACTION =
  "An EIP-4844 (shard blob) transaction was received, but Hardhat only supports them via `eth_sendRawTransaction`. See https://github.com/NomicFoundation/hardhat/issues/5023";
const BLOB_CALL =
  "An EIP-4844 (shard blob) call request was received, but Hardhat only supports them via `eth_sendRawTransaction`. See https://github.com/NomicFoundation/hardhat/issues/5182";
// The stock network names BERLIN here too.
const FEES_UNSUPPORTED = `EIP-1559 style fee params (maxFeePerGas or maxPriorityFeePerGas) received but they are not supported by the current hardfork.

You can use them by running Hardhat Network with 'hardfork' BERLIN or later.
        `;
const ACCESS_LIST_UNSUPPORTED = `Access list received but is not supported by the current hardfork. 

You can use them by running Hardhat Network with 'hardfork' BERLIN or later.
        `;

export function validateTransaction(context: RpcContext, request: TransactionParams): void {
  const { chainId } = context.chain.config;
  if (request.chainId !== undefined && request.chainId !== chainId) {
    throw argumentError(
      `Invalid chainId ${request.chainId} provided, expected ${chainId} instead.`,
    );
  }
  if (request.data !== undefined && request.to === undefined) {
    validateInitCode(context, (request.data.length - 2) / 2);
  }
  if (request.blobs !== undefined || request.blobHashes !== undefined || request.type === 3n) {
    throw inputError(BLOB_TRANSACTION);
  }
  validateFields(context, request);
}

export function validateCall(
  context: RpcContext,
  request: CallParams,
  selector: BlockSelector,
): void {
  validateBlockTag(context, selector);
  if (request.blobs !== undefined || request.blobHashes !== undefined) {
    throw inputError(BLOB_CALL);
  }
  validateFields(context, request);
}

/** `safe` and `finalized` mean something only after the merge. */
export function validateBlockTag(context: RpcContext, selector: BlockSelector): void {
  if ((selector === "safe" || selector === "finalized") && !isAtLeast(context.hardfork, "merge")) {
    throw argumentError(
      `The '${selector}' block tag is not allowed in pre-merge hardforks. You are using the '${context.dialect.hardfork(context.hardfork)}' hardfork.`,
    );
  }
}

/** EIP-3860. `size` in bytes. */
export function validateInitCode(context: RpcContext, size: number): void {
  const { allowUnlimitedContractSize } = context.chain.config;
  if (
    size > MAX_INIT_CODE &&
    !allowUnlimitedContractSize &&
    isAtLeast(context.hardfork, "shanghai")
  ) {
    throw argumentError(`
Trying to send a deployment transaction whose init code length is ${size}. The max length allowed by EIP-3860 is ${MAX_INIT_CODE}.

Enable the 'allowUnlimitedContractSize' option to allow init codes of any length.`);
  }
}

const RAW_FEES_UNSUPPORTED =
  "Trying to send an EIP-1559 transaction but they are not supported by the current hard fork.You can use them by running Hardhat Network with 'hardfork' BERLIN or later.";

const NOT_RAW = { isRaw: false, hasBlobs: false };

/** Fees and lists, of requests and of raw transactions. */
export function validateFields(
  { hardfork, dialect }: RpcContext,
  request: Pick<
    CallParams,
    "accessList" | "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas" | "authorizationList" | "to"
  >,
  raw: { readonly isRaw: boolean; readonly hasBlobs: boolean } = NOT_RAW,
): void {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas, authorizationList } = request;
  if (request.accessList !== undefined && !isAtLeast(hardfork, "berlin")) {
    throw argumentError(ACCESS_LIST_UNSUPPORTED);
  }
  const hasDynamicFees = maxFeePerGas !== undefined || maxPriorityFeePerGas !== undefined;
  if (hasDynamicFees && !isAtLeast(hardfork, "london")) {
    throw argumentError(raw.isRaw ? RAW_FEES_UNSUPPORTED : FEES_UNSUPPORTED);
  }
  if (raw.hasBlobs && !isAtLeast(hardfork, "cancun")) {
    throw argumentError(
      `The transaction contains EIP-4844 parameters, but they are not supported by the current hardfork: ${dialect.hardfork(hardfork)}`,
    );
  }
  if (authorizationList !== undefined && !isAtLeast(hardfork, "prague")) {
    throw argumentError(
      `The transaction contains EIP-7702 parameters, but they are not supported by the current hardfork: ${shownHardfork(hardfork)}. Use the Prague hardfork (or later).`,
    );
  }
  if (gasPrice !== undefined && maxFeePerGas !== undefined) {
    throw inputError("Cannot send both gasPrice and maxFeePerGas params");
  }
  if (gasPrice !== undefined && maxPriorityFeePerGas !== undefined) {
    throw inputError("Cannot send both gasPrice and maxPriorityFeePerGas");
  }
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  ) {
    throw inputError(
      `maxPriorityFeePerGas (${maxPriorityFeePerGas}) is bigger than maxFeePerGas (${maxFeePerGas})`,
    );
  }
  if (authorizationList !== undefined) {
    if (request.to === undefined) {
      throw inputError("Invalid EIP-7702 transaction: to (receiver) parameter is missing.");
    }
    if (authorizationList.length === 0) {
      throw inputError("Invalid EIP-7702 transaction: authorization list is empty.");
    }
  }
}

/** A creation has init code. */
export function validateCreation(to: unknown, dataLength: number): void {
  if ((to === null || to === undefined) && dataLength === 0) {
    throw inputError("Contract creation without any data provided");
  }
}
