/** ethereumjs' result of a message in our form. */
import { EVMError, type EVMResult, type Log as EvmLog } from "@ethereumjs/evm";
import { bytesToHex } from "../../state/bytes";
import type { Address } from "../../state/hex";
import { encodeLogs } from "../encoded-logs";
import type { ForkRules } from "../fork-rules";
import type { Log } from "../outcome";
import type { MessageResult, StateGasUse } from "./engine";
import { haltOf, isUnpaidCodeDeposit } from "./halt-reason";

/**
 * Throws an exception that is not the EVM's: it was swallowed on the way.
 * @param isPrecompile the message went to one
 */
export function messageResult(
  { execResult, createdAddress }: EVMResult,
  isPrecompile: boolean,
  rules: ForkRules,
  touched: readonly Address[],
  stateGas: StateGasUse | null,
): MessageResult {
  const error = execResult.exceptionError;
  if (error !== undefined && !(error instanceof EVMError)) {
    throw error;
  }
  return {
    ...(isFailure(error, rules) ? { halt: haltOf(error, isPrecompile) } : {}),
    gasUsed: execResult.executionGasUsed,
    gasRefund: execResult.gasRefund ?? 0n,
    returnData: execResult.returnValue,
    logs: encodeLogs((execResult.logs ?? []).map(toLog)),
    createdAddress: createdAddress === undefined ? null : bytesToHex(createdAddress.bytes),
    selfDestructed: selfDestructed(execResult, rules),
    touched,
    ...(stateGas === null ? {} : { stateGas }),
  };
}

/** Whether a frame with this error loses its changes. */
export function isFailure(error: EVMError | undefined, rules: ForkRules): error is EVMError {
  return error !== undefined && !(isUnpaidCodeDeposit(error) && !rules.isAtLeast("homestead"));
}

/** EIP-6780: only what was made in this transaction goes. */
function selfDestructed(
  { selfdestruct, createdAddresses }: EVMResult["execResult"],
  rules: ForkRules,
): Address[] {
  const all: Address[] = [...(selfdestruct?.keys() ?? [])];
  return rules.isActive(6780)
    ? all.filter((address) => createdAddresses?.has(address) === true)
    : all;
}

function toLog([address, topics, data]: EvmLog): Log {
  return { address: bytesToHex(address), topics: topics.map(bytesToHex), data: bytesToHex(data) };
}
