/**
 * Opcodes that move bytes between memory, calldata, code and return data, and KECCAK256; shared by all
 * tiers. Each charges its dynamic gas to `frame.gas`, in the order of the reference engine.
 */
import { keccak256 } from "../../../crypto/keccak256";
import { bigIntToHex32 } from "../../../state/bytes";
import type { Calldata } from "./calldata";
import type { Context } from "./context";
import type { Frame } from "./frame";
import { OUT_OF_OFFSET } from "./halt";
import { loadWord, wordOfBytes, wordOfHash } from "./words";

const WORD_BYTES = 32;

/** KECCAK256; offset and length may be inexact beyond 2^53. */
export function hashMemory(context: Context, frame: Frame, offset: number, length: number): bigint {
  if (length > 0) {
    frame.reach(offset + length);
  }
  frame.charge(Math.ceil(length / WORD_BYTES) * context.schedule.keccakWord);
  const data = frame.memory.view(offset, length);
  const hash = wordOfHash(keccak256(data));
  if (context.tracing) {
    context.view.recordPreimage(bigIntToHex32(hash), data);
  }
  return hash;
}

/** CALLDATALOAD: 32 bytes of the input from `offset`, zeros where it has ended. */
export function loadInput(calldata: Calldata, offset: number): bigint {
  if (offset >= calldata.length) {
    return 0n;
  }
  const input = calldata.bytes;
  if (offset + WORD_BYTES <= input.length) {
    return loadWord(new DataView(input.buffer, input.byteOffset, input.byteLength), offset);
  }
  const bytes = input.subarray(offset, offset + WORD_BYTES);
  return wordOfBytes(bytes) << BigInt((WORD_BYTES - bytes.length) * 8);
}

/** CALLDATACOPY, CODECOPY. */
export function copyToMemory(
  context: Context,
  frame: Frame,
  source: Uint8Array,
  target: bigint,
  from: bigint,
  length: bigint,
): void {
  const start = frame.activate(target, length);
  frame.chargeWords(length, context.schedule.memoryCopyWord);
  frame.memory.copyFrom(start, source, from, Number(length));
}

/** RETURNDATACOPY: reading past the end halts the frame (EIP-211). */
export function copyReturnData(
  context: Context,
  frame: Frame,
  target: bigint,
  from: bigint,
  length: bigint,
): void {
  if (from + length > frame.returnData.length) {
    throw OUT_OF_OFFSET;
  }
  copyToMemory(context, frame, frame.returnData, target, from, length);
}

/** MCOPY. */
export function copyWithinMemory(
  context: Context,
  frame: Frame,
  target: bigint,
  source: bigint,
  length: bigint,
): void {
  frame.chargeWords(length, context.schedule.memoryCopyWord);
  const from = frame.activate(source, length);
  const to = frame.activate(target, length);
  frame.memory.bytes.copyWithin(to, from, from + Number(length));
}

/** What RETURN and REVERT give. */
export function outputOf(frame: Frame, offset: bigint, length: bigint): Uint8Array {
  const start = frame.activate(offset, length);
  return frame.memory.slice(start, Number(length));
}
