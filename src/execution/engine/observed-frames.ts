/**
 * Tells a FrameObserver what the EVM does: opcodes that begin frames, failed attempts to begin one,
 * logs and SELFDESTRUCT.
 *
 * Owns: the opcode table that is used while frames are observed, and the shape of what is told. Does
 * not own: when a frame that runs is entered and left (view-evm.ts).
 */
import { EVMError, type EVMResult, type Message as EvmMessage } from "@ethereumjs/evm";
import type { Address as EthereumjsAddress } from "@ethereumjs/util";
import type { FrameKind } from "../../access-log/block-record";
import { bytesToHex } from "../../state/bytes";
import type { Address } from "../../state/hex";
import type { ForkRules } from "../fork-rules";
import type { Halt } from "../outcome";
import type { EnteredFrame, FrameObserver, LeftFrame } from "./frame-observer";
import { haltOf } from "./halt-reason";
import type { MessageContext } from "./message-context";
import { isFailure } from "./message-result";
import {
  OPCODE,
  type OpcodeEntry,
  type OpcodeHandler,
  type RunState,
  runningAddress,
} from "./opcodes";

const FRAME_KINDS: ReadonlyMap<number, FrameKind> = new Map([
  [OPCODE.CREATE, "create"],
  [OPCODE.CALL, "call"],
  [OPCODE.CALLCODE, "callcode"],
  [OPCODE.DELEGATECALL, "delegatecall"],
  [OPCODE.CREATE2, "create2"],
  [OPCODE.STATICCALL, "staticcall"],
]);
const LOG0 = 0xa0;
const LOG4 = 0xa4;
const CALL_DEPTH_LIMIT = 1024;
const CALL_STIPEND = 2300n;
const ADDRESS_MASK = (1n << 160n) - 1n;
const NOTHING = new Uint8Array(0);

/** Counts frames, so that an opcode knows whether it has begun one. */
export class CountingObserver implements FrameObserver {
  readonly #observer: FrameObserver;
  entered = 0;
  /** Refund counter before the SSTORE that runs: ethereumjs counts it before it tells of the step. */
  refundBeforeStore = 0n;
  /** The opcode that ends the frame is none, rather than INVALID. */
  metUndefinedOpcode = false;

  constructor(observer: FrameObserver) {
    this.#observer = observer;
  }

  enter(frame: EnteredFrame): void {
    this.entered += 1;
    this.#observer.enter(frame);
  }

  exit(end: LeftFrame): void {
    this.#observer.exit(end);
  }

  log(log: Parameters<FrameObserver["log"]>[0]): void {
    this.#observer.log(log);
  }
}

/** A copy of the table whose handlers tell `observer()`, which is asked while a message runs. */
export function observeFrames<Entry extends OpcodeEntry>(
  map: readonly Entry[],
  context: MessageContext,
  observer: () => CountingObserver,
): Entry[] {
  return map.map((entry, code) => {
    // opcodes that the fork does not have share the entry of INVALID
    if (entry.opcodeInfo.code !== code) {
      return { ...entry, ...undefinedOpcode(entry.opcodeInfo, code, observer) };
    }
    const kind = FRAME_KINDS.get(code);
    if (kind !== undefined) {
      return { ...entry, opHandler: beginning(entry.opHandler, kind, context, observer) };
    }
    if (code === OPCODE.SELFDESTRUCT) {
      return { ...entry, opHandler: destroying(entry.opHandler, context, observer) };
    }
    if (code === OPCODE.SSTORE) {
      const { gasHandler } = entry;
      return {
        ...entry,
        gasHandler: (runState, gas, common) => {
          observer().refundBeforeStore = runState.gasRefund;
          return gasHandler(runState, gas, common);
        },
      };
    }
    return code >= LOG0 && code <= LOG4
      ? { ...entry, opHandler: logging(entry.opHandler, observer) }
      : entry;
  });
}

/** An entry of its own for an opcode that there is not: it is told apart from INVALID. */
function undefinedOpcode<Info extends object>(
  invalid: Info,
  code: number,
  observer: () => CountingObserver,
): { readonly opcodeInfo: Info; readonly opHandler: OpcodeHandler } {
  return {
    // isInvalid: what ethereumjs refuses without a call of the handler
    opcodeInfo: { ...invalid, code, fullName: "Unknown", isInvalid: false },
    opHandler: () => {
      observer().metUndefinedOpcode = true;
      throw new EVMError(EVMError.errorMessages.INVALID_OPCODE);
    },
  };
}

function beginning(
  original: OpcodeHandler,
  kind: FrameKind,
  context: MessageContext,
  observer: () => CountingObserver,
): OpcodeHandler {
  return async (runState, common) => {
    context.frameKind = kind;
    const attempt = attemptOf(runState, kind);
    const { entered } = observer();
    await original(runState, common);
    if (observer().entered === entered) {
      const reason = runState.env.depth >= CALL_DEPTH_LIMIT ? "CallTooDeep" : "InsufficientBalance";
      observer().enter(attempt);
      observer().exit({ gasUsed: 0n, output: NOTHING, halt: { kind: "halt", reason } });
    }
  };
}

/** What the opcode asks for; its gas handler has run. */
function attemptOf(runState: RunState, kind: FrameKind): EnteredFrame {
  const from = runningAddress(runState);
  const gas = runState.messageGasLimit ?? 0n;
  if (kind === "create" || kind === "create2") {
    const [value = 0n, offset = 0n, length = 0n] = runState.stack.peek(3);
    return { kind, from, to: null, value, input: read(runState, offset, length), gas };
  }
  if (kind === "call" || kind === "callcode") {
    const [, callee = 0n, value = 0n, offset = 0n, length = 0n] = runState.stack.peek(5);
    return {
      kind,
      from,
      to: addressOf(callee),
      value,
      input: read(runState, offset, length),
      gas: value > 0n ? gas + CALL_STIPEND : gas,
    };
  }
  const [, callee = 0n, offset = 0n, length = 0n] = runState.stack.peek(4);
  const value = kind === "delegatecall" ? runState.interpreter.getCallValue() : 0n;
  return {
    kind,
    from,
    to: addressOf(callee),
    value,
    input: read(runState, offset, length),
    gas,
  };
}

function destroying(
  original: OpcodeHandler,
  context: MessageContext,
  observer: () => CountingObserver,
): OpcodeHandler {
  return (runState, common) => {
    const from = runningAddress(runState);
    const [heir = 0n] = runState.stack.peek(1);
    const value = context.view.balance(from);
    observer().enter({
      kind: "selfdestruct",
      from,
      to: addressOf(heir),
      value,
      input: NOTHING,
      gas: 0n,
    });
    observer().exit({ gasUsed: 0n, output: NOTHING });
    return original(runState, common);
  };
}

function logging(original: OpcodeHandler, observer: () => CountingObserver): OpcodeHandler {
  return (runState, common) => {
    const done = original(runState, common);
    const log = runState.interpreter._result.logs.at(-1);
    if (log !== undefined) {
      const [address, topics, data] = log;
      observer().log({
        address: bytesToHex(address),
        topics: topics.map(bytesToHex),
        data: bytesToHex(data),
      });
    }
    return done;
  };
}

/** Before value moves and code is loaded. */
export function enteredCall(
  message: EvmMessage & { readonly to: EthereumjsAddress },
  kind: FrameKind,
): EnteredFrame {
  return {
    kind,
    from: bytesToHex(kind === "delegatecall" ? message.to.bytes : message.caller.bytes),
    to: bytesToHex(message.codeAddress.bytes),
    value: message.value,
    input: message.data.slice(),
    gas: message.gasLimit,
  };
}

/** Before the init code runs. */
export function enteredCreation(message: EvmMessage, kind: FrameKind): EnteredFrame {
  return {
    kind,
    from: bytesToHex(message.caller.bytes),
    to: null,
    value: message.value,
    input: message.data.slice(),
    gas: message.gasLimit,
  };
}

export function leftFrame(
  { execResult, createdAddress }: EVMResult,
  isPrecompile: boolean,
  observer: CountingObserver,
  rules: ForkRules,
): LeftFrame {
  const { executionGasUsed, returnValue, exceptionError } = execResult;
  const halt = isFailure(exceptionError, rules) ? haltOf(exceptionError, isPrecompile) : undefined;
  return {
    gasUsed: executionGasUsed,
    output: returnValue,
    ...(halt === undefined ? {} : { halt: observedHalt(halt, observer) }),
    ...(createdAddress === undefined ? {} : { createdAddress: bytesToHex(createdAddress.bytes) }),
  };
}

/** An observer is told more than the outcome says. */
function observedHalt(halt: Halt, observer: CountingObserver): Halt {
  const { metUndefinedOpcode } = observer;
  observer.metUndefinedOpcode = false;
  if (metUndefinedOpcode && halt.reason === "InvalidOpcode") {
    return { kind: "halt", reason: "UndefinedOpcode" };
  }
  return halt;
}

function addressOf(word: bigint): Address {
  return `0x${(word & ADDRESS_MASK).toString(16).padStart(40, "0")}`;
}

function read(runState: RunState, offset: bigint, length: bigint): Uint8Array {
  return length === 0n ? NOTHING : runState.memory.read(Number(offset), Number(length)).slice();
}
