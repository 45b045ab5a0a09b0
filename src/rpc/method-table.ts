/**
 * Every method that a request can name. hardhat_reset and hardhat_addCompilationResult are not here:
 * they replace what the others work on (request-handler.ts).
 */
import type { Handler } from "./method";
import { traceMethods } from "./methods/debug/trace";
import { accessListMethods } from "./methods/eth/access-list";
import { accountMethods } from "./methods/eth/accounts";
import { blockMethods } from "./methods/eth/blocks";
import { callMethods } from "./methods/eth/call";
import { feeMethods } from "./methods/eth/fees";
import { filterMethods } from "./methods/eth/filters";
import { sendMethods } from "./methods/eth/send";
import { simulateMethods } from "./methods/eth/simulate";
import { stateMethods } from "./methods/eth/state";
import { transactionMethods } from "./methods/eth/transactions";
import { evmMethods } from "./methods/evm/evm";
import { networkMethods } from "./methods/hardhat/network";
import { stateMethods as hardhatStateMethods } from "./methods/hardhat/state";
import { netMethods } from "./methods/net/net";
import { recordMethods } from "./methods/parallel/records";
import { web3Methods } from "./methods/web3/web3";

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
