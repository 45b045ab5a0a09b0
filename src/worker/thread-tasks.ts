/**
 * Tasks of some threads, each of which has one at a time.
 *
 * Owns: which thread is at which task, and which tasks wait for one. Piscina hears from the event loop alone
 * that a thread is done; here that is known as soon as its answer is taken, so that the next task can be placed
 * where no event is served in between. Does not own: threads, how an answer comes (prompt-answers.ts).
 */
import type { MessagePort } from "node:worker_threads";
import { InvariantError } from "../errors/base-error";
import { type Envelope, Inbox } from "./prompt-answers";

/** Gives the envelope to the thread that `place` chooses; resolves once piscina has heard that the task is over. */
export type Post = (envelope: Envelope<unknown>) => Promise<unknown>;

interface Task {
  readonly envelope: Envelope<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** id of the thread that is at it */
  thread: number | null;
}

export class ThreadTasks {
  readonly #threads: number;
  readonly #post: Post;
  readonly #inbox = new Inbox();
  /** at a thread, by number */
  readonly #tasks = new Map<number, Task>();
  #waiting: Task[] = [];
  #numbered = 0;
  /** latest; it is placed while it is posted */
  #posted: Task | null = null;
  #unheard = 0;

  /** @param post called for no more tasks at once than there are threads */
  constructor(threads: number, post: Post) {
    this.#threads = threads;
    this.#post = post;
  }

  /** Tasks of whose end piscina has not heard yet, whether or not they are answered. */
  get unheard(): number {
    return this.#unheard;
  }

  /**
   * What a thread answers. Rejects as the task does.
   * @param isFirst the thread was asked nothing before
   */
  run(request: unknown, isFirst = false): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const outbox: MessagePort | null = isFirst ? this.#inbox.open() : null;
      const { counter } = this.#inbox;
      const envelope = { request, task: this.#numbered++, outbox, counter };
      this.#waiting.push({ envelope, resolve, reject, thread: null });
      this.#postWaiting();
    });
  }

  /** A thread for the task that is being posted, of all that there are; null if each has one. */
  place<Thread extends { readonly id: number }>(threads: readonly Thread[]): Thread | null {
    const busy = new Set([...this.#tasks.values()].map(({ thread }) => thread));
    const free = threads.find(({ id }) => !busy.has(id)) ?? null;
    if (this.#posted !== null && free !== null) {
      this.#posted.thread = free.id;
    }
    return free;
  }

  /** Sleeps until there are answers to all, and settles the tasks. @param milliseconds the longest */
  collect(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    for (;;) {
      this.#takeAnswers();
      const left = end - performance.now();
      if (this.#tasks.size === 0 || left <= 0 || !this.#inbox.sleep(left)) {
        return;
      }
    }
  }

  /** Rejects all that are not answered. */
  fail(error: unknown): void {
    const all = [...this.#tasks.values(), ...this.#waiting];
    this.#waiting = [];
    for (const { reject } of all) {
      reject(error);
    }
  }

  #postWaiting(): void {
    while (this.#tasks.size < this.#threads) {
      const task = this.#waiting.shift();
      if (task === undefined) {
        return;
      }
      this.#postOne(task);
    }
  }

  #postOne(task: Task): void {
    const { envelope, reject } = task;
    const number = envelope.task;
    this.#tasks.set(number, task);
    this.#posted = task;
    this.#unheard++;
    this.#post(envelope)
      .then(() => {
        this.#takeAnswers();
        if (this.#tasks.get(number) === task) {
          reject(new InvariantError("a thread has ended its task without an answer"));
        }
      }, reject)
      .finally(() => {
        this.#unheard--;
        this.#isOver(number);
      });
  }

  /** Settles the tasks that are answered. */
  #takeAnswers(): void {
    this.#inbox.take((number, answer) => {
      this.#tasks.get(number)?.resolve(answer);
      this.#isOver(number);
    });
  }

  #isOver(number: number): void {
    if (this.#tasks.delete(number)) {
      this.#postWaiting();
    }
  }
}
