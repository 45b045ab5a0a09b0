/**
 * What comes before the first opcode of a message, from EIP-8037 and EIP-2780 on: authorizations and the
 * message's own charges are one piece that is taken back if the gas does not suffice for all of it.
 *
 * Owns: the end of that piece. Does not own: its beginning and its charges (transaction-processing.ts,
 * state-gas.ts, the engine).
 */
import { MAX_FRAME_INPUT } from "../access-log/block-record";
import { bytesToHex } from "../state/bytes";
import { EMPTY_CODE_HASH } from "../state/hex";
import { NO_LOGS } from "./encoded-logs";
import type { Message, MessageResult } from "./engine/engine";
import type { StateView } from "./state-view";

/** Of a message that no engine was given: authorizations have used up the gas. */
export const OUT_OF_GAS_BEFORE_START: MessageResult = {
  halt: { kind: "halt", reason: "OutOfGas" },
  gasUsed: 0n,
  gasRefund: 0n,
  returnData: new Uint8Array(0),
  logs: NO_LOGS,
  createdAddress: null,
  selfDestructed: [],
  touched: [],
  stateGas: { used: 0n, reservoir: 0n, endedBeforeStart: true },
};

/** Keeps or takes back what was written since the view's checkpoint before the authorizations. */
export function endPreparation(view: StateView, message: Message, result: MessageResult): void {
  if (result.stateGas?.endedBeforeStart !== true) {
    view.commit();
    return;
  }
  view.revert();
  if (view.tracing && message.to !== null) {
    recordUnstartedFrame(view, message, message.to);
  }
}

/** A trace has the outermost frame in any case; whose code it would have run is not read. */
function recordUnstartedFrame(
  view: StateView,
  { caller, value, data, gasLimit }: Message,
  to: NonNullable<Message["to"]>,
): void {
  view.enterFrame({
    depth: 0,
    kind: "call",
    caller,
    codeAddress: to,
    codeHash: EMPTY_CODE_HASH,
    storageOwner: to,
    value,
    input: bytesToHex(data.subarray(0, MAX_FRAME_INPUT)),
    inputLength: data.length,
  });
  view.exitFrame(gasLimit, false);
}
