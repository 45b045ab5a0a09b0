/**
 * The aborts of a block, in shared memory: who was aborted, on which location, by which writer.
 *
 * Owns: the list. Observed, not derived: it varies from run to run.
 */
import type { ObservedExecution } from "../access-log/block-record";
import type { LocationTable } from "./location-table";
import type { SharedArena } from "./shared-arena";
import type { Conflict } from "./validation";

/** Entry: transaction, location, writer, next entry. */
const TRANSACTION = 0;
const LOCATION = 1;
const WRITER = 2;
const NEXT = 3;
const ENTRY_WORDS = 4;

export class AbortLog {
  readonly #arena: SharedArena;
  readonly #head: number;

  /** @param head index of one word of the arena */
  constructor(arena: SharedArena, head: number) {
    this.#arena = arena;
    this.#head = head;
  }

  /** Throws CapacityExceeded. */
  add(transactionIndex: number, conflict: Conflict): void {
    const { words } = this.#arena;
    const entry = this.#arena.allocate(ENTRY_WORDS);
    words[entry + TRANSACTION] = transactionIndex;
    words[entry + LOCATION] = conflict.location;
    words[entry + WRITER] = conflict.writer;
    let head: number;
    do {
      head = Atomics.load(words, this.#head);
      words[entry + NEXT] = head;
    } while (Atomics.compareExchange(words, this.#head, head, entry) !== head);
  }

  /** By transaction, each one's aborts in the order they happened. Only once the block is done. */
  list(locations: LocationTable): ObservedExecution["aborts"] {
    const { words } = this.#arena;
    const aborts: ObservedExecution["aborts"][number][] = [];
    for (let entry = words[this.#head] ?? 0; entry !== 0; entry = words[entry + NEXT] ?? 0) {
      aborts.push({
        transactionIndex: words[entry + TRANSACTION] ?? 0,
        writer: words[entry + WRITER] ?? 0,
        location: locations.location(words[entry + LOCATION] ?? 0),
      });
    }
    return aborts.reverse().sort((a, b) => a.transactionIndex - b.transactionIndex);
  }
}
