/** Users that are made for a scenario: their addresses follow from its seed. */
import { keccak256Hex } from "../crypto/keccak256";
import type { Project } from "../project/project";
import type { Address } from "../state/hex";

/** wei */
const FUNDS = 10_000n * 10n ** 18n;

/** Makes users who have ether and in whose name the network takes transactions. */
export async function makeUsers(
  project: Project,
  count: number,
  seed: number,
): Promise<readonly Address[]> {
  const users = Array.from({ length: count }, (_, index) => userAddress(seed, index));
  for (const user of users) {
    await project.request("hardhat_setBalance", [user, `0x${FUNDS.toString(16)}`]);
    await project.request("hardhat_impersonateAccount", [user]);
  }
  return users;
}

/** The network forgets them again; their ether is part of the state that the caller reverts. */
export async function dismissUsers(project: Project, users: readonly Address[]): Promise<void> {
  for (const user of users) {
    await project.request("hardhat_stopImpersonatingAccount", [user]);
  }
}

function userAddress(seed: number, index: number): Address {
  const hash = keccak256Hex(Buffer.from(`hardhat-parallel scenario ${seed} user ${index}`));
  return `0x${hash.slice(-40)}`;
}
