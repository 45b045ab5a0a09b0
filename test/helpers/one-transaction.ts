import type { BlockTask } from "../../src/execution/block-joiner";
import { PreparedTransactions } from "../../src/execution/prepared-transactions";
import { BlockMemory, type SharedBlock } from "../../src/execution/shared-block";
import type { Address } from "../../src/state/hex";
import { environment, transaction } from "./environment";
import { storeOf } from "./parallel-equals-sequential";

const SENDER: Address = "0x5e4d000000000000000000000000000000000001";
const store = storeOf(new Map([[SENDER, { balance: 10n ** 18n }]]));

/** A block of one transaction as its calling thread has it, and as a worker thread gets it. Not open yet. */
export function oneTransaction(): { readonly task: BlockTask; readonly block: SharedBlock } {
  const { buffers, block } = new BlockMemory().begin(1, store);
  const task: BlockTask = {
    buffers,
    ...new PreparedTransactions().share([transaction(SENDER)]),
    state: store.share(),
    environment: environment("prague"),
    trace: false,
    blockAccessList: false,
  };
  return { task, block };
}
