/** eth_feeHistory: base fees, fullness and tips of a range of blocks and of the next one. */
import { nextBaseFee } from "../chain/base-fee";
import type { BlockSelector, ChainBlock } from "../chain/chain";
import { ChainError } from "../chain/chain-error";
import { invariant } from "../errors/base-error";
import type { Hex } from "../state/hex";
import { quantity, smaller } from "./codec/quantity";
import type { RpcContext } from "./context";
import { inputError } from "./errors/words";
import { isAtLeast } from "./hardforks";
import { validateBlockTag } from "./validation";

const MAX_BLOCKS = 1024n;

export interface FeeHistory {
  readonly oldestBlock: Hex;
  readonly baseFeePerGas: readonly Hex[];
  readonly gasUsedRatio: readonly number[];
  readonly reward?: readonly (readonly Hex[])[];
}

export async function feeHistory(
  context: RpcContext,
  count: bigint,
  newest: BlockSelector,
  percentiles: readonly number[],
): Promise<FeeHistory> {
  validate(context, count, newest, percentiles);
  const { chain } = context;
  const pendingNumber = chain.latestNumber + 1n;
  const newestNumber = newest === "pending" ? pendingNumber : blockNumber(context, newest);
  const oldest = newestNumber < count ? 0n : newestNumber - count + 1n;
  const blocks: ChainBlock[] = [];
  for (let number = oldest; number <= newestNumber && number < pendingNumber; number += 1n) {
    blocks.push(knownBlock(context, number));
  }
  const pending = newestNumber === pendingNumber ? (await chain.pendingBlock()).block : null;
  const shown = pending === null ? blocks : [...blocks, pending];
  return {
    oldestBlock: quantity(oldest),
    baseFeePerGas: [
      ...shown.map(({ header }) => header.baseFeePerGas ?? 0n),
      baseFeeAfter(context, newestNumber, pending),
    ].map(quantity),
    gasUsedRatio: shown.map(gasUsedRatio),
    ...(percentiles.length === 0
      ? {}
      : {
          reward: shown.map((block) =>
            // A pending block has paid nobody yet.
            (block === pending ? percentiles.map(() => 0n) : rewards(block, percentiles)).map(
              quantity,
            ),
          ),
        }),
  };
}

function validate(
  context: RpcContext,
  count: bigint,
  newest: BlockSelector,
  percentiles: readonly number[],
): void {
  if (!isAtLeast(context.hardfork, "london")) {
    throw inputError(
      "eth_feeHistory is disabled. It only works with the London hardfork or a later one.",
    );
  }
  if (count === 0n) {
    throw inputError("blockCount should be at least 1");
  }
  if (count > MAX_BLOCKS) {
    throw inputError("blockCount should be at most 1024");
  }
  validateBlockTag(context, newest);
  for (const [index, percentile] of percentiles.entries()) {
    if (!(percentile >= 0 && percentile <= 100)) {
      throw inputError(
        `The reward percentile number ${index + 1} is invalid. It must be a float between 0 and 100, but is ${percentile} instead.`,
      );
    }
    const previous = percentiles[index - 1];
    if (previous !== undefined && previous > percentile) {
      throw inputError(
        `The reward percentiles should be in non-decreasing order, but the percentile number ${index} is greater than the next one`,
      );
    }
  }
}

function blockNumber(context: RpcContext, selector: Exclude<BlockSelector, "pending">): bigint {
  const block = context.chain.block(selector);
  if (block === undefined) {
    throw new ChainError({ kind: "UnknownBlock", selector, latest: context.chain.latestNumber });
  }
  return block.header.number;
}

function knownBlock(context: RpcContext, number: bigint): ChainBlock {
  const block = context.chain.block({ number });
  invariant(block !== undefined, `block ${number} is not above the latest`);
  return block;
}

function baseFeeAfter(
  context: RpcContext,
  newestNumber: bigint,
  pending: ChainBlock | null,
): bigint {
  if (pending !== null) {
    return nextBaseFee(pending.header);
  }
  if (newestNumber < context.chain.latestNumber) {
    return knownBlock(context, newestNumber + 1n).header.baseFeePerGas ?? 0n;
  }
  return context.chain.nextBaseFeePerGas() ?? 0n;
}

/** The stock formula, whose rounding shows in the last digits. */
function gasUsedRatio({ header }: ChainBlock): number {
  const precision = 100_000;
  return (Number(header.gasUsed) * precision) / Number(header.gasLimit) / precision;
}

/**
 * For each percentile the tip of the transaction at which the block's gas, cheapest tip first,
 * reaches that share of the gas LIMIT (a quirk of stock; clients expect the share of gas used).
 */
function rewards(block: ChainBlock, percentiles: readonly number[]): readonly bigint[] {
  const { baseFeePerGas = 0n, gasLimit } = block.header;
  const tips = block.transactions
    .map((transaction, index) => ({
      gasUsed: block.receipts[index]?.outcome.gasUsed ?? 0n,
      tip: smaller(
        transaction.input.maxPriorityFeePerGas,
        transaction.input.maxFeePerGas - baseFeePerGas,
      ),
    }))
    .sort((first, second) => (first.tip < second.tip ? -1 : Number(first.tip > second.tip)));
  return percentiles.map((percentile) => {
    const target = BigInt(Math.trunc((percentile / 100) * Number(gasLimit)));
    let gas = 0n;
    for (const { gasUsed, tip } of tips) {
      gas += gasUsed;
      if (target <= gas) {
        return tip;
      }
    }
    return tips.at(-1)?.tip ?? 0n;
  });
}
