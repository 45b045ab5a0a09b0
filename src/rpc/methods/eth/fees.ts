/** Prices and eth_feeHistory. */
import type { BlockSelector } from "../../../chain/chain";
import { quantity } from "../../codec/quantity";
import { feeHistory } from "../../fee-history";
import { DEFAULT_PRIORITY_FEE, suggestedGasPrice } from "../../fees";
import { type MethodTable, method } from "../../method";
import { blockSpec } from "../../params/block-spec";
import { float, list, u256 } from "../../params/scalars";
import { none, required, tuple } from "../../params/tuple";

export const feeMethods: MethodTable = {
  eth_gasPrice: method(none, ({ chain }) => quantity(suggestedGasPrice(chain))),
  eth_maxPriorityFeePerGas: method(none, () => quantity(DEFAULT_PRIORITY_FEE)),
  eth_blobBaseFee: method(none, ({ chain }) => quantity(chain.nextBlobBaseFee() ?? 0n)),
  eth_feeHistory: method(
    tuple<[bigint, BlockSelector, readonly number[]]>(
      "FeeHistory",
      required(u256),
      required(blockSpec),
      required(list(float)),
    ),
    (context, [count, newest, percentiles]) => feeHistory(context, count, newest, percentiles),
  ),
};
