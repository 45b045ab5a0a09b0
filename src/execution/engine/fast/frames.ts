/**
 * Messages: entering a frame, moving its value, running a precompile, leaving the frame with or
 * without its changes (yellow paper, sections 7 and 8).
 *
 * Owns: the border of a frame. Does not own: running its code (run-frames.ts, interpreter.ts).
 * Invariant: every frame in `context.frames` has one checkpoint of the view and one of the journal.
 */
import { type FrameKind, MAX_FRAME_INPUT } from "../../../access-log/block-record";
import { keccak256Hex } from "../../../crypto/keccak256";
import { bytesToHex } from "../../../state/bytes";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../../state/hex";
import { delegationTarget } from "../../delegation";
import type { Halt } from "../../outcome";
import { Calldata } from "./calldata";
import { CodeAnalysis } from "./code-analysis";
import type { Context } from "./context";
import { Frame } from "./frame";
import * as halts from "./halt";

const NO_BYTES = new Uint8Array(0);
const NO_CALLDATA = Calldata.of(NO_BYTES);
export const CONSOLE_ADDRESS: Address = "0x000000000000000000636f6e736f6c652e6c6f67";

export interface CallMessage {
  readonly kind: "call" | "callcode" | "delegatecall" | "staticcall";
  readonly caller: Address;
  readonly address: Address;
  readonly codeAddress: Address;
  readonly value: bigint;
  readonly calldata: Calldata;
  /** gas */
  readonly gas: number;
  readonly isStatic: boolean;
  readonly depth: number;
}

export interface CreateMessage {
  readonly kind: "create" | "create2";
  readonly caller: Address;
  readonly address: Address;
  readonly value: bigint;
  readonly initCode: Uint8Array;
  /** gas */
  readonly gas: number;
  readonly depth: number;
}

export interface FrameResult {
  readonly halt: Halt | null;
  readonly output: Uint8Array;
  /** gas */
  readonly gasLeft: number;
}

/** Returns the result of a message without code to run; else null, and its frame is open. */
export function enterCall(context: Context, message: CallMessage): FrameResult | null {
  const { view, journal, precompiles } = context;
  if (message.codeAddress === CONSOLE_ADDRESS) {
    context.consoleLines.push(message.calldata.bytes.slice());
  }
  view.checkpoint();
  journal.checkpoint();
  const overflows = !moveValueOfCall(context, message);
  const isPrecompile = precompiles.has(message.codeAddress);
  let code: Uint8Array = NO_BYTES;
  let codeHash: Hash = EMPTY_CODE_HASH;
  let codeAddress = message.codeAddress;
  if (!isPrecompile) {
    code = view.code(codeAddress);
    codeHash = view.codeHash(codeAddress);
    const delegate = context.schedule.delegation ? delegationTarget(code) : null;
    if (delegate !== null) {
      if (message.depth === 0) {
        journal.warmAddress(delegate);
      }
      code = view.code(delegate);
      codeHash = view.codeHash(delegate);
      codeAddress = delegate;
    }
  }
  if (context.tracing) {
    view.enterFrame({
      depth: message.depth,
      kind: message.kind,
      caller: message.caller,
      codeAddress,
      codeHash,
      storageOwner: message.address,
      value: message.value,
      input: bytesToHex(message.calldata.bytes.subarray(0, MAX_FRAME_INPUT)),
      inputLength: message.calldata.length,
    });
  }
  if (overflows) {
    const result = { halt: halts.VALUE_OVERFLOW.halt, output: NO_BYTES, gasLeft: message.gas };
    return leave(context, message.gas, result);
  }
  if (isPrecompile) {
    return leave(context, message.gas, runPrecompile(context, message));
  }
  if (code.length === 0) {
    return leave(context, message.gas, { halt: null, output: NO_BYTES, gasLeft: message.gas });
  }
  observeRunningAccount(context, message.address);
  context.frames.push(
    new Frame(
      context.workspaces.take(),
      message.kind,
      context.codes.get(codeHash, code),
      message.address,
      message.caller,
      message.value,
      message.calldata,
      message.gas,
      message.isStatic,
      message.depth,
    ),
  );
  return null;
}

/** Returns the result of a creation that ends at once; else null, and its frame is open. */
export function enterCreate(context: Context, message: CreateMessage): FrameResult | null {
  const { schedule, view, journal } = context;
  const { address, caller, value, gas } = message;
  if (schedule.warmAccess) {
    journal.warmAddress(address);
  }
  view.checkpoint();
  journal.checkpoint();
  takeValue(context, caller, value);
  if (context.tracing) {
    view.enterFrame({
      depth: message.depth,
      kind: message.kind,
      caller,
      codeAddress: address,
      codeHash: keccak256Hex(message.initCode),
      storageOwner: address,
      value,
      input: "0x",
      inputLength: 0,
    });
  }
  if (collides(context, address)) {
    return leave(context, gas, failed(halts.CREATE_COLLISION));
  }
  journal.markCreated(address);
  bringToLife(context, address);
  view.clearStorage(address);
  if (!giveValue(context, address, value)) {
    const result = { halt: halts.VALUE_OVERFLOW.halt, output: NO_BYTES, gasLeft: gas };
    return leave(context, gas, result);
  }
  if (schedule.spuriousDragon) {
    view.setNonce(address, 1n);
  }
  if (message.initCode.length === 0) {
    return leave(context, gas, { halt: null, output: NO_BYTES, gasLeft: gas });
  }
  context.frames.push(
    new Frame(
      context.workspaces.take(),
      message.kind,
      new CodeAnalysis(message.initCode),
      address,
      caller,
      value,
      NO_CALLDATA,
      gas,
      false,
      message.depth,
    ),
  );
  return null;
}

/** Ends the frame, which was the innermost open one; its code has ended with `result`. */
export function exitFrame(context: Context, frame: Frame, result: FrameResult): FrameResult {
  context.workspaces.giveBack(frame.workspace);
  const creates = frame.kind === "create" || frame.kind === "create2";
  const kept = creates && result.halt === null ? deposit(context, frame, result) : result;
  return leave(context, frame.gasLimit, kept);
}

/** The result of a frame that lost all its gas and changes. */
export function failed(signal: halts.HaltSignal): FrameResult {
  return { halt: signal.halt, output: NO_BYTES, gasLeft: 0 };
}

export function isCreation(kind: FrameKind): boolean {
  return kind === "create" || kind === "create2";
}

/** Keeps or drops what the frame changed. */
function leave(context: Context, gas: number, result: FrameResult): FrameResult {
  const { view, journal } = context;
  if (context.tracing) {
    view.exitFrame(BigInt(gas - result.gasLeft), result.halt === null);
  }
  if (result.halt === null) {
    view.commit();
    journal.commit();
  } else {
    view.revert();
    journal.revert();
  }
  return result;
}

function runPrecompile({ precompiles }: Context, message: CallMessage): FrameResult {
  const result = precompiles.run(message.codeAddress, message.calldata.bytes, message.gas);
  if (typeof result === "string") {
    return failed(result === "OutOfGas" ? halts.OUT_OF_GAS : halts.PRECOMPILE_FAILED);
  }
  return { halt: null, output: result.output, gasLeft: message.gas - result.gasUsed };
}

/** There is a contract already: a nonce, code or (EIP-7610) storage. */
function collides({ schedule, view }: Context, address: Address): boolean {
  if (!schedule.spuriousDragon && !view.exists(address)) {
    return false;
  }
  return (
    view.nonce(address) > 0n ||
    view.codeHash(address) !== EMPTY_CODE_HASH ||
    view.hasStorage(address)
  );
}

/** Stores the code that the init code returned, if its size, first byte and price allow it. */
function deposit(context: Context, frame: Frame, result: FrameResult): FrameResult {
  const { schedule, view } = context;
  const code = result.output;
  if (schedule.spuriousDragon && code.length > schedule.maxCodeSize && !context.unlimitedCodeSize) {
    return failed(halts.CODE_SIZE_EXCEEDED);
  }
  // As the stock network names it, where the deposit cannot be paid either.
  if (schedule.rejectsEfCode && code[0] === 0xef) {
    return failed(halts.INVALID_CODE);
  }
  const gasLeft = result.gasLeft - code.length * schedule.createDataByte;
  if (gasLeft < 0) {
    // Frontier leaves a contract without code.
    return schedule.homestead ? failed(halts.OUT_OF_GAS) : { ...result, output: NO_BYTES };
  }
  if (code.length > 0) {
    view.setCode(frame.address, code);
  }
  return { halt: null, output: code, gasLeft };
}

/** Returns false if the value does not fit into the balance of the called account. */
function moveValueOfCall(context: Context, message: CallMessage): boolean {
  const { kind, caller, address } = message;
  if (kind === "delegatecall") {
    observeAccount(context, caller);
    observeAccount(context, address);
    return true;
  }
  takeValue(context, caller, message.value);
  observeAccount(context, address);
  return giveValue(context, address, message.value);
}

function takeValue(context: Context, caller: Address, value: bigint): void {
  observeAccount(context, caller);
  if (value !== 0n) {
    context.view.debit(caller, value);
    bringToLife(context, caller);
  }
}

function giveValue(context: Context, address: Address, value: bigint): boolean {
  if (value !== 0n) {
    if (context.view.creditOverflows(address, value)) {
      return false;
    }
    context.view.credit(address, value);
  }
  bringToLife(context, address);
  return true;
}

/** Touches the account (EIP-161); before that EIP, touching makes an account exist. */
function bringToLife({ schedule, view, journal }: Context, address: Address): void {
  journal.touch(address);
  if (!schedule.spuriousDragon) {
    view.create(address);
  }
}

/** Before EIP-161 whether an account exists is observable, and a frame observes both its accounts. */
function observeAccount({ schedule, view }: Context, address: Address): void {
  if (!schedule.spuriousDragon) {
    view.exists(address);
  }
}

/** The same observation from within the frame: only a trace tells the difference. */
function observeRunningAccount(context: Context, address: Address): void {
  if (context.tracing) {
    observeAccount(context, address);
  }
}
