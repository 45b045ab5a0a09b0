/** net_* */
import { type MethodTable, method } from "../../method";
import { none } from "../../params/tuple";

export const netMethods: MethodTable = {
  net_version: method(none, ({ chain }) => chain.config.networkId.toString()),
};
