/**
 * A block with its access list (EIP-7928): system calls, transactions, withdrawals, requests on an executor,
 * recorded on the way, and the list that is made of that; and the same of runBlock.
 */
import type { BlockLevelAccessList } from "@ethereumjs/util";
import { expect } from "chai";
import { keccak256Hex } from "../../src/crypto/keccak256";
import { payWithdrawals } from "../../src/execution/block-credits";
import type { BlockExecutor } from "../../src/execution/block-executor";
import { collectRequests } from "../../src/execution/block-requests";
import { recordBeaconRoot, recordParentHash } from "../../src/execution/block-start";
import { blockAccessList } from "../../src/execution/engine/block-access-list";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { ListRecorder } from "../../src/execution/list-operations";
import type { BlockEnvironment, Withdrawal } from "../../src/execution/transaction";
import { bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import type { MapState } from "./map-state";
import { storeOf, type TestAccounts } from "./parallel-equals-sequential";
import { type ReferenceTransaction, runReferenceBlock } from "./reference-transaction";

export interface BlockScene {
  readonly state: MapState;
  readonly environment: BlockEnvironment;
  readonly transactions: readonly ReferenceTransaction[];
  readonly withdrawals: readonly Withdrawal[];
}

const engine = new EthereumjsEngine();

/** Throws where a request contract is missing or fails: the block is invalid then. */
export async function recordedList(
  executor: BlockExecutor,
  { state, environment, transactions, withdrawals }: BlockScene,
  trace = false,
): Promise<BlockLevelAccessList> {
  const store = storeOf(accountsOf(state));
  const before = new ListRecorder();
  store.apply(await recordBeaconRoot(engine, store, environment, before));
  store.apply(await recordParentHash(engine, store, environment, before));
  const input = { environment, transactions, gasAvailable: environment.gasLimit, trace };
  const { outcomes, stopped } = await executor.execute({ ...input, blockAccessList: true }, store);
  expect(stopped).to.equal(undefined);
  for (const { writes } of outcomes) {
    store.apply(writes);
  }
  store.apply(payWithdrawals(store, environment, withdrawals));
  const after = new ListRecorder();
  const logs = outcomes.flatMap((outcome) => outcome.logs);
  const requests = await collectRequests(engine, store, environment, logs, undefined, after);
  expect(requests).to.deep.include({ ok: true });
  return blockAccessList({
    preState: state,
    before: before.operations,
    outcomes,
    withdrawals,
    after: after.operations,
  });
}

export interface ComparableList {
  readonly accounts: ReturnType<BlockLevelAccessList["toJSON"]>;
  readonly encoded: string;
  readonly hash: string;
}

export function comparable(list: BlockLevelAccessList): ComparableList {
  const encoded = list.serialize();
  const hash = keccak256Hex(encoded);
  expect(bytesToHex(list.hash())).to.equal(hash);
  return { accounts: list.toJSON(), encoded: bytesToHex(encoded), hash };
}

/** runBlock's list. */
export async function referenceList(scene: BlockScene): Promise<ComparableList> {
  const { state, environment, transactions, withdrawals } = scene;
  const { accessList } = await runReferenceBlock(state, environment, transactions, withdrawals);
  if (accessList === undefined) {
    throw new Error(`expected a hardfork with access lists, got ${environment.rules.hardfork}`);
  }
  return comparable(accessList);
}

function accountsOf(state: MapState): TestAccounts {
  return new Map(
    [...state.accounts].map(
      ([address, { balance, nonce, codeHash, storage }]): [
        Address,
        TestAccounts extends ReadonlyMap<Address, infer Account> ? Account : never,
      ] => [address, { balance, nonce, storage, code: bytesToHex(state.code(codeHash)) }],
    ),
  );
}
