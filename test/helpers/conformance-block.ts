/** Executes one block of the conformance vectors; the interface is that of the vectors' README. */
import type { Block } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import { decodeTransaction } from "../../src/chain/transaction-codec";
import type { BlockExecutor } from "../../src/execution/block-executor";
import type { BlockEnvironment, ExecutionRules } from "../../src/execution/transaction";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";
import { executeFullBlock, type FullBlockResult, InvalidBlockError } from "./full-block";

export interface ConformanceInput {
  readonly common: Common;
  readonly block: Block;
  readonly preState: Readonly<
    Record<Address, { nonce: Hex; balance: Hex; code: Hex; storage: Readonly<Record<Hex, Hex>> }>
  >;
  readonly ancestorHashes: ReadonlyMap<string, Uint8Array>;
}

const GAS_PER_BLOB = 131_072n;
/** yellow paper, section 4.4.4 */
const MAX_GAS_LIMIT = 2n ** 63n - 1n;
/** bytes */
const MAX_EXTRA_DATA = 32;

/** Throws if the block is invalid. */
export async function executeConformanceBlock(
  executor: BlockExecutor,
  { common, block, preState, ancestorHashes }: ConformanceInput,
): Promise<FullBlockResult> {
  checkHeader(block);
  await block.validateData(false, true, true);
  const store = loadState(preState);
  // not in ethereumjs' types
  const chain = (common as unknown as { _chainParams: { depositContractAddress?: Address } })
    ._chainParams;
  return executeFullBlock(executor, store, {
    environment: environmentOf(block, rulesOf(block.common), ancestorHashes),
    transactions: block.transactions.map((tx) => decodeTransaction(tx.serialize()).input),
    withdrawals: (block.withdrawals ?? []).map((withdrawal) => ({
      index: withdrawal.index,
      validatorIndex: withdrawal.validatorIndex,
      address: bytesToHex(withdrawal.address.bytes),
      amount: withdrawal.amount,
    })),
    ommers: block.uncleHeaders.map(({ coinbase, number }) => ({
      coinbase: bytesToHex(coinbase.bytes),
      number,
    })),
    ...(chain.depositContractAddress === undefined
      ? {}
      : { depositContract: chain.depositContractAddress.toLowerCase() as Address }), // case only
  });
}

/** The runner leaves out the format checks of ethereumjs' headers; the invalid blocks need these. */
function checkHeader({ header, common }: Block): void {
  if (header.gasLimit > MAX_GAS_LIMIT) {
    throw new InvalidBlockError(`gas limit ${header.gasLimit}`);
  }
  if (header.extraData.length > MAX_EXTRA_DATA) {
    throw new InvalidBlockError(`${header.extraData.length} bytes of extra data`);
  }
  if (common.gteHardfork("paris") && header.difficulty !== 0n) {
    throw new InvalidBlockError(`difficulty ${header.difficulty} after the merge`);
  }
}

function loadState(preState: ConformanceInput["preState"]): StateStore {
  const store = createSharedStateStore();
  for (const [key, account] of Object.entries(preState)) {
    const address = key.toLowerCase() as Address; // keys of the vectors are addresses
    store.setBalance(address, BigInt(account.balance));
    store.setNonce(address, BigInt(account.nonce));
    if (account.code !== "0x") {
      store.setCode(address, hexToBytes(account.code));
    }
    for (const [slot, value] of Object.entries(account.storage)) {
      store.setStorage(address, BigInt(slot), BigInt(value));
    }
  }
  return store;
}

function rulesOf(common: Common): ExecutionRules {
  const blobs = common.isActivatedEIP(4844) ? common.getBlobGasSchedule() : null;
  return {
    chainId: common.chainId(),
    hardfork: common.hardfork(),
    allowUnlimitedContractSize: false,
    transactionGasCap: common.isActivatedEIP(7825) ? 16_777_216n : null,
    ...(blobs === null
      ? {}
      : {
          blobSchedule: {
            target: Number(blobs.targetBlobGasPerBlock / GAS_PER_BLOB),
            max: Number(blobs.maxBlobGasPerBlock / GAS_PER_BLOB),
            baseFeeUpdateFraction: Number(blobs.blobGasPriceUpdateFraction),
          },
        }),
  };
}

function environmentOf(
  { header }: Block,
  rules: ExecutionRules,
  ancestorHashes: ReadonlyMap<string, Uint8Array>,
): BlockEnvironment {
  const hash = (bytes: Uint8Array): Hash => bytesToHex(bytes);
  return {
    rules,
    number: header.number,
    timestamp: header.timestamp,
    coinbase: bytesToHex(header.coinbase.bytes),
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas ?? null,
    difficulty: header.difficulty,
    prevRandao: hash(header.mixHash),
    excessBlobGas: header.excessBlobGas ?? null,
    parentBeaconBlockRoot:
      header.parentBeaconBlockRoot === undefined ? null : hash(header.parentBeaconBlockRoot),
    parentHash: hash(header.parentHash),
    blockHashes: new Map(
      [...ancestorHashes].map(([number, bytes]) => [BigInt(number), hash(bytes)]),
    ),
  };
}
