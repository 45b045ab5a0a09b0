/** The chain's events with their listeners' types; any number of listeners. */
import { EventEmitter } from "node:events";
import type { ChainEvents } from "./chain";

export class ChainEventEmitter {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  on<E extends keyof ChainEvents>(event: E, listener: ChainEvents[E]): void {
    this.#emitter.on(event, listener);
  }

  off<E extends keyof ChainEvents>(event: E, listener: ChainEvents[E]): void {
    this.#emitter.off(event, listener);
  }

  /** Calls the listeners now; what one throws goes to the caller. */
  emit<E extends keyof ChainEvents>(event: E, ...values: Parameters<ChainEvents[E]>): void {
    this.#emitter.emit(event, ...values);
  }

  /** The same with a value that is made only if somebody listens. */
  emitMade<E extends keyof ChainEvents>(event: E, make: () => Parameters<ChainEvents[E]>[0]): void {
    if (this.#emitter.listenerCount(event) > 0) {
      this.#emitter.emit(event, make());
    }
  }
}
