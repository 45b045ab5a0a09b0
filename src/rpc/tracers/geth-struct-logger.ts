/**
 * The default tracer as Hardhat 3 shows it: geth's format, one entry per opcode.
 *
 * Owns: the entries. Does not own: execution; steps and frames come from the engine.
 */
import type { EngineStep } from "../../execution/engine/engine";
import type { EnteredFrame, FrameObserver } from "../../execution/engine/frame-observer";
import type { Halt } from "../../execution/outcome";
import { bigIntToHex32, bytesToHex } from "../../state/bytes";
import type { Address, Hex } from "../../state/hex";
import { quantity } from "../codec/quantity";
import { instructionResult } from "./frame-errors";
import { stepGas } from "./step-gas";
import type { Tracer } from "./tracer";

export interface GethStructLoggerConfig {
  readonly disableStack?: boolean;
  readonly disableStorage?: boolean;
  readonly enableMemory?: boolean;
  readonly enableReturnData?: boolean;
}

export interface GethStructLog {
  readonly pc: number;
  readonly op: string;
  /** gas left before the opcode */
  readonly gas: number;
  /** gas that the opcode takes, with what it hands to an inner message */
  readonly gasCost: number;
  readonly depth: number;
  readonly error?: string;
  readonly stack?: readonly Hex[];
  readonly returnData?: Hex;
  readonly memory?: readonly Hex[];
  /** the account's slots so far, at an SLOAD or SSTORE */
  readonly storage?: Readonly<Record<Hex, Hex>>;
  readonly refund: number;
}

/** What is known of an opcode only after it ran. */
interface Step {
  readonly before: Omit<GethStructLog, "error" | "storage">;
  readonly opcode: number;
  readonly slot: bigint;
  readonly value: bigint;
  /** account whose storage the opcode can use */
  readonly account: Address;
  error?: string;
  /** slots of the account that opcodes so far have read or written, at an SLOAD or SSTORE */
  storage?: ReadonlyMap<bigint, bigint>;
}

interface OpenFrame {
  readonly frame: EnteredFrame;
  /** return data of its last inner message */
  returnData: Hex;
  last: Step | null;
}

const STOP = 0x00;
const SLOAD = 0x54;
const SSTORE = 0x55;
const RETURN = 0xf3;
const WORD = 32;

export function gethStructLogger(config: GethStructLoggerConfig): Tracer {
  const steps: Step[] = [];
  const frames: OpenFrame[] = [];
  const known = new Map<Address, ReadonlyMap<bigint, bigint>>();

  const learn = (step: Step, account: Address, value: bigint): void => {
    step.storage = new Map(known.get(account)).set(step.slot, value);
    known.set(account, step.storage);
  };

  const onStep = (step: EngineStep): void => {
    const frame = frames.at(-1);
    // What an opcode did is known at the next one.
    if (frame?.last?.opcode === SLOAD) {
      learn(frame.last, step.address, step.stack.at(-1) ?? 0n);
    } else if (frame?.last?.opcode === SSTORE) {
      learn(frame.last, step.address, frame.last.value);
    }
    const described = describe(step, config, frame?.returnData ?? "0x");
    steps.push(described);
    if (frame !== undefined) {
      frame.last = described;
    }
  };

  const exit: FrameObserver["exit"] = ({ halt, output, createdAddress }) => {
    const left = frames.pop();
    const last = left?.last;
    if (left !== undefined && last === null && isEmptyCreation(left.frame, halt)) {
      steps.push(emptyCreation(left.frame, frames.length, config));
    }
    if (last?.opcode === SSTORE || last?.opcode === SLOAD) {
      last.storage = known.get(last.account) ?? new Map(); // it failed
    }
    // A creation may fail after its code has returned.
    if (halt?.kind === "halt" && last && last.opcode !== RETURN && last.opcode !== STOP) {
      last.error = `Some(${instructionResult(halt)})`;
    }
    const outer = frames.at(-1);
    if (outer !== undefined) {
      const hasNoData = halt === undefined ? createdAddress !== undefined : halt.kind === "halt";
      outer.returnData = hasNoData ? "0x" : bytesToHex(output);
    }
  };

  return {
    observers: {
      onStep,
      frames: {
        enter: (frame) => frames.push({ frame, returnData: "0x", last: null }),
        exit,
        log: () => undefined,
      },
    },
    result: ({ outcome }) => ({
      failed: outcome.status === 0,
      gas: Number(outcome.gasUsed),
      returnValue: bytesToHex(outcome.returnData),
      structLogs: steps.map((step) => show(step, config)),
    }),
  };
}

function describe(step: EngineStep, config: GethStructLoggerConfig, returnData: Hex): Step {
  return {
    before: {
      pc: step.pc,
      op: step.opcodeName,
      gas: Number(step.gasLeft),
      gasCost: Number(stepGas(step)),
      depth: step.depth + 1,
      ...(config.disableStack === true ? {} : { stack: step.stack.map(quantity) }),
      ...(config.enableReturnData === true ? { returnData } : {}),
      ...(config.enableMemory === true ? { memory: words(step.memory) } : {}),
      refund: Number(step.gasRefund),
    },
    opcode: step.opcode,
    slot: step.stack.at(-1) ?? 0n,
    value: step.stack.at(-2) ?? 0n,
    account: step.address,
  };
}

/** The stock engine runs a STOP where a creation has no init code (a call to no code runs nothing). */
function isEmptyCreation({ kind, input }: EnteredFrame, halt: Halt | undefined): boolean {
  return (kind === "create" || kind === "create2") && input.length === 0 && halt === undefined;
}

function emptyCreation(frame: EnteredFrame, depth: number, config: GethStructLoggerConfig): Step {
  const step = {
    pc: 0,
    opcode: STOP,
    opcodeName: "STOP",
    gasLeft: frame.gas,
    gasCost: 0n,
    depth,
    stack: [],
    memory: new Uint8Array(0),
    address: frame.from,
    gasRefund: 0n,
  };
  return describe(step, config, "0x");
}

function show(step: Step, config: GethStructLoggerConfig): GethStructLog {
  const { pc, op, gas, gasCost, depth, refund, ...shown } = step.before;
  const storage =
    step.storage === undefined || config.disableStorage === true
      ? {}
      : { storage: storageJson(step.storage) };
  return {
    pc,
    op,
    gas,
    gasCost,
    depth,
    ...(step.error === undefined ? {} : { error: step.error }),
    ...shown,
    ...storage,
    refund,
  };
}

function storageJson(storage: ReadonlyMap<bigint, bigint>): Readonly<Record<Hex, Hex>> {
  const entries = [...storage].sort(([first], [second]) => (first < second ? -1 : 1));
  return Object.fromEntries(
    entries.map(([slot, value]) => [bigIntToHex32(slot), bigIntToHex32(value)]),
  );
}

function words(memory: Uint8Array): readonly Hex[] {
  const result: Hex[] = [];
  for (let start = 0; start < memory.length; start += WORD) {
    result.push(bytesToHex(memory.subarray(start, start + WORD)));
  }
  return result;
}
