/**
 * The interpreter: runs the code of one frame to its end (yellow paper, section 9 and appendix H).
 *
 * Owns: opcodes that need nothing but the frame, and dispatch. Does not own: calls and creations
 * (calls.ts), state opcodes (state-opcodes.ts).
 *
 * Invariant: gas is a double below 2^53 (block gas limits are far below), so charging is exact.
 * The stack is one array per frame; `sp` is the number of items on it. STACK_IN and STACK_MAX are checked
 * before an opcode runs, and all tables have 256 entries: that is the reason of every `as bigint` and
 * `as number` here. `gas` is in `frame.gas` only while somebody else charges.
 */
import { type CallKind, callOpcode, createOpcode } from "./calls";
import { isDestination } from "./code-analysis";
import { LEFT } from "./compiled/compiled-code";
import type { Heat } from "./compiled/heat";
import type { Context } from "./context";
import type { Frame } from "./frame";
import {
  INVALID_JUMP,
  INVALID_OPCODE,
  OUT_OF_GAS,
  REVERT,
  STACK_OVERFLOW,
  STACK_UNDERFLOW,
} from "./halt";
import {
  copyReturnData,
  copyToMemory,
  copyWithinMemory,
  hashMemory,
  loadInput,
  outputOf,
} from "./memory-opcodes";
import { STACK_IN, STACK_MAX } from "./stack-effects";
import {
  accountBalance,
  blockHash,
  copyExternalCode,
  externalCodeHash,
  externalCodeSize,
  loadStorage,
  log,
  selfDestruct,
  storeStorage,
  transientLoad,
  transientStore,
} from "./state-opcodes";
import * as word from "./words";

const NO_BYTES = new Uint8Array(0);
const WORD_MASK = word.WORD_MASK;
/** by opcode from 0xf1; undefined where another opcode lies */
const CALL_KINDS: readonly (CallKind | undefined)[] = [
  "call",
  "callcode",
  undefined,
  "delegatecall",
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  "staticcall",
];

/**
 * Runs the frame from where it is; returns its output, or null if an inner frame is open now and has to
 * run first, or LEFT if the heat's budget ran out at a jump. Throws a HaltSignal (REVERT: output in
 * frame.returnData).
 * @param heat what runs is noted there; null: nothing is, and the frame never leaves
 */
export function interpret(context: Context, frame: Frame, heat: Heat | null): Uint8Array | null {
  const { schedule } = context;
  const { opcodeGas } = schedule;
  const { analysis, memory, stack } = frame;
  const { code } = analysis;
  let { sp, pc, gas } = frame;
  // Results go through `a`: `stack[sp++] = f(stack[--sp])` would move sp before the pop.
  let a: bigint;
  let b: bigint;

  for (;;) {
    const opcode = pc < code.length ? (code[pc] as number) : 0;
    const fee = opcodeGas[opcode] as number;
    if (fee < 0) {
      throw INVALID_OPCODE;
    }
    if (sp < (STACK_IN[opcode] as number)) {
      throw STACK_UNDERFLOW;
    }
    if (sp > (STACK_MAX[opcode] as number)) {
      throw STACK_OVERFLOW;
    }
    gas -= fee;
    if (gas < 0) {
      throw OUT_OF_GAS;
    }

    if (opcode >= 0x5f && opcode <= 0x7f) {
      stack[sp++] = opcode === 0x5f ? 0n : analysis.push(pc);
      pc += opcode - 0x5e;
      continue;
    }
    if (opcode >= 0x80 && opcode <= 0x8f) {
      stack[sp] = stack[sp - (opcode - 0x7f)] as bigint;
      sp++;
      pc++;
      continue;
    }
    if (opcode >= 0x90 && opcode <= 0x9f) {
      const other = sp - 1 - (opcode - 0x8f);
      a = stack[sp - 1] as bigint;
      stack[sp - 1] = stack[other] as bigint;
      stack[other] = a;
      pc++;
      continue;
    }

    switch (opcode) {
      case 0x00:
        frame.gas = gas;
        return NO_BYTES;
      case 0x01:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.add(a, b);
        break;
      case 0x02:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.multiply(a, b);
        break;
      case 0x03:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.subtract(a, b);
        break;
      case 0x04:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.divide(a, b);
        break;
      case 0x05:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.signedDivide(a, b);
        break;
      case 0x06:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.modulo(a, b);
        break;
      case 0x07:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.signedModulo(a, b);
        break;
      case 0x08: {
        const sum = (stack[--sp] as bigint) + (stack[--sp] as bigint);
        a = word.modulo(sum, stack[--sp] as bigint);
        stack[sp++] = a;
        break;
      }
      case 0x09: {
        const product = (stack[--sp] as bigint) * (stack[--sp] as bigint);
        a = word.modulo(product, stack[--sp] as bigint);
        stack[sp++] = a;
        break;
      }
      case 0x0a: {
        frame.gas = gas;
        const base = stack[--sp] as bigint;
        const exponent = stack[--sp] as bigint;
        frame.charge(word.byteLength(exponent) * schedule.expByte);
        stack[sp++] = word.power(base, exponent);
        gas = frame.gas;
        break;
      }
      case 0x0b:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.signExtend(a, b);
        break;
      case 0x10:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = a < b ? 1n : 0n;
        break;
      case 0x11:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = a > b ? 1n : 0n;
        break;
      case 0x12:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.signedLess(a, b) ? 1n : 0n;
        break;
      case 0x13:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.signedLess(b, a) ? 1n : 0n;
        break;
      case 0x14:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = a === b ? 1n : 0n;
        break;
      case 0x15:
        a = stack[sp - 1] as bigint;
        stack[sp - 1] = a === 0n ? 1n : 0n;
        break;
      case 0x16:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = a & b;
        break;
      case 0x17:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = a | b;
        break;
      case 0x18:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = a ^ b;
        break;
      case 0x19:
        a = stack[sp - 1] as bigint;
        stack[sp - 1] = WORD_MASK ^ a;
        break;
      case 0x1a:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.byteAt(a, b);
        break;
      case 0x1b:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.shiftLeft(a, b);
        break;
      case 0x1c:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.shiftRight(a, b);
        break;
      case 0x1d:
        a = stack[--sp] as bigint;
        b = stack[sp - 1] as bigint;
        stack[sp - 1] = word.arithmeticShiftRight(a, b);
        break;
      case 0x1e:
        a = stack[sp - 1] as bigint;
        stack[sp - 1] = word.countLeadingZeros(a);
        break;
      case 0x20: {
        const offset = Number(stack[--sp] as bigint);
        frame.gas = gas;
        a = hashMemory(context, frame, offset, Number(stack[sp - 1] as bigint));
        stack[sp - 1] = a;
        gas = frame.gas;
        break;
      }
      case 0x30:
        stack[sp++] = frame.addressWord;
        break;
      case 0x31:
        frame.gas = gas;
        a = accountBalance(context, frame, pc, stack[--sp] as bigint);
        stack[sp++] = a;
        gas = frame.gas;
        break;
      case 0x32:
        stack[sp++] = context.words.origin;
        break;
      case 0x33:
        stack[sp++] = frame.callerWord;
        break;
      case 0x34:
        stack[sp++] = frame.value;
        break;
      case 0x35:
        a = loadInput(frame.calldata, Number(stack[--sp] as bigint));
        stack[sp++] = a;
        break;
      case 0x36:
        stack[sp++] = BigInt(frame.calldata.length);
        break;
      case 0x37:
      case 0x39:
        frame.gas = gas;
        copyToMemory(
          context,
          frame,
          opcode === 0x37 ? frame.calldata.bytes : code,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
        );
        gas = frame.gas;
        break;
      case 0x38:
        stack[sp++] = BigInt(code.length);
        break;
      case 0x3a:
        stack[sp++] = context.message.gasPrice;
        break;
      case 0x3b:
        frame.gas = gas;
        a = externalCodeSize(context, frame, pc, stack[--sp] as bigint);
        stack[sp++] = a;
        gas = frame.gas;
        break;
      case 0x3c:
        frame.gas = gas;
        copyExternalCode(
          context,
          frame,
          pc,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
        );
        gas = frame.gas;
        break;
      case 0x3d:
        stack[sp++] = BigInt(frame.returnData.length);
        break;
      case 0x3e:
        frame.gas = gas;
        copyReturnData(
          context,
          frame,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
        );
        gas = frame.gas;
        break;
      case 0x3f:
        frame.gas = gas;
        a = externalCodeHash(context, frame, pc, stack[--sp] as bigint);
        stack[sp++] = a;
        gas = frame.gas;
        break;
      case 0x40:
        a = blockHash(context, stack[--sp] as bigint);
        stack[sp++] = a;
        break;
      case 0x41:
        stack[sp++] = context.block.coinbase;
        break;
      case 0x42:
        stack[sp++] = context.environment.timestamp;
        break;
      case 0x43:
        stack[sp++] = context.environment.number;
        break;
      case 0x44:
        stack[sp++] = context.block.randomness;
        break;
      case 0x45:
        stack[sp++] = context.environment.gasLimit;
        break;
      case 0x46:
        stack[sp++] = context.environment.rules.chainId;
        break;
      case 0x47:
        context.view.at(pc);
        stack[sp++] = context.view.balance(frame.address);
        break;
      case 0x48:
        stack[sp++] = context.environment.baseFeePerGas ?? 0n;
        break;
      case 0x49:
        stack[sp - 1] = context.words.blobHash(stack[sp - 1] as bigint);
        break;
      case 0x4a:
        stack[sp++] = context.block.blobBaseFee;
        break;
      case 0x50:
        sp--;
        break;
      case 0x51: {
        const start = Number(stack[sp - 1] as bigint);
        if (start + 32 > memory.size) {
          frame.gas = gas;
          frame.reach(start + 32);
          gas = frame.gas;
        }
        stack[sp - 1] = memory.load(start);
        break;
      }
      case 0x52: {
        const start = Number(stack[--sp] as bigint);
        if (start + 32 > memory.size) {
          frame.gas = gas;
          frame.reach(start + 32);
          gas = frame.gas;
        }
        memory.store(start, stack[--sp] as bigint);
        break;
      }
      case 0x53: {
        const start = Number(stack[--sp] as bigint);
        if (start + 1 > memory.size) {
          frame.gas = gas;
          frame.reach(start + 1);
          gas = frame.gas;
        }
        memory.bytes[start] = Number((stack[--sp] as bigint) & 0xffn);
        break;
      }
      case 0x54:
        frame.gas = gas;
        a = loadStorage(context, frame, pc, stack[--sp] as bigint);
        stack[sp++] = a;
        gas = frame.gas;
        break;
      case 0x55:
        frame.gas = gas;
        storeStorage(context, frame, pc, stack[--sp] as bigint, stack[--sp] as bigint);
        gas = frame.gas;
        break;
      case 0x56:
      case 0x57:
        a = stack[--sp] as bigint;
        if (opcode === 0x57 && (stack[--sp] as bigint) === 0n) {
          if (heat !== null) {
            heat.reached[pc + 1] = 1;
          }
          break;
        }
        pc = jump(analysis.jumpDestinations, Number(a));
        if (heat !== null) {
          heat.reached[pc] = 1;
          if (--heat.budget < 0) {
            frame.gas = gas;
            frame.pc = pc;
            frame.sp = sp;
            return LEFT;
          }
        }
        continue;
      case 0x58:
        stack[sp++] = BigInt(pc);
        break;
      case 0x59:
        stack[sp++] = BigInt(memory.size);
        break;
      case 0x5a:
        stack[sp++] = BigInt(gas);
        break;
      case 0x5b:
        break;
      case 0x5c:
        frame.gas = gas;
        a = transientLoad(context, frame, stack[--sp] as bigint);
        stack[sp++] = a;
        gas = frame.gas;
        break;
      case 0x5d:
        frame.gas = gas;
        transientStore(context, frame, stack[--sp] as bigint, stack[--sp] as bigint);
        gas = frame.gas;
        break;
      case 0x5e:
        frame.gas = gas;
        copyWithinMemory(
          context,
          frame,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
          stack[--sp] as bigint,
        );
        gas = frame.gas;
        break;
      case 0xa0:
      case 0xa1:
      case 0xa2:
      case 0xa3:
      case 0xa4: {
        frame.gas = gas;
        const offset = stack[--sp] as bigint;
        const length = stack[--sp] as bigint;
        const topics: bigint[] = [];
        for (let i = 0xa0; i < opcode; i++) {
          topics.push(stack[--sp] as bigint);
        }
        log(context, frame, offset, length, topics);
        gas = frame.gas;
        break;
      }
      case 0xf0:
      case 0xf5: {
        const value = stack[--sp] as bigint;
        const offset = stack[--sp] as bigint;
        const length = stack[--sp] as bigint;
        const salt = opcode === 0xf5 ? (stack[--sp] as bigint) : null;
        frame.gas = gas;
        frame.pc = pc;
        frame.sp = sp;
        if (!createOpcode(context, frame, value, offset, length, salt)) {
          return null;
        }
        sp++;
        gas = frame.gas;
        break;
      }
      case 0xf1:
      case 0xf2:
      case 0xf4:
      case 0xfa: {
        const requested = stack[--sp] as bigint;
        const to = stack[--sp] as bigint;
        const value = opcode <= 0xf2 ? (stack[--sp] as bigint) : 0n;
        sp -= 4;
        frame.gas = gas;
        frame.pc = pc;
        frame.sp = sp;
        const ended = callOpcode(
          context,
          frame,
          CALL_KINDS[opcode - 0xf1] as CallKind,
          requested,
          to,
          value,
          stack[sp + 3] as bigint,
          stack[sp + 2] as bigint,
          stack[sp + 1] as bigint,
          stack[sp] as bigint,
        );
        if (!ended) {
          return null;
        }
        sp++;
        gas = frame.gas;
        break;
      }
      case 0xf3:
        frame.gas = gas;
        return outputOf(frame, stack[--sp] as bigint, stack[--sp] as bigint);
      case 0xfd:
        frame.gas = gas;
        frame.returnData = outputOf(frame, stack[--sp] as bigint, stack[--sp] as bigint);
        throw REVERT;
      case 0xff:
        frame.gas = gas;
        selfDestruct(context, frame, pc, stack[--sp] as bigint);
        return NO_BYTES;
      default:
        throw INVALID_OPCODE;
    }
    pc++;
  }
}

/** The place of a jump, which is inexact only far beyond any code; throws INVALID_JUMP. */
export function jump(destinations: Uint8Array, place: number): number {
  if (!isDestination(destinations, place)) {
    throw INVALID_JUMP;
  }
  return place;
}
