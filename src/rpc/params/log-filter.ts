/** The filter object of eth_getLogs, eth_newFilter and eth_subscribe("logs"). */
import type { BlockSelector } from "../../chain/chain";
import type { Address, Hash } from "../../state/hex";
import { blockSpec } from "./block-spec";
import { isList, type Json, type Place } from "./place";
import { address, hash, list, optional, type Parser } from "./scalars";
import { ShapeError } from "./shape-error";
import { struct } from "./struct";

export interface LogFilterParams {
  readonly fromBlock: BlockSelector | undefined;
  readonly toBlock: BlockSelector | undefined;
  readonly blockHash: Hash | undefined;
  readonly address: readonly Address[] | undefined;
  /** null = any topic at this position */
  readonly topics: readonly (readonly Hash[] | undefined)[] | undefined;
}

/** One value or a list of values. */
function oneOrMore<T>(parser: Parser<T>): Parser<readonly T[]> {
  return (value: Json, place: Place) => {
    try {
      return isList(value) ? list(parser)(value, place) : [parser(value, place)];
    } catch (error) {
      if (error instanceof ShapeError) {
        throw new ShapeError(
          "data did not match any variant of untagged enum OneOrMore",
          place,
          "enclosing",
        );
      }
      throw error;
    }
  };
}

export const logFilterParams: Parser<LogFilterParams> = struct<LogFilterParams>({
  name: "LogFilterOptions",
  fields: {
    fromBlock: optional(blockSpec),
    toBlock: optional(blockSpec),
    blockHash: optional(hash),
    address: optional(oneOrMore(address)),
    topics: optional(list(optional(oneOrMore(hash)))),
  },
});
