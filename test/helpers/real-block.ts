/** Mainnet blocks with their pre-state (shared data, see its README) as executor input. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { BlockInput } from "../../src/execution/block-executor";
import type {
  AccessListItem,
  BlockEnvironment,
  TransactionInput,
} from "../../src/execution/transaction";
import { hexToBytes } from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";

interface JsonTransaction {
  readonly from: Address;
  readonly type?: Hex;
  readonly nonce: Hex;
  readonly to: Address | null;
  readonly value: Hex;
  readonly input: Hex;
  readonly gas: Hex;
  readonly gasPrice?: Hex;
  readonly maxFeePerGas?: Hex;
  readonly maxPriorityFeePerGas?: Hex;
  readonly accessList?: readonly { address: Address; storageKeys: readonly Hex[] }[];
  readonly blobVersionedHashes?: readonly Hash[];
  readonly maxFeePerBlobGas?: Hex;
  readonly authorizationList?: readonly unknown[];
  readonly hash: Hash;
}

interface JsonBlock {
  readonly number: number;
  readonly hash: Hash | null;
  readonly chainId: number;
  readonly hardfork: string;
  readonly header: {
    readonly miner: Address;
    readonly timestamp: Hex;
    readonly gasLimit: Hex;
    readonly gasUsed: Hex;
    readonly baseFeePerGas?: Hex | null;
    readonly difficulty?: Hex;
    readonly mixHash?: Hash;
    readonly excessBlobGas?: Hex | null;
    readonly parentBeaconBlockRoot?: Hash | null;
    readonly parentHash?: Hash;
  };
  readonly blockHashes: Readonly<Record<string, Hash>>;
  readonly transactions: readonly JsonTransaction[];
  readonly codes: Readonly<Record<Hash, Hex>>;
  readonly preState: Readonly<
    Record<
      Address,
      { balance: Hex; nonce: Hex; codeHash?: Hash; storage?: Readonly<Record<Hex, Hex>> }
    >
  >;
  readonly expected: {
    readonly gasUsed: Hex | number;
    readonly receiptsRoot: Hash;
    readonly logsBloom: Hex;
    readonly perTx: readonly [gasUsed: number | Hex, status: number | null, logs: number][];
  } | null;
}

export interface RealBlock {
  readonly number: number;
  readonly hardfork: string;
  readonly input: Omit<BlockInput, "trace">;
  readonly expected: NonNullable<JsonBlock["expected"]>;
  /** A fresh store each time. */
  preState(): StateStore;
}

export function readRealBlock(folder: string, number: number): RealBlock {
  const path = join(folder, `${number}.json.gz`);
  // the README of the data is the contract of its shape
  const block = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as JsonBlock;
  if (block.expected === null) {
    throw new Error(`block ${number} has no expected results`);
  }
  return {
    number,
    hardfork: block.hardfork,
    input: {
      environment: environmentOf(block),
      transactions: block.transactions.map(transactionOf),
      gasAvailable: BigInt(block.header.gasLimit),
    },
    expected: block.expected,
    preState: () => preStateOf(block),
  };
}

function environmentOf({ header, ...block }: JsonBlock): BlockEnvironment {
  const blockHashes = new Map(
    Object.entries(block.blockHashes).map(([number, hash]) => [BigInt(number), hash]),
  );
  const zeroHash: Hash = `0x${"00".repeat(32)}`;
  return {
    rules: {
      chainId: BigInt(block.chainId),
      hardfork: block.hardfork,
      allowUnlimitedContractSize: false,
      transactionGasCap: null,
    },
    number: BigInt(block.number),
    timestamp: BigInt(header.timestamp),
    coinbase: header.miner,
    gasLimit: BigInt(header.gasLimit),
    baseFeePerGas: toBigInt(header.baseFeePerGas),
    difficulty: BigInt(header.difficulty ?? "0x0"),
    prevRandao: header.mixHash ?? zeroHash,
    excessBlobGas: toBigInt(header.excessBlobGas),
    parentBeaconBlockRoot: header.parentBeaconBlockRoot ?? null,
    parentHash: header.parentHash ?? blockHashes.get(BigInt(block.number - 1)) ?? zeroHash,
    blockHashes,
  };
}

function transactionOf(json: JsonTransaction): TransactionInput {
  const type = Number(json.type ?? "0x0");
  if (type > 3 || (json.authorizationList ?? []).length > 0) {
    throw new Error(`transaction ${json.hash}: type ${type} is not read here`);
  }
  const gasPrice = json.gasPrice ?? "0x0";
  return {
    type: type as TransactionInput["type"], // 0 to 3 by the check above
    hash: json.hash,
    from: lower(json.from),
    to: json.to === null ? null : lower(json.to),
    nonce: BigInt(json.nonce),
    gasLimit: BigInt(json.gas),
    maxFeePerGas: BigInt(type >= 2 ? (json.maxFeePerGas ?? gasPrice) : gasPrice),
    maxPriorityFeePerGas: BigInt(type >= 2 ? (json.maxPriorityFeePerGas ?? gasPrice) : gasPrice),
    value: BigInt(json.value),
    data: hexToBytes(json.input),
    accessList: (json.accessList ?? []).map(
      ({ address, storageKeys }): AccessListItem => ({
        address: lower(address),
        slots: storageKeys.map((key) => BigInt(key)),
      }),
    ),
    blobVersionedHashes: json.blobVersionedHashes ?? [],
    maxFeePerBlobGas: BigInt(json.maxFeePerBlobGas ?? "0x0"),
    authorizationList: [],
  };
}

function preStateOf({ preState, codes }: JsonBlock): StateStore {
  const store = createSharedStateStore();
  for (const [key, account] of Object.entries(preState)) {
    const address = lower(key as Address); // keys of the data are addresses
    store.setBalance(address, BigInt(account.balance));
    store.setNonce(address, BigInt(account.nonce));
    const code = account.codeHash === undefined ? undefined : codes[account.codeHash];
    if (code !== undefined) {
      store.setCode(address, hexToBytes(code));
    }
    for (const [slot, value] of Object.entries(account.storage ?? {})) {
      store.setStorage(address, BigInt(slot), BigInt(value));
    }
  }
  return store;
}

function toBigInt(hex: Hex | null | undefined): bigint | null {
  return hex === null || hex === undefined ? null : BigInt(hex);
}

function lower(address: Address): Address {
  return address.toLowerCase() as Address; // case is all that changes
}
