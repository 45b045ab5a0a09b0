/**
 * Reads the JSON that a remote answers: every field is checked before anything believes it.
 *
 * Owns: the primitive values of JSON-RPC and the error for what does not look like them. Does not own:
 * which fields a block has (remote-block.ts).
 */
import { ParallelError } from "../../errors/base-error";
import { ERRORS } from "../../errors/catalogue";
import type { Address, Hash, Hex } from "../../state/hex";

const SHOWN_LENGTH = 80;

/** A JSON value with the place where it came from, for messages. */
export class Answer {
  readonly #value: unknown;
  readonly #host: string;
  readonly #method: string;
  readonly #path: string;

  constructor(host: string, method: string, value: unknown, path = "") {
    this.#value = value;
    this.#host = host;
    this.#method = method;
    this.#path = path;
  }

  get isNull(): boolean {
    return this.#value === null || this.#value === undefined;
  }

  /** A field of an object. */
  field(name: string): Answer {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.#fail("an object");
    }
    // an object's field may be anything: the reader of the field checks it
    const fields = value as Readonly<Record<string, unknown>>;
    return this.#child(fields[name], this.#path === "" ? name : `${this.#path}.${name}`);
  }

  list(): Answer[] {
    const value = this.#value;
    return Array.isArray(value)
      ? value.map((item: unknown, i) => this.#child(item, `${this.#path}[${i}]`))
      : this.#fail("a list");
  }

  /** What `read` makes of it; undefined where there is nothing. */
  optional<Result>(read: (present: Answer) => Result): Result | undefined {
    return this.isNull ? undefined : read(this);
  }

  bool(): boolean {
    const value = this.#value;
    return typeof value === "boolean" ? value : this.#fail("true or false");
  }

  /** A number in hex; leading zeros do no harm. */
  quantity(): bigint {
    const value = this.#value;
    return typeof value === "string" && /^0x[0-9a-fA-F]+$/.test(value)
      ? BigInt(value)
      : this.#fail("a quantity in hex");
  }

  /** A number in decimal: net_version. */
  decimal(): bigint {
    const value = this.#value;
    return typeof value === "string" && /^[0-9]+$/.test(value)
      ? BigInt(value)
      : this.#fail("a decimal number");
  }

  bytes(): Hex {
    const value = this.#value;
    return typeof value === "string" && /^0x([0-9a-fA-F]{2})*$/.test(value)
      ? lowerCase(value)
      : this.#fail("bytes in hex");
  }

  address(): Address {
    return this.#sized(20, "an address");
  }

  hash(): Hash {
    return this.#sized(32, "a hash");
  }

  /** Bytes of any other fixed length. */
  sized(length: number): Hex {
    return this.#sized(length, `${length} bytes in hex`);
  }

  #sized(length: number, expected: string): Hex {
    const value = this.#value;
    return typeof value === "string" &&
      value.length === length * 2 + 2 &&
      /^0x[0-9a-fA-F]+$/.test(value)
      ? lowerCase(value)
      : this.#fail(expected);
  }

  #child(value: unknown, path: string): Answer {
    return new Answer(this.#host, this.#method, value, path);
  }

  #fail(expected: string): never {
    const text = JSON.stringify(this.#value) ?? "nothing";
    throw new ParallelError(ERRORS.FORK_INVALID_ANSWER, {
      host: this.#host,
      method: this.#method,
      expected: this.#path === "" ? expected : `${expected} as ${this.#path}`,
      actual: text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 3)}...` : text,
    });
  }
}

function lowerCase(value: string): Hex {
  return `0x${value.slice(2).toLowerCase()}`;
}
