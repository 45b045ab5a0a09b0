/**
 * The block-level access list (EIP-7928, experimental) of a block that was executed with
 * `blockAccessList: true`: what its final incarnations recorded, on @ethereumjs/util's list, in block order.
 *
 * Owns: the order, block access indices, and balances, of which only changes were recorded. Does not own: what
 * is recorded (../list-operations.ts), encoding and hash (the list's own).
 *
 * Invariant: equal to the list that @ethereumjs/vm's runBlock keeps, also where that differs from the EIP's text
 * (README.md).
 */
import {
  BLOCK_ACCESS_LIST_ITEM_COST,
  BlockLevelAccessList,
  countBlockAccessListItems,
} from "@ethereumjs/util";
import { invariant } from "../../errors/base-error";
import { bigIntToBytes32, bigIntToMinimalBytes } from "../../state/bytes";
import type { Address } from "../../state/hex";
import type { StateReader } from "../../state/state-reader";
import type { ListOperation } from "../list-operations";
import type { TransactionOutcome } from "../outcome";
import { SYSTEM_ADDRESS } from "../system-call";
import type { Withdrawal } from "../transaction";

/** A block and what was recorded of it, in its order. */
export interface RecordedBlock {
  /** the state that the block found */
  readonly preState: StateReader;
  /** of the calls before the first transaction (block-start.ts) */
  readonly before: readonly ListOperation[];
  readonly outcomes: readonly TransactionOutcome[];
  readonly withdrawals: readonly Withdrawal[];
  /** of the calls after the last transaction (block-requests.ts) */
  readonly after: readonly ListOperation[];
}

const WEI_PER_GWEI = 10n ** 9n;

/**
 * Throws what reading balances of the pre-state throws, and InvariantError for outcomes that were executed
 * without `blockAccessList: true`.
 */
export function blockAccessList(block: RecordedBlock): BlockLevelAccessList {
  const { preState, before, outcomes, withdrawals, after } = block;
  const replay = new Replay(preState);
  replay.systemCalls(before);
  for (const [index, { listOperations }] of outcomes.entries()) {
    invariant(
      listOperations !== undefined,
      () => `transaction ${index} was executed without blockAccessList: true`,
    );
    replay.transaction(listOperations);
  }
  replay.end(withdrawals, after);
  return replay.list;
}

/** Whether a block with this gas limit may have the list (EIP-7928: so many gas for each address and slot). */
export function fitsBlock(list: BlockLevelAccessList, gasLimit: bigint): boolean {
  return BigInt(countBlockAccessListItems(list)) <= gasLimit / BigInt(BLOCK_ACCESS_LIST_ITEM_COST);
}

class Replay {
  readonly list = new BlockLevelAccessList();
  readonly #balances: Balances;

  constructor(preState: StateReader) {
    this.#balances = new Balances(preState);
  }

  /** Before the first transaction. As runBlock does, without a look at what the slots had. */
  systemCalls(operations: readonly ListOperation[]): void {
    const part = this.#begin(operations);
    for (const operation of withoutCaller(operations)) {
      this.#apply(part, operation, false);
    }
    this.#finish(part);
  }

  transaction(operations: readonly ListOperation[]): void {
    this.list.blockAccessIndex++;
    const part = this.#begin(operations);
    for (const operation of operations) {
      this.#apply(part, operation, true);
    }
    part.cleanupNetZeroBalanceChanges();
    this.#finish(part);
  }

  /** After the last transaction: all of it has one index, so originals are of the first call that writes. */
  end(withdrawals: readonly Withdrawal[], requestCalls: readonly ListOperation[]): void {
    const paid = withdrawals.map(({ address, amount }): ListOperation => {
      return amount === 0n
        ? { kind: "account", address }
        : { kind: "balance", address, delta: amount * WEI_PER_GWEI };
    });
    const operations = [...paid, ...withFirstOriginals(withoutCaller(requestCalls))];
    this.list.blockAccessIndex++;
    const part = this.#begin(operations);
    for (const operation of operations) {
      this.#apply(part, operation, true);
    }
    this.#finish(part);
  }

  /**
   * The part of the list that the operations can change: a frame's checkpoint, which copies a list, costs as
   * much as its transaction has accessed, and not as much as the block has.
   */
  #begin(operations: readonly ListOperation[]): BlockLevelAccessList {
    const part = new BlockLevelAccessList();
    part.blockAccessIndex = this.list.blockAccessIndex;
    for (const operation of operations) {
      const access = "address" in operation ? this.list.accesses[operation.address] : undefined;
      if ("address" in operation && access !== undefined) {
        part.accesses[operation.address] = access;
      }
    }
    return part;
  }

  #finish(part: BlockLevelAccessList): void {
    Object.assign(this.list.accesses, part.accesses);
  }

  #apply(part: BlockLevelAccessList, operation: ListOperation, seesOriginals: boolean): void {
    const index = part.blockAccessIndex;
    switch (operation.kind) {
      case "checkpoint":
        this.#balances.checkpoint();
        part.checkpoint();
        return;
      case "commit":
        this.#balances.commit();
        part.commit();
        return;
      case "revert":
        this.#balances.revert();
        part.revert();
        return;
      case "account":
        part.addAddress(operation.address);
        return;
      case "read":
        part.addStorageRead(operation.address, bigIntToBytes32(operation.slot));
        return;
      case "write":
        part.addStorageWrite(
          operation.address,
          bigIntToBytes32(operation.slot),
          bigIntToMinimalBytes(operation.value),
          index,
          seesOriginals ? bigIntToMinimalBytes(operation.original) : undefined,
        );
        return;
      case "balance": {
        const { address, delta } = operation;
        const before = this.#balances.get(address);
        this.#balances.set(address, before + delta);
        part.addBalanceChange(address, before + delta, index, before);
        return;
      }
      case "nonce":
        part.addNonceChange(operation.address, operation.value, index);
        return;
      case "code":
        part.addCodeChange(operation.address, operation.code, index, operation.before ?? undefined);
        return;
      case "cleared": {
        const { address } = operation;
        part.cleanupSelfdestructed([address], new Map([[address, this.#balances.get(address)]]));
      }
    }
  }
}

/** runBlock takes the caller of the protocol's own calls out of the list again. */
function withoutCaller(operations: readonly ListOperation[]): readonly ListOperation[] {
  return operations.filter(
    (operation) => !("address" in operation) || operation.address !== SYSTEM_ADDRESS,
  );
}

/** Calls recorded the values that they themselves began with. */
function withFirstOriginals(operations: readonly ListOperation[]): readonly ListOperation[] {
  const originals = new Map<string, bigint>();
  return operations.map((operation) => {
    if (operation.kind !== "write") {
      return operation;
    }
    const key = `${operation.address}${operation.slot}`;
    const original = originals.get(key) ?? operation.original;
    originals.set(key, original);
    return { ...operation, original };
  });
}

/** Balances as the block goes on, with the frames' checkpoints. wei */
class Balances {
  readonly #preState: StateReader;
  readonly #current = new Map<Address, bigint>();
  readonly #undo: (readonly [address: Address, before: bigint])[] = [];
  readonly #checkpoints: number[] = [];

  constructor(preState: StateReader) {
    this.#preState = preState;
  }

  get(address: Address): bigint {
    return this.#current.get(address) ?? this.#preState.balance(address);
  }

  set(address: Address, balance: bigint): void {
    this.#undo.push([address, this.get(address)]);
    this.#current.set(address, balance);
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  commit(): void {
    invariant(this.#checkpoints.pop() !== undefined, "commit without a checkpoint");
  }

  revert(): void {
    const length = this.#checkpoints.pop();
    invariant(length !== undefined, "revert without a checkpoint");
    while (this.#undo.length > length) {
      const entry = this.#undo.pop();
      if (entry !== undefined) {
        this.#current.set(...entry);
      }
    }
  }
}
