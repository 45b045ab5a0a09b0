/**
 * Compiled code on its way between threads: what one has compiled, the others get with their next task.
 *
 * Owns: the order in which codes were published, and who has which of them. A task cannot be addressed to
 * a thread, so each request carries what any thread may lack; a thread that has it already passes over it.
 */
import type { CodeShare, SharedCode } from "../execution/engine/fast/wasm/code-share";

/** Codes in the order of publication, from number `first` on. */
export interface CodeDelivery {
  readonly first: number;
  readonly codes: readonly SharedCode[];
}

/** What a thread says of codes after a task. */
export interface CodeReport {
  readonly threadId: number;
  /** it has all that were published before this number */
  readonly known: number;
  /** what it has compiled itself */
  readonly compiled: readonly SharedCode[];
}

/** Codes kept for threads that start later. */
const KEPT = 64;

/** The side of the pool. */
export class CodeExchange {
  readonly #known = new Map<number, number>();
  /** of the calling thread's engine */
  readonly #share: CodeShare | null;
  #first = 0;
  #codes: SharedCode[] = [];

  constructor(share: CodeShare | null) {
    this.#share = share;
  }

  /** @param threadIds the threads one of which may get it */
  delivery(threadIds: readonly number[]): CodeDelivery {
    this.#publish(this.#share?.takeUntold() ?? []);
    const known =
      threadIds.length === 0 ? 0 : Math.min(...threadIds.map((id) => this.#known.get(id) ?? 0));
    const first = Math.min(Math.max(known, this.#first), this.#first + this.#codes.length);
    return { first, codes: this.#codes.slice(first - this.#first) };
  }

  take({ threadId, known, compiled }: CodeReport): void {
    this.#known.set(threadId, known);
    this.#share?.accept(compiled);
    this.#publish(compiled);
  }

  /** All threads have ended. */
  forgetThreads(): void {
    this.#known.clear();
  }

  #publish(codes: readonly SharedCode[]): void {
    const published = new Set(this.#codes.map(({ key }) => key));
    this.#codes.push(...codes.filter(({ key }) => !published.has(key)));
    const dropped = Math.max(0, this.#codes.length - KEPT);
    this.#codes = this.#codes.slice(dropped);
    this.#first += dropped;
  }
}

/** The side of a thread, for each of its engines. */
export class CodeReceiver {
  readonly #share: CodeShare;
  readonly #threadId: number;
  #known = 0;

  constructor(share: CodeShare, threadId: number) {
    this.#share = share;
    this.#threadId = threadId;
  }

  accept({ first, codes }: CodeDelivery): void {
    this.#share.accept(codes);
    // Codes before `first` are known to this thread or kept by nobody any more.
    this.#known = Math.max(this.#known, first + codes.length);
  }

  report(): CodeReport {
    return {
      threadId: this.#threadId,
      known: this.#known,
      compiled: this.#share.takeUntold(),
    };
  }
}
