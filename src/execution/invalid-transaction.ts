/**
 * Why a transaction cannot be in a block at its place (yellow paper section 6, "intrinsic validity"; EIP-1559,
 * EIP-3607, EIP-3860, EIP-4844, EIP-7623, EIP-7702, EIP-7825). An expected result, so a value, not an exception;
 * the rpc room turns it into the words the user sees.
 */
export type InvalidTransactionReason =
  | { readonly kind: "NonceTooLow"; readonly expected: bigint; readonly actual: bigint }
  | { readonly kind: "NonceTooHigh"; readonly expected: bigint; readonly actual: bigint }
  | { readonly kind: "InsufficientFunds"; readonly required: bigint; readonly balance: bigint }
  | { readonly kind: "IntrinsicGas"; readonly required: bigint; readonly gasLimit: bigint }
  | { readonly kind: "GasFloor"; readonly required: bigint; readonly gasLimit: bigint }
  | { readonly kind: "ExceedsBlockGas"; readonly available: bigint; readonly gasLimit: bigint }
  | { readonly kind: "ExceedsTransactionGasCap"; readonly cap: bigint; readonly gasLimit: bigint }
  | {
      readonly kind: "FeeBelowBaseFee";
      readonly baseFeePerGas: bigint;
      readonly maxFeePerGas: bigint;
    }
  | {
      readonly kind: "PriorityAboveMaxFee";
      readonly maxPriorityFeePerGas: bigint;
      readonly maxFeePerGas: bigint;
    }
  | { readonly kind: "SenderHasCode" }
  | { readonly kind: "InitCodeTooLarge"; readonly size: number; readonly limit: number }
  | { readonly kind: "NonceOverflow" }
  | {
      readonly kind: "BlobFeeTooLow";
      readonly blobBaseFee: bigint;
      readonly maxFeePerBlobGas: bigint;
    }
  | { readonly kind: "BlobGasExceeded"; readonly available: bigint; readonly requested: bigint }
  | { readonly kind: "MalformedBlobTransaction"; readonly detail: string }
  | { readonly kind: "MalformedSetCodeTransaction"; readonly detail: string }
  | { readonly kind: "TypeNotSupported"; readonly type: number; readonly hardfork: string };

export type InvalidTransaction = InvalidTransactionReason;
