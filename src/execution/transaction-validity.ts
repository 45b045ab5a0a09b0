/**
 * May this transaction be at this place in a block? (EELS validate_transaction and
 * check_transaction; yellow paper, section 6.)
 *
 * Owns: the checks and their order. Does not own: room left in the block (block-capacity.ts),
 * signatures (checked before a TransactionInput exists).
 */
import { EMPTY_CODE_HASH, type Hash } from "../state/hex";
import { blobBaseFee, blobGasOf } from "./blob-gas";
import { isDelegation } from "./delegation";
import type { ForkRules } from "./fork-rules";
import type { IntrinsicGas } from "./intrinsic-gas";
import type { InvalidTransaction } from "./invalid-transaction";
import type { StateView } from "./state-view";
import type { BlockEnvironment, TransactionInput } from "./transaction";

/** bytes (EIP-3860: twice the limit of codes, which is EIP-170's, and then EIP-7954's) */
const MAX_INIT_CODE = 49_152;
const MAX_INIT_CODE_SINCE_7954 = 131_072;
/** EIP-2681 */
export const MAX_NONCE = 2n ** 64n - 1n;
/** First byte of a blob's versioned hash (EIP-4844). */
const KZG_VERSION = "0x01";
/** EIP that brought each type. */
const EIP_OF_TYPE = { 0: null, 1: 2930, 2: 1559, 3: 4844, 4: 7702 } as const;

/** Checks that need no state. Null = valid. */
export function checkForm(
  transaction: TransactionInput,
  environment: BlockEnvironment,
  rules: ForkRules,
  gas: IntrinsicGas,
): InvalidTransaction | null {
  const { gasLimit, type } = transaction;
  const eip = EIP_OF_TYPE[type];
  if (eip !== null && !rules.isActive(eip)) {
    return { kind: "TypeNotSupported", type, hardfork: rules.hardfork };
  }
  if (gas.intrinsic > gasLimit) {
    return { kind: "IntrinsicGas", required: gas.intrinsic, gasLimit };
  }
  if (gas.floor > gasLimit) {
    return { kind: "GasFloor", required: gas.floor, gasLimit };
  }
  if (transaction.nonce >= MAX_NONCE) {
    return { kind: "NonceOverflow" };
  }
  const size = transaction.data.length;
  const limit = rules.isActive(7954) ? MAX_INIT_CODE_SINCE_7954 : MAX_INIT_CODE;
  if (
    transaction.to === null &&
    size > limit &&
    rules.isActive(3860) &&
    !environment.rules.allowUnlimitedContractSize
  ) {
    return { kind: "InitCodeTooLarge", size, limit };
  }
  return checkBlobForm(transaction, rules) ?? checkSetCodeForm(transaction);
}

/** EIP-7825 and fees against the block's (EIP-1559, EIP-4844): not asked of an eth_call. */
export function checkFees(
  transaction: TransactionInput,
  environment: BlockEnvironment,
  rules: ForkRules,
  gas: IntrinsicGas,
): InvalidTransaction | null {
  const { maxFeePerGas, maxPriorityFeePerGas, maxFeePerBlobGas } = transaction;
  const cap = environment.rules.transactionGasCap;
  const capped = cappedGas(transaction, rules, gas);
  if (cap !== null && capped > cap) {
    return { kind: "ExceedsTransactionGasCap", cap, gasLimit: capped };
  }
  if (maxFeePerGas < maxPriorityFeePerGas) {
    return { kind: "PriorityAboveMaxFee", maxPriorityFeePerGas, maxFeePerGas };
  }
  const baseFeePerGas = environment.baseFeePerGas ?? 0n;
  if (maxFeePerGas < baseFeePerGas) {
    return { kind: "FeeBelowBaseFee", baseFeePerGas, maxFeePerGas };
  }
  const blobFee = blobBaseFee(environment, rules) ?? 0n;
  if (transaction.type === 3 && maxFeePerBlobGas < blobFee) {
    return { kind: "BlobFeeTooLow", blobBaseFee: blobFee, maxFeePerBlobGas };
  }
  return null;
}

/** What EIP-7825 limits: the gas limit; from EIP-8037 on, gas for growth of the state comes on top. */
function cappedGas(
  { gasLimit }: TransactionInput,
  rules: ForkRules,
  { intrinsic, floor }: IntrinsicGas,
): bigint {
  if (!rules.isActive(8037)) {
    return gasLimit;
  }
  return intrinsic > floor ? intrinsic : floor;
}

/**
 * The sender against the state: nonce exactly, balance only as the bound that is needed, so that
 * transfers to the sender do not conflict with its transactions.
 */
export function checkSender(
  transaction: TransactionInput,
  environment: BlockEnvironment,
  view: StateView,
): InvalidTransaction | null {
  const { from, nonce } = transaction;
  const expected = view.nonce(from);
  if (nonce < expected) {
    return { kind: "NonceTooLow", expected, actual: nonce };
  }
  if (nonce > expected) {
    return { kind: "NonceTooHigh", expected, actual: nonce };
  }
  const required = upfrontCost(transaction);
  if (!view.balanceAtLeast(from, required)) {
    return { kind: "InsufficientFunds", required, balance: view.balance(from) };
  }
  if (
    environment.rules.allowSenderWithCode !== true &&
    view.codeHash(from) !== EMPTY_CODE_HASH &&
    !isDelegation(view.code(from))
  ) {
    return { kind: "SenderHasCode" };
  }
  return null;
}

/** wei the sender must own: the most that gas, blobs and value can cost. */
export function upfrontCost(transaction: TransactionInput): bigint {
  return (
    transaction.gasLimit * transaction.maxFeePerGas +
    blobGasOf(transaction) * transaction.maxFeePerBlobGas +
    transaction.value
  );
}

function checkBlobForm(transaction: TransactionInput, rules: ForkRules): InvalidTransaction | null {
  if (transaction.type !== 3) {
    return null;
  }
  const malformed = (detail: string) => ({ kind: "MalformedBlobTransaction", detail }) as const;
  const hashes = transaction.blobVersionedHashes;
  if (transaction.to === null) {
    return malformed("a blob transaction cannot create a contract");
  }
  if (hashes.length === 0) {
    return malformed("no blobs");
  }
  const max = rules.blobs?.maxPerTransaction ?? 0;
  if (hashes.length > max) {
    return malformed(`${hashes.length} blobs, at most ${max} are allowed`);
  }
  const unknown = hashes.find((hash: Hash) => !hash.startsWith(KZG_VERSION));
  return unknown === undefined ? null : malformed(`versioned hash ${unknown} of unknown version`);
}

function checkSetCodeForm(transaction: TransactionInput): InvalidTransaction | null {
  if (transaction.type !== 4) {
    return null;
  }
  const malformed = (detail: string) => ({ kind: "MalformedSetCodeTransaction", detail }) as const;
  if (transaction.to === null) {
    return malformed("a set-code transaction cannot create a contract");
  }
  return transaction.authorizationList.length === 0 ? malformed("no authorizations") : null;
}
