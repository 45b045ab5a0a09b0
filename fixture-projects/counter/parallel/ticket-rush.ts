import { ethers } from "hardhat";
import { scenario } from "hardhat-parallel/scenario";

const PRICE = ethers.parseEther("0.05");

/** Every user buys one ticket, all at the same time. */
for (const name of ["TicketSale", "ShardedTicketSale"]) {
  scenario(`rush at ${name}`, { users: 128 }, async ({ users, load }) => {
    const sale = await ethers.deployContract(name, [PRICE]);
    const buyers = await Promise.all(users.map((user) => ethers.getSigner(user)));
    await load(
      buyers.map(
        (buyer) => () => sale.connect(buyer).buy(1n, { value: PRICE, gasLimit: 150_000n }),
      ),
    );
  });
}

/** Half of all calls come from a few users (Zipf): the same buyer's calls wait for each other. */
scenario("eager buyers", { users: 64, sweep: [16, 32] }, async ({ users, load, random }) => {
  const sale = await ethers.deployContract("ShardedTicketSale", [PRICE]);
  const buyers = await Promise.all(users.map((user) => ethers.getSigner(user)));
  await load(
    users.map(() => {
      const buyer = buyers[random.zipf(buyers.length, 1.1)];
      return () => sale.connect(buyer).buy(1n, { value: PRICE, gasLimit: 150_000n });
    }),
  );
});
