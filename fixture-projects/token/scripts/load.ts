/**
 * 64 customers at once, twice: a block of payments between different people, then a block in which
 * 64 shops mint. Every payment stands alone; every mint writes `_totalSupply`.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const PEOPLE = 64;

async function main() {
  const [admin, ...others] = await ethers.getSigners();
  const people = others.slice(0, PEOPLE);
  const token = await ethers.deployContract("LoyaltyToken", [admin, 1_000_000n]);
  const minter = await token.MINTER_ROLE();
  for (const person of people) {
    await token.transfer(person, 1_000n);
    await token.grantRole(minter, person);
  }

  await runLoad({
    payments: people.map((person, i) => () => {
      const receiver = ethers.getCreateAddress({ from: person.address, nonce: 1_000 + i });
      return token.connect(person).transfer(receiver, 10n, { gasLimit: 100_000n });
    }),
    mints: people.map(
      (person) => () => token.connect(person).mint(person, 1n, { gasLimit: 150_000n }),
    ),
  });
}

run(main);
