/** eth_getLogs, filters and subscriptions. */
import { logToJson } from "../../codec/log";
import { quantity } from "../../codec/quantity";
import type { RpcContext } from "../../context";
import { argumentError } from "../../errors/words";
import { logCriteria, matchingLogs } from "../../log-criteria";
import { type MethodTable, method } from "../../method";
import { type LogFilterParams, logFilterParams } from "../../params/log-filter";
import { type SubscriptionType, subscriptionType } from "../../params/other-values";
import { u256 } from "../../params/scalars";
import { none, required, single, trailing, tuple } from "../../params/tuple";

function addLogs(context: RpcContext, params: LogFilterParams, isSubscription: boolean): bigint {
  const criteria = logCriteria(context, params);
  return context.filters.addLogs(criteria, matchingLogs(context, criteria), isSubscription);
}

function subscribe(
  context: RpcContext,
  type: SubscriptionType,
  filter: LogFilterParams | undefined,
): bigint {
  switch (type) {
    case "logs":
      if (filter === undefined) {
        throw argumentError("Missing params argument");
      }
      return addLogs(context, filter, true);
    case "newHeads":
      return context.filters.addBlocks(context.chain.latest.header.hash, true);
    case "newPendingTransactions":
      return context.filters.addPendingTransactions(true);
  }
}

export const filterMethods: MethodTable = {
  eth_getLogs: method(single(logFilterParams), (context, params) =>
    matchingLogs(context, logCriteria(context, params)).map((log) =>
      logToJson(log, context.dialect),
    ),
  ),
  eth_newFilter: method(single(logFilterParams), (context, params) =>
    quantity(addLogs(context, params, false)),
  ),
  eth_newBlockFilter: method(none, ({ filters, chain }) =>
    quantity(filters.addBlocks(chain.latest.header.hash, false)),
  ),
  eth_newPendingTransactionFilter: method(none, ({ filters }) =>
    quantity(filters.addPendingTransactions(false)),
  ),
  eth_getFilterChanges: method(single(u256), ({ filters }, id) => filters.takeChanges(id)),
  eth_getFilterLogs: method(single(u256), ({ filters }, id) => filters.takeLogs(id)),
  eth_uninstallFilter: method(single(u256), ({ filters }, id) => filters.remove(id, false)),
  eth_subscribe: method(
    tuple<[SubscriptionType, LogFilterParams | undefined]>(
      "Subscribe",
      required(subscriptionType),
      trailing(logFilterParams),
    ),
    (context, [type, filter]) => quantity(subscribe(context, type, filter)),
  ),
  eth_unsubscribe: method(single(u256), ({ filters }, id) => filters.remove(id, true)),
};
