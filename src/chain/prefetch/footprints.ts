/**
 * Footprints by function: of the called account, and, for accounts that have none of their own yet, of
 * the code that they have in common with others (pools of a factory, minimal proxies).
 *
 * Owns: which footprint a call has. The least recently used are forgotten.
 */
import { bytesToHex } from "../../state/bytes";
import type { Address, Hash } from "../../state/hex";
import { Footprint } from "./footprint";
import type { Call } from "./term";

/** Functions that are remembered, by account and by code. */
const KEPT_FUNCTIONS = 1_000;
/** bytes of a function's selector */
const SELECTOR = 4;

/** Calls of a function in a row that miss nothing, after which it is quiet. */
const QUIET_AFTER = 64;

/** What is kept of one function. */
export class FunctionRecord {
  readonly footprint = new Footprint();
  /** executions that were repeated in order to learn from them */
  studies = 0;
  #quietCalls = 0;

  /** All is here that calls touch nowadays: to foresee each of them would be in vain. */
  get isQuiet(): boolean {
    return this.#quietCalls >= QUIET_AFTER;
  }

  /** @param missing something that a call touches is not here, or was not when it began */
  note(missing: boolean): void {
    this.#quietCalls = missing ? 0 : this.#quietCalls + 1;
  }
}

export class Footprints {
  readonly #records = new Map<string, FunctionRecord>();

  /** Nothing is here any more of what functions touch. */
  beginAnew(): void {
    for (const record of this.#records.values()) {
      record.note(true);
    }
  }

  /** Undefined if nothing is known of the function. */
  find(owner: Address | Hash, call: Call): FunctionRecord | undefined {
    const text = functionText(owner, call);
    const record = this.#records.get(text);
    if (record !== undefined) {
      this.#records.delete(text); // to the end: the least recently used is the first
      this.#records.set(text, record);
    }
    return record;
  }

  of(owner: Address | Hash, call: Call): FunctionRecord {
    const known = this.find(owner, call);
    if (known !== undefined) {
      return known;
    }
    const [oldest] = this.#records.keys();
    if (this.#records.size >= KEPT_FUNCTIONS && oldest !== undefined) {
      this.#records.delete(oldest);
    }
    const record = new FunctionRecord();
    this.#records.set(functionText(owner, call), record);
    return record;
  }
}

/** Equal for calls of one function. */
export function functionText(owner: Address | Hash, { data }: Call): string {
  return `${owner}${bytesToHex(data.subarray(0, SELECTOR)).slice(2)}`;
}

/** What is known of the functions of one chain's contracts. */
export class Learned {
  readonly byAccount = new Footprints();
  readonly byCode = new Footprints();

  /** For another state of the chain, of which nothing is here yet: it holds there too, as a guess. */
  beginAnew(): void {
    this.byAccount.beginAnew();
    this.byCode.beginAnew();
  }
}
