/** 64 customers pay one shop, then eight shops. What they wait for is the shop's balance. */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const CUSTOMERS = 64;
const SHOPS = 8;
const gasLimit = 100_000n;

async function main() {
  const [admin, ...others] = await ethers.getSigners();
  const customers = others.slice(0, CUSTOMERS);
  const shops = others.slice(CUSTOMERS, CUSTOMERS + 1 + SHOPS);
  const token = await ethers.deployContract("LoyaltyToken", [admin, 1_000_000n]);
  for (const customer of customers) await token.transfer(customer, 1_000n);

  const pay = (shopOf: (i: number) => (typeof shops)[number]) =>
    customers.map(
      (customer, i) => () => token.connect(customer).transfer(shopOf(i), 10n, { gasLimit }),
    );
  await runLoad({
    "payments to one shop": pay(() => shops[SHOPS]),
    [`payments to ${SHOPS} shops`]: pay((i) => shops[i % SHOPS]),
  });
}

run(main);
