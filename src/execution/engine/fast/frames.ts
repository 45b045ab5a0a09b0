/**
 * Messages: entering a frame, moving its value, running code or a precompile, leaving it with or
 * without its changes (yellow paper, sections 7 and 8).
 */

import { MAX_FRAME_INPUT } from "../../../access-log/block-record";
import { keccak256Hex } from "../../../crypto/keccak256";
import { bytesToHex } from "../../../state/bytes";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../../state/hex";
import { delegationTarget } from "../../delegation";
import type { Halt } from "../../outcome";
import { analyseCode } from "./code-analysis";
import type { Context } from "./context";
import { Frame } from "./frame";
import * as halts from "./halt";
import { interpret } from "./interpreter";

const NO_BYTES = new Uint8Array(0);
const BALANCE_LIMIT = 1n << 256n;
export const CONSOLE_ADDRESS: Address = "0x000000000000000000636f6e736f6c652e6c6f67";

export interface CallMessage {
  readonly kind: "call" | "callcode" | "delegatecall" | "staticcall";
  readonly caller: Address;
  readonly address: Address;
  readonly codeAddress: Address;
  readonly value: bigint;
  readonly input: Uint8Array;
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
  readonly gas: number;
  readonly depth: number;
}

export interface FrameResult {
  readonly halt: Halt | null;
  readonly output: Uint8Array;
  readonly gasLeft: number;
}

export function runCall(context: Context, message: CallMessage): FrameResult {
  const { view, journal, precompiles, tracing } = context;
  const transfers = message.kind === "call" || message.kind === "callcode";
  if (message.codeAddress === CONSOLE_ADDRESS) {
    context.hooks?.onConsoleLog?.(message.input);
  }
  view.checkpoint();
  journal.checkpoint();
  const isPrecompile = precompiles.has(message.codeAddress);
  return leave(context, message.gas, () => {
    if (message.kind !== "delegatecall") {
      enterAccounts(context, message, transfers ? message.value : 0n);
    }
    let code: Uint8Array = NO_BYTES;
    let codeHash: Hash = EMPTY_CODE_HASH;
    let codeAddress = message.codeAddress;
    if (!isPrecompile) {
      code = view.code(message.codeAddress);
      codeHash = view.codeHash(message.codeAddress);
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
    if (tracing) {
      view.enterFrame({
        depth: message.depth,
        kind: message.kind,
        caller: message.caller,
        codeAddress,
        codeHash,
        storageOwner: message.address,
        value: message.value,
        input: bytesToHex(message.input.subarray(0, MAX_FRAME_INPUT)),
        inputLength: message.input.length,
      });
    }
    if (isPrecompile) {
      const result = precompiles.run(
        message.codeAddress,
        message.input,
        message.gas,
        context.answers,
      );
      return result.failed
        ? { halt: halts.PRECOMPILE_FAILED.halt, output: NO_BYTES, gasLeft: 0 }
        : { halt: null, output: result.output, gasLeft: message.gas - result.gasUsed };
    }
    if (code.length === 0) {
      return { halt: null, output: NO_BYTES, gasLeft: message.gas };
    }
    const frame = new Frame(
      context.codes.get(codeHash, code),
      message.address,
      message.caller,
      message.value,
      message.input,
      message.gas,
      message.isStatic,
      message.depth,
    );
    return runFrame(context, frame);
  });
}

export function runCreate(context: Context, message: CreateMessage): FrameResult {
  const { schedule, view, journal, tracing } = context;
  if (schedule.warmAccess) {
    journal.warmAddress(message.address);
  }
  view.checkpoint();
  journal.checkpoint();
  return leave(context, message.gas, () => {
    if (tracing) {
      view.enterFrame({
        depth: message.depth,
        kind: message.kind,
        caller: message.caller,
        codeAddress: message.address,
        codeHash: keccak256Hex(message.initCode),
        storageOwner: message.address,
        value: message.value,
        input: "0x",
        inputLength: 0,
      });
    }
    if (collides(context, message.address)) {
      return { halt: halts.CREATE_COLLISION.halt, output: NO_BYTES, gasLeft: 0 };
    }
    journal.markCreated(message.address);
    view.clearStorage(message.address);
    if (schedule.spuriousDragon) {
      view.setNonce(message.address, 1n);
    }
    enterAccounts(context, message, message.value);
    if (message.initCode.length === 0) {
      return { halt: null, output: NO_BYTES, gasLeft: message.gas };
    }
    const frame = new Frame(
      analyseCode(message.initCode),
      message.address,
      message.caller,
      message.value,
      NO_BYTES,
      message.gas,
      false,
      message.depth,
    );
    const result = runFrame(context, frame);
    return result.halt === null ? deposit(context, message, result) : result;
  });
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
function deposit(context: Context, message: CreateMessage, result: FrameResult): FrameResult {
  const { schedule, view } = context;
  const code = result.output;
  const failed = (signal: halts.HaltSignal): FrameResult => ({
    halt: signal.halt,
    output: NO_BYTES,
    gasLeft: 0,
  });
  const tooLarge =
    schedule.spuriousDragon && code.length > schedule.maxCodeSize && !context.unlimitedCodeSize;
  if (tooLarge) {
    return failed(halts.CODE_SIZE_EXCEEDED);
  }
  const gasLeft = result.gasLeft - code.length * schedule.createDataByte;
  if (gasLeft < 0) {
    return schedule.homestead ? failed(halts.OUT_OF_GAS) : { ...result, output: NO_BYTES };
  }
  if (schedule.rejectsEfCode && code[0] === 0xef) {
    return failed(halts.INVALID_CODE);
  }
  if (code.length > 0) {
    view.setCode(message.address, code);
  }
  return { halt: null, output: code, gasLeft };
}

function runFrame(context: Context, frame: Frame): FrameResult {
  try {
    const output = interpret(context, frame);
    return { halt: null, output, gasLeft: frame.gas };
  } catch (signal) {
    if (!(signal instanceof halts.HaltSignal)) {
      throw signal;
    }
    return signal === halts.REVERT
      ? { halt: signal.halt, output: frame.returnData, gasLeft: frame.gas }
      : { halt: signal.halt, output: NO_BYTES, gasLeft: 0 };
  }
}

/** Runs a frame's work and keeps or drops what it changed. */
function leave(context: Context, gas: number, run: () => FrameResult): FrameResult {
  const { view, journal } = context;
  let result: FrameResult;
  try {
    result = run();
  } catch (signal) {
    if (!(signal instanceof halts.HaltSignal)) {
      throw signal;
    }
    result = { halt: signal.halt, output: NO_BYTES, gasLeft: 0 };
  }
  if (result.halt === null) {
    view.commit();
    journal.commit();
  } else {
    view.revert();
    journal.revert();
  }
  if (context.tracing) {
    view.exitFrame(BigInt(gas - result.gasLeft), result.halt === null);
  }
  return result;
}

/** Touches both accounts, makes them exist where that is observable, and moves the value. */
function enterAccounts(
  { schedule, view, journal }: Context,
  { caller, address }: CallMessage | CreateMessage,
  value: bigint,
): void {
  const lives = !schedule.spuriousDragon;
  if (lives) {
    view.exists(caller);
  }
  if (value !== 0n) {
    view.debit(caller, value);
    journal.touch(caller);
    if (lives) {
      view.create(caller);
    }
  }
  if (lives) {
    view.exists(address);
  }
  if (value !== 0n) {
    if (value >= BALANCE_LIMIT || view.creditOverflows(address, value)) {
      throw halts.VALUE_OVERFLOW;
    }
    view.credit(address, value);
  }
  journal.touch(address);
  if (lives) {
    view.create(address);
  }
}
