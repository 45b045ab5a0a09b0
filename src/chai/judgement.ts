/** The answer of an assertion before `not` is applied (types only). */
import type { NamedConflict } from "../analysis/named-conflicts";
import type { Subject } from "./subjects";

export interface Judgement {
  readonly holds: boolean;
  /** the message if it does not hold */
  readonly expected: string;
  /** the message if it holds and was asserted not to */
  readonly notExpected: string;
  /** listed below either message */
  readonly conflicts: readonly NamedConflict[];
}

/** Asserts, as soon as the subject is known, what `judge` says of it. `name` is for messages. */
export type AssertLater = (
  name: string,
  judge: (subject: Subject) => Judgement | Promise<Judgement>,
) => Promise<void>;
