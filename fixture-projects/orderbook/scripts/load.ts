/**
 * 64 traders, the same day on both books: all place an order, all cancel it, all place another, then
 * 64 fills of one unit each.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const TRADERS = 64;
const BUYERS = 32;
const AMOUNT = 2n;
const gasLimit = 400_000n;

/** The first 32 buy at 120 or 121, the others sell at 110 or 111. */
function orderOf(i: number): [isBuy: boolean, price: bigint, amount: bigint] {
  const isBuy = i < BUYERS;
  return [isBuy, BigInt((isBuy ? 120 : 110) + (i % 2)), AMOUNT];
}

async function openFor(name: string, traders: readonly { address: string }[]) {
  const addresses = traders.map(({ address }) => address);
  const book = await ethers.deployContract(name);
  await book.open(addresses, 1_000n, 10n, { value: 1_000n * BigInt(TRADERS) });
  return book;
}

async function main() {
  const traders = (await ethers.getSigners()).slice(1, 1 + TRADERS);

  const book = await ethers.getContractAt("OrderBook", await openFor("OrderBook", traders));
  const place = () =>
    traders.map((trader, i) => () => book.connect(trader).place(...orderOf(i), { gasLimit }));
  await runLoad({
    "orders into the book": place(),
    "orders of the book cancelled": traders.map(
      (trader, i) => () => book.connect(trader).cancel(i + 1, { gasLimit }),
    ),
    "more orders into the book": place(),
    "fills at the head of the book": traders.map(
      (trader) => () => book.connect(trader).matchBest(1n, { gasLimit }),
    ),
  });

  const paired = await ethers.getContractAt("PairedOrders", await openFor("PairedOrders", traders));
  const id = (i: number, nonce: number) =>
    ethers.solidityPackedKeccak256(
      ["uint256", "uint256"],
      [BigInt(traders[i].address), BigInt(nonce)],
    );
  const placePaired = () =>
    traders.map((trader, i) => () => paired.connect(trader).place(...orderOf(i), { gasLimit }));
  await runLoad({
    "orders by hashed id": placePaired(),
    "orders by hashed id cancelled": traders.map(
      (trader, i) => () => paired.connect(trader).cancel(id(i, 0), { gasLimit }),
    ),
    "more orders by hashed id": placePaired(),
    "fills of 32 pairs": traders.map((trader, i) => () => {
      const pair = i % BUYERS;
      return paired.connect(trader).matchPair(id(pair, 1), id(BUYERS + pair, 1), 1n, { gasLimit });
    }),
  });
}

run(main);
