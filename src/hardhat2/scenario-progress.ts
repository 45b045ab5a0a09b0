/**
 * Says how far a scenario is, on stderr: on a terminal one line that changes, elsewhere a line every few
 * seconds. Nothing for what takes less than a second.
 */
import { plainText } from "../report/renderers/plain-text";

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** ms until something is said, and between two lines where there is no terminal */
const FIRST = 1000;
const BETWEEN_LINES = 5000;
/** ms between two changes of the line on a terminal */
const BETWEEN_CHANGES = 100;

export class ScenarioProgress {
  readonly #name: string;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #started: number;
  #next: number;
  #shown = false;

  constructor(name: string, output: Output, now: () => number = () => performance.now()) {
    this.#name = plainText(name);
    this.#output = output;
    this.#now = now;
    this.#started = now();
    this.#next = this.#started + FIRST;
  }

  /** `done` of the `all` transactions of a load are sent, in the run with so many users. */
  show(users: number, done: number, all: number): void {
    const now = this.#now();
    if (now < this.#next) {
      return;
    }
    const terminal = this.#output.isTTY === true;
    this.#next = now + (terminal ? BETWEEN_CHANGES : BETWEEN_LINES);
    this.#shown = true;
    const seconds = Math.round((now - this.#started) / 1000);
    const line = `${this.#name}, ${users} users: ${done} of ${all} transactions sent, ${seconds} s`;
    this.#output.write(terminal ? `\r\u001b[2K${line}` : `${line}\n`);
  }

  /** Leaves a terminal's line empty. */
  end(): void {
    if (this.#shown && this.#output.isTTY === true) {
      this.#output.write("\r\u001b[2K");
    }
  }
}
