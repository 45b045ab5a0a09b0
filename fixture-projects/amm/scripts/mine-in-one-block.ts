/** Sends many transactions and mines all of them as one block. */
import type { TransactionReceipt, TransactionResponse } from "ethers";
import { network } from "hardhat";

/**
 * Mining is automatic again when this returns, whatever happened.
 *
 * Give every transaction a gas limit: the local network reserves the block's whole gas for one
 * that has none, and then no second one fits.
 */
export async function mineInOneBlock(
  sends: readonly (() => Promise<TransactionResponse>)[],
): Promise<TransactionReceipt[]> {
  await network.provider.send("evm_setAutomine", [false]);
  try {
    const transactions: TransactionResponse[] = [];
    for (const send of sends) transactions.push(await send());
    await network.provider.send("evm_mine");

    const receipts: TransactionReceipt[] = [];
    for (const transaction of transactions) {
      const receipt = await transaction.wait();
      if (receipt === null) throw new Error(`${transaction.hash} was not mined`);
      receipts.push(receipt);
    }
    const blocks = new Set(receipts.map((receipt) => receipt.blockNumber));
    if (blocks.size > 1) throw new Error(`The transactions went into ${blocks.size} blocks`);
    return receipts;
  } finally {
    await network.provider.send("evm_setAutomine", [true]);
  }
}
