/**
 * What this network can say beyond the stock network's methods: the record of a mined block, in the
 * access log's encoding (docs/access-log-format.md, "Block record").
 */
import { encodeBlock, toBytes } from "../../../access-log/codec";
import type { BlockSelector } from "../../../chain/chain";
import { bytesToHex } from "../../../state/bytes";
import { type MethodTable, method } from "../../method";
import { blockNumberOrTag } from "../../params/block-spec";
import { required, tuple } from "../../params/tuple";
import { findBlock } from "../eth/blocks";

export const recordMethods: MethodTable = {
  /** null = no such block */
  parallel_getBlockRecord: method(
    tuple<[BlockSelector]>("ParallelGetBlockRecord", required(blockNumberOrTag)),
    async (context, [selector]) => {
      const found = await findBlock(context, selector);
      if (found === null || found.pending) {
        return null; // a pending block is not mined yet
      }
      const record = await context.chain.blockRecord(found.block);
      return bytesToHex(toBytes(record, encodeBlock));
    },
  ),
};
