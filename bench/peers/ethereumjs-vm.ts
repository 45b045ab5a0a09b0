/**
 * @ethereumjs/vm runBlock on its Merkle state manager, the way the package documents it. Senders are
 * recovered before the clock starts (every other peer recovers them when the pool takes them).
 */
import { createBlock } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRLP } from "@ethereumjs/tx";
import { Account, bytesToHex, createAddressFromPrivateKey, hexToBytes } from "@ethereumjs/util";
import { createVM, runBlock } from "@ethereumjs/vm";
import {
  BALANCE_WEI,
  type BenchPlan,
  BLOCK_GAS_LIMIT,
  CHAIN_ID,
  GENESIS_TIMESTAMP,
} from "../workload";
import { type Peer, timed } from "./peer";

export async function createEthereumjsPeer(plan: BenchPlan): Promise<Peer> {
  const common = new Common({
    chain: { ...Mainnet, chainId: CHAIN_ID },
    hardfork: Hardfork.Cancun,
  });
  const stateManager = new MerkleStateManager({ common });
  const vm = await createVM({ common, stateManager });
  for (const key of plan.privateKeys) {
    await stateManager.putAccount(
      createAddressFromPrivateKey(hexToBytes(key)),
      new Account(0n, BALANCE_WEI),
    );
  }
  await stateManager.flush();
  const makeBlock = (raw: readonly `0x${string}`[], number: number) => {
    const transactions = raw.map((bytes) =>
      createTxFromRLP(hexToBytes(bytes), { common, freeze: false }),
    );
    for (const transaction of transactions) {
      transaction.getSenderAddress();
    }
    return createBlock(
      {
        header: {
          number,
          timestamp: GENESIS_TIMESTAMP + number,
          gasLimit: BLOCK_GAS_LIMIT,
          baseFeePerGas: 1_000_000_000n,
        },
        transactions,
      },
      { common, skipConsensusFormatValidation: true, freeze: false },
    );
  };
  const options = {
    generate: true,
    skipBlockValidation: true,
    skipHeaderValidation: true,
    skipHardForkValidation: true,
  } as const;
  await runBlock(vm, { block: makeBlock(plan.setup, 1), ...options });
  const root = await stateManager.getStateRoot();
  return {
    name: "@ethereumjs/vm runBlock",
    async run(workload) {
      const block = makeBlock(workload.raw, 2);
      const { value, wall, cpu } = await timed(() => runBlock(vm, { block, root, ...options }));
      if (value.receipts.length !== workload.raw.length) {
        throw new Error(`runBlock executed ${value.receipts.length} transactions`);
      }
      return { wall, cpu, gasUsed: value.gasUsed, stateRoot: bytesToHex(value.stateRoot) };
    },
    close: async () => undefined,
  };
}
