/**
 * What executing one transaction gave: everything a receipt, a commit and the access log need.
 * Plain data; equal, field by field, for the sequential and the parallel executor.
 */
import type { TransactionTrace } from "../access-log/block-record";
import type { Address, Hash, Hex } from "../state/hex";
import type { ReadSet } from "../state/read-set";
import type { WriteSet } from "../state/write-set";
import { decodeLogs, type EncodedLogs, encodeLogs } from "./encoded-logs";
import type { ListOperation } from "./list-operations";

export interface Log {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Hex;
}

/**
 * Why an execution halted, in the yellow paper's and the EIPs' terms; `reason` is the engine's short name
 * (`OutOfGas`, `InvalidOpcode`, `StackUnderflow`, `StackOverflow`, `InvalidJump`, `CreateCollision`,
 * `CodeSizeExceeded`, `InitCodeSizeExceeded`, `InvalidCode` (0xEF), `StaticStateChange`, `PrecompileFailed`, …).
 */
export interface Halt {
  readonly kind: "revert" | "halt";
  /** "Revert" for kind revert. */
  readonly reason: string;
}

/** gas that a transaction takes of its block, from EIP-8037 on: the block's limit is one of each (EIP-7778). */
export interface BlockGas {
  /** gas, without refunds, that is not for growth of the state */
  readonly regular: bigint;
  /** gas for growth of the state */
  readonly state: bigint;
}

export interface TransactionOutcome {
  readonly status: 0 | 1;
  /** Absent if status is 1. */
  readonly halt?: Halt;
  /** gas charged: after refund, calldata floor (EIP-7623) applied. */
  readonly gasUsed: bigint;
  /** gas consumed before the refund. */
  readonly gasBeforeRefund: bigint;
  /** gas: 21000, calldata, access list, authorizations, creation. */
  readonly intrinsicGas: bigint;
  readonly blobGasUsed: bigint;
  /** wei per gas actually paid */
  readonly effectiveGasPrice: bigint;
  readonly returnData: Uint8Array;
  readonly logs: readonly Log[];
  /** Set for a creation transaction, also for a failed one. */
  readonly createdAddress: Address | null;
  readonly reads: ReadSet;
  readonly writes: WriteSet;
  readonly trace: TransactionTrace;
  /** Calldata of every call to the console address, in order, reverted frames included; absent = none. */
  readonly consoleLogs?: readonly Uint8Array[];
  /** Absent before EIP-8037: the block is charged gasUsed. */
  readonly blockGas?: BlockGas;
  /** Present where the block's access list was asked for (EIP-7928). */
  readonly listOperations?: readonly ListOperation[];
}

/** What an outcome says beside its logs, its access sets and its trace. */
export type OutcomeResult = Omit<TransactionOutcome, "logs" | "reads" | "writes" | "trace">;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

type SometimesPresent = Pick<
  TransactionOutcome,
  "halt" | "consoleLogs" | "blockGas" | "listOperations"
>;

/**
 * The outcome with what it has only sometimes. The fields must be an object of the caller's own: it
 * becomes the outcome. (A literal that begins with a spread is some ten times as slow.)
 */
export function completeOutcome<Fields extends object>(
  fields: Fields,
  halt: Halt | undefined,
  consoleLogs: readonly Uint8Array[] | undefined,
  blockGas: BlockGas | undefined,
  listOperations: readonly ListOperation[] | undefined,
): Fields & SometimesPresent {
  const outcome: Fields & Mutable<SometimesPresent> = fields;
  if (halt !== undefined) {
    outcome.halt = halt;
  }
  if (consoleLogs !== undefined && consoleLogs.length > 0) {
    outcome.consoleLogs = consoleLogs;
  }
  if (blockGas !== undefined) {
    outcome.blockGas = blockGas;
  }
  if (listOperations !== undefined) {
    outcome.listOperations = listOperations;
  }
  return outcome;
}

/** What is made when somebody looks at it. */
export interface LazyParts {
  logs(): readonly Log[];
  encodedLogs(): EncodedLogs;
  reads(): ReadSet;
  writes(): WriteSet;
}

/**
 * An outcome with parts that are made later. A class, because a literal with getters takes ten times the
 * memory and the time, and blocks have many of these.
 */
class LazyOutcome implements TransactionOutcome {
  readonly status: 0 | 1;
  declare readonly halt?: Halt;
  readonly gasUsed: bigint;
  readonly gasBeforeRefund: bigint;
  readonly intrinsicGas: bigint;
  readonly blobGasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  readonly returnData: Uint8Array;
  readonly createdAddress: Address | null;
  readonly trace: TransactionTrace;
  declare readonly consoleLogs?: readonly Uint8Array[];
  declare readonly blockGas?: BlockGas;
  declare readonly listOperations?: readonly ListOperation[];
  readonly #parts: LazyParts;

  constructor(
    result: OutcomeResult,
    parts: LazyParts,
    trace: TransactionTrace,
    returnData: Uint8Array,
  ) {
    this.status = result.status;
    this.gasUsed = result.gasUsed;
    this.gasBeforeRefund = result.gasBeforeRefund;
    this.intrinsicGas = result.intrinsicGas;
    this.blobGasUsed = result.blobGasUsed;
    this.effectiveGasPrice = result.effectiveGasPrice;
    this.returnData = returnData;
    this.createdAddress = result.createdAddress;
    this.trace = trace;
    this.#parts = parts;
  }

  /** See the function of this name. */
  static encodedLogs(outcome: LazyOutcome): EncodedLogs {
    return outcome.#parts.encodedLogs();
  }

  get logs(): readonly Log[] {
    return this.#parts.logs();
  }

  get reads(): ReadSet {
    return this.#parts.reads();
  }

  get writes(): WriteSet {
    return this.#parts.writes();
  }
}

// Fields like the others to whoever compares outcomes field by field.
for (const name of ["logs", "reads", "writes"] as const satisfies (keyof LazyOutcome)[]) {
  Object.defineProperty(LazyOutcome.prototype, name, { enumerable: true });
}

/** The outcome's logs as a receipt has them: in the form in which they were made, if they still are. */
export function encodedLogs(outcome: TransactionOutcome): EncodedLogs {
  return outcome instanceof LazyOutcome
    ? LazyOutcome.encodedLogs(outcome)
    : encodeLogs(outcome.logs);
}

/** The result with parts that are made later. */
export function withLazyParts(
  result: OutcomeResult,
  parts: LazyParts,
  trace: TransactionTrace,
): TransactionOutcome {
  const outcome = new LazyOutcome(result, parts, trace, result.returnData);
  const { halt, consoleLogs, blockGas, listOperations } = result;
  return completeOutcome(outcome, halt, consoleLogs, blockGas, listOperations);
}

/** What a chain keeps of a result: no calldata of console.log. @param returnData the same bytes */
export function keptOutcome(
  result: OutcomeResult,
  parts: LazyParts,
  trace: TransactionTrace,
  returnData: Uint8Array,
): TransactionOutcome {
  const outcome = new LazyOutcome(result, parts, trace, returnData);
  const { halt, blockGas, listOperations } = result;
  return completeOutcome(outcome, halt, undefined, blockGas, listOperations);
}

/** The result with sets that are there, and logs that are plain only for whoever looks at them. */
export function withEncodedLogs(
  result: OutcomeResult,
  logs: EncodedLogs,
  { reads, writes, trace }: Pick<TransactionOutcome, "reads" | "writes" | "trace">,
): TransactionOutcome {
  return withLazyParts(result, new PartsWithLogs(logs, reads, writes), trace);
}

class PartsWithLogs implements LazyParts {
  readonly #encoded: EncodedLogs;
  readonly #reads: ReadSet;
  readonly #writes: WriteSet;
  #logs: readonly Log[] | null = null;

  constructor(encoded: EncodedLogs, reads: ReadSet, writes: WriteSet) {
    this.#encoded = encoded;
    this.#reads = reads;
    this.#writes = writes;
  }

  logs(): readonly Log[] {
    this.#logs ??= decodeLogs(this.#encoded.list);
    return this.#logs;
  }

  encodedLogs(): EncodedLogs {
    return this.#encoded;
  }

  reads(): ReadSet {
    return this.#reads;
  }

  writes(): WriteSet {
    return this.#writes;
  }
}
