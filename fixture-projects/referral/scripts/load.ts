/**
 * Two blocks on each program: 64 people register, then all of them pay. The first eight come to the
 * founder, every later person i to person i % 8.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const PEOPLE = 64;
const FIRST = 8;
const gasLimit = 250_000n;
const value = 1_000n;

async function main() {
  const [founder, ...others] = await ethers.getSigners();
  const people = others.slice(0, PEOPLE);
  for (const name of ["ReferralProgram", "PullReferral"]) {
    const program = await ethers.deployContract(name);
    await runLoad({
      [`register at ${name}`]: people.map((person, i) => () => {
        const referrer = i < FIRST ? founder : people[i % FIRST];
        return program.connect(person).register(referrer, { gasLimit });
      }),
      [`pay at ${name}`]: people.map(
        (person) => () => program.connect(person).payCommission({ value, gasLimit }),
      ),
    });
  }
}

run(main);
