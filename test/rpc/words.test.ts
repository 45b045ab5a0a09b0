/** The words for what the network refuses: Hardhat's spelling and codes. */
import { expect } from "chai";
import type { PoolRejection } from "../../src/chain/chain";
import type { ChainProblem } from "../../src/chain/chain-error";
import { chainProblemError, rejectionError } from "../../src/rpc/errors/words";

const HASH = `0x${"ab".repeat(32)}` as const;

// The texts are those that the stock network printed for such transactions.
const REJECTIONS: readonly (readonly [PoolRejection, string])[] = [
  [
    { kind: "NonceTooLow", expected: 3n, actual: 0n },
    "Transaction nonce too low. Expected nonce to be at least 3 but got 0.",
  ],
  [
    { kind: "NonceTooLowAutomine", expected: 1n, actual: 0n },
    "Nonce too low. Expected nonce to be 1 but got 0. Note that transactions can't be queued when automining.",
  ],
  [
    { kind: "NonceTooHighAutomine", expected: 1n, actual: 5n },
    "Nonce too high. Expected nonce to be 1 but got 5. Note that transactions can't be queued when automining.",
  ],
  [
    { kind: "InsufficientFunds", required: 10n, balance: 3n },
    "Sender doesn't have enough funds to send tx. The max upfront cost is: 10 and the sender's balance is: 3.",
  ],
  [
    { kind: "IntrinsicGas", required: 21000n, gasLimit: 20999n },
    "Transaction requires at least 21000 gas but got 20999",
  ],
  [
    { kind: "GasFloor", required: 22000n, gasLimit: 21500n },
    "Transaction requires gas floor of 22000 but got limit of 21500",
  ],
  [
    { kind: "ExceedsTransactionGasCap", cap: 16777216n, gasLimit: 16777217n },
    "Transaction gas limit is 16777217 and exceeds transaction gas cap of 16777216",
  ],
  [
    { kind: "ExceedsBlockGasLimit", gasLimit: 31n, blockGasLimit: 30n },
    "Transaction gas limit is 31 and exceeds block gas limit of 30",
  ],
  [{ kind: "KnownTransaction", hash: HASH }, `Known transaction: ${HASH}`],
  [
    { kind: "ReplacementUnderpriced", field: "fee", required: 11n, nonce: 2n },
    "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 11 is necessary to replace the existing transaction with nonce 2.",
  ],
  [
    { kind: "ReplacementUnderpriced", field: "priorityFee", required: 2n, nonce: 2n },
    "Replacement transaction underpriced. A gasPrice/maxPriorityFeePerGas of at least 2 is necessary to replace the existing transaction with nonce 2.",
  ],
  [
    { kind: "FeeBelowNextBaseFee", type: 2, maxFeePerGas: 1n, nextBaseFeePerGas: 7n },
    "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 7",
  ],
  [
    { kind: "FeeBelowNextBaseFee", type: 0, maxFeePerGas: 1n, nextBaseFeePerGas: 7n },
    "Transaction gasPrice (1) is too low for the next block, which has a baseFeePerGas of 7",
  ],
  [
    { kind: "GasPriceBelowMinimum", gasPrice: 1n, minGasPrice: 5n },
    "Transaction gas price is 1, which is below the minimum of 5",
  ],
];

const PROBLEMS: readonly (readonly [ChainProblem, number, string])[] = [
  [
    { kind: "UnknownBlock", selector: { number: 255n }, latest: 4n },
    -32000,
    "Received invalid block tag 255. Latest block number is 4",
  ],
  [
    { kind: "UnknownBlock", selector: { hash: HASH }, latest: 4n },
    -32000,
    `Received invalid block tag ${HASH}. Latest block number is 4`,
  ],
  [
    { kind: "UnknownTransaction", hash: HASH },
    -32000,
    `Unable to find a block containing transaction ${HASH}`,
  ],
  [
    { kind: "TimestampLowerThanPrevious", proposed: 1n, previous: 2n },
    -32000,
    "Timestamp 1 is lower than the previous block's timestamp 2",
  ],
  [
    { kind: "NonceBelowCurrent", current: 7n, proposed: 6n },
    -32000,
    "New nonce (6) must not be smaller than the existing nonce (7)",
  ],
  [
    { kind: "PoolNotEmpty" },
    -32603,
    "Cannot set account nonce when the transaction pool is not empty",
  ],
  [
    { kind: "TransactionMined", hash: HASH },
    -32602,
    `Transaction ${HASH} cannot be dropped because it's already mined`,
  ],
  [
    {
      kind: "InvalidTransaction",
      reason: { kind: "ExceedsTransactionGasCap", cap: 16777216n, gasLimit: 16777217n },
    },
    -32000,
    "transaction gas limit (16777217) is greater than the cap (16777216)",
  ],
  [
    { kind: "InvalidTransaction", reason: { kind: "NonceTooLow", expected: 1n, actual: 0n } },
    -32000,
    "nonce 0 too low, expected 1",
  ],
];

describe("words for what is refused", () => {
  for (const [rejection, message] of REJECTIONS) {
    it(`the pool's ${rejection.kind}`, () => {
      const error = rejectionError(rejection);
      expect(error).to.include({ message, code: -32000, data: null, name: "ProviderError" });
    });
  }

  for (const [problem, code, message] of PROBLEMS) {
    it(`the chain's ${problem.kind}`, () => {
      const error = chainProblemError(problem);
      expect(error).to.include({ message, code, data: null });
      expect(error.name).to.equal(code === -32602 ? "InvalidArgumentsError" : "ProviderError");
    });
  }

  it("an upfront cost beyond 256 bits is shown as the highest number of 256 bits", () => {
    const error = rejectionError({ kind: "InsufficientFunds", required: 2n ** 257n, balance: 0n });
    expect(error.message).to.include(`cost is: ${2n ** 256n - 1n} and`);
  });
});
