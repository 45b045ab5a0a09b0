/**
 * The genesis accounts of a config, as stock derives them: Hardhat's own function takes 10 ms for each
 * account, so mnemonics are derived here where nothing is unusual about them.
 *
 * Owns: which mnemonics and paths are usual. Does not own: errors about others (Hardhat's own).
 */
import type {
  HardhatNetworkAccountConfig,
  HardhatNetworkAccountsConfig,
  HardhatNetworkHDAccountsConfig,
} from "hardhat/types";
import { childKey, type HdKey, masterKey, mnemonicSeed } from "../crypto/hd-keys";
import { normalizeAccounts } from "./hardhat-internals";

const PATH = /^m(?:\/\d+'?)+\/?$/;
/** words that BIP-39 allows */
const LENGTHS: readonly number[] = [12, 15, 18, 21, 24];

/**
 * Genesis accounts with their private keys; `balance` is a decimal or hex string of wei.
 * Throws Hardhat's errors for mnemonics and paths that have no keys.
 */
export function genesisAccounts(
  config: HardhatNetworkAccountsConfig,
): readonly HardhatNetworkAccountConfig[] {
  return Array.isArray(config) ? config : (derived(config) ?? normalizeAccounts(config));
}

/** null = something is unusual. */
function derived(config: HardhatNetworkHDAccountsConfig): HardhatNetworkAccountConfig[] | null {
  const { path, initialIndex, count, passphrase, accountsBalance } = config;
  const mnemonic = config.mnemonic.trim(); // as Hardhat
  if (!PATH.test(path) || !LENGTHS.includes(mnemonic.normalize("NFKD").split(" ").length)) {
    return null;
  }
  const parent = descendant(masterKey(mnemonicSeed(mnemonic, passphrase)), path);
  const accounts: HardhatNetworkAccountConfig[] = [];
  for (let index = initialIndex; index < initialIndex + count; index++) {
    const key = parent && childKey(parent, index, false);
    if (key === null) {
      return null;
    }
    const privateKey = `0x${Buffer.from(key.privateKey).toString("hex")}`;
    accounts.push({ privateKey, balance: accountsBalance });
  }
  return accounts;
}

function descendant(master: HdKey | null, path: string): HdKey | null {
  let key = master;
  for (const [, index, mark] of path.matchAll(/\/(\d+)('?)/g)) {
    key = key && childKey(key, Number(index), mark === "'");
  }
  return key;
}
