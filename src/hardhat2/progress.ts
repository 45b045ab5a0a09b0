/**
 * What the report is busy with, on stderr, once it takes longer than a second: on a terminal one line
 * that is written over and gone in the end, elsewhere (CI, pipes) a line now and then.
 *
 * Owns: when and how a line is shown. Does not own: what is being done.
 */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Milliseconds without a word. */
const QUIET = 1_000;
/** Milliseconds between two updates of the line on a terminal, and between two lines elsewhere. */
const TERMINAL_STEP = 100;
const PLAIN_STEP = 5_000;
/** Back to the line's start, and erase it. */
const ERASE = "\r\u001b[2K";

export class Progress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  readonly #terminal: boolean;
  readonly #begun: number;
  #shown = Number.NEGATIVE_INFINITY;
  #phase = "";
  #announced = "";

  /** `environment`: in CI, or where TERM is dumb, a terminal is no place for a line that changes. */
  constructor(
    stream: ProgressStream = process.stderr,
    environment: Readonly<Record<string, string | undefined>> = process.env,
    now: () => number = Date.now,
  ) {
    this.#stream = stream;
    this.#now = now;
    this.#begun = now();
    this.#terminal =
      stream.isTTY === true && environment.TERM !== "dumb" && (environment.CI ?? "") === "";
  }

  /** Something new begins; `phase` is a few words of our own. */
  phase(phase: string): void {
    this.#phase = phase;
    // what comes may hold the thread for long: say it before, not after
    this.#show(phase, this.#terminal ? TERMINAL_STEP : 0);
  }

  /** How far it is: `block 1,234`. */
  step(detail: string): void {
    this.#show(`${this.#phase}, ${detail}`, this.#terminal ? TERMINAL_STEP : PLAIN_STEP);
  }

  /** Nothing of the line stays on a terminal. */
  end(): void {
    if (this.#terminal && this.#announced !== "") {
      this.#stream.write(ERASE);
    }
    this.#announced = "";
  }

  #show(text: string, atLeastApart: number): void {
    const now = this.#now();
    const elapsed = now - this.#begun;
    if (elapsed < QUIET || now - this.#shown < atLeastApart || text === this.#announced) {
      return;
    }
    this.#shown = now;
    this.#announced = text;
    const line = `hardhat-parallel: ${text} (${(elapsed / 1000).toFixed(1)} s)`;
    this.#stream.write(
      this.#terminal ? ERASE + line.slice(0, (this.#stream.columns ?? 80) - 1) : `${line}\n`,
    );
  }
}
