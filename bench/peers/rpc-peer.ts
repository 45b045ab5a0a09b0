/** A peer behind JSON-RPC that understands Hardhat's methods: fill the pool, time `evm_mine`, revert. */
import type { BenchPlan, Workload } from "../workload";
import { type Peer, timed } from "./peer";

export type Request = (method: string, params?: readonly unknown[]) => Promise<unknown>;

export async function createRpcPeer(
  name: string,
  plan: BenchPlan,
  request: Request,
  options: { readonly cpu: boolean; readonly close: () => Promise<void> },
): Promise<Peer> {
  await request("evm_setAutomine", [false]);
  for (const raw of plan.setup) {
    await request("eth_sendRawTransaction", [raw]);
  }
  await request("evm_mine");
  return {
    name,
    async run(workload: Workload) {
      const snapshot = await request("evm_snapshot");
      for (const raw of workload.raw) {
        await request("eth_sendRawTransaction", [raw]);
      }
      const { wall, cpu } = await timed(() => request("evm_mine"));
      const block = (await request("eth_getBlockByNumber", ["latest", false])) as {
        gasUsed: string;
        transactions: string[];
        stateRoot: string;
      }; // shape fixed by the JSON-RPC specification
      if (block.transactions.length !== workload.raw.length) {
        throw new Error(
          `${name}: mined ${block.transactions.length} of ${workload.raw.length} transactions of "${workload.name}"`,
        );
      }
      await request("evm_revert", [snapshot]);
      return {
        wall,
        cpu: options.cpu ? cpu : null,
        gasUsed: BigInt(block.gasUsed),
        stateRoot: block.stateRoot,
      };
    },
    close: options.close,
  };
}
