/**
 * The list of a method's parameters: no parameters, one, or a tuple with optional last members, each
 * with the stock network's message for a list of the wrong length.
 */
import { child, type Json, PARAMS, type Place } from "./place";
import type { Parser } from "./scalars";
import { ShapeError, wrongKind } from "./shape-error";

export type ParamsParser<T> = (params: readonly Json[]) => T;

/** A member of a tuple; a member with `mayBeAbsent` reads as undefined where the list is shorter. */
export interface Member<T> {
  readonly parser: Parser<T>;
  readonly mayBeAbsent: boolean;
}

export function required<T>(parser: Parser<T>): Member<T> {
  return { parser, mayBeAbsent: false };
}

/** Absent or null reads as undefined. */
export function trailing<T>(parser: Parser<T>): Member<T | undefined> {
  return {
    parser: (value, place) => (value === null ? undefined : parser(value, place)),
    mayBeAbsent: true,
  };
}

export const none: ParamsParser<null> = (params) => {
  for (const [index, value] of params.entries()) {
    if (value !== null) {
      throw wrongKind(value, "unit", child(PARAMS, index));
    }
  }
  if (params.length > 0) {
    throw wrongCount(0, params);
  }
  return null;
};

export function single<T>(parser: Parser<T>): ParamsParser<T> {
  return (params) => {
    const [value, ...others] = params.map((param, index) => parser(param, child(PARAMS, index)));
    if (value === undefined || others.length > 0) {
      throw wrongCount(1, params);
    }
    return value;
  };
}

/** Further parameters are checked and ignored. */
export function optionalSingle<T>(parser: Parser<T>): ParamsParser<T | undefined> {
  return (params) => params.map((param, index) => parser(param, child(PARAMS, index)))[0];
}

/** `variant` is the stock name of the method, which the message about the length shows. */
export function tuple<T extends readonly unknown[]>(
  variant: string,
  ...members: { readonly [K in keyof T]: Member<T[K]> }
): ParamsParser<T> {
  // A mapped tuple type loses its element type under iteration.
  const list = members as readonly Member<unknown>[];
  return (params) => {
    const values = list.map((member, index) => {
      const value = params[index];
      if (value !== undefined) {
        return member.parser(value, child(PARAMS, index));
      }
      if (member.mayBeAbsent) {
        return undefined;
      }
      throw new ShapeError(
        `invalid length ${index}, expected tuple variant MethodInvocation::${variant} with ${list.length} element${list.length === 1 ? "" : "s"}`,
        PARAMS,
        "after",
      );
    });
    if (params.length > list.length) {
      throw new ShapeError("trailing characters", child(PARAMS, list.length), "peeked");
    }
    // One value per member, each of its member's type.
    return values as unknown as T;
  };
}

function wrongCount(expected: number, params: readonly Json[]): ShapeError {
  const place: Place = PARAMS;
  return new ShapeError(
    `expected params sequence with length ${expected} but got ${params.length}`,
    place,
    "text",
  );
}
