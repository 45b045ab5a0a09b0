/**
 * Executes a block on worker threads by Block-STM.
 *
 * Owns: the block's shared memory, the decision where a block runs, the order of results, the
 * fallback. Does not own: threads (BlockJoiner), the rules of a transaction, committing: it returns
 * outcomes and changes nothing, so a block that goes wrong leaves nothing behind.
 *
 * Invariant: whatever happens to the threads, the result is the sequential executor's; if they did
 * not give it, the sequential executor runs and `observed.fallback` says why.
 */
import type { ObservedExecution } from "../access-log/block-record";
import { invariant, isParallelError } from "../errors/base-error";
import type { StateKey } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import type { StateStore } from "../state/state-store";
import { allLeft } from "./all-left";
import { executeAlone } from "./alone-execution";
import { reachablePrefix } from "./block-capacity";
import type { BlockExecution, BlockExecutor, BlockInput, ReadingExecutor } from "./block-executor";
import type { BlockJoiner, BlockReport } from "./block-joiner";
import { inOrder, observe } from "./block-results";
import { takeOwnPart } from "./calling-thread";
import { CapacityExceeded } from "./capacity-exceeded";
import {
  ContentionHistory,
  codeBefore,
  type GroupKeys,
  groupKeys,
  kindOfBlock,
} from "./contention";
import type { Engine } from "./engine/engine";
import { HeldResults } from "./held-results";
import { PaceHistory } from "./pace-history";
import { predict } from "./predictions";
import { PreparedTransactions } from "./prepared-transactions";
import type { BlockReceipts } from "./published-receipts";
import { ReceiptFeed } from "./receipt-feed";
import { Settlement } from "./settlement";
import { BlockMemory, type BlockMemoryLimits, type SharedBlock } from "./shared-block";
import type { Side } from "./side-comparison";
import { prepareThreads } from "./thread-readiness";
import type { TransactionInput } from "./transaction";
import type { TransactionExecution } from "./transaction-processing";
import { defaultQuietLimit, type QuietLimit } from "./watchdog";

export interface ParallelExecutorOptions {
  /** threads that take part in a block, the calling one with them if it has an engine; at least 1 */
  readonly workers: number;
  /** blocks with fewer transactions run in the calling thread */
  readonly minTransactionsForThreads: number;
  readonly pool: BlockJoiner;
  /** runs small blocks, and those that the threads could not finish */
  readonly sequential: ReadingExecutor;
  /**
   * The calling thread's: with it that thread takes part instead of waiting, and small blocks of a fork
   * run in it by the same protocol as on threads, so that what their transactions miss is loaded
   * together. Absent = all the threads are the pool's.
   */
  readonly engine?: Engine;
  /**
   * Run a block whose transactions nearly all wait for one another in the calling thread, where
   * earlier blocks showed that they do (default true).
   */
  readonly adaptive?: boolean;
  /**
   * ms that blocks which could have run on threads have to take in the calling thread before its threads
   * are started (default 0), unless a block is recorded: to start them takes time, too.
   */
  readonly startThreadsAfter?: number;
  readonly watchdog?: QuietLimit;
  /** starting sizes of the shared memory */
  readonly limits?: BlockMemoryLimits;
}

export function createParallelExecutor(options: ParallelExecutorOptions): BlockExecutor {
  return new ParallelExecutor(options);
}

/** Without numbers of the block: a report counts blocks by reason. */
const SERIAL = "nearly all transactions wait for one another, as in earlier blocks";
const NO_THREADS = { threads: 0, problem: null } as const;

/** A block, and what is known of it before it runs. */
interface Work {
  readonly input: BlockInput;
  /** those of its transactions that can have room in it */
  readonly reachable: readonly TransactionInput[];
  readonly keys: GroupKeys;
  readonly preState: StateStore;
  readonly settlement: Settlement;
}

class ParallelExecutor implements BlockExecutor {
  readonly #options: ParallelExecutorOptions;
  readonly #memory: BlockMemory;
  readonly #history = new ContentionHistory();
  readonly #paces = new PaceHistory();
  readonly #prepared = new PreparedTransactions();
  readonly #feed = new ReceiptFeed();
  /** ms that blocks took for which there were no threads yet */
  #withoutThreads = 0;
  /** One block at a time: blocks share the memory. */
  #previous: Promise<unknown> = Promise.resolve();

  constructor(options: ParallelExecutorOptions) {
    invariant(options.workers >= 1, `${options.workers} workers`);
    this.#options = options;
    this.#memory = new BlockMemory(options.limits);
  }

  prepare: BlockExecutor["prepare"] = (...waiting) => this.#prepared.prepare(...waiting);

  /** Throws what the sequential executor throws. The pre-state must not change meanwhile. */
  execute(input: BlockInput, preState: StateStore): Promise<BlockExecution> {
    const execution = this.#previous.then(async () => {
      const ended = await this.#execute(input, preState);
      this.#prepared.blockEnded();
      return ended;
    });
    this.#previous = execution.catch(() => undefined); // the caller gets the error
    return execution;
  }

  async close(): Promise<void> {
    await this.#options.pool.close();
    await this.#options.sequential.close();
  }

  async #execute(input: BlockInput, preState: StateStore): Promise<BlockExecution> {
    const reachable = reachablePrefix(input);
    const { engine, workers, minTransactionsForThreads, adaptive = true } = this.#options;
    // What one transaction misses is not waited for alone where others may miss something too.
    const local = input.load !== undefined && engine !== undefined && reachable.length > 1;
    const isSmall =
      (workers === 1 && engine !== undefined) ||
      reachable.length < Math.max(1, minTransactionsForThreads);
    if (isSmall && !local) {
      return this.#runInThread(input, preState, { mode: "inThread" });
    }
    const keys = groupKeys(reachable, codeBefore(preState));
    const settlement = new Settlement(input, preState);
    const work: Work = { input, reachable, keys, preState, settlement };
    const serial = adaptive && !isSmall ? this.#history.serialTransactions(keys) : 0;
    if (serial > 0 && !local) {
      const { ready } = await prepareThreads(this.#options.pool);
      return this.#runAlone(work, ready, null, { mode: "sequential", workers, fallback: SERIAL });
    }
    const { threads, problem } = isSmall || serial > 0 ? NO_THREADS : await this.#threadsFor(input);
    if (threads === 0 && !local) {
      return this.#runWithoutThreads(work, problem);
    }
    // A recorded block shows what happens on threads, whether or not they pay.
    if (!adaptive || engine === undefined || input.trace || threads === 0 || local) {
      return this.#runByProtocol(work, threads);
    }
    return this.#runWhereFaster(work, threads);
  }

  /** In the calling thread, because there are no threads (yet). */
  async #runWithoutThreads(work: Work, problem: string | null): Promise<BlockExecution> {
    const { workers } = this.#options;
    const started = performance.now();
    const execution = await this.#runAlone(
      work,
      0,
      kindOfBlock(work.keys),
      problem === null ? { mode: "inThread" } : { mode: "sequential", workers, fallback: problem },
    );
    this.#withoutThreads += performance.now() - started;
    return execution;
  }

  /** On threads, or in the calling thread alone where blocks of this kind took less time. */
  async #runWhereFaster(work: Work, threads: number): Promise<BlockExecution> {
    const { workers } = this.#options;
    const kind = kindOfBlock(work.keys);
    const fallback = this.#paces.reasonToRunAlone(kind);
    if (fallback !== null) {
      return this.#runAlone(work, threads, kind, { mode: "sequential", workers, fallback });
    }
    const started = performance.now();
    const execution = await this.#runByProtocol(work, threads);
    if (execution.observed.mode === "parallel") {
      this.#notePace(kind, "threads", started, execution);
    }
    return execution;
  }

  /**
   * @param threads that have nothing to do meanwhile
   * @param kind null = its time is not compared with anything
   */
  async #runAlone(
    { input, settlement }: Work,
    threads: number,
    kind: string | null,
    observed: Partial<ObservedExecution>,
  ): Promise<BlockExecution> {
    const started = performance.now();
    const { pool, sequential } = this.#options;
    const idlePool = threads === 0 ? null : pool;
    const work = { input, settlement, prepared: this.#prepared, feed: this.#feed };
    const execution = await executeAlone(sequential, idlePool, work);
    if (kind !== null) {
      this.#notePace(kind, "alone", started, execution);
    }
    return { ...execution, observed: { ...execution.observed, ...observed } };
  }

  #notePace(kind: string, where: Side, started: number, { outcomes }: BlockExecution): void {
    if (outcomes.length > 0) {
      this.#paces.note(kind, where, (performance.now() - started) / outcomes.length);
    }
  }

  /**
   * Threads of the pool for this block. Beside the calling thread they are waited for only where the
   * block is recorded: until they have started, blocks run without them.
   */
  async #threadsFor({ trace }: BlockInput): Promise<{
    readonly threads: number;
    readonly problem: string | null;
  }> {
    const { engine, workers, startThreadsAfter = 0 } = this.#options;
    if (engine === undefined) {
      return { threads: workers, problem: null };
    }
    if (workers === 1 || (!trace && this.#withoutThreads < startThreadsAfter)) {
      return NO_THREADS;
    }
    const { ready, problem } = await prepareThreads(this.#options.pool);
    const threads = trace && problem === null ? workers - 1 : Math.min(ready, workers - 1);
    return { threads, problem };
  }

  /** Block-STM on the pool's threads and the calling one, or on that alone (`threads` 0). */
  async #runByProtocol(work: Work, threads: number): Promise<BlockExecution> {
    const { input, settlement } = work;
    const started = performance.now();
    const { workers } = this.#options;
    let fallback: string;
    try {
      const { block, results, receipts, transactionsRoot } = await this.#runOnThreads(
        work,
        threads,
      );
      const ended = inOrder(input, results);
      const all = ended.outcomes.length === results.length;
      return {
        ...ended,
        ...(all ? { receiptBodies: receipts.bodies } : {}),
        ...(all && receipts.root !== null ? { receiptsRoot: receipts.root } : {}),
        ...(transactionsRoot === null ? {} : { transactionsRoot }),
        observed: {
          ...(threads > 0 ? { mode: "parallel", workers } : { mode: "inThread", workers: 0 }),
          ...observe(block, ended.outcomes.length),
          milliseconds: performance.now() - started,
        },
      };
    } catch (error) {
      if (isParallelError(error)) {
        throw error; // the fork's remote failed, or the engines differ: what another run says hides it
      }
      if (error instanceof CapacityExceeded) {
        this.#memory.grow(error.buffer);
      }
      fallback = error instanceof Error ? error.message : String(error);
    }
    return this.#runInThread(input, settlement.before, { mode: "sequential", workers, fallback });
  }

  async #runInThread(
    input: BlockInput,
    preState: StateReader,
    observed: Partial<ObservedExecution>,
  ): Promise<BlockExecution> {
    const execution = await this.#options.sequential.execute(input, preState);
    return { ...execution, observed: { ...execution.observed, ...observed } };
  }

  /** Throws, with the reason as message, if the threads did not finish the block. */
  async #runOnThreads(
    { input, reachable: transactions, keys, preState, settlement }: Work,
    threads: number,
  ): Promise<{
    readonly block: SharedBlock;
    readonly results: readonly (TransactionExecution | undefined)[];
    readonly receipts: BlockReceipts;
    readonly transactionsRoot: Uint8Array | null;
  }> {
    const { buffers, block } = this.#memory.begin(transactions.length, preState);
    const { engine, pool, watchdog = defaultQuietLimit } = this.#options;
    const { environment, encodedTransactions, trace, blockAccessList = false } = input;
    const shared = threads === 0 ? null : this.#prepared.share(transactions, encodedTransactions);
    const encoded = shared?.encoded ?? null;
    const held = new HeldResults(block, trace);
    let transactionsRoot: Uint8Array | null = null;
    let groups: readonly string[] | null = null;
    let receipts: BlockReceipts | null = null;
    for (;;) {
      const asked = { state: preState.share(), environment, trace, blockAccessList };
      const joined: Promise<readonly BlockReport[]> =
        shared === null
          ? Promise.resolve([])
          : pool.join({ buffers, ...shared, ...asked }, threads);
      try {
        groups ??= this.#open(block, input, transactions, keys);
      } catch (error) {
        block.scheduler.abort();
        await joined.catch(() => undefined); // what went wrong first counts
        throw error;
      }
      const part = { input, block, transactions, encoded, preState, settlement };
      const own =
        engine === undefined
          ? Promise.resolve(null)
          : takeOwnPart(engine, part).finally(() => (threads === 0 ? undefined : pool.collect()));
      const quiet = watchdog(transactions);
      const { reports, ownPart } = await allLeft(joined, own, block, quiet, async () => {
        this.#memory.discard(); // others may still be at work on it
        await pool.terminate();
      });
      receipts = [...reports, ownPart].find((part) => part?.receipts)?.receipts ?? null;
      if (receipts === null && block.scheduler.isDone) {
        receipts = block.receipts.madeUnlessTaken(block.gasUses);
      }
      const missed: StateKey[] = [];
      for (const report of reports) {
        held.add(report.results, receipts);
        missed.push(...report.missed);
        transactionsRoot ??= report.transactionsRoot;
      }
      if (ownPart !== null) {
        held.addOwn(ownPart.results);
        missed.push(...ownPart.missed);
        transactionsRoot ??= ownPart.transactionsRoot;
      }
      if (!block.scheduler.isStalled) {
        if (ownPart === null) {
          settlement.blockDone(block);
        }
        break;
      }
      invariant(input.load !== undefined, "state is missing, and nobody can load it");
      // Each parked transaction is in some report; without it the block would stall in the same place for ever.
      invariant(missed.length > 0, "the block is stalled, and no thread says what it missed");
      await input.load(missed);
      block.scheduler.resumeParked();
    }
    this.#history.learn(block.contention, groups);
    invariant(receipts !== null, "a block is done, and nobody has made its receipts");
    return { block, results: held.final(), receipts, transactionsRoot };
  }

  /** Tells the block's memory what is known before the first transaction runs. Throws CapacityExceeded. */
  #open(
    { writes, contention, gate }: SharedBlock,
    { environment }: BlockInput,
    transactions: readonly TransactionInput[],
    keys: GroupKeys,
  ): readonly string[] {
    predict(writes, transactions, environment);
    const groups = this.#history.begin(contention, keys);
    gate.open();
    return groups;
  }
}
