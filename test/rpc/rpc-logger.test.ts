import { strict as assert } from "node:assert";
import type { MinedBlock, MinedTransaction } from "../../src/chain/chain";
import { RpcLogger } from "../../src/rpc/logging/rpc-logger";

/** A block of transactions with these lines each; `onRead` is told of each look at a transaction's. */
function minedBlock(lines: readonly (readonly number[])[], onRead: () => void): MinedBlock {
  const transactions = lines.map((own) => ({
    get consoleLogs(): readonly Uint8Array[] {
      onRead();
      return own.map((line) => Uint8Array.of(line));
    },
  }));
  // the logger looks at nothing else of a block here
  return { transactions: transactions as unknown as MinedTransaction[] } as unknown as MinedBlock;
}

describe("rpc/rpc-logger", () => {
  it("a block's lines are printed for each transaction, and collected once", () => {
    const printed: number[][] = [];
    let reads = 0;
    const logger = new RpcLogger({
      enabled: false,
      printConsoleLogs: (calldata) => printed.push(calldata.map(([line]) => line ?? -1)),
      printLine: () => undefined,
    });
    logger.consoleLogsOfBlock(
      minedBlock([[1], [], [2, 3]], () => {
        reads++;
      }),
    );
    assert.deepEqual(printed, [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    assert.equal(reads, 3);
    logger.consoleLogsOfBlock(minedBlock([[], []], () => undefined));
    assert.equal(printed.length, 3);
  });
});
