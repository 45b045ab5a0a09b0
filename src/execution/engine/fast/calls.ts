/**
 * CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE, CREATE2 as opcodes: their price and their stack
 * result.
 *
 * All that a price depends on is read before it is charged, as in the reference engine: the reads
 * of a frame that runs out of gas are the same then.
 */
import { keccak256 } from "../../../crypto/keccak256";
import { bigIntToBytes32 } from "../../../state/bytes";
import type { Address } from "../../../state/hex";
import { create2Address, createAddress } from "../../contract-address";
import { delegationTarget } from "../../delegation";
import { Calldata } from "./calldata";
import { accountAccessGas, type Context } from "./context";
import type { Frame } from "./frame";
import { enterCall, enterCreate, type FrameResult, isCreation } from "./frames";
import { INIT_CODE_SIZE_EXCEEDED, OUT_OF_GAS, STATIC_STATE_CHANGE } from "./halt";
import { addressOf } from "./words";

const DEPTH_LIMIT = 1024;
const MAX_NONCE = (1n << 64n) - 1n;
const NO_BYTES = new Uint8Array(0);
const CALL_GAS_FRACTION = 64;

export type CallKind = "call" | "callcode" | "delegatecall" | "staticcall";

/** Returns true if the call has ended, its result on the stack; false if its frame is open now. */
export function callOpcode(
  context: Context,
  frame: Frame,
  kind: CallKind,
  requestedGas: bigint,
  to: bigint,
  value: bigint,
  inOffset: bigint,
  inLength: bigint,
  outOffset: bigint,
  outLength: bigint,
): boolean {
  const { schedule, view } = context;
  if (kind === "call" && value !== 0n && frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  const memoryGas = Math.max(
    frame.expansionGas(inOffset, inLength),
    frame.expansionGas(outOffset, outLength),
  );
  const target = addressOf(to);
  view.at(frame.pc);
  frame.charge(schedule.callBase + memoryGas + callPrice(context, kind, target, value));
  const inStart = frame.expand(inOffset, inLength);
  const outStart = frame.expand(outOffset, outLength);
  let gas = callGas(frame, requestedGas, schedule.tangerineWhistle);
  frame.charge(gas);
  if (value !== 0n) {
    gas += schedule.callStipend;
  }
  frame.returnData = NO_BYTES;
  if (frame.depth >= DEPTH_LIMIT || (value !== 0n && !view.balanceAtLeast(frame.address, value))) {
    frame.gas += gas;
    frame.stack[frame.sp++] = 0n;
    return true;
  }
  frame.outputStart = outStart;
  frame.outputLength = Number(outLength);
  const inherits = kind === "delegatecall";
  const ownStorage = inherits || kind === "callcode";
  const result = enterCall(context, {
    kind,
    caller: inherits ? frame.caller : frame.address,
    address: ownStorage ? frame.address : target,
    codeAddress: target,
    value: inherits ? frame.value : value,
    calldata: Calldata.within(frame.memory, inStart, Number(inLength)),
    gas,
    isStatic: frame.isStatic || kind === "staticcall",
    depth: frame.depth + 1,
  });
  if (result === null) {
    return false;
  }
  takeCallResult(frame, result);
  return true;
}

/** Longer than any memory. */
const NO_LENGTH = 1n << 64n;

/** Named before memory is paid for, as in the stock network, unless no memory is as long. */
function isInitCodeTooLarge({ schedule, unlimitedCodeSize }: Context, length: bigint): boolean {
  return (
    schedule.initCodeLimit &&
    length > schedule.maxInitCodeSize &&
    length < NO_LENGTH &&
    !unlimitedCodeSize
  );
}

/** As callOpcode. */
export function createOpcode(
  context: Context,
  frame: Frame,
  value: bigint,
  offset: bigint,
  length: bigint,
  salt: bigint | null,
): boolean {
  const { schedule, view } = context;
  if (frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  if (isInitCodeTooLarge(context, length)) {
    throw INIT_CODE_SIZE_EXCEEDED;
  }
  const start = frame.activate(offset, length);
  if (schedule.initCodeLimit) {
    frame.chargeWords(length, schedule.initCodeWord);
  }
  if (salt !== null) {
    frame.chargeWords(length, schedule.keccakWord);
  }
  const gas = schedule.tangerineWhistle ? allButOne64th(frame.gas) : frame.gas;
  frame.charge(gas);
  frame.returnData = NO_BYTES;
  view.at(frame.pc);
  const nonce = canCreate(context, frame, value) ? view.nonce(frame.address) : MAX_NONCE;
  if (nonce >= MAX_NONCE) {
    frame.gas += gas;
    frame.stack[frame.sp++] = 0n;
    return true;
  }
  view.setNonce(frame.address, nonce + 1n);
  const initCode = frame.memory.slice(start, Number(length));
  const address =
    salt === null
      ? createAddress(frame.address, nonce)
      : create2Address(frame.address, bigIntToBytes32(salt), keccak256(initCode));
  const result = enterCreate(context, {
    kind: salt === null ? "create" : "create2",
    caller: frame.address,
    address,
    value,
    initCode,
    gas,
    depth: frame.depth + 1,
  });
  if (result === null) {
    return false;
  }
  takeCreateResult(frame, address, result);
  return true;
}

/** Goes on with a frame whose inner frame has ended. */
export function resumeAfterCall(frame: Frame, inner: Frame, result: FrameResult): void {
  if (isCreation(inner.kind)) {
    takeCreateResult(frame, inner.address, result);
  } else {
    takeCallResult(frame, result);
  }
  frame.pc++;
}

function takeCallResult(frame: Frame, { halt, output, gasLeft }: FrameResult): void {
  frame.gas += gasLeft;
  frame.returnData = output;
  const copied = Math.min(frame.outputLength, output.length);
  if (copied > 0) {
    frame.memory.bytes.set(output.subarray(0, copied), frame.outputStart);
  }
  frame.stack[frame.sp++] = halt === null ? 1n : 0n;
}

function takeCreateResult(frame: Frame, created: Address, result: FrameResult): void {
  const { halt, output, gasLeft } = result;
  frame.gas += gasLeft;
  frame.returnData = halt?.kind === "revert" ? output : NO_BYTES;
  frame.stack[frame.sp++] = halt === null ? BigInt(created) : 0n;
}

/** gas of a call besides its base, memory and what is given to the called frame */
function callPrice(context: Context, kind: CallKind, target: Address, value: bigint): number {
  const { schedule, view } = context;
  let gas = accountAccessGas(context, target);
  if (value !== 0n) {
    gas += schedule.callValue;
  }
  if (kind === "call" && makesAccount(context, target, value)) {
    gas += schedule.newAccount;
  }
  if (schedule.delegation) {
    const delegate = delegationTarget(view.code(target));
    if (delegate !== null) {
      gas += accountAccessGas(context, delegate);
    }
  }
  return gas;
}

/** Gas given to a call: at most all but one 64th of what is left (EIP-150). */
function callGas(frame: Frame, requested: bigint, capped: boolean): number {
  if (!capped) {
    if (requested > frame.gas) {
      throw OUT_OF_GAS;
    }
    return Number(requested);
  }
  const available = allButOne64th(frame.gas);
  return requested > available ? available : Number(requested);
}

function allButOne64th(gas: number): number {
  return gas - Math.floor(gas / CALL_GAS_FRACTION);
}

function canCreate({ view }: Context, frame: Frame, value: bigint): boolean {
  return frame.depth < DEPTH_LIMIT && (value === 0n || view.balanceAtLeast(frame.address, value));
}

function makesAccount({ schedule, view }: Context, target: Address, value: bigint): boolean {
  return schedule.spuriousDragon ? value !== 0n && view.isEmpty(target) : !view.exists(target);
}
