/** What the access log keeps of a frame when it begins. */
import type { Message as EvmMessage } from "@ethereumjs/evm";
import { type Frame, MAX_FRAME_INPUT } from "../../access-log/block-record";
import { keccak256Hex } from "../../crypto/keccak256";
import { bytesToHex } from "../../state/bytes";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../state/hex";
import { delegationTarget } from "../delegation";
import type { MessageContext } from "./message-context";

type FrameStart = Omit<Frame, "gasUsed" | "success" | "parent">;

/** Called once the code is loaded, so that nothing is read here that was not read before. */
export function describeCall(message: EvmMessage, context: MessageContext): FrameStart {
  const called = bytesToHex(message.codeAddress.bytes);
  const running = runningCode(called, message, context);
  return {
    depth: message.depth,
    kind: context.frameKind,
    caller: bytesToHex(message.caller.bytes),
    ...running,
    storageOwner: message.to === undefined ? called : bytesToHex(message.to.bytes),
    value: message.value,
    input: bytesToHex(message.data.subarray(0, MAX_FRAME_INPUT)),
    inputLength: message.data.length,
  };
}

export function describeCreation(
  message: EvmMessage,
  address: Address,
  context: MessageContext,
): FrameStart {
  const initCode = message.code instanceof Uint8Array ? message.code : message.data;
  return {
    depth: message.depth,
    kind: context.frameKind,
    caller: bytesToHex(message.caller.bytes),
    codeAddress: address,
    codeHash: keccak256Hex(initCode),
    storageOwner: address,
    value: message.value,
    input: "0x",
    inputLength: 0,
  };
}

function runningCode(
  called: Address,
  message: EvmMessage,
  { view }: MessageContext,
): { codeAddress: Address; codeHash: Hash } {
  if (message.isCompiled === true) {
    return { codeAddress: called, codeHash: EMPTY_CODE_HASH };
  }
  const target = delegationTarget(view.code(called));
  const codeAddress = target ?? called;
  return { codeAddress, codeHash: view.codeHash(codeAddress) };
}
