/**
 * One block on each: a keeper moves a price, then 16 deposit, 16 borrow, 16 repay and 16 liquidate.
 * In IsolatedMarkets person i is in market i % 4.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const PEOPLE = 64;
const GROUP = 16;
const MARKETS = 4;
const gasLimit = 300_000n;
const ether = ethers.parseEther;

const [HIGH, LOW] = [ether("1"), ether("0.9")];

async function main() {
  const [custodian, ...others] = await ethers.getSigners();
  const people = others.slice(0, PEOPLE);
  const keeper = others[PEOPLE];
  const addresses = people.map(({ address }) => address);
  // The first 16 owe 75 against 100 units: a debt that a price of 0.9 no longer covers.
  const indebted = [
    ...people.slice(0, GROUP).map((person, i) => ({ person, i, amount: ether("75") })),
    ...people
      .slice(2 * GROUP, 3 * GROUP)
      .map((person, i) => ({ person, i: 2 * GROUP + i, amount: ether("10") })),
  ];

  const feed = await ethers.deployContract("PriceFeed", [keeper, HIGH]);
  const market = await ethers.deployContract("LendingMarket", [feed]);
  await market.deposit({ value: ether("4000") });
  await market.creditCollateral(addresses, ether("100"));
  for (const { person, amount } of indebted) await market.connect(person).borrow(amount);
  await runLoad({
    "transactions in one market": [
      () => feed.connect(keeper).setPrice(LOW, { gasLimit }),
      ...people.map((person, i) => () => {
        const account = market.connect(person);
        if (i < GROUP) return account.deposit({ value: ether("1"), gasLimit });
        if (i < 2 * GROUP) return account.borrow(ether("5"), { gasLimit });
        if (i < 3 * GROUP) return account.repay({ value: ether("5"), gasLimit });
        const borrower = people[i - 3 * GROUP];
        return account.liquidate(borrower, { value: ether("10"), gasLimit });
      }),
    ],
  });

  const isolated = await ethers.deployContract("IsolatedMarkets", [keeper]);
  for (let id = 0; id < MARKETS; id++) {
    await isolated.connect(keeper).setPrice(id, HIGH);
    await isolated.connect(custodian).deposit(id, { value: ether("1000") });
    await isolated.creditCollateral(
      id,
      addresses.filter((_, i) => i % MARKETS === id),
      ether("100"),
    );
  }
  for (const { person, i, amount } of indebted) {
    await isolated.connect(person).borrow(i % MARKETS, amount);
  }
  for (let id = 1; id < MARKETS; id++) await isolated.connect(keeper).setPrice(id, LOW);
  await runLoad({
    [`transactions in ${MARKETS} markets`]: [
      () => isolated.connect(keeper).setPrice(0, LOW, { gasLimit }),
      ...people.map((person, i) => () => {
        const account = isolated.connect(person);
        const id = i % MARKETS;
        if (i < GROUP) return account.deposit(id, { value: ether("1"), gasLimit });
        if (i < 2 * GROUP) return account.borrow(id, ether("5"), { gasLimit });
        if (i < 3 * GROUP) return account.repay(id, { value: ether("5"), gasLimit });
        const borrower = people[i - 3 * GROUP];
        return account.liquidate(id, borrower, { value: ether("10"), gasLimit });
      }),
    ],
  });
}

run(main);
