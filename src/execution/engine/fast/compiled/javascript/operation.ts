/** What the code of one opcode is made from, and the small words of it. */
import { invariant } from "../../../../../errors/base-error";
import type { Step } from "../control-flow";
import { asNumber, asWord, constantItem, type Item, isSmall, MAX_NUMBER } from "./item";
import type { Writer } from "./writer";

/** Where an operation is written to. */
export interface Place {
  readonly writer: Writer;
  readonly codeLength: number;
  /** The opcode's result has to be a word here: it once was no number. */
  readonly isWide: boolean;
  /** Code that leaves before this opcode with TOO_WIDE. */
  leave(): string;
}

/** operands, top of the stack first */
export type Inputs = readonly Item[];
export type Operation = (place: Place, inputs: Inputs, step: Step) => Item;

export function at(inputs: Inputs, place: number): Item {
  const item = inputs[place];
  invariant(item !== undefined, "an operation lacks operands");
  return item;
}

export const w = (inputs: Inputs, place: number): string => asWord(at(inputs, place));
export const n = (inputs: Inputs, place: number): string => asNumber(at(inputs, place));
export const words = (inputs: Inputs): string => inputs.map(asWord).join(",");

export const word = ({ writer }: Place, expression: string): Item =>
  writer.define("word", expression);
export const truth = ({ writer }: Place, expression: string): Item =>
  writer.define("boolean", expression);
export const number = ({ writer }: Place, expression: string, max = MAX_NUMBER): Item =>
  writer.define("number", expression, max);
export const nothing = constantItem(0n);

export function areSmall(inputs: Inputs): boolean {
  return inputs.every(isSmall);
}

/** `name(words)` as a word. */
export const helper =
  (name: string): Operation =>
  (place, inputs) =>
    word(place, `${name}(${words(inputs)})`);
