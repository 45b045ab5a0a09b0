/**
 * The words and codes for everything that the network refuses: one table per list of problems, in
 * Hardhat's own spelling.
 *
 * Owns: texts and codes. Does not own: reverts and halts (execution-failure.ts), shapes of
 * parameters (params/).
 */
import type { BlockSelector, PoolRejection } from "../../chain/chain";
import type { ChainProblem } from "../../chain/chain-error";
import type { InvalidTransaction } from "../../execution/invalid-transaction";
import { smaller } from "../codec/quantity";
import { ErrorCode, type ProviderError, providerError } from "./provider-error";
import { SimulationErrorCode, simulationCode } from "./simulation-codes";

const MAX_WORD = 2n ** 256n - 1n;

type Words<Problem extends { readonly kind: string }> = {
  readonly [K in Problem["kind"]]: (problem: Extract<Problem, { readonly kind: K }>) => string;
};

/** A transaction that cannot be executed at its place, in the engine's words. */
const INVALID: Words<InvalidTransaction> = {
  NonceTooLow: ({ expected, actual }) => `nonce ${actual} too low, expected ${expected}`,
  NonceTooHigh: ({ expected, actual }) => `nonce ${actual} too high, expected ${expected}`,
  // The stock network adds up in 256 bits and stops at the highest.
  InsufficientFunds: ({ required, balance }) =>
    `Sender doesn't have enough funds to send tx. The max upfront cost is: ${smaller(required, MAX_WORD)} and the sender's balance is: ${balance}.`,
  IntrinsicGas: ({ required, gasLimit }) =>
    `Transaction requires at least ${required} gas but got ${gasLimit}`,
  GasFloor: ({ required, gasLimit }) =>
    `Transaction requires gas floor of ${required} but got limit of ${gasLimit}`,
  ExceedsBlockGas: () => "caller gas limit exceeds the block gas limit",
  ExceedsTransactionGasCap: ({ gasLimit, cap }) =>
    `transaction gas limit (${gasLimit}) is greater than the cap (${cap})`,
  FeeBelowBaseFee: () => "gas price is less than basefee",
  PriorityAboveMaxFee: () => "priority fee is greater than max fee",
  SenderHasCode: () => "reject transactions from senders with deployed code",
  InitCodeTooLarge: () => "create initcode size limit",
  NonceOverflow: () => "nonce overflow in transaction",
  BlobFeeTooLow: ({ blobBaseFee, maxFeePerBlobGas }) =>
    `blob gas price (${blobBaseFee}) is greater than max fee per blob gas (${maxFeePerBlobGas})`,
  BlobGasExceeded: ({ available, requested }) =>
    `blob gas of ${requested} exceeds the ${available} left in the block`,
  MalformedBlobTransaction: ({ detail }) => detail,
  MalformedSetCodeTransaction: ({ detail }) => detail,
  TypeNotSupported: ({ type, hardfork }) =>
    `transaction type ${type} is not supported in hardfork ${hardfork}`,
};

type PoolOnly = Exclude<PoolRejection, InvalidTransaction>;

/** A transaction that the pool refused, in the pool's words. */
const REJECTED: Words<PoolOnly> = {
  KnownTransaction: ({ hash }) => `Known transaction: ${hash}`,
  ReplacementUnderpriced: ({ field, required, nonce }) =>
    `Replacement transaction underpriced. A gasPrice/${field === "fee" ? "maxFeePerGas" : "maxPriorityFeePerGas"} of at least ${required} is necessary to replace the existing transaction with nonce ${nonce}.`,
  ExceedsBlockGasLimit: ({ gasLimit, blockGasLimit }) =>
    `Transaction gas limit is ${gasLimit} and exceeds block gas limit of ${blockGasLimit}`,
  NonceTooLowAutomine: ({ expected, actual }) =>
    `Nonce too low. Expected nonce to be ${expected} but got ${actual}. Note that transactions can't be queued when automining.`,
  NonceTooHighAutomine: ({ expected, actual }) =>
    `Nonce too high. Expected nonce to be ${expected} but got ${actual}. Note that transactions can't be queued when automining.`,
  FeeBelowNextBaseFee: ({ type, maxFeePerGas, nextBaseFeePerGas }) =>
    `Transaction ${type >= 2 ? "maxFeePerGas" : "gasPrice"} (${maxFeePerGas}) is too low for the next block, which has a baseFeePerGas of ${nextBaseFeePerGas}`,
  GasPriceBelowMinimum: ({ gasPrice, minGasPrice }) =>
    `Transaction gas price is ${gasPrice}, which is below the minimum of ${minGasPrice}`,
  BlobsNotPooled: () =>
    "An EIP-4844 (shard blob) transaction was received while auto-mine was disabled or the mempool contained transactions, but Hardhat doesn't have support for them yet. See https://github.com/NomicFoundation/hardhat/issues/5024",
};

/** Where the pool has words of its own for what the executor refuses too. */
const REJECTED_INVALID: Partial<Words<InvalidTransaction>> = {
  NonceTooLow: ({ expected, actual }) =>
    `Transaction nonce too low. Expected nonce to be at least ${expected} but got ${actual}.`,
  ExceedsTransactionGasCap: ({ gasLimit, cap }) =>
    `Transaction gas limit is ${gasLimit} and exceeds transaction gas cap of ${cap}`,
  BlobFeeTooLow: ({ blobBaseFee, maxFeePerBlobGas }) =>
    `Transaction maxFeePerBlobGas (${maxFeePerBlobGas}) is too low for the next block, which has a baseFeePerBlobGas of ${blobBaseFee}`,
};

const PROBLEMS: {
  readonly [K in ChainProblem["kind"]]: (problem: Extract<ChainProblem, { readonly kind: K }>) => {
    readonly message: string;
    readonly code: number;
  };
} = {
  UnknownBlock: ({ selector, latest }) =>
    input(
      `Received invalid block tag ${shownSelector(selector)}. Latest block number is ${latest}`,
    ),
  NoHardforkHistory: ({ number, forkNumber, chainId }) =>
    input(
      `No known hardfork for execution on historical block ${number} (relative to fork block number ${forkNumber}) in chain with id ${chainId}. The node was not configured with a hardfork activation history.`,
    ),
  NoHardforkAt: ({ number, chainId }) =>
    input(
      `Could not find a hardfork to run for block ${number}, after having looked for one in the hardfork activation history of chain ${chainId}.`,
    ),
  NoProofOfLocalState: () =>
    input(
      "The action `Proof of locally modified state in fork mode` is unsupported. Obtaining a proof is not supported in fork mode when local changes have been made. E.g. manual changes to an account or a locally mined block.",
    ),
  NotRepeatable: ({ hash, reason }) =>
    input(`Transaction ${hash} of the forked chain cannot be executed again here: ${reason}`),
  UnknownTransaction: ({ hash }) => input(`Unable to find a block containing transaction ${hash}`),
  TimestampLowerThanPrevious: ({ proposed, previous }) =>
    input(`Timestamp ${proposed} is lower than the previous block's timestamp ${previous}`),
  TimestampEqualsPrevious: ({ proposed }) =>
    input(
      `Timestamp ${proposed} is equal to the previous block's timestamp. Enable the 'allowBlocksWithSameTimestamp' option to allow this`,
    ),
  NonceBelowCurrent: ({ current, proposed }) =>
    input(`New nonce (${proposed}) must not be smaller than the existing nonce (${current})`),
  PoolNotEmpty: () => ({
    message: "Cannot set account nonce when the transaction pool is not empty",
    code: ErrorCode.Internal,
  }),
  TransactionMined: ({ hash }) => ({
    message: `Transaction ${hash} cannot be dropped because it's already mined`,
    code: ErrorCode.InvalidParams,
  }),
  InvalidTransaction: ({ reason }) => input(say(INVALID, reason)),
  SimulatedNumber: ({ given, previous }) => ({
    message: `Block numbers must be in order: the simulated block ${given} would follow block ${previous}. Give a higher blockOverrides.number, or none.`,
    code: SimulationErrorCode.BlockNumber,
  }),
  SimulatedTimestamp: ({ given, previous }) => ({
    message: `Block times must be in order: a simulated block at ${given} would follow one at ${previous}. Give a later blockOverrides.time, or none.`,
    code: SimulationErrorCode.Timestamp,
  }),
  SimulationTooLong: ({ limit, needed }) => ({
    message: `Too many blocks: at most ${limit} can be simulated, counting those that fill gaps, but the request needs ${needed}`,
    code: SimulationErrorCode.TooManyBlocks,
  }),
  SimulatedGasLimit: ({ call, gas, gasUsed, gasLimit }) => ({
    message: `Call ${call} asks for ${gas} gas, but of the simulated block's ${gasLimit} gas ${gasUsed} are used`,
    code: SimulationErrorCode.BlockGasLimit,
  }),
  InvalidSimulatedCall: ({ number, call, reason }) => ({
    message: `Call ${call} of the simulated block ${number}: ${say(INVALID, reason)}`,
    code: simulationCode(reason),
  }),
};

/** The error for a transaction that was refused. */
export function rejectionError(rejection: PoolRejection): ProviderError {
  return inputError(
    isPoolOnly(rejection)
      ? say(REJECTED, rejection)
      : say({ ...INVALID, ...REJECTED_INVALID }, rejection),
  );
}

/** The error for something that the chain could not do. */
export function chainProblemError(problem: ChainProblem): ProviderError {
  // The table has a function for this very kind; TypeScript does not relate the two unions.
  const words = PROBLEMS[problem.kind] as (given: ChainProblem) => ReturnType<typeof input>;
  const { message, code } = words(problem);
  return providerError(message, code, null);
}

/** -32000 */
export function inputError(message: string): ProviderError {
  return providerError(message, ErrorCode.InvalidInput, null);
}

/** -32602 */
export function argumentError(message: string): ProviderError {
  return providerError(message, ErrorCode.InvalidParams, null);
}

export function unsupportedMethod(method: string, request: unknown): ProviderError {
  return providerError(`Method ${method} is not supported`, ErrorCode.MethodNotSupported, request);
}

function isPoolOnly(rejection: PoolRejection): rejection is PoolOnly {
  return rejection.kind in REJECTED;
}

function say<Problem extends { readonly kind: string }>(
  words: Words<Problem>,
  problem: Problem,
): string {
  // The table has a function for this very kind; TypeScript does not relate the two unions.
  return (words[problem.kind as Problem["kind"]] as (given: Problem) => string)(problem);
}

function input(message: string): { readonly message: string; readonly code: ErrorCode } {
  return { message, code: ErrorCode.InvalidInput };
}

function shownSelector(selector: BlockSelector): string {
  if (typeof selector === "string") {
    return selector;
  }
  return "number" in selector ? selector.number.toString() : selector.hash;
}
