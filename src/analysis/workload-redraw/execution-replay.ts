/**
 * Drawn calls executed: each recorded call is sent again, by its drawn user and with its drawn keys,
 * on the state that the log says it met. docs/metrics.md, "Drawn workloads".
 *
 * A new user has nothing: what the recorded call read at slots of the old keys (balances,
 * allowances, permissions) is put at the slots of the new ones first, unless there is something
 * already. A call that fails nevertheless is tried once more with everything that it read as it was
 * recorded, but for the variables that keys come from: balances run out when tests that were apart
 * follow on each other. What cannot be executed, or fails again, is drawn from its footprint.
 *
 * Calls of one window see one block, that of its first call; in the second try their own.
 *
 * Owns: the order of things. Does not own: execution (a CallReplayer does it), metrics.
 */
import type { BlockRecord, TransactionRecord } from "../../access-log/block-record";
import type { WriteSet } from "../../state/write-set";
import type { FunctionModel } from "../footprints/infer-footprints";
import type { PreimageIndex } from "../naming/preimage-index";
import type { Workload } from "../workload";
import { WorkloadBuilder } from "../workload-builder";
import type { CallReplayer, ReplayedMessage, ReplayOutcome } from "./call-replayer";
import { drawnValues, type KeyArguments, keyArguments, renamedValue } from "./drawn-values";
import { footprintRecord, footprintTransaction } from "./footprint-transaction";
import { keySlots } from "./key-slots";
import { messageOf, pathOf } from "./recorded-message";
import { RecordedState, UnrecordedCode } from "./recorded-state";
import type { PlacedCall } from "./redrawn-calls";
import { ReplayState } from "./replay-state";
import { type Renaming, SlotRenamer } from "./slot-renaming";

/**
 * Why a call was not executed:
 * - `failed`: the recorded call failed, another stands in for it;
 * - `reverted`: it fails with the drawn users and keys;
 * - `notRecorded`: the log lacks its code, or all of its calldata; or it is not a plain transaction;
 * - `undecoded`: its arguments are not known.
 */
export const OBSTACLES = ["failed", "reverted", "notRecorded", "undecoded"] as const;
export type Obstacle = (typeof OBSTACLES)[number];

export interface ReplayedCall {
  readonly model: FunctionModel;
  /** null: it was executed */
  readonly obstacle: Obstacle | null;
  /** Executed, but not by the recorded call's path: it touched storage elsewhere in the code. */
  readonly otherPath: boolean;
  readonly unknownKeys: number;
}

export class ExecutionReplay {
  readonly #calls: ReadonlyMap<number, PlacedCall>;
  readonly #window: number;
  readonly #replayer: CallReplayer;
  readonly #renamer: SlotRenamer;
  readonly #recorded = new RecordedState();
  readonly #state = new ReplayState(this.#recorded);
  readonly #keyArguments = new Map<FunctionModel, KeyArguments>();
  readonly #keySlots = new Map<FunctionModel, ReadonlySet<string>>();
  readonly #replayed: ReplayedCall[] = [];
  readonly #workload = new WorkloadBuilder();
  /** Transactions of the window that is being filled, and the block that they see. */
  #records: TransactionRecord[] = [];
  #windowBlock: BlockRecord | null = null;
  #position = 0;

  /**
   * @param calls in the order of the run
   * @param preimages of the whole run
   */
  constructor(
    calls: readonly PlacedCall[],
    window: number,
    replayer: CallReplayer,
    preimages: PreimageIndex,
  ) {
    this.#calls = new Map(calls.map((call) => [call.position, call]));
    this.#window = window;
    this.#replayer = replayer;
    this.#renamer = new SlotRenamer(preimages);
  }

  /** What came of the drawn calls, in the order of the run. */
  get replayed(): readonly ReplayedCall[] {
    return this.#replayed;
  }

  /** Their accesses, a block for each window; after the last block of the run. */
  workload(): Workload {
    this.#closeWindow();
    return this.#workload.workload();
  }

  /** Takes the next block of the run, the same run that the calls were drawn from. */
  async add(block: BlockRecord): Promise<void> {
    this.#recorded.enter(block);
    for (const record of block.transactions) {
      const call = this.#calls.get(this.#position++);
      this.#recorded.observe(record);
      if (call !== undefined) {
        this.#windowBlock ??= block;
        this.#replayed.push(await this.#replay(call, record, block));
        if (this.#records.length === this.#window) {
          this.#closeWindow();
        }
      }
      this.#recorded.apply(record);
    }
  }

  #closeWindow(): void {
    if (this.#windowBlock !== null) {
      // locations are the same in all windows: one segment
      this.#workload.add({ ...this.#windowBlock, segment: 0, transactions: this.#records });
    }
    this.#windowBlock = null;
    this.#records = [];
  }

  async #replay(
    call: PlacedCall,
    record: TransactionRecord,
    block: BlockRecord,
  ): Promise<ReplayedCall> {
    const { model } = call;
    const executed = await this.#execute(call, record, block);
    if (typeof executed !== "string") {
      const otherPath = pathOf(executed.trace) !== pathOf(record.trace);
      this.#records.push(executed);
      return { model, obstacle: null, otherPath, unknownKeys: 0 };
    }
    const drawn = footprintTransaction(call, this.#renamer, this.#state);
    this.#state.keep();
    this.#records.push(footprintRecord(record, call, drawn));
    return { model, obstacle: executed, otherPath: false, unknownKeys: drawn.unknownKeys };
  }

  async #execute(
    call: PlacedCall,
    record: TransactionRecord,
    block: BlockRecord,
  ): Promise<TransactionRecord | Obstacle> {
    if (record.status === 0) {
      return "failed";
    }
    const recorded = messageOf(record, block);
    if (recorded === null) {
      return "notRecorded";
    }
    const { model } = call;
    const values = drawnValues(call, this.#keyArgumentsOf(model), record.from, recorded.data);
    if (values === null) {
      return "undecoded";
    }
    const message = { ...recorded, from: values.from, data: values.data };
    for (const isSecond of [false, true]) {
      if (isSecond) {
        this.#restore(record, model, values.renaming);
      } else {
        this.#provide(record, values.renaming);
      }
      const at = isSecond ? block : (this.#windowBlock ?? block);
      const outcome = await this.#try({ ...message, block: at });
      if (outcome === "notRecorded") {
        this.#state.drop();
        return outcome;
      }
      if (outcome?.status === 1) {
        const executed = this.#recordOf(record, values.from, outcome);
        this.#state.apply(outcome.writes);
        this.#state.keep();
        return executed;
      }
      this.#state.drop();
    }
    return "reverted";
  }

  async #try(message: ReplayedMessage): Promise<ReplayOutcome | null | "notRecorded"> {
    try {
      return await this.#replayer(message, this.#state);
    } catch (error) {
      if (error instanceof UnrecordedCode) {
        return "notRecorded";
      }
      throw error;
    }
  }

  /** Gives the new keys what the old ones had, where they have nothing. */
  #provide({ reads }: TransactionRecord, renaming: Renaming): void {
    for (const read of reads) {
      if (read.kind !== "storage") {
        continue;
      }
      for (const slot of this.#renamer.renamed(read.slot, renaming)) {
        const isNew = !this.#state.hasOwn(read.address, slot);
        if (isNew && this.#state.storage(read.address, slot) === 0n) {
          this.#state.setStorage(read.address, slot, renamedValue(read.value, renaming));
        }
      }
    }
  }

  /** Puts everything as the recorded call found it, but for what keys come from. */
  #restore({ reads }: TransactionRecord, model: FunctionModel, renaming: Renaming): void {
    const kept = this.#keySlotsOf(model);
    for (const read of reads) {
      if (read.kind !== "storage") {
        continue;
      }
      const renamed = this.#renamer.renamed(read.slot, renaming);
      for (const slot of renamed) {
        this.#state.setStorage(read.address, slot, renamedValue(read.value, renaming));
      }
      if (renamed.length === 0 && !kept.has(`${read.address}:${read.slot}`)) {
        this.#state.forget(read.address, read.slot);
      }
    }
  }

  #recordOf(
    record: TransactionRecord,
    from: TransactionRecord["from"],
    { status, gasUsed, gasBeforeRefund, intrinsicGas, reads, writes, trace }: ReplayOutcome,
  ): TransactionRecord {
    return {
      ...record,
      from,
      status,
      gasUsed,
      gasBeforeRefund,
      intrinsicGas,
      reads,
      writes: this.#withValuesBefore(writes),
      trace,
      deployed: [],
    };
  }

  #withValuesBefore({ writes }: WriteSet): TransactionRecord["writes"] {
    return writes.map((write) => ({
      write,
      before:
        write.kind === "storage"
          ? this.#state.storage(write.address, write.slot)
          : write.kind === "nonce"
            ? this.#state.nonce(write.address)
            : null,
    }));
  }

  #keyArgumentsOf(model: FunctionModel): KeyArguments {
    const known = this.#keyArguments.get(model) ?? keyArguments(model);
    this.#keyArguments.set(model, known);
    return known;
  }

  #keySlotsOf(model: FunctionModel): ReadonlySet<string> {
    const known = this.#keySlots.get(model) ?? keySlots(model);
    this.#keySlots.set(model, known);
    return known;
  }
}
