/** The same rush of 64 buyers on both sales, a block each. */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const BUYERS = 64;
const PRICE = ethers.parseEther("0.05");

async function main() {
  const buyers = (await ethers.getSigners()).slice(1, 1 + BUYERS);
  for (const name of ["TicketSale", "ShardedTicketSale"]) {
    const sale = await ethers.deployContract(name, [PRICE]);
    await runLoad({
      [`buyers at ${name}`]: buyers.map(
        (buyer) => () => sale.connect(buyer).buy(1n, { value: PRICE, gasLimit: 150_000n }),
      ),
    });
  }
}

run(main);
