/**
 * What the network prints: the lines of console.log always, a log of requests where it is enabled
 * (as `hardhat node` shows it).
 *
 * Owns: when something is printed. Does not own: decoding of console.log (`printConsoleLogs`).
 */
export interface RpcLogger {
  enabled: boolean;
  /** Raw calldata of console.log calls, in order. */
  consoleLogs(calldata: readonly Uint8Array[]): void;
  /** A request was answered, or refused with an error. */
  request(method: string, error: Error | null): void;
}

export class ConsoleLogger implements RpcLogger {
  enabled: boolean;
  readonly #printConsoleLogs: ((calldata: readonly Uint8Array[]) => void) | undefined;
  /** How often the last printed method was called in a row. */
  #repeated: { readonly method: string; count: number } | null = null;

  constructor(
    enabled: boolean,
    printConsoleLogs: ((calldata: readonly Uint8Array[]) => void) | undefined,
  ) {
    this.enabled = enabled;
    this.#printConsoleLogs = printConsoleLogs;
  }

  consoleLogs(calldata: readonly Uint8Array[]): void {
    if (calldata.length > 0) {
      this.#printConsoleLogs?.(calldata);
    }
  }

  request(method: string, error: Error | null): void {
    if (!this.enabled) {
      this.#repeated = null;
      return;
    }
    if (error !== null) {
      this.#repeated = null;
      console.log(`${method}\n\n  ${error.message}\n`);
      return;
    }
    const count = this.#repeated?.method === method ? this.#repeated.count + 1 : 1;
    this.#repeated = { method, count };
    console.log(count === 1 ? method : `${method} (${count})`);
  }
}
