/**
 * The one error class that this package throws at its users, and the assertion for broken internal
 * invariants.
 *
 * Owns: shape and text layout. Does not own: which errors exist (catalogue.ts).
 */
import type { ErrorDescriptor } from "./error-descriptor";

type TagsOf<Template extends string> = Template extends `${string}{${infer Tag}}${infer Rest}`
  ? Tag | TagsOf<Rest>
  : never;

/** Values for the `{tags}` of a descriptor's message template. */
export type ErrorArguments<D extends ErrorDescriptor> = [TagsOf<D["template"]>] extends [never]
  ? Record<string, never>
  : Readonly<Record<TagsOf<D["template"]>, string | number | bigint>>;

/**
 * An error a user can act on: says what was expected, what came, and what to do.
 * Recognise it with `isParallelError` (two copies of the package may be installed).
 */
export class ParallelError<D extends ErrorDescriptor = ErrorDescriptor> extends Error {
  readonly code: string;
  readonly shortMessage: string;
  readonly isParallelError = true;

  constructor(descriptor: D, values: ErrorArguments<D>, options?: { cause?: unknown }) {
    const lookup = values as Readonly<Record<string, string | number | bigint>>; // same keys, widened for indexing
    const shortMessage = descriptor.template.replace(/\{(\w+)\}/g, (_, tag: string) =>
      String(lookup[tag]),
    );
    super(
      `${descriptor.code}: ${shortMessage}${descriptor.help === "" ? "" : `\n${descriptor.help}`}`,
      options,
    );
    this.name = "ParallelError";
    this.code = descriptor.code;
    this.shortMessage = shortMessage;
  }
}

/** True for a ParallelError of any copy of this package, optionally of one code. */
export function isParallelError(
  error: unknown,
  descriptor?: ErrorDescriptor,
): error is ParallelError {
  return (
    error instanceof Error &&
    "isParallelError" in error &&
    error.isParallelError === true &&
    (descriptor === undefined || ("code" in error && error.code === descriptor.code))
  );
}

/** A ParallelError as it travels between threads: what a structured clone keeps of one is only its text. */
export type PlainParallelError = Pick<ParallelError, "code" | "shortMessage" | "message">;

export function plainParallelError({
  code,
  shortMessage,
  message,
}: ParallelError): PlainParallelError {
  return { code, shortMessage, message };
}

/** The same error again, in the thread that shows it. */
export function revivedParallelError({
  code,
  shortMessage,
  message,
}: PlainParallelError): ParallelError {
  const help = message.slice(`${code}: ${shortMessage}\n`.length);
  const descriptor = { code, template: "{text}", help } as const;
  return new ParallelError(descriptor, { text: shortMessage });
}

/** A broken internal invariant: a bug of ours, never the user's fault. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(
      `Internal invariant broken: ${message}. This is a bug in hardhat-parallel, please report it.`,
    );
    this.name = "InvariantError";
  }
}

/**
 * Throws InvariantError unless the condition holds.
 * @param message as a function where it is made of values: hot paths do not build it in vain
 */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) {
    throw new InvariantError(typeof message === "string" ? message : message());
  }
}
