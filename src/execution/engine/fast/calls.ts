/** CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE, CREATE2 as opcodes: their price and their stack result. */
import { keccak256 } from "../../../crypto/keccak256";
import { bigIntToBytes32 } from "../../../state/bytes";
import { create2Address, createAddress } from "../../contract-address";
import { delegationTarget } from "../../delegation";
import { accountAccessGas, type Context } from "./context";
import type { Frame } from "./frame";
import { runCall, runCreate } from "./frames";
import { INIT_CODE_SIZE_EXCEEDED, OUT_OF_GAS, STATIC_STATE_CHANGE } from "./halt";
import { addressOf } from "./words";

const DEPTH_LIMIT = 1024;
const MAX_NONCE = (1n << 64n) - 1n;
const NO_BYTES = new Uint8Array(0);
const CALL_GAS_FRACTION = 64;

export type CallKind = "call" | "callcode" | "delegatecall" | "staticcall";

export function callOpcode(
  context: Context,
  frame: Frame,
  pc: number,
  kind: CallKind,
  requestedGas: bigint,
  to: bigint,
  value: bigint,
  inOffset: bigint,
  inLength: bigint,
  outOffset: bigint,
  outLength: bigint,
): bigint {
  const { schedule, view } = context;
  if (kind === "call" && value !== 0n && frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  const target = addressOf(to);
  const inStart = frame.activate(inOffset, inLength);
  const outStart = frame.activate(outOffset, outLength);
  frame.charge(accountAccessGas(context, target));
  view.at(pc);
  if (value !== 0n) {
    frame.charge(schedule.callValue);
  }
  if (kind === "call" && makesAccount(context, target, value)) {
    frame.charge(schedule.newAccount);
  }
  if (schedule.delegation) {
    const delegate = delegationTarget(view.code(target));
    if (delegate !== null) {
      frame.charge(accountAccessGas(context, delegate));
    }
  }
  let gas = callGas(frame, requestedGas, schedule.tangerineWhistle);
  frame.charge(gas);
  if (value !== 0n) {
    gas += schedule.callStipend;
  }
  frame.returnData = NO_BYTES;
  if (frame.depth >= DEPTH_LIMIT || (value !== 0n && !view.balanceAtLeast(frame.address, value))) {
    frame.gas += gas;
    return 0n;
  }
  const inherits = kind === "delegatecall";
  const ownStorage = inherits || kind === "callcode";
  const result = runCall(context, {
    kind,
    caller: inherits ? frame.caller : frame.address,
    address: ownStorage ? frame.address : target,
    codeAddress: target,
    value: inherits ? frame.value : value,
    input: frame.memory.slice(inStart, Number(inLength)),
    gas,
    isStatic: frame.isStatic || kind === "staticcall",
    depth: frame.depth + 1,
  });
  frame.gas += result.gasLeft;
  frame.returnData = result.output;
  const copied = Math.min(Number(outLength), result.output.length);
  if (copied > 0) {
    frame.memory.bytes.set(result.output.subarray(0, copied), outStart);
  }
  return result.halt === null ? 1n : 0n;
}

export function createOpcode(
  context: Context,
  frame: Frame,
  pc: number,
  value: bigint,
  offset: bigint,
  length: bigint,
  salt: bigint | null,
): bigint {
  const { schedule, view } = context;
  if (frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  const start = frame.activate(offset, length);
  if (schedule.initCodeLimit) {
    if (length > schedule.maxInitCodeSize && !context.unlimitedCodeSize) {
      throw INIT_CODE_SIZE_EXCEEDED;
    }
    frame.chargeWords(length, schedule.initCodeWord);
  }
  if (salt !== null) {
    frame.chargeWords(length, schedule.keccakWord);
  }
  const gas = callGas(frame, BigInt(frame.gas), schedule.tangerineWhistle);
  frame.charge(gas);
  frame.returnData = NO_BYTES;
  view.at(pc);
  if (frame.depth >= DEPTH_LIMIT || (value !== 0n && !view.balanceAtLeast(frame.address, value))) {
    frame.gas += gas;
    return 0n;
  }
  const nonce = view.nonce(frame.address);
  if (nonce >= MAX_NONCE) {
    frame.gas += gas;
    return 0n;
  }
  view.setNonce(frame.address, nonce + 1n);
  const initCode = frame.memory.slice(start, Number(length));
  const address =
    salt === null
      ? createAddress(frame.address, nonce)
      : create2Address(frame.address, bigIntToBytes32(salt), keccak256(initCode));
  const result = runCreate(context, {
    kind: salt === null ? "create" : "create2",
    caller: frame.address,
    address,
    value,
    initCode,
    gas,
    depth: frame.depth + 1,
  });
  frame.gas += result.gasLeft;
  if (result.halt === null) {
    return BigInt(address);
  }
  frame.returnData = result.halt.kind === "revert" ? result.output : NO_BYTES;
  return 0n;
}

/** Gas given to a call: at most all but one 64th of what is left (EIP-150). */
function callGas(frame: Frame, requested: bigint, capped: boolean): number {
  if (!capped) {
    if (requested > frame.gas) {
      throw OUT_OF_GAS;
    }
    return Number(requested);
  }
  const available = frame.gas - Math.floor(frame.gas / CALL_GAS_FRACTION);
  return requested > available ? available : Number(requested);
}

function makesAccount(
  context: Context,
  target: ReturnType<typeof addressOf>,
  value: bigint,
): boolean {
  return context.schedule.spuriousDragon
    ? value !== 0n && context.view.isEmpty(target)
    : !context.view.exists(target);
}
