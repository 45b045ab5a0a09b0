/**
 * @ethereumjs/vm runBlock on its Merkle state manager, the way the package documents it: execution,
 * receipts and roots, and no JSON-RPC. Senders are recovered before the clock starts (every other peer
 * recovers them when the pool takes them). Cancun: later hardforks want system contracts at genesis.
 */
import { createBlock } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRLP } from "@ethereumjs/tx";
import { Account, bytesToHex, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { createVM, runBlock } from "@ethereumjs/vm";
import { BALANCE_WEI, type BenchPlan, CHAIN_ID, COINBASE, GENESIS_TIMESTAMP } from "../workload";
import { type Peer, timed } from "./peer";

export async function createEthereumjsPeer(name: string, plan: BenchPlan): Promise<Peer> {
  const common = new Common({
    chain: { ...Mainnet, chainId: CHAIN_ID },
    hardfork: Hardfork.Cancun,
  });
  const stateManager = new MerkleStateManager({ common });
  const vm = await createVM({ common, stateManager });
  for (const account of plan.accounts) {
    await stateManager.putAccount(createAddressFromString(account), new Account(0n, BALANCE_WEI));
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
          coinbase: createAddressFromString(COINBASE),
          timestamp: GENESIS_TIMESTAMP + number,
          gasLimit: plan.blockGasLimit,
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
    async run(workload, count) {
      const raw = plan.workloads.find((candidate) => candidate.name === workload)?.raw ?? [];
      const block = makeBlock(raw.slice(0, count), 2);
      const { value, wall, cpu } = await timed(() => runBlock(vm, { block, root, ...options }));
      const { receipts, gasUsed, receiptsRoot, logsBloom } = value;
      if (
        receipts.length === 0 ||
        receipts.some((receipt) => !("status" in receipt && receipt.status))
      ) {
        throw new Error(`${name}: a transaction of "${workload}" failed`);
      }
      return {
        wall,
        cpu,
        results: {
          gasUsed: String(gasUsed),
          receiptsRoot: bytesToHex(receiptsRoot),
          logsBloom: bytesToHex(logsBloom),
        },
      };
    },
    fill: async () => {
      throw new Error(`${name} takes no fills`);
    },
    close: async () => undefined,
  };
}
