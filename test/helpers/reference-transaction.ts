/**
 * The same transaction on @ethereumjs/vm's runTx with its own Merkle state manager: an independent
 * answer for gas, status, logs, return data and state root.
 */
import { createBlock } from "@ethereumjs/block";
import { Common, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTx, type TypedTransaction } from "@ethereumjs/tx";
import {
  Account,
  type BlockLevelAccessList,
  createAddressFromPrivateKey,
  createAddressFromString,
  createWithdrawal,
} from "@ethereumjs/util";
import { createVM, runBlock, runTx, type VM } from "@ethereumjs/vm";
import type { SignedAuthorization } from "../../src/chain/transaction-fields";
import { lazyKzg, loadKzg } from "../../src/execution/engine/kzg";
import type { BlockGas, Log } from "../../src/execution/outcome";
import type {
  BlockEnvironment,
  TransactionInput,
  Withdrawal,
} from "../../src/execution/transaction";
import {
  bigIntToBytes32,
  bigIntToHex32,
  bigIntToMinimalBytes,
  bytesToHex,
  hexToBytes,
} from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import type { MapState } from "./map-state";

export interface ReferenceResult {
  readonly gasUsed: bigint;
  readonly failed: boolean;
  readonly logs: readonly Log[];
  readonly returnData: Hex;
  readonly stateRoot: Hash;
  /** from EIP-8037 on */
  readonly blockGas: BlockGas | null;
  readonly blobGasUsed: bigint;
}

/** Fixed private keys of test senders. */
export const SENDER_KEYS: readonly Uint8Array[] = [1, 2, 3].map((fill) =>
  new Uint8Array(32).fill(fill),
);

export const SENDERS: readonly Address[] = SENDER_KEYS.map((key) =>
  bytesToHex(createAddressFromPrivateKey(key).bytes),
);

/** With the authorizations of type 4 as they were signed. */
export interface ReferenceTransaction extends TransactionInput {
  readonly signedAuthorizations?: readonly SignedAuthorization[];
}

/** Loads the state and runs the transactions one after the other. Throws where runTx does. */
export async function runReference(
  state: MapState,
  environment: BlockEnvironment,
  transactions: readonly ReferenceTransaction[],
): Promise<ReferenceResult[]> {
  const { vm, common, stateManager } = await referenceVm(state, environment);
  const block = blockOf(environment, common);
  const results: ReferenceResult[] = [];
  for (const transaction of transactions) {
    const result = await runTx(vm, {
      tx: signed(transaction, common),
      block,
      skipBlockGasLimitValidation: true,
    });
    const { exceptionError, logs, returnValue } = result.execResult;
    results.push({
      gasUsed: result.totalGasSpent,
      failed: exceptionError !== undefined,
      logs: (logs ?? []).map(([address, topics, data]) => ({
        address: bytesToHex(address),
        topics: topics.map(bytesToHex),
        data: bytesToHex(data),
      })),
      returnData: bytesToHex(returnValue),
      stateRoot: bytesToHex(await stateManager.getStateRoot()),
      blockGas:
        result.txRegularGas === undefined
          ? null
          : { regular: result.txRegularGas, state: result.txStateGas ?? 0n },
      blobGasUsed: result.blobGasUsed ?? 0n,
    });
  }
  return results;
}

interface ReferenceVm {
  readonly vm: VM;
  readonly common: Common;
  readonly stateManager: MerkleStateManager;
}

async function referenceVm(state: MapState, environment: BlockEnvironment): Promise<ReferenceVm> {
  await loadKzg();
  const { hardfork } = environment.rules;
  const common = new Common({ chain: Mainnet, hardfork, customCrypto: { kzg: lazyKzg } });
  const stateManager = await loadState(state, common);
  const vm = await createVM({
    common,
    stateManager,
    blockchain: {
      getBlock: (number: number) =>
        Promise.resolve({
          hash: () => hexToBytes(environment.blockHashes.get(BigInt(number)) ?? "0x"),
        }),
      putBlock: () => Promise.resolve(),
      shallowCopy() {
        return this;
      },
    } as never, // runTx and runBlock ask it for block hashes only
  });
  return { vm, common, stateManager };
}

export interface ReferenceBlock {
  /** as the header says it */
  readonly gasUsed: bigint;
  readonly receiptsRoot: Hash;
  readonly stateRoot: Hash;
  /** from EIP-7928 on */
  readonly accessList: BlockLevelAccessList | undefined;
}

/**
 * The whole block on runBlock, which fills in what the header says. System contracts that are not in the state
 * are left out. Throws where runBlock does.
 */
export async function runReferenceBlock(
  state: MapState,
  environment: BlockEnvironment,
  transactions: readonly ReferenceTransaction[],
  withdrawals: readonly Withdrawal[] = [],
): Promise<ReferenceBlock> {
  const { vm, common } = await referenceVm(state, environment);
  const { header } = blockOf(environment, common);
  const block = createBlock(
    {
      header,
      transactions: transactions.map((one) => signed(one, common)),
      withdrawals: withdrawals.map(createWithdrawal),
    },
    { common },
  );
  const result = await runBlock(vm, { block, generate: true, skipBlockValidation: true });
  return {
    gasUsed: result.gasUsed,
    receiptsRoot: bytesToHex(result.receiptsRoot),
    stateRoot: bytesToHex(result.stateRoot),
    accessList: result.blockLevelAccessList,
  };
}

async function loadState(state: MapState, common: Common): Promise<MerkleStateManager> {
  const stateManager = new MerkleStateManager({ common });
  await stateManager.checkpoint();
  for (const [key, account] of state.accounts) {
    const address = createAddressFromString(key);
    await stateManager.putAccount(address, new Account(account.nonce, account.balance));
    const code = state.code(account.codeHash);
    if (code.length > 0) {
      await stateManager.putCode(address, code);
    }
    for (const [slot, value] of account.storage) {
      await stateManager.putStorage(address, bigIntToBytes32(slot), bigIntToMinimalBytes(value));
    }
  }
  await stateManager.commit();
  await stateManager.getStateRoot();
  return stateManager;
}

function blockOf(environment: BlockEnvironment, common: Common): ReturnType<typeof createBlock> {
  const { baseFeePerGas, excessBlobGas, parentBeaconBlockRoot } = environment;
  const proofOfStake = common.gteHardfork("paris");
  return createBlock(
    {
      header: {
        parentHash: environment.parentHash,
        number: environment.number,
        timestamp: environment.timestamp,
        coinbase: environment.coinbase,
        gasLimit: environment.gasLimit,
        difficulty: environment.difficulty,
        mixHash: environment.prevRandao,
        ...(baseFeePerGas === null ? {} : { baseFeePerGas }),
        ...(excessBlobGas === null ? {} : { excessBlobGas, blobGasUsed: 0n }),
        ...(parentBeaconBlockRoot === null ? {} : { parentBeaconBlockRoot }),
        ...(environment.slotNumber === undefined ? {} : { slotNumber: environment.slotNumber }),
      },
    },
    { common, skipConsensusFormatValidation: !proofOfStake },
  );
}

function signed(transaction: ReferenceTransaction, common: Common): TypedTransaction {
  const position = SENDERS.indexOf(transaction.from);
  const key = SENDER_KEYS[position];
  if (key === undefined) {
    throw new Error(`no key for the test sender ${transaction.from}`);
  }
  const { type, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const fees = type < 2 ? { gasPrice: maxFeePerGas } : { maxFeePerGas, maxPriorityFeePerGas };
  return createTx(
    {
      type,
      nonce: transaction.nonce,
      gasLimit: transaction.gasLimit,
      ...(transaction.to === null ? {} : { to: transaction.to }),
      value: transaction.value,
      data: transaction.data,
      ...fees,
      ...(type === 0
        ? {}
        : {
            chainId: common.chainId(),
            accessList: transaction.accessList.map(({ address, slots }) => ({
              address,
              storageKeys: slots.map(bigIntToHex32),
            })),
          }),
      ...(type === 3
        ? {
            blobVersionedHashes: [...transaction.blobVersionedHashes],
            maxFeePerBlobGas: transaction.maxFeePerBlobGas,
          }
        : {}),
      ...(type === 4
        ? { authorizationList: (transaction.signedAuthorizations ?? []).map(itemsOf) }
        : {}),
    },
    { common },
  ).sign(key);
}

type AuthorizationItems = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

function itemsOf(authorization: SignedAuthorization): AuthorizationItems {
  const { chainId, address, nonce, yParity, r, s } = authorization;
  return [
    bigIntToMinimalBytes(chainId),
    hexToBytes(address),
    bigIntToMinimalBytes(nonce),
    bigIntToMinimalBytes(yParity),
    bigIntToMinimalBytes(r),
    bigIntToMinimalBytes(s),
  ];
}
