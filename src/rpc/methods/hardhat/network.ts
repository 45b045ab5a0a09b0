/** hardhat_*: mining, impersonation, the pool, facts about this instance. */
import { loggedCode } from "../../context";
import { type MethodTable, method } from "../../method";
import { boolean, hash, u64 } from "../../params/scalars";
import { strictAddress } from "../../params/strict-strings";
import { none, single, trailing, tuple } from "../../params/tuple";

export const networkMethods: MethodTable = {
  hardhat_mine: method(
    tuple<[bigint | undefined, bigint | undefined]>("Mine", trailing(u64), trailing(u64)),
    async (context, [blocks, interval]) => {
      const mined = await context.chain.mineMany(blocks ?? 1n, interval ?? 1n);
      if (context.logger.enabled) {
        context.logger.mined(await loggedCode(context), mined);
      }
      return true;
    },
  ),
  hardhat_getAutomine: method(none, ({ chain }) => chain.automine),
  hardhat_dropTransaction: method(single(hash), ({ chain }, wanted) =>
    chain.dropTransaction(wanted),
  ),
  hardhat_impersonateAccount: method(single(strictAddress), ({ accounts }, account) => {
    accounts.impersonate(account);
    return true;
  }),
  hardhat_stopImpersonatingAccount: method(single(strictAddress), ({ accounts }, account) =>
    accounts.stopImpersonating(account),
  ),
  hardhat_setLoggingEnabled: method(single(boolean), ({ logger }, enabled) => {
    logger.enabled = enabled;
    return true;
  }),
  hardhat_metadata: method(none, ({ chain, dialect, instanceId }) => ({
    clientVersion: dialect.engineVersion,
    chainId: Number(chain.config.chainId),
    instanceId,
    latestBlockNumber: Number(chain.latestNumber),
    latestBlockHash: chain.latest.header.hash,
    ...(chain.fork === null
      ? {}
      : {
          forkedNetwork: {
            chainId: Number(chain.fork.chainId),
            forkBlockNumber: Number(chain.fork.blockNumber),
            forkBlockHash: chain.fork.blockHash,
          },
        }),
  })),
};
