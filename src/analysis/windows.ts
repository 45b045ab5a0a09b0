/**
 * Windows: which transactions are compared with each other. Tests send one transaction per block,
 * so what a test run says of parallelism depends on the window, and every report names it.
 *
 * `mined`: each block as it was. N: every N consecutive transactions, across blocks. A window never
 * reaches across a segment (the chain was reverted or reset in between). Deployments are setup:
 * they are in no window and counted apart.
 *
 * Owns: the grouping. Does not own: what is measured in a window.
 */
import { invariant } from "../errors/base-error";
import type { Workload, WorkloadTransaction } from "./workload";

export type WindowMode = "mined" | number;

export interface Window {
  /** in order */
  readonly transactions: readonly WorkloadTransaction[];
}

export interface Windows {
  readonly mode: WindowMode;
  readonly windows: readonly Window[];
  /** transactions that deploy a contract */
  readonly setup: number;
}

/** @param mode "mined" or how many transactions make a window, at least 1 */
export function groupIntoWindows(workload: Workload, mode: WindowMode): Windows {
  invariant(
    mode === "mined" || (Number.isInteger(mode) && mode >= 1),
    `a window needs a size of at least 1, got ${mode}`,
  );
  const windows: Window[] = [];
  let setup = 0;
  let open: WorkloadTransaction[] = [];
  let openBlock = -1;
  let openSegment = -1;
  for (const transaction of workload.transactions) {
    if (transaction.setup) {
      setup++;
      continue;
    }
    const segment = workload.blocks[transaction.block]?.segment ?? 0;
    const isFull = mode === "mined" ? transaction.block !== openBlock : open.length === mode;
    if (open.length > 0 && (isFull || segment !== openSegment)) {
      windows.push({ transactions: open });
      open = [];
    }
    open.push(transaction);
    openBlock = transaction.block;
    openSegment = segment;
  }
  if (open.length > 0) {
    windows.push({ transactions: open });
  }
  return { mode, windows, setup };
}
