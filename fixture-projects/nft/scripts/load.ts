/**
 * One block on each collection: 32 collectors mint two tokens each, and in turns with them 32 holders
 * give one of their two away. Holders come last to first; those with an even number give their second
 * token, the others their first.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const COLLECTORS = 32;
const PRICE = ethers.parseEther("0.01");
const gasLimit = 400_000n;

const COLLECTIONS = ["EnumerableCollection", "SequentialCollection", "HashedCollection"];

async function main() {
  const people = (await ethers.getSigners()).slice(1, 1 + 2 * COLLECTORS);
  const collectors = people.slice(0, COLLECTORS);
  const holders = people.slice(COLLECTORS);
  const friend = (i: number) =>
    ethers.getCreateAddress({ from: holders[i].address, nonce: 1_000 + i });

  for (const name of COLLECTIONS) {
    const collection = await ethers.deployContract(name, [PRICE, holders]);
    /** The holder's first or second token. */
    const token = (i: number, which: number) =>
      name === "HashedCollection"
        ? ethers.solidityPackedKeccak256(
            ["uint256", "uint256"],
            [BigInt(holders[i].address), BigInt(which)],
          )
        : 2 * i + which;
    await runLoad({
      [`mints and transfers in ${name}`]: collectors.flatMap((collector, k) => {
        const i = COLLECTORS - 1 - k;
        return [
          () => collection.connect(collector).mint(2n, { value: 2n * PRICE, gasLimit }),
          () =>
            collection
              .connect(holders[i])
              .transferFrom(holders[i], friend(i), token(i, i % 2 === 0 ? 1 : 0), { gasLimit }),
        ];
      }),
    });
  }
}

run(main);
