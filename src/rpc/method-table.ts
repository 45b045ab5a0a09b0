/**
 * Every method that a request can name. hardhat_reset and hardhat_addCompilationResult are not here:
 * they replace what the others work on (request-handler.ts).
 */
import { invariant } from "../errors/base-error";
import type { Handler, MethodTable } from "./method";
import { accessListMethods } from "./methods/eth/access-list";
import { accountMethods } from "./methods/eth/accounts";
import { blockMethods } from "./methods/eth/blocks";
import { callMethods } from "./methods/eth/call";
import { feeMethods } from "./methods/eth/fees";
import { filterMethods } from "./methods/eth/filters";
import { sendMethods } from "./methods/eth/send";
import { stateMethods } from "./methods/eth/state";
import { transactionMethods } from "./methods/eth/transactions";
import { evmMethods } from "./methods/evm/evm";
import { networkMethods } from "./methods/hardhat/network";
import { stateMethods as hardhatStateMethods } from "./methods/hardhat/state";
import { netMethods } from "./methods/net/net";
import { recordMethods } from "./methods/parallel/records";
import { web3Methods } from "./methods/web3/web3";

const traceMethods = loadedLater(["debug_traceTransaction", "debug_traceCall"], () => {
  const { traceMethods: table }: typeof import("./methods/debug/trace") =
    require("./methods/debug/trace");
  return table;
});

const simulateMethods = loadedLater(["eth_simulateV1"], () => {
  const { simulateMethods: table }: typeof import("./methods/eth/simulate") =
    require("./methods/eth/simulate");
  return table;
});

export const METHODS: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    ...accessListMethods,
    ...accountMethods,
    ...blockMethods,
    ...callMethods,
    ...feeMethods,
    ...filterMethods,
    ...sendMethods,
    ...simulateMethods,
    ...stateMethods,
    ...transactionMethods,
    ...evmMethods,
    ...networkMethods,
    ...hardhatStateMethods,
    ...netMethods,
    ...traceMethods,
    ...recordMethods,
    ...web3Methods,
  }),
);

/** Methods of a module that is loaded at the first call of one: few runs trace or simulate. */
function loadedLater(names: readonly string[], load: () => MethodTable): MethodTable {
  return Object.fromEntries(
    names.map((name): [string, Handler] => [
      name,
      (context, params) => {
        const handler = load()[name];
        invariant(handler !== undefined, `${name} is in its module's table`);
        return handler(context, params);
      },
    ]),
  );
}
