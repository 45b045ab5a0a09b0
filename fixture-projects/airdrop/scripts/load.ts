/**
 * 64 agents push tokens to four receivers each; 64 people claim by proof, with list indices 0, 8, …,
 * 504; the same people claim from the token itself. A block each.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";
import { leafOf, merkleTree } from "./merkle";

const PEOPLE = 64;
const RECEIVERS = 4;
const AMOUNT = 10n;
const SUPPLY = 1_000_000n;
const gasLimit = 300_000n;

async function main() {
  const people = (await ethers.getSigners()).slice(1, 1 + PEOPLE);
  const token = await ethers.deployContract("AirdropToken", [SUPPLY]);

  const push = await ethers.deployContract("PushAirdrop", [token]);
  await token.transfer(push, SUPPLY / 2n);
  await push.addAgents(people);
  await runLoad({
    "agents push": people.map((agent, i) => () => {
      const receivers = Array.from({ length: RECEIVERS }, (_, n) =>
        ethers.getCreateAddress({ from: agent.address, nonce: 1_000 + i * RECEIVERS + n }),
      );
      return push.connect(agent).distribute(receivers, AMOUNT, { gasLimit });
    }),
  });

  const list = merkleTree(
    people.map(({ address }, i) =>
      leafOf(["uint256", "address", "uint256"], [8 * i, address, AMOUNT]),
    ),
  );
  const merkle = await ethers.deployContract("MerkleAirdrop", [token, list.root]);
  await token.transfer(merkle, SUPPLY / 4n);
  await runLoad({
    "claims from a shared balance": people.map(
      (person, i) => () =>
        merkle.connect(person).claim(8 * i, person, AMOUNT, list.proof(i), { gasLimit }),
    ),
  });

  const promises = merkleTree(
    people.map(({ address }) => leafOf(["address", "uint256"], [address, AMOUNT])),
  );
  const claimable = await ethers.deployContract("ClaimableToken", [
    promises.root,
    AMOUNT * BigInt(PEOPLE),
  ]);
  await runLoad({
    "claims from the token": people.map(
      (person, i) => () =>
        claimable.connect(person).claim(person, AMOUNT, promises.proof(i), { gasLimit }),
    ),
  });
}

run(main);
