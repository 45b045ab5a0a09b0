/**
 * The first block and its state, as the stock network makes them.
 *
 * Owns: genesis accounts, predeployed contracts, the genesis header. Does not own: later blocks.
 */
import { addressOf } from "../crypto/secp256k1";
import { hexToBytes } from "../state/bytes";
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash, type Hex } from "../state/hex";
import type { StateStore } from "../state/state-store";
import { INITIAL_BASE_FEE } from "./base-fee";
import {
  blockSize,
  EMPTY_REQUESTS_HASH,
  EMPTY_UNCLES_HASH,
  headerNonce,
  sealHeader,
  ZERO_HASH,
} from "./block-header";
import { EMPTY_BLOOM } from "./bloom";
import type { ChainBlock, ChainConfig } from "./chain";
import { genesisDifficulty } from "./difficulty";
import type { ForkBase } from "./fork/fork-base";
import { type HardforkName, isAtLeast } from "./hardfork";

const NO_CODE = new Uint8Array(0);
const ZERO_ADDRESS: Address = `0x${"00".repeat(20)}`;

/**
 * transactionsRoot of blocks that the stock network makes without its block builder (genesis,
 * reserved blocks): keccak256 of nothing, not the root of an empty trie.
 */
const UNBUILT_TRANSACTIONS_ROOT: Hash = EMPTY_CODE_HASH;

const GENESIS_EXTRA_DATA: Hex = "0x1234";

/** Contracts that the stock network has from the start, with the hardfork that brings them. */
const PREDEPLOYS: readonly { since: HardforkName; address: Address; code: Hex }[] = [
  {
    // beacon roots (EIP-4788): the contract as on mainnet, but nobody ever writes into it
    since: "cancun",
    address: "0x000f3df6d732807ef1319fb7b8bb8522d0beac02",
    code: "0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500",
  },
  {
    // block hashes (EIP-2935): stock's stub, which reverts with a message
    since: "prague",
    address: "0x0000f90827f1c53a10cb7a02335b175320002935",
    code: "0x60806040526040517f08c379a0000000000000000000000000000000000000000000000000000000008152600401610036906100e8565b60405180910390fd5b600082825260208201905092915050565b7f45495032393335206973206e6f7420737570706f7274656420696e204861726460008201527f686174207965743a2068747470733a2f2f6769746875622e636f6d2f4e6f6d6960208201527f63466f756e646174696f6e2f686172646861742f6973737565732f3632323600604082015250565b60006100d2605f8361003f565b91506100dd82610050565b606082019050919050565b60006020820190508181036000830152610101816100c5565b905091905056fea26469706673582212209faaba1140034f51b16123b009d46640f0f499cf7ca044d2901caa9cf73048dc64736f6c634300081c0033",
  },
];

/** Writes predeployed contracts, the config's state and the owned accounts into an empty store. */
export function writeGenesisState(
  store: StateStore,
  config: ChainConfig,
  hardfork: HardforkName,
): void {
  for (const { since, address, code } of PREDEPLOYS) {
    if (isAtLeast(hardfork, since)) {
      store.setCode(address, hexToBytes(code));
    }
  }
  for (const [address, account] of config.genesisState) {
    store.setBalance(address, account.balance ?? 0n);
    if (account.nonce !== undefined) {
      store.setNonce(address, account.nonce);
    }
    if (account.code !== undefined) {
      store.setCode(address, hexToBytes(account.code));
    }
    for (const [slot, value] of account.storage ?? []) {
      store.setStorage(address, slot, value);
    }
  }
  for (const { privateKey, balance } of config.accounts) {
    store.setBalance(addressOf(hexToBytes(privateKey)), balance);
  }
}

/**
 * What the stock network changes of a fork block's state: the owned accounts get their balance and
 * lose any code (a delegation), and contracts that a newer hardfork brings are put in place.
 * Throws what the remote's failure is.
 */
export async function writeForkState(
  store: StateStore,
  config: ChainConfig,
  hardfork: HardforkName,
  base: ForkBase,
): Promise<void> {
  const remoteHardfork = base.builtInHardfork();
  const newest = PREDEPLOYS.findLast(({ since }) => isAtLeast(hardfork, since));
  // As in stock: if the newest one is missing, the older ones are put in place anew with it.
  const predeploys =
    newest === undefined || remoteHardfork === null || isAtLeast(remoteHardfork, newest.since)
      ? []
      : PREDEPLOYS.slice(0, PREDEPLOYS.indexOf(newest) + 1);
  const owned = config.accounts.map(({ privateKey, balance }) => ({
    address: addressOf(hexToBytes(privateKey)),
    balance,
  }));
  await store.load([...predeploys, ...owned].map(({ address }) => ({ kind: "account", address })));
  for (const { address, code } of predeploys) {
    store.setCode(address, hexToBytes(code));
  }
  for (const { address, balance } of owned) {
    store.setBalance(address, balance);
    store.setCode(address, NO_CODE);
  }
}

export interface UnbuiltBlockFields {
  readonly number: bigint;
  /** seconds */
  readonly timestamp: bigint;
  readonly stateRoot: Hash;
  /** gas */
  readonly gasLimit: bigint;
  /** null before London */
  readonly baseFeePerGas: bigint | null;
  readonly mixHash: Hash;
  readonly extraData: Hex;
  /** null = its own difficulty added to nothing */
  readonly totalDifficulty: bigint | null;
  readonly reserved: boolean;
}

/** Block 0. `mixHash` is the first of the hash chain from the merge on, else zero. */
export function genesisBlock(
  config: ChainConfig,
  hardfork: HardforkName,
  stateRoot: Hash,
  timestamp: bigint,
  mixHash: Hash,
): ChainBlock {
  return unbuiltBlock(hardfork, {
    number: 0n,
    timestamp,
    stateRoot,
    gasLimit: config.blockGasLimit,
    baseFeePerGas: isAtLeast(hardfork, "london")
      ? (config.initialBaseFeePerGas ?? INITIAL_BASE_FEE)
      : null,
    mixHash,
    extraData: GENESIS_EXTRA_DATA,
    totalDifficulty: null,
    reserved: false,
  });
}

/** An empty block without a parent: genesis, and the headers that hardhat_mine reserves. */
export function unbuiltBlock(hardfork: HardforkName, fields: UnbuiltBlockFields): ChainBlock {
  const difficulty = genesisDifficulty(hardfork);
  const hasWithdrawals = isAtLeast(hardfork, "shanghai");
  const header = {
    number: fields.number,
    parentHash: ZERO_HASH,
    nonce: headerNonce(isAtLeast(hardfork, "merge")),
    mixHash: fields.mixHash,
    sha3Uncles: EMPTY_UNCLES_HASH,
    logsBloom: EMPTY_BLOOM,
    transactionsRoot: UNBUILT_TRANSACTIONS_ROOT,
    stateRoot: fields.stateRoot,
    receiptsRoot: EMPTY_TRIE_ROOT,
    miner: ZERO_ADDRESS,
    difficulty,
    extraData: fields.extraData,
    gasLimit: fields.gasLimit,
    gasUsed: 0n,
    timestamp: fields.timestamp,
    ...(fields.baseFeePerGas === null ? {} : { baseFeePerGas: fields.baseFeePerGas }),
    ...(hasWithdrawals ? { withdrawalsRoot: EMPTY_TRIE_ROOT } : {}),
    ...(isAtLeast(hardfork, "cancun")
      ? { blobGasUsed: 0n, excessBlobGas: 0n, parentBeaconBlockRoot: ZERO_HASH }
      : {}),
    ...(isAtLeast(hardfork, "prague") ? { requestsHash: EMPTY_REQUESTS_HASH } : {}),
  };
  return {
    header: sealHeader(header, fields.totalDifficulty ?? difficulty),
    size: blockSize(header, 0),
    transactions: [],
    receipts: [],
    ...(hasWithdrawals ? { withdrawals: [] } : {}),
    reserved: fields.reserved,
  };
}
