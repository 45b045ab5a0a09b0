/** Names of accounts in reports. */
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { addressOf } from "../crypto/secp256k1";
import { hexToBytes } from "../state/bytes";
import type { Address } from "../state/hex";
import { chainConfig } from "./chain-config";

/** The configured accounts, by the names that `hardhat node` gives them. */
export function accountLabels({
  config,
}: Pick<HardhatRuntimeEnvironment, "config">): Map<Address, string> {
  return new Map(
    chainConfig(config.networks.hardhat).accounts.map(({ privateKey }, index) => [
      addressOf(hexToBytes(privateKey)),
      `account #${index}`,
    ]),
  );
}
