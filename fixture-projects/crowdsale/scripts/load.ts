/** The same 64 buyers on both sales, one block each. */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const BUYERS = 64;
const RATE = 100n;
const gasLimit = 200_000n;
const value = ethers.parseEther("1");

async function main() {
  const accounts = await ethers.getSigners();
  const buyers = accounts.slice(1, 1 + BUYERS);
  const wallet = accounts[1 + BUYERS];
  for (const [name, limit] of [
    ["Crowdsale", 100n * value],
    ["SettledCrowdsale", 2n * value],
  ] as const) {
    const sale = await ethers.deployContract(name, [RATE, limit, wallet]);
    await runLoad({
      [`buyers at ${name}`]: buyers.map(
        (buyer) => () => sale.connect(buyer).buyTokens(buyer, { value, gasLimit }),
      ),
    });
  }
}

run(main);
