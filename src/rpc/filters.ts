/**
 * Filters and subscriptions: one numbering, the same kinds; a filter keeps its events until they are
 * asked for, a subscription hands them out at once.
 *
 * Owns: criteria, buffers, expiry. Does not own: how events reach the client (`deliver`).
 */
import type { ChainBlock, ChainTransaction, PlacedLog } from "../chain/chain";
import { logsOfBlock } from "../chain/log-filter";
import type { Address, Hash, Hex } from "../state/hex";
import { blockToJson } from "./codec/block";
import { logToJson } from "./codec/log";
import { quantity } from "./codec/quantity";
import type { Dialect } from "./dialect";
import { argumentError } from "./errors/words";

/** ms; counted from the last poll and checked when a block is mined. */
const LIFETIME = 5 * 60 * 1000;

export interface LogCriteria {
  readonly fromBlock: bigint;
  /** undefined = no end */
  readonly toBlock: bigint | undefined;
  /** empty = any */
  readonly addresses: readonly Address[];
  /** null = any; a log with fewer topics than positions does not match */
  readonly topics: readonly (readonly Hash[] | null)[];
}

type Kind = "Logs" | "NewHeads" | "NewPendingTransactions";

interface Filter {
  readonly kind: Kind;
  readonly criteria: LogCriteria | null;
  readonly isSubscription: boolean;
  /** JSON of logs, or hashes */
  events: unknown[];
  /** ms since the epoch */
  deadline: number;
}

export class Filters {
  readonly #filters = new Map<bigint, Filter>();
  readonly #hardfork: string;
  readonly #dialect: Dialect;
  readonly #deliver: (subscription: Hex, result: unknown) => void;
  #lastId = 0n;

  constructor(
    hardfork: string,
    dialect: Dialect,
    deliver: (subscription: Hex, result: unknown) => void,
  ) {
    this.#hardfork = hardfork;
    this.#dialect = dialect;
    this.#deliver = deliver;
  }

  /** `past`: the logs that already match, which the first poll gets. */
  addLogs(criteria: LogCriteria, past: readonly PlacedLog[], isSubscription: boolean): bigint {
    const events = past.map((log) => logToJson(log, this.#dialect));
    return this.#add({ kind: "Logs", criteria, events, isSubscription });
  }

  /** The first poll of a filter gets the latest block too, as stock. */
  addBlocks(latest: Hash, isSubscription: boolean): bigint {
    return this.#add({ kind: "NewHeads", criteria: null, events: [latest], isSubscription });
  }

  addPendingTransactions(isSubscription: boolean): bigint {
    return this.#add({
      kind: "NewPendingTransactions",
      criteria: null,
      events: [],
      isSubscription,
    });
  }

  /** Takes the filter's events; null = unknown. */
  takeChanges(id: bigint): readonly unknown[] | null {
    const filter = this.#filters.get(id);
    return filter === undefined ? null : take(filter);
  }

  /** Takes a log filter's events; null = unknown. Throws ProviderError for another kind. */
  takeLogs(id: bigint): readonly unknown[] | null {
    const filter = this.#filters.get(id);
    if (filter !== undefined && filter.kind !== "Logs") {
      throw argumentError(
        `Subscription ${id} is not a Logs subscription, but a ${filter.kind} subscription`,
      );
    }
    return filter === undefined ? null : take(filter);
  }

  /** False if there is none, or it is of the other sort. */
  remove(id: bigint, isSubscription: boolean): boolean {
    return this.#filters.get(id)?.isSubscription === isSubscription && this.#filters.delete(id);
  }

  onPendingTransaction(transaction: ChainTransaction): void {
    for (const [id, filter] of this.#filters) {
      if (filter.kind === "NewPendingTransactions") {
        this.#put(id, filter, transaction.input.hash);
      }
    }
  }

  onBlock(block: ChainBlock): void {
    const now = Date.now();
    for (const [id, filter] of this.#filters) {
      if (filter.kind === "NewHeads") {
        this.#put(id, filter, filter.isSubscription ? this.#head(block) : block.header.hash);
      } else if (filter.criteria !== null) {
        for (const log of logsOfBlock(block)) {
          if (matches(filter.criteria, log)) {
            this.#put(id, filter, logToJson(log, this.#dialect));
          }
        }
      }
      if (filter.deadline < now) {
        this.#filters.delete(id);
      }
    }
  }

  #head(block: ChainBlock): object {
    return blockToJson(block, { hardfork: this.#hardfork, full: false, pending: false });
  }

  #put(id: bigint, filter: Filter, event: unknown): void {
    if (filter.isSubscription) {
      this.#deliver(quantity(id), event);
    } else {
      filter.events.push(event);
    }
  }

  #add(filter: Omit<Filter, "deadline">): bigint {
    this.#lastId += 1n;
    this.#filters.set(this.#lastId, { ...filter, deadline: Date.now() + LIFETIME });
    return this.#lastId;
  }
}

function take(filter: Filter): readonly unknown[] {
  const { events } = filter;
  filter.events = [];
  filter.deadline = Date.now() + LIFETIME;
  return events;
}

function matches(criteria: LogCriteria, { log, blockNumber: number }: PlacedLog): boolean {
  if (
    number < criteria.fromBlock ||
    (criteria.toBlock !== undefined && number > criteria.toBlock)
  ) {
    return false;
  }
  if (criteria.addresses.length > 0 && !criteria.addresses.includes(log.address)) {
    return false;
  }
  return criteria.topics.every((options, position) => {
    const topic = log.topics[position];
    return topic !== undefined && (options === null || options.includes(topic));
  });
}
