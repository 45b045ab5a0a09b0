/**
 * EIP-712 data as clients send it, brought to what its types describe: fields that no type names are
 * left out of the hash, and booleans may be given as text.
 *
 * Owns: this leniency of the stock network. Does not own: hashing and signing (micro-eth-signer).
 */

import { isObject } from "./params/other-values";
import { isList, type Json, type JsonObject } from "./params/place";

interface Member {
  readonly name: string;
  readonly type: string;
}

/** Throws an Error in the stock network's words for a primary type that is not described. */
export function normaliseTypedData(data: JsonObject): JsonObject {
  const { types, primaryType, domain, message } = data;
  if (!isObject(types) || typeof primaryType !== "string") {
    throw new Error("type mismatch: no types");
  }
  if (types[primaryType] === undefined && primaryType !== "EIP712Domain") {
    throw new Error(`missing type in type resolution: ${primaryType}`);
  }
  return {
    types,
    primaryType,
    domain:
      types.EIP712Domain === undefined
        ? orNull(domain)
        : conform(types, "EIP712Domain", orNull(domain)),
    message: conform(types, primaryType, orNull(message)),
  };
}

function conform(types: JsonObject, type: string, value: Json): Json {
  const array = /^(.*)\[\d*\]$/.exec(type)?.[1];
  if (array !== undefined) {
    return isList(value) ? value.map((element) => conform(types, array, element)) : value;
  }
  const members = membersOf(types[type]);
  if (members === null) {
    return type === "bool" && (value === "true" || value === "false") ? value === "true" : value;
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    members.flatMap(({ name, type: memberType }) => {
      const member = value[name];
      return member === undefined ? [] : [[name, conform(types, memberType, member)]];
    }),
  );
}

/** null = not a struct. */
function membersOf(described: Json | undefined): readonly Member[] | null {
  if (described === undefined || !isList(described)) {
    return null;
  }
  return described.flatMap((member) =>
    isObject(member) && typeof member.name === "string" && typeof member.type === "string"
      ? [{ name: member.name, type: member.type }]
      : [],
  );
}

function orNull(value: Json | undefined): Json {
  return value ?? null;
}
