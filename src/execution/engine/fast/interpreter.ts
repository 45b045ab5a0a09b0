/**
 * The interpreter: runs the code of one frame to its end (yellow paper, section 9 and appendix H).
 *
 * Owns: opcodes that need nothing but the frame, and dispatch. Does not own: calls and creations
 * (calls.ts), state opcodes (state-opcodes.ts).
 *
 * Invariant: gas is a double below 2^53 (block gas limits are far below), so charging is exact.
 * The stack is one array per frame; `sp` is the number of items on it.
 */
import { keccak256 } from "../../../crypto/keccak256";
import { callOpcode, createOpcode } from "./calls";
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
import { hashOf } from "./words";

const NO_BYTES = new Uint8Array(0);
const WORD_MASK = word.WORD_MASK;

/**
 * Runs the frame; returns its output, or null if an inner frame is open now and has to run first.
 * Throws a HaltSignal (REVERT: output in frame.returnData).
 */
export function interpret(context: Context, frame: Frame): Uint8Array | null {
  const { schedule } = context;
  const { opcodeGas } = schedule;
  const { analysis, memory, stack } = frame;
  const { code } = analysis;
  const tracing = context.tracing;
  let { sp, pc } = frame;
  // Results go through `a`: `stack[sp++] = f(pop())` would move sp before the pops.
  let a: bigint;
  const pop = (): bigint => stack[--sp] as bigint; // STACK_IN was checked before the opcode ran

  for (;;) {
    const opcode = pc < code.length ? (code[pc] as number) : 0; // in range, so there is a byte
    const fee = opcodeGas[opcode] as number; // 256 entries
    if (fee < 0) {
      throw INVALID_OPCODE;
    }
    if (sp < (STACK_IN[opcode] as number)) {
      throw STACK_UNDERFLOW;
    }
    if (sp > (STACK_MAX[opcode] as number)) {
      throw STACK_OVERFLOW;
    }
    frame.gas -= fee;
    if (frame.gas < 0) {
      throw OUT_OF_GAS;
    }

    if (opcode >= 0x5f && opcode <= 0x7f) {
      stack[sp++] = opcode === 0x5f ? 0n : analysis.push(pc);
      pc += opcode - 0x5e;
      continue;
    }
    if (opcode >= 0x80 && opcode <= 0x8f) {
      stack[sp] = stack[sp - (opcode - 0x7f)] as bigint; // checked above
      sp++;
      pc++;
      continue;
    }
    if (opcode >= 0x90 && opcode <= 0x9f) {
      const other = sp - 1 - (opcode - 0x8f);
      const top = stack[sp - 1] as bigint; // checked above
      stack[sp - 1] = stack[other] as bigint; // checked above
      stack[other] = top;
      pc++;
      continue;
    }

    switch (opcode) {
      case 0x00:
        return NO_BYTES;
      case 0x01:
        a = (pop() + pop()) & WORD_MASK;
        stack[sp++] = a;
        break;
      case 0x02:
        a = BigInt.asUintN(256, pop() * pop());
        stack[sp++] = a;
        break;
      case 0x03:
        a = BigInt.asUintN(256, pop() - pop());
        stack[sp++] = a;
        break;
      case 0x04:
        a = word.divide(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x05:
        a = word.signedDivide(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x06:
        a = word.modulo(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x07:
        a = word.signedModulo(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x08: {
        const sum = pop() + pop();
        a = word.modulo(sum, pop());
        stack[sp++] = a;
        break;
      }
      case 0x09: {
        const product = pop() * pop();
        a = word.modulo(product, pop());
        stack[sp++] = a;
        break;
      }
      case 0x0a: {
        const base = pop();
        const exponent = pop();
        frame.charge(word.byteLength(exponent) * schedule.expByte);
        stack[sp++] = word.power(base, exponent);
        break;
      }
      case 0x0b:
        a = word.signExtend(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x10:
        a = pop();
        a = a < pop() ? 1n : 0n;
        stack[sp++] = a;
        break;
      case 0x11:
        a = pop();
        a = a > pop() ? 1n : 0n;
        stack[sp++] = a;
        break;
      case 0x12:
        a = word.signedLess(pop(), pop()) ? 1n : 0n;
        stack[sp++] = a;
        break;
      case 0x13:
        a = pop();
        a = word.signedLess(pop(), a) ? 1n : 0n;
        stack[sp++] = a;
        break;
      case 0x14:
        a = pop();
        a = a === pop() ? 1n : 0n;
        stack[sp++] = a;
        break;
      case 0x15:
        a = pop() === 0n ? 1n : 0n;
        stack[sp++] = a;
        break;
      case 0x16:
        a = pop() & pop();
        stack[sp++] = a;
        break;
      case 0x17:
        a = pop() | pop();
        stack[sp++] = a;
        break;
      case 0x18:
        a = pop() ^ pop();
        stack[sp++] = a;
        break;
      case 0x19:
        a = WORD_MASK ^ pop();
        stack[sp++] = a;
        break;
      case 0x1a:
        a = word.byteAt(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x1b:
        a = word.shiftLeft(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x1c:
        a = word.shiftRight(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x1d:
        a = word.arithmeticShiftRight(pop(), pop());
        stack[sp++] = a;
        break;
      case 0x1e:
        a = word.countLeadingZeros(pop());
        stack[sp++] = a;
        break;
      case 0x20: {
        const offset = pop();
        const length = pop();
        const start = frame.activate(offset, length);
        frame.chargeWords(length, schedule.keccakWord);
        const data = memory.view(start, Number(length));
        const hash = word.wordOfBytes(keccak256(data));
        if (tracing) {
          context.view.recordPreimage(hashOf(hash), data);
        }
        stack[sp++] = hash;
        break;
      }
      case 0x30:
        stack[sp++] = BigInt(frame.address);
        break;
      case 0x31:
        a = accountBalance(context, frame, pc, pop());
        stack[sp++] = a;
        break;
      case 0x32:
        stack[sp++] = BigInt(context.message.origin);
        break;
      case 0x33:
        stack[sp++] = BigInt(frame.caller);
        break;
      case 0x34:
        stack[sp++] = frame.value;
        break;
      case 0x35:
        a = loadInput(frame.input, pop());
        stack[sp++] = a;
        break;
      case 0x36:
        stack[sp++] = BigInt(frame.input.length);
        break;
      case 0x37:
      case 0x39: {
        const source = opcode === 0x37 ? frame.input : code;
        const target = pop();
        const from = pop();
        const length = pop();
        const start = frame.activate(target, length);
        frame.chargeWords(length, schedule.memoryCopyWord);
        memory.copyFrom(start, source, from, Number(length));
        break;
      }
      case 0x38:
        stack[sp++] = BigInt(code.length);
        break;
      case 0x3a:
        stack[sp++] = context.message.gasPrice;
        break;
      case 0x3b:
        a = externalCodeSize(context, frame, pc, pop());
        stack[sp++] = a;
        break;
      case 0x3c:
        copyExternalCode(context, frame, pc, pop(), pop(), pop(), pop());
        break;
      case 0x3d:
        stack[sp++] = BigInt(frame.returnData.length);
        break;
      case 0x3e: {
        const target = pop();
        const from = pop();
        const length = pop();
        if (from + length > frame.returnData.length) {
          throw OUT_OF_GAS;
        }
        const start = frame.activate(target, length);
        frame.chargeWords(length, schedule.memoryCopyWord);
        memory.copyFrom(start, frame.returnData, from, Number(length));
        break;
      }
      case 0x3f:
        a = externalCodeHash(context, frame, pc, pop());
        stack[sp++] = a;
        break;
      case 0x40:
        a = blockHash(context, pop());
        stack[sp++] = a;
        break;
      case 0x41:
        stack[sp++] = BigInt(context.environment.coinbase);
        break;
      case 0x42:
        stack[sp++] = context.environment.timestamp;
        break;
      case 0x43:
        stack[sp++] = context.environment.number;
        break;
      case 0x44:
        stack[sp++] = schedule.randomness
          ? BigInt(context.environment.prevRandao)
          : context.environment.difficulty;
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
      case 0x49: {
        const index = pop();
        const hash = context.message.blobVersionedHashes[index < 4096n ? Number(index) : 4096];
        stack[sp++] = hash === undefined ? 0n : BigInt(hash);
        break;
      }
      case 0x4a:
        stack[sp++] = context.blobBaseFee;
        break;
      case 0x50:
        sp--;
        break;
      case 0x51:
        a = memory.load(frame.activate(pop(), 32n));
        stack[sp++] = a;
        break;
      case 0x52: {
        const start = frame.activate(pop(), 32n);
        memory.store(start, pop());
        break;
      }
      case 0x53: {
        const start = frame.activate(pop(), 1n);
        memory.bytes[start] = Number(pop() & 0xffn);
        break;
      }
      case 0x54:
        a = loadStorage(context, frame, pc, pop());
        stack[sp++] = a;
        break;
      case 0x55:
        storeStorage(context, frame, pc, pop(), pop());
        break;
      case 0x56:
        pc = jump(analysis.jumpDestinations, pop());
        continue;
      case 0x57: {
        const target = pop();
        if (pop() !== 0n) {
          pc = jump(analysis.jumpDestinations, target);
          continue;
        }
        break;
      }
      case 0x58:
        stack[sp++] = BigInt(pc);
        break;
      case 0x59:
        stack[sp++] = BigInt(memory.words * 32);
        break;
      case 0x5a:
        stack[sp++] = BigInt(frame.gas);
        break;
      case 0x5b:
        break;
      case 0x5c:
        a = transientLoad(context, frame, pop());
        stack[sp++] = a;
        break;
      case 0x5d:
        transientStore(context, frame, pop(), pop());
        break;
      case 0x5e: {
        const target = pop();
        const source = pop();
        const length = pop();
        frame.chargeWords(length, schedule.memoryCopyWord);
        const from = frame.activate(source, length);
        const to = frame.activate(target, length);
        memory.bytes.copyWithin(to, from, from + Number(length));
        break;
      }
      case 0xa0:
      case 0xa1:
      case 0xa2:
      case 0xa3:
      case 0xa4: {
        const offset = pop();
        const length = pop();
        const topics: bigint[] = [];
        for (let i = 0xa0; i < opcode; i++) {
          topics.push(pop());
        }
        log(context, frame, offset, length, topics);
        break;
      }
      case 0xf0:
      case 0xf5: {
        const [value, offset, length] = [pop(), pop(), pop()];
        const salt = opcode === 0xf5 ? pop() : null;
        frame.pc = pc;
        frame.sp = sp;
        if (!createOpcode(context, frame, value, offset, length, salt)) {
          return null;
        }
        sp++;
        break;
      }
      case 0xf1:
      case 0xf2: {
        const [gas, to, value] = [pop(), pop(), pop()];
        const kind = opcode === 0xf1 ? "call" : "callcode";
        const [inStart, inLength, outStart, outLength] = [pop(), pop(), pop(), pop()];
        frame.pc = pc;
        frame.sp = sp;
        if (
          !callOpcode(context, frame, kind, gas, to, value, inStart, inLength, outStart, outLength)
        ) {
          return null;
        }
        sp++;
        break;
      }
      case 0xf4:
      case 0xfa: {
        const [gas, to] = [pop(), pop()];
        const kind = opcode === 0xf4 ? "delegatecall" : "staticcall";
        const [inStart, inLength, outStart, outLength] = [pop(), pop(), pop(), pop()];
        frame.pc = pc;
        frame.sp = sp;
        if (
          !callOpcode(context, frame, kind, gas, to, 0n, inStart, inLength, outStart, outLength)
        ) {
          return null;
        }
        sp++;
        break;
      }
      case 0xf3:
      case 0xfd: {
        const offset = pop();
        const length = pop();
        const start = frame.activate(offset, length);
        const output = memory.slice(start, Number(length));
        if (opcode === 0xf3) {
          return output;
        }
        frame.returnData = output;
        throw REVERT;
      }
      case 0xff:
        selfDestruct(context, frame, pc, pop());
        return NO_BYTES;
      default:
        throw INVALID_OPCODE;
    }
    pc++;
  }
}

function jump(destinations: Uint8Array, target: bigint): number {
  if (target >= destinations.length || destinations[Number(target)] !== 1) {
    throw INVALID_JUMP;
  }
  return Number(target);
}

/** 32 bytes of the input from `offset`, zeros where it has ended. */
function loadInput(input: Uint8Array, offset: bigint): bigint {
  if (offset >= input.length) {
    return 0n;
  }
  const start = Number(offset);
  const bytes = input.subarray(start, start + 32);
  return word.wordOfBytes(bytes) << BigInt((32 - bytes.length) * 8);
}
