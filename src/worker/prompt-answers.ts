/**
 * Answers of threads that can be had without serving the event loop, which takes most of a millisecond to
 * deliver one: each thread puts them into a port of its own and counts them in shared memory, so that a thread
 * that has nothing else to do sleeps until they are there.
 *
 * Owns: the two ends. Does not own: the tasks (threads.ts), what is asked and answered.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { changesSoon } from "../execution/brief-watch";

/** What piscina gives to a thread. */
export interface Envelope<Request> {
  readonly request: Request;
  readonly task: number;
  /** In a thread's first task: where it puts the answers of all its tasks. */
  readonly outbox: MessagePort | null;
  /** counts all answers of all threads */
  readonly counter: SharedArrayBuffer;
}

interface Mail {
  readonly task: number;
  readonly answer: unknown;
}

/**
 * What piscina calls in a thread, for its whole life.
 * @param answer of what it throws piscina tells
 */
export function promptly<Request>(
  answer: (request: Request) => Promise<unknown> | unknown,
): (envelope: Envelope<Request>) => Promise<null> {
  let outbox: MessagePort | null = null;
  return async ({ request, task, counter, outbox: first }) => {
    outbox ??= first;
    const mail: Mail = { task, answer: await answer(request) };
    outbox?.postMessage(mail);
    const words = new Int32Array(counter);
    Atomics.add(words, 0, 1);
    Atomics.notify(words, 0);
    return null;
  };
}

/** The other end of all threads' ports. */
export class Inbox {
  readonly counter = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #words = new Int32Array(this.counter);
  readonly #ports: MessagePort[] = [];
  #taken = 0;

  /** A new thread's end, to be transferred. */
  open(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#ports.push(port1);
    return port2;
  }

  /** Takes what is there. @param take called for each answer */
  take(take: (task: number, answer: unknown) => void): void {
    for (const port of this.#ports) {
      for (;;) {
        const received = receiveMessageOnPort(port);
        if (received === undefined) {
          break;
        }
        this.#taken++;
        const { task, answer }: Mail = received.message;
        take(task, answer);
      }
    }
  }

  /** Sleeps until there is an answer that was not taken, or for so long. False if there is none. */
  sleep(milliseconds: number): boolean {
    const taken = this.#taken;
    return (
      changesSoon(this.#words, 0, taken) ||
      Atomics.wait(this.#words, 0, taken, milliseconds) !== "timed-out"
    );
  }
}
