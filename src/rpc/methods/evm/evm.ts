/** evm_*: mining, time and snapshots. */
import { quantity } from "../../codec/quantity";
import { loggedCode } from "../../context";
import { argumentError, inputError } from "../../errors/words";
import { type MethodTable, method } from "../../method";
import { miningInterval, timestamp } from "../../params/other-values";
import { boolean, u64 } from "../../params/scalars";
import { none, optionalSingle, single } from "../../params/tuple";

/** seconds: what fits 63 bits */
const MAX_INCREASE = 2n ** 63n - 1n;

export const evmMethods: MethodTable = {
  /** total offset in seconds, decimal */
  evm_increaseTime: method(single(timestamp), ({ chain }, seconds) => {
    if (seconds > MAX_INCREASE) {
      // the stock network aborts its process
      throw argumentError(`Time cannot be increased by more than ${MAX_INCREASE} seconds`);
    }
    return chain.increaseTime(seconds).toString();
  }),
  evm_mine: method(optionalSingle(timestamp), async (context, at) => {
    const mined = await context.chain.mine(at);
    if (context.logger.enabled) {
      context.logger.mined(await loggedCode(context), [mined]);
    }
    return "0";
  }),
  evm_revert: method(single(u64), ({ chain }, id) => chain.revert(id)),
  evm_setAutomine: method(single(boolean), ({ chain }, enabled) => {
    chain.setAutomine(enabled);
    return true;
  }),
  evm_setBlockGasLimit: method(single(u64), async ({ chain }, limit) => {
    if (limit === 0n) {
      throw inputError("Block gas limit must be greater than 0");
    }
    await chain.setBlockGasLimit(limit);
    return true;
  }),
  evm_setIntervalMining: method(single(miningInterval), ({ chain }, interval) => {
    if (typeof interval !== "number" && interval[0] > interval[1]) {
      throw argumentError("Minimum value in range is greater than maximum value");
    }
    chain.setMiningInterval(interval);
    return true;
  }),
  evm_setNextBlockTimestamp: method(single(timestamp), ({ chain }, at) => {
    chain.setNextTimestamp(at);
    return at.toString();
  }),
  evm_snapshot: method(none, async ({ chain }) => quantity(await chain.snapshot())),
};
