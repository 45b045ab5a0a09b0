/**
 * The calls that footprints are inferred from, with what the inference needs of them: calldata,
 * caller, block, and every touched location with its values before and after.
 *
 * Of a function called often only a sample is kept: every 2^k-th call, k growing so that at most
 * MAX_CALLS are kept. The sample is spread over the run and the same in every process.
 *
 * Left out because they say nothing of a contract: reads that can not conflict (a balance known to
 * lie in an interval), the fee and nonce of the sender, nonces, code and existence that are only read,
 * and everything of accounts that the transaction itself created.
 *
 * Owns: collecting and the sample. Does not own: what the values mean (call-view.ts).
 */
import type { BlockRecord, Frame, TransactionRecord } from "../../access-log/block-record";
import type { Address, Hash } from "../../state/hex";
import { type Location, locationKey } from "../../state/location";
import { isExactRead } from "../../state/read-set";
import { type CallEntry, callEntries } from "../call-entries";
import { type ValueUse, ValueUses } from "../value-use";

/** calls of one function that are kept */
export const MAX_CALLS = 256;

/** Values of a location over a whole transaction; null where it has none (balances) or none is known. */
export interface LocationValues {
  readonly before: bigint | null;
  readonly after: bigint | null;
  /** where else the two values show up */
  readonly use: ValueUse;
}

export interface ObservedAccess {
  readonly entry: number;
  readonly location: Location;
  /** number of the location within the transaction */
  readonly place: number;
  /** code whose storage layout applies */
  readonly layout: Hash;
  readonly read: boolean;
  readonly write: boolean;
}

export interface ObservedTransaction {
  /** place in the run, counting all transactions */
  readonly position: number;
  readonly origin: Address;
  readonly block: {
    readonly number: bigint;
    readonly timestamp: bigint;
    readonly coinbase: Address;
  };
  /** gas before refund, and without the intrinsic gas */
  readonly gas: number;
  readonly executionGas: number;
  readonly entries: readonly CallEntry[];
  /** By entry: it and all calls around it succeeded. */
  readonly tookEffect: readonly boolean[];
  readonly accesses: readonly ObservedAccess[];
  /** By place. */
  readonly values: readonly LocationValues[];
}

export interface ObservedCall {
  readonly transaction: ObservedTransaction;
  readonly entry: number;
}

export interface ObservedFunction {
  readonly functionKey: string;
  /** a frame that entered it, to be named */
  readonly frame: Frame;
  /** how often it was called */
  readonly calls: number;
  /** the sample */
  readonly sample: readonly ObservedCall[];
}

/** A transaction that called a contract, in the order of the run. */
export interface DirectCall {
  readonly functionKey: string;
  readonly position: number;
}

interface Sample {
  readonly frame: Frame;
  calls: number;
  stride: number;
  kept: ObservedCall[];
}

export class ObservedCalls {
  readonly #functions = new Map<string, Sample>();
  readonly #direct: DirectCall[] = [];
  #position = 0;

  /** Takes the next block of the run. Deployments are setup and no calls. */
  add(block: BlockRecord): void {
    for (const record of block.transactions) {
      const position = this.#position++;
      if (record.to !== null) {
        this.#addTransaction(record, block, position);
      }
    }
  }

  /** In the order of first call. */
  functions(): ObservedFunction[] {
    return [...this.#functions].map(([functionKey, { frame, calls, kept }]) => ({
      functionKey,
      frame,
      calls,
      sample: kept,
    }));
  }

  /** Calls that users made, in the order of the run; plain transfers of ether are none. */
  get direct(): readonly DirectCall[] {
    return this.#direct;
  }

  #addTransaction(record: TransactionRecord, block: BlockRecord, position: number): void {
    const { entries, entryOfFrame, layoutOfFrame } = callEntries(record.trace.frames);
    let observed: ObservedTransaction | undefined;
    for (const [entry, call] of entries.entries()) {
      const isCreation = call.frame.kind === "create" || call.frame.kind === "create2";
      if (call.plainTransfer || isCreation) {
        continue;
      }
      if (entry === 0) {
        this.#direct.push({ functionKey: call.functionKey, position });
      }
      const sample = this.#sampleOf(call);
      if (sample.calls++ % sample.stride !== 0) {
        continue;
      }
      observed ??= observe(record, block, position, { entries, entryOfFrame, layoutOfFrame });
      sample.kept.push({ transaction: observed, entry });
      if (sample.kept.length > MAX_CALLS) {
        sample.kept = sample.kept.filter((_, index) => index % 2 === 0);
        sample.stride *= 2;
      }
    }
  }

  #sampleOf({ functionKey, frame }: CallEntry): Sample {
    let sample = this.#functions.get(functionKey);
    if (sample === undefined) {
      sample = { frame, calls: 0, stride: 1, kept: [] };
      this.#functions.set(functionKey, sample);
    }
    return sample;
  }
}

/** The calls of the given blocks. */
export function observeCalls(blocks: Iterable<BlockRecord>): ObservedCalls {
  const calls = new ObservedCalls();
  for (const block of blocks) {
    calls.add(block);
  }
  return calls;
}

function observe(
  record: TransactionRecord,
  { number, timestamp, coinbase }: BlockRecord,
  position: number,
  { entries, entryOfFrame, layoutOfFrame }: ReturnType<typeof callEntries>,
): ObservedTransaction {
  const { frames } = record.trace;
  const touched = touchedLocations(record, coinbase);
  const places = new Map<string, number>();
  const values: LocationValues[] = [];
  const accesses: ObservedAccess[] = [];
  for (const { frame, location, read, write } of record.trace.accesses) {
    const key = locationKey(location);
    const known = touched.get(key);
    const reads = read && known?.read === true;
    const writes = write && known?.write === true;
    if (known === undefined || (!reads && !writes)) {
      continue;
    }
    let place = places.get(key);
    if (place === undefined) {
      place = values.push({ before: known.before, after: known.after, use: known.use }) - 1;
      places.set(key, place);
    }
    const layout = layoutOfFrame[frame];
    const entry = entryOfFrame[frame];
    if (layout !== undefined && entry !== undefined) {
      accesses.push({ entry, location, place, layout, read: reads, write: writes });
    }
  }
  const effective = effectiveFrames(frames);
  return {
    position,
    origin: record.from,
    block: { number, timestamp, coinbase },
    gas: Number(record.gasBeforeRefund),
    executionGas: Number(record.gasBeforeRefund - record.intrinsicGas),
    entries,
    tookEffect: entries.map(({ frame }) => effective.get(frame) === true),
    accesses,
    values,
  };
}

interface Touched {
  read: boolean;
  write: boolean;
  before: bigint | null;
  after: bigint | null;
  use: ValueUse;
}

/** The locations that count, by key. */
function touchedLocations(record: TransactionRecord, coinbase: Address): Map<string, Touched> {
  const created = new Set(record.deployed.map(({ address }) => address));
  for (const { kind, codeAddress } of record.trace.frames) {
    if (kind === "create" || kind === "create2") {
      created.add(codeAddress);
    }
  }
  const found = new Map<string, Touched>();
  const uses = new ValueUses(record);
  const paysFees = (location: Location): boolean =>
    location.kind === "balance"
      ? location.address === record.from || location.address === coinbase
      : location.kind === "nonce" && location.address === record.from;
  for (const read of record.reads) {
    const counts = read.kind === "storage" || read.kind === "balance";
    if (counts && isExactRead(read) && !created.has(read.address)) {
      const before = read.kind === "storage" ? read.value : null;
      found.set(locationKey(read), { read: true, write: false, before, after: before, use: 0 });
    }
  }
  for (const { write, before } of record.writes) {
    const key = locationKey(write);
    const known = found.get(key);
    const isFee = paysFees(write) && known === undefined;
    // whoever counts up a nonce has read it
    const read = known?.read === true || write.kind === "nonce";
    if (isFee || write.kind === "code" || created.has(write.address)) {
      continue;
    }
    const isNumber = write.kind === "storage" && typeof before === "bigint";
    found.set(key, {
      read,
      write: true,
      before: isNumber ? before : null,
      after: write.kind === "storage" ? write.value : null,
      use: write.kind === "storage" && typeof before === "bigint" ? uses.of(write, before) : 0,
    });
  }
  return found;
}

/** Neither the frame nor one around it failed. */
function effectiveFrames(frames: readonly Frame[]): Map<Frame, boolean> {
  const effective = new Map<Frame, boolean>();
  for (const frame of frames) {
    const around = frames[frame.parent];
    effective.set(frame, frame.success && (around === undefined || effective.get(around) === true));
  }
  return effective;
}
