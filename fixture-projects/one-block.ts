/** For the load scripts and tests of the fixture projects: many transactions as one block. */
import type { TransactionReceipt, TransactionResponse } from "ethers";
import { ethers, network } from "hardhat";

/** Sends one transaction. Give it a gas limit: one without reserves the gas of the whole block. */
export type Send = () => Promise<TransactionResponse>;

/** Mining is automatic again when this returns, whatever happened. */
export async function mineInOneBlock(sends: readonly Send[]): Promise<TransactionReceipt[]> {
  await network.provider.send("evm_setAutomine", [false]);
  try {
    const transactions: TransactionResponse[] = [];
    for (const send of sends) transactions.push(await send());
    await network.provider.send("evm_mine");

    const receipts: TransactionReceipt[] = [];
    for (const transaction of transactions) {
      // transaction.wait() would throw for one that failed
      const receipt = await ethers.provider.getTransactionReceipt(transaction.hash);
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

/** Mines each list as one block and says so; every transaction must succeed. */
export async function runLoad(blocks: Readonly<Record<string, readonly Send[]>>): Promise<void> {
  for (const [what, sends] of Object.entries(blocks)) {
    const receipts = await mineInOneBlock(sends);
    const failed = receipts.filter((receipt) => receipt.status !== 1).length;
    console.log(`block ${receipts[0].blockNumber}: ${receipts.length} ${what}, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  }
}

/** Runs a script's main function; an error ends the process with exit code 1. */
export function run(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
