/**
 * Collects a Workload from block records, one block at a time, keeping only numbers of each.
 *
 * Owns: the translation of records. Does not own: the shape (workload.ts), the rule of entries
 * (call-entries.ts).
 */
import type { BlockRecord, Frame, TransactionRecord } from "../access-log/block-record";
import { type Address, EMPTY_CODE_HASH } from "../state/hex";
import { isExactRead } from "../state/read-set";
import type { Write } from "../state/write-set";
import { type CallEntry, callEntries } from "./call-entries";
import { LocationIndex } from "./location-index";
import { ValueUses } from "./value-use";
import type {
  EntryAccess,
  SlotChange,
  Workload,
  WorkloadBlock,
  WorkloadTransaction,
} from "./workload";

export class WorkloadBuilder {
  readonly #transactions: WorkloadTransaction[] = [];
  readonly #blocks: WorkloadBlock[] = [];
  readonly #locations = new LocationIndex();
  readonly #functions = new Map<string, Frame>();
  readonly #fallbacks = new Map<string, number>();
  readonly #modes = { parallel: 0, inThread: 0, sequential: 0 };
  #reexecutions = 0;
  #aborts = 0;
  #checkedBlocks = 0;
  #equalBlocks = 0;
  #firstUnequal: bigint | null = null;

  /** Takes the next block of the run. */
  add(block: BlockRecord): void {
    this.#blocks.push({
      number: block.number,
      timestamp: block.timestamp,
      segment: block.segment,
      section: block.section ?? null,
      coinbase: block.coinbase,
      gasLimit: block.gasLimit,
    });
    for (const record of block.transactions) {
      this.#transactions.push(this.#transaction(record, block));
    }
    this.#observe(block);
  }

  /** What was collected; more blocks may follow and appear in it. */
  workload(): Workload {
    return {
      transactions: this.#transactions,
      blocks: this.#blocks,
      locations: this.#locations,
      functions: this.#functions,
      observed: {
        blocksParallel: this.#modes.parallel,
        blocksInThread: this.#modes.inThread,
        blocksSequential: this.#modes.sequential,
        reexecutions: this.#reexecutions,
        aborts: this.#aborts,
        fallbacks: this.#fallbacks,
      },
      rootChecks: {
        checkedBlocks: this.#checkedBlocks,
        equalBlocks: this.#equalBlocks,
        firstUnequal: this.#firstUnequal,
      },
    };
  }

  #transaction(record: TransactionRecord, block: BlockRecord): WorkloadTransaction {
    const { segment } = block;
    const { entries, entryOfFrame, layoutOfFrame } = callEntries(record.trace.frames);
    for (const entry of entries) {
      if (!this.#functions.has(entry.functionKey)) {
        this.#functions.set(entry.functionKey, entry.frame);
      }
    }
    const reads = new Set<number>();
    for (const read of record.reads) {
      const number = this.#locations.number(segment, read);
      if (isExactRead(read)) {
        reads.add(number);
      }
    }
    const writes = this.#writes(record, block);
    const accesses: EntryAccess[] = [];
    for (const access of record.trace.accesses) {
      const number = this.#locations.number(segment, access.location);
      this.#locations.at(number).layout ??= layoutOfFrame[access.frame] ?? null;
      const read = access.read && reads.has(number);
      const write = access.write && writes.numbers.has(number);
      if (read || write) {
        accesses.push({
          entry: entryOfFrame[access.frame] ?? 0,
          location: number,
          read,
          write,
          codeHash: record.trace.frames[access.frame]?.codeHash ?? EMPTY_CODE_HASH,
          readPc: access.readPc,
          writePc: access.writePc,
        });
      }
    }
    return {
      position: this.#transactions.length,
      block: this.#blocks.length - 1,
      transactionIndex: record.transactionIndex,
      sender: record.from,
      setup: record.to === null,
      gas: Number(record.gasBeforeRefund),
      executionGas: Number(record.gasBeforeRefund - record.intrinsicGas),
      failed: record.status === 0,
      reads: [...reads],
      writes: [...writes.numbers],
      silentWrites: writes.silent,
      changes: writes.changes,
      credits: writes.credits,
      value: record.value,
      feeWrites: writes.fees,
      cleared: writes.cleared,
      removed: writes.removed,
      entries: entries satisfies readonly CallEntry[],
      accesses,
    };
  }

  #writes(record: TransactionRecord, block: BlockRecord) {
    const numbers = new Set<number>();
    const silent = new Set<number>();
    const fees = new Set<number>();
    const cleared: { owner: number; location: number }[] = [];
    const removed: { owner: number; location: number }[] = [];
    const changes = new Map<number, SlotChange>();
    const credits = new Set<number>();
    const uses = new ValueUses(record);
    for (const { write, before } of record.writes) {
      const number = this.#locations.number(block.segment, write);
      numbers.add(number);
      if (write.kind === "storage" && typeof before === "bigint") {
        this.#locations.at(number).changedBits |= before ^ write.value;
        const over = before === write.value ? null : uses.hashedFrom(write);
        changes.set(number, {
          before,
          after: write.value,
          use: uses.of(write, before),
          hashedFrom: over === null ? null : this.#locations.number(block.segment, over),
        });
      }
      if ((write.kind === "storage" || write.kind === "nonce") && write.value === before) {
        silent.add(number);
      }
      if (isFee(write, record, block.coinbase)) {
        fees.add(number);
      } else if (write.kind === "balance" && write.delta > 0n) {
        credits.add(number);
      }
      if (write.kind === "existence") {
        const owner = this.#locations.owner(block.segment, write.address);
        if (write.clearsStorage || !write.exists) {
          cleared.push({ owner, location: number });
        }
        if (!write.exists) {
          removed.push({ owner, location: number });
        }
      }
    }
    return { numbers, silent, changes, credits, fees, cleared, removed };
  }

  #observe(block: BlockRecord): void {
    const { observed, rootCheck } = block;
    this.#modes[observed.mode]++;
    this.#aborts += observed.aborts.length;
    for (const incarnations of observed.incarnations) {
      this.#reexecutions += Math.max(0, incarnations - 1);
    }
    if (observed.fallback !== undefined) {
      this.#fallbacks.set(observed.fallback, (this.#fallbacks.get(observed.fallback) ?? 0) + 1);
    }
    if (rootCheck !== null) {
      this.#checkedBlocks++;
      if (rootCheck.parallel === rootCheck.sequential) {
        this.#equalBlocks++;
      } else {
        this.#firstUnequal ??= block.number;
      }
    }
  }
}

/** The workload of the given blocks. */
export function collectWorkload(blocks: Iterable<BlockRecord>): Workload {
  const builder = new WorkloadBuilder();
  for (const block of blocks) {
    builder.add(block);
  }
  return builder.workload();
}

/**
 * Did this balance change by nothing but the fee? True for the sender and the coinbase unless the
 * transaction moved ether from or to them: in a call that took effect, or as its own value.
 */
function isFee(write: Write, record: TransactionRecord, coinbase: Address): boolean {
  if (write.kind !== "balance") {
    return false;
  }
  const { address } = write;
  if (address !== record.from && address !== coinbase) {
    return false;
  }
  const { frames } = record.trace;
  if (frames.length === 0) {
    return record.value === 0n || (record.from !== address && record.to !== address);
  }
  return !frames.some(
    (frame) =>
      frame.value > 0n &&
      frame.kind !== "delegatecall" &&
      frame.kind !== "callcode" &&
      (frame.caller === address || frame.storageOwner === address) &&
      tookEffect(frames, frame),
  );
}

/** A frame takes effect if neither it nor any frame around it failed. */
function tookEffect(frames: readonly Frame[], frame: Frame): boolean {
  for (let at: Frame | undefined = frame; at !== undefined; at = frames[at.parent]) {
    if (!at.success) {
      return false;
    }
  }
  return true;
}
