/**
 * The access log's record of a block, from what its execution gave.
 *
 * Owns: values before each write, joining of execution rounds. Does not own: the record's shape
 * (access-log/), who listens to it.
 */
import type {
  BlockRecord,
  ObservedExecution,
  TransactionRecord,
  WriteRecord,
} from "../access-log/block-record";
import type { TransactionOutcome } from "../execution/outcome";
import { locationKey } from "../state/location";
import type { Read, ReadSet } from "../state/read-set";
import type { StateReader } from "../state/state-reader";
import type { Write } from "../state/write-set";
import type { ExecutedBlock, ExecutedTransaction, ExecutionRound } from "./block-execution";
import type { BlockHeader } from "./chain";

export interface RecordedBlock {
  readonly header: BlockHeader;
  /** Hardhat's name */
  readonly hardfork: string;
  readonly segment: number;
  readonly executed: ExecutedBlock;
  readonly rootCheck: BlockRecord["rootCheck"];
}

/** The outcome's writes with the values that `preState`, the state right before it, has. */
export function writeRecords(outcome: TransactionOutcome, preState: StateReader): WriteRecord[] {
  return outcome.writes.writes.map((write) => ({
    write,
    before: valueBefore(write, outcome.reads, preState),
  }));
}

export function makeBlockRecord(recorded: RecordedBlock): BlockRecord {
  const { header, executed } = recorded;
  const origins = new RoundOrigins(executed.rounds);
  return {
    number: header.number,
    timestamp: header.timestamp,
    coinbase: header.miner,
    hardfork: recorded.hardfork,
    gasLimit: header.gasLimit,
    gasUsed: header.gasUsed,
    segment: recorded.segment,
    transactions: executed.transactions.map((transaction, index) =>
      transactionRecord(transaction, index, origins),
    ),
    observed: joinObserved(executed.rounds),
    rootCheck: recorded.rootCheck,
  };
}

/** A balance's value before is known only if the transaction read it exactly. */
function valueBefore(write: Write, reads: ReadSet, preState: StateReader): WriteRecord["before"] {
  switch (write.kind) {
    case "balance": {
      const read = reads.find(
        (candidate) => candidate.kind === "balance" && candidate.address === write.address,
      );
      return read?.kind === "balance" && read.min === read.max ? read.min : null;
    }
    case "nonce":
      return preState.nonce(write.address);
    case "code":
      return preState.codeHash(write.address);
    case "existence":
      return preState.exists(write.address);
    case "storage":
      return preState.storage(write.address, write.slot);
  }
}

function transactionRecord(
  { transaction, outcome, writes }: ExecutedTransaction,
  transactionIndex: number,
  origins: RoundOrigins,
): TransactionRecord {
  const { input } = transaction;
  const reads = outcome.reads.map((read) => origins.inBlock(read, transactionIndex));
  origins.wrote(outcome.writes.writes, transactionIndex);
  return {
    transactionIndex,
    hash: input.hash,
    type: input.type,
    from: input.from,
    to: input.to,
    createdAddress: outcome.createdAddress,
    nonce: input.nonce,
    value: input.value,
    status: outcome.status,
    gasLimit: input.gasLimit,
    gasUsed: outcome.gasUsed,
    gasBeforeRefund: outcome.gasBeforeRefund,
    intrinsicGas: outcome.intrinsicGas,
    reads,
    writes,
    trace: outcome.trace,
    deployed: deployedCodes(outcome),
  };
}

function deployedCodes(outcome: TransactionOutcome): TransactionRecord["deployed"] {
  return outcome.writes.writes.flatMap((write) => {
    const code = write.kind === "code" ? outcome.writes.codes.get(write.codeHash) : undefined;
    return write.kind === "code" && code !== undefined && code.length > 0
      ? [
          {
            address: write.address,
            codeHash: write.codeHash,
            code: `0x${Buffer.from(code).toString("hex")}` as const,
          },
        ]
      : [];
  });
}

/**
 * Read origins count transactions from the start of their round, and what earlier rounds wrote is
 * pre-state to them. This gives them the block's indices.
 */
class RoundOrigins {
  readonly #rounds: readonly ExecutionRound[];
  readonly #lastWriter = new Map<string, number>();

  constructor(rounds: readonly ExecutionRound[]) {
    this.#rounds = rounds;
  }

  /** Only the locations of finished rounds are ever asked for. */
  wrote(writes: readonly Write[], transactionIndex: number): void {
    if (this.#rounds.length > 1) {
      for (const write of writes) {
        this.#lastWriter.set(locationKey(write), transactionIndex);
      }
    }
  }

  inBlock(read: Read, transactionIndex: number): Read {
    const first = this.#firstOfRound(transactionIndex);
    if (first === 0) {
      return read;
    }
    const { transactionIndex: writer, incarnation } = read.origin;
    if (writer >= 0) {
      return { ...read, origin: { transactionIndex: writer + first, incarnation } };
    }
    const earlier = this.#lastWriter.get(locationKey(read));
    return earlier === undefined || earlier >= first
      ? read
      : { ...read, origin: { transactionIndex: earlier, incarnation: 0 } };
  }

  #firstOfRound(transactionIndex: number): number {
    let first = 0;
    for (const round of this.#rounds) {
      if (round.first <= transactionIndex) {
        first = round.first;
      }
    }
    return first;
  }
}

const NOT_EXECUTED: ObservedExecution = {
  mode: "inThread",
  workers: 0,
  incarnations: [],
  aborts: [],
  milliseconds: 0,
};

/** One observation of all rounds; `parallel` if any round was, `sequential` if any fell back. */
function joinObserved(rounds: readonly ExecutionRound[]): ObservedExecution {
  const [only] = rounds;
  if (only === undefined) {
    return NOT_EXECUTED;
  }
  if (rounds.length === 1) {
    return only.observed;
  }
  const observed = rounds.map((round) => round.observed);
  const modes = observed.map(({ mode }) => mode);
  const fallbacks = observed.flatMap(({ fallback }) => fallback ?? []);
  return {
    mode: (["sequential", "parallel"] as const).find((mode) => modes.includes(mode)) ?? "inThread",
    workers: Math.max(...observed.map(({ workers }) => workers)),
    incarnations: observed.flatMap(({ incarnations }) => incarnations),
    aborts: rounds.flatMap(({ first, observed: { aborts } }) =>
      aborts.map(({ transactionIndex, writer, location }) => ({
        transactionIndex: transactionIndex + first,
        writer: writer < 0 ? writer : writer + first,
        location,
      })),
    ),
    milliseconds: observed.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    ...(fallbacks.length === 0 ? {} : { fallback: fallbacks.join("; ") }),
  };
}
