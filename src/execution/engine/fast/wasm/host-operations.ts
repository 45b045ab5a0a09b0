/** Opcodes that compiled code leaves to the host: the interpreter's own functions on words. */
import { callOpcode, createOpcode } from "../calls";
import type { Context } from "../context";
import type { Frame } from "../frame";
import { INVALID_OPCODE } from "../halt";
import { copyReturnData, copyToMemory, copyWithinMemory } from "../memory-opcodes";
import * as state from "../state-opcodes";

/** Gives operand `index`, counted from the top of the stack. */
export type Operands = (index: number) => bigint;

/** Runs an opcode that neither enters nor ends a frame, but for SELFDESTRUCT; null: it has no result. */
export function runHostOpcode(
  context: Context,
  frame: Frame,
  opcode: number,
  pc: number,
  operand: Operands,
): bigint | null {
  const { environment, message } = context;
  switch (opcode) {
    case 0x30:
      return frame.addressWord;
    case 0x31:
      return state.accountBalance(context, frame, pc, operand(0));
    case 0x32:
      return context.words.origin;
    case 0x33:
      return frame.callerWord;
    case 0x34:
      return frame.value;
    case 0x37:
      copyToMemory(context, frame, frame.calldata.bytes, operand(0), operand(1), operand(2));
      return null;
    case 0x39:
      copyToMemory(context, frame, frame.analysis.code, operand(0), operand(1), operand(2));
      return null;
    case 0x3a:
      return message.gasPrice;
    case 0x3b:
      return state.externalCodeSize(context, frame, pc, operand(0));
    case 0x3c:
      state.copyExternalCode(context, frame, pc, operand(0), operand(1), operand(2), operand(3));
      return null;
    case 0x3e:
      copyReturnData(context, frame, operand(0), operand(1), operand(2));
      return null;
    case 0x3f:
      return state.externalCodeHash(context, frame, pc, operand(0));
    case 0x40:
      return state.blockHash(context, operand(0));
    case 0x41:
      return context.block.coinbase;
    case 0x42:
      return environment.timestamp;
    case 0x43:
      return environment.number;
    case 0x44:
      return context.block.randomness;
    case 0x45:
      return environment.gasLimit;
    case 0x46:
      return environment.rules.chainId;
    case 0x47:
      context.view.at(pc);
      return context.view.balance(frame.address);
    case 0x48:
      return environment.baseFeePerGas ?? 0n;
    case 0x49:
      return context.words.blobHash(operand(0));
    case 0x4a:
      return context.block.blobBaseFee;
    case 0x54:
      return state.loadStorage(context, frame, pc, operand(0));
    case 0x55:
      state.storeStorage(context, frame, pc, operand(0), operand(1));
      return null;
    case 0x5c:
      return state.transientLoad(context, frame, operand(0));
    case 0x5d:
      state.transientStore(context, frame, operand(0), operand(1));
      return null;
    case 0x5e:
      copyWithinMemory(context, frame, operand(0), operand(1), operand(2));
      return null;
    case 0xa0:
    case 0xa1:
    case 0xa2:
    case 0xa3:
    case 0xa4: {
      const topics: bigint[] = []; // Array.from of a length takes as long as all the rest
      for (let index = 2; index < opcode - 0xa0 + 2; index++) {
        topics.push(operand(index));
      }
      state.log(context, frame, operand(0), operand(1), topics);
      return null;
    }
    case 0xff:
      state.selfDestruct(context, frame, pc, operand(0));
      return null;
    default:
      throw INVALID_OPCODE; // compiled code asks for none
  }
}

/** As callOpcode and createOpcode: CALL to STATICCALL, CREATE, CREATE2. */
export function enterFrame(
  context: Context,
  frame: Frame,
  opcode: number,
  operand: Operands,
): boolean {
  switch (opcode) {
    case 0xf0:
      return createOpcode(context, frame, operand(0), operand(1), operand(2), null);
    case 0xf5:
      return createOpcode(context, frame, operand(0), operand(1), operand(2), operand(3));
    case 0xf1:
    case 0xf2:
      return callOpcode(
        context,
        frame,
        opcode === 0xf1 ? "call" : "callcode",
        operand(0),
        operand(1),
        operand(2),
        operand(3),
        operand(4),
        operand(5),
        operand(6),
      );
    default:
      return callOpcode(
        context,
        frame,
        opcode === 0xf4 ? "delegatecall" : "staticcall",
        operand(0),
        operand(1),
        0n,
        operand(2),
        operand(3),
        operand(4),
        operand(5),
      );
  }
}
