/**
 * The opcode table that is used when the view traces: tells the view where in the code an access is
 * made, which kind of call begins a frame, and what KECCAK256 hashes.
 */
import { type FrameKind, MAX_PREIMAGE } from "../../access-log/block-record";
import { bigIntToHex32 } from "../../state/bytes";
import type { MessageContext } from "./message-context";
import { OPCODE, type OpcodeEntry, type OpcodeHandler } from "./opcodes";

/** Opcodes that read or write the state. */
const ACCESSING: readonly number[] = [
  OPCODE.BALANCE,
  OPCODE.EXTCODESIZE,
  OPCODE.EXTCODECOPY,
  OPCODE.EXTCODEHASH,
  OPCODE.SELFBALANCE,
  OPCODE.SLOAD,
  OPCODE.SSTORE,
  OPCODE.CREATE,
  OPCODE.CALL,
  OPCODE.CALLCODE,
  OPCODE.DELEGATECALL,
  OPCODE.CREATE2,
  OPCODE.STATICCALL,
  OPCODE.SELFDESTRUCT,
];

const FRAME_KINDS: ReadonlyMap<number, FrameKind> = new Map([
  [OPCODE.CREATE, "create"],
  [OPCODE.CALL, "call"],
  [OPCODE.CALLCODE, "callcode"],
  [OPCODE.DELEGATECALL, "delegatecall"],
  [OPCODE.CREATE2, "create2"],
  [OPCODE.STATICCALL, "staticcall"],
]);

/** A copy of the table with tracing handlers. */
export function traceOpcodes<Entry extends OpcodeEntry>(
  map: readonly Entry[],
  context: MessageContext,
): Entry[] {
  return map.map((entry, code) => {
    // opcodes that the fork does not have share the entry of INVALID
    if (entry.opcodeInfo.code !== code) {
      return entry;
    }
    if (code === OPCODE.KECCAK256) {
      return { ...entry, opHandler: recordPreimage(entry.opHandler, context) };
    }
    return ACCESSING.includes(code) ? tellPosition(entry, code, context) : entry;
  });
}

function tellPosition<Entry extends OpcodeEntry>(
  entry: Entry,
  code: number,
  context: MessageContext,
): Entry {
  const { opHandler, gasHandler } = entry;
  const frameKind = FRAME_KINDS.get(code);
  return {
    ...entry,
    opHandler: (runState, common) => {
      // the counter already points behind the opcode
      context.view.at(runState.programCounter - 1);
      if (frameKind !== undefined) {
        context.frameKind = frameKind;
      }
      return opHandler(runState, common);
    },
    gasHandler: (runState, gas, common) => {
      context.view.at(runState.programCounter);
      return gasHandler(runState, gas, common);
    },
  };
}

function recordPreimage(original: OpcodeHandler, context: MessageContext): OpcodeHandler {
  return (runState, common) => {
    const [offset, length] = runState.stack.peek(2);
    if (offset === undefined || length === undefined || length > MAX_PREIMAGE) {
      return original(runState, common);
    }
    const preimage =
      length === 0n ? new Uint8Array(0) : runState.memory.read(Number(offset), Number(length));
    original(runState, common);
    context.view.recordPreimage(bigIntToHex32(runState.stack.peek(1)[0] ?? 0n), preimage);
  };
}
