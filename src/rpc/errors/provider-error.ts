/**
 * The errors a request is refused with, in the shape that Hardhat's tools know: `ProviderError` of
 * EIP-1193 with a code of EIP-1474, recognised by `_isProviderError`, never by class.
 *
 * Owns: shape and codes. Does not own: the words (words.ts), failed executions (solidity-error.ts).
 */

/** EIP-1474 error codes that the network uses. */
export const ErrorCode = {
  InvalidInput: -32000,
  MethodNotSupported: -32004,
  InvalidParams: -32602,
  Internal: -32603,
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** EIP-1193 `ProviderRpcError`. */
export class ProviderError extends Error {
  /** Hardhat's own mark: two copies of the class may be loaded. */
  readonly _isProviderError = true;
  readonly parent: Error | undefined;
  readonly code: number;
  data: unknown;

  constructor(message: string, code: number, data?: unknown, parent?: Error) {
    super(message);
    this.name = new.target.name;
    this.parent = parent;
    this.code = code;
    this.data = data;
  }
}

/** -32602 */
export class InvalidArgumentsError extends ProviderError {
  static readonly CODE = ErrorCode.InvalidParams;

  constructor(message: string, data?: unknown) {
    super(message, InvalidArgumentsError.CODE, data);
  }
}

/** -32000, for a request whose `params` is not a list. */
export class InvalidInputError extends ProviderError {
  static readonly CODE = ErrorCode.InvalidInput;

  constructor(message: string) {
    super(message, InvalidInputError.CODE);
  }
}

/** -32603 */
export class InternalError extends ProviderError {
  static readonly CODE = ErrorCode.Internal;

  constructor(message: string, parent?: Error) {
    super(message, InternalError.CODE, undefined, parent);
  }
}

/** The class that the stock network gives an error of this code. */
export function providerError(message: string, code: number, data: unknown): ProviderError {
  return code === ErrorCode.InvalidParams
    ? new InvalidArgumentsError(message, data)
    : new ProviderError(message, code, data);
}
