/** The same rush of 64 buyers on both sales, a block each. */
import { ethers } from "hardhat";
import { mineInOneBlock } from "./mine-in-one-block";

const BUYERS = 64;
const PRICE = ethers.parseEther("0.05");

async function main() {
  const buyers = (await ethers.getSigners()).slice(1, 1 + BUYERS);
  for (const name of ["TicketSale", "ShardedTicketSale"]) {
    const sale = await ethers.deployContract(name, [PRICE]);
    const receipts = await mineInOneBlock(
      buyers.map(
        (buyer) => () => sale.connect(buyer).buy(1n, { value: PRICE, gasLimit: 150_000n }),
      ),
    );
    const failed = receipts.filter((receipt) => receipt.status !== 1).length;
    console.log(
      `block ${receipts[0].blockNumber}: ${receipts.length} buyers at ${name}, ${failed} failed`,
    );
    if (failed > 0) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
