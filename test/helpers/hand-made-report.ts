/** Reports on hand-made runs: every function's numbers can be derived on paper. */
import { collectWorkload } from "../../src/analysis/workload-builder";
import { buildReport, type ReportOptions } from "../../src/report/build-report";
import type { Report } from "../../src/report/report";
import {
  type HandMadeBlock,
  HandMadeContract,
  handMadeLog,
  handMadeNaming,
  oneByOne,
  updates,
} from "./hand-made-log";

export function handMadeReport(
  blocks: readonly HandMadeBlock[],
  contracts: readonly HandMadeContract[],
  functions: readonly string[],
  options: Partial<ReportOptions> = {},
  source = "test",
): Report {
  return buildReport(
    collectWorkload(handMadeLog(blocks)),
    handMadeNaming(contracts, functions),
    {
      tool: "hardhat-parallel",
      toolVersion: "0.1.0",
      chainId: 31337n,
      hardforks: ["prague"],
      source,
      recording: { logs: 1, complete: true, droppedBlocks: 0, droppedTransactions: 0 },
    },
    { window: 64, ...options },
  );
}

export interface SaleOptions extends Partial<ReportOptions> {
  /** calls of Sale.buy, each by another buyer */
  readonly calls?: number;
  /** all on Sale.sold (P = 0), or each on an entry of its own (P = 1) */
  readonly contended: boolean;
  readonly source?: string;
}

export const BUY = "buy(uint256)";

/** Calls of `Sale.buy`, 100 gas each. */
export function saleReport({ calls = 10, contended, source, ...options }: SaleOptions): Report {
  const sale = new HandMadeContract("Sale");
  const blocks = oneByOne(
    Array.from({ length: calls }, (_, index) => ({
      from: `buyer ${index}`,
      gas: 100,
      call: {
        contract: sale,
        fn: BUY,
        touches: [updates(contended ? sale.slot("sold") : sale.slot("sold", `${index}`))],
      },
    })),
  );
  return handMadeReport(blocks, [sale], [BUY], options, source);
}
