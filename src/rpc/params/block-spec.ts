/**
 * Block parameters: number, tag or EIP-1898 object; some methods take only number or tag.
 *
 * A quirk of the stock network: an unknown tag is reported as an unsupported method, because its
 * parser's message begins like that of an unknown method name (`UNKNOWN_VARIANT`).
 */
import type { BlockSelector } from "../../chain/chain";
import { child, isList, type Json, type Place } from "./place";
import { boolean, hash, type Parser, u64 } from "./scalars";
import { ShapeError, wrongKind, wrongValue } from "./shape-error";

export const UNKNOWN_VARIANT = "unknown variant";

const TAGS = ["earliest", "finalized", "latest", "pending", "safe"] as const;

function isTag(text: string): text is (typeof TAGS)[number] {
  return TAGS.some((tag) => tag === text);
}

const EXPECTED_FIELDS = "expected one of `blockHash`, `requireCanonical`, `blockNumber`";

export const blockSpec: Parser<BlockSelector> = (value, place) => {
  if (typeof value === "string") {
    if (value.startsWith("0x")) {
      return { number: u64(value, place) };
    }
    if (isTag(value)) {
      return value;
    }
    throw new ShapeError(`${UNKNOWN_VARIANT} \`${value}\``, place, "after");
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw new ShapeError(
      `unknown field \`$serde_json::private::Number\`, ${EXPECTED_FIELDS}`,
      place,
      "after",
    );
  }
  if (value === null || typeof value !== "object" || isList(value)) {
    throw wrongValue(value, "a block specifier", place);
  }
  return eip1898(value, place);
};

const HASH_LENGTH = 66;

/** A block specifier, or a block's hash as it is. */
export const blockSpecOrHash: Parser<BlockSelector> = (value, place) =>
  typeof value === "string" && value.length === HASH_LENGTH
    ? { hash: hash(value, place) }
    : blockSpec(value, place);

/** Number (also as a JSON number) or tag. */
export const blockNumberOrTag: Parser<BlockSelector> = (value, place) => {
  if (typeof value === "string" && isTag(value)) {
    return value;
  }
  try {
    return { number: u64(value, place) };
  } catch (error) {
    if (error instanceof ShapeError) {
      throw new ShapeError(
        "data did not match any variant of untagged enum PreEip1898BlockSpec",
        place,
        "enclosing",
      );
    }
    throw error;
  }
};

function eip1898(value: { readonly [key: string]: Json }, place: Place): BlockSelector {
  let blockHash: BlockSelector | undefined;
  let blockNumber: BlockSelector | undefined;
  for (const [key, field] of Object.entries(value)) {
    const at = child(place, key);
    switch (key) {
      case "blockHash":
        blockHash = { hash: hash(field, at) };
        break;
      case "blockNumber":
        if (typeof field !== "string") {
          throw wrongKind(field, "a string", at);
        }
        blockNumber = { number: u64(field, at) };
        break;
      case "requireCanonical":
        boolean(field, at);
        break;
      default:
        throw new ShapeError(`unknown field \`${key}\`, ${EXPECTED_FIELDS}`, at, "key");
    }
  }
  if (blockHash !== undefined && blockNumber !== undefined) {
    throw new ShapeError(
      "EIP-1898 block spec cannot have both `blockHash` and `blockNumber`",
      place,
      "after",
    );
  }
  const selector = blockHash ?? blockNumber;
  if (selector === undefined) {
    throw new ShapeError("Invalid EIP-1898 block spec", place, "after");
  }
  return selector;
}
