/** What an opcode takes from its frame's gas, as struct loggers show it. */
import type { EngineStep } from "../../execution/engine/engine";
import { smaller } from "../codec/quantity";

export const CREATES: ReadonlySet<number> = new Set([0xf0, 0xf5]);
/** CALL, CALLCODE, DELEGATECALL, STATICCALL: the gas asked for is on top of the stack */
const CALLS: ReadonlySet<number> = new Set([0xf1, 0xf2, 0xf4, 0xfa]);

/** gas, with what is handed to an inner message; an opcode that cannot be paid takes what is left */
export function stepGas(step: EngineStep): bigint {
  return smaller(step.gasCost + gasHandedOn(step), step.gasLeft);
}

/** EIP-150: at most all but a 64th of what is left. */
export function gasHandedOn(step: EngineStep): bigint {
  const left = step.gasLeft - step.gasCost;
  if (left <= 0n || (!CREATES.has(step.opcode) && !CALLS.has(step.opcode))) {
    return 0n;
  }
  const most = left - left / 64n;
  const asked = CALLS.has(step.opcode) ? step.stack.at(-1) : undefined;
  return asked !== undefined && asked < most ? asked : most;
}
