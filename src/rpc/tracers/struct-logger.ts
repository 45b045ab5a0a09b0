/**
 * The default tracer of debug_traceTransaction and debug_traceCall: one entry per opcode, as
 * Hardhat 2 shows it.
 *
 * Owns: the entries. Does not own: execution; steps come from the engine.
 */
import type { EngineStep } from "../../execution/engine/engine";
import { bytesToHex } from "../../state/bytes";
import type { Address } from "../../state/hex";
import { CREATES, gasHandedOn, stepGas } from "./step-gas";
import type { TracedExecution, Tracer } from "./tracer";

export interface StructLoggerConfig {
  readonly disableStorage?: boolean;
  readonly disableMemory?: boolean;
  readonly disableStack?: boolean;
}

export interface StructLog {
  readonly depth: number;
  /** gas left before the opcode */
  readonly gas: number;
  /** gas that the opcode takes, with what it hands to an inner message */
  readonly gasCost: number;
  readonly op: string;
  readonly pc: number;
  readonly memory?: readonly string[];
  readonly stack?: readonly string[];
  readonly storage?: Readonly<Record<string, string>>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NO_ADDRESS: Address = `0x${"00".repeat(20)}`;
const STOP = 0x00;
const SLOAD = 0x54;
const SSTORE = 0x55;
const WORD = 32;

export class StructLogger implements Tracer {
  readonly #config: StructLoggerConfig;
  readonly #logs: StructLog[] = [];
  /** Slots that the opcodes so far have read or written, by account. */
  readonly #storage = new Map<Address, Record<string, string>>();
  /** What an opcode did is known at the next step. */
  #previous: { readonly step: EngineStep; readonly log: Writable<StructLog> } | null = null;

  constructor(config: StructLoggerConfig) {
    this.#config = config;
  }

  readonly observers = { onStep: (step: EngineStep) => this.#onStep(step) };

  #onStep(step: EngineStep): void {
    this.#finish(step);
    const log = this.#logOf(step);
    this.#logs.push(log);
    this.#previous = { step, log };
  }

  #logOf(step: EngineStep): Writable<StructLog> {
    const log: Writable<StructLog> = {
      depth: step.depth + 1,
      gas: Number(step.gasLeft),
      gasCost: Number(stepGas(step)),
      op: step.opcodeName,
      pc: step.pc,
    };
    if (this.#config.disableMemory !== true) {
      log.memory = words(step.memory);
    }
    if (this.#config.disableStack !== true) {
      log.stack = step.stack.map(word);
    }
    if (this.#config.disableStorage !== true) {
      this.#store(step);
      log.storage = { ...this.#storage.get(step.address) };
    }
    return log;
  }

  result({ outcome }: TracedExecution): object {
    const returned = bytesToHex(outcome.returnData);
    const last = this.#previous;
    if (outcome.halt?.reason === "OutOfGas" && last !== null) {
      last.log.gasCost = last.log.gas;
    }
    // The stock network drops a STOP that its engine reports before anything else.
    const structLogs = this.#logs[0]?.op === "STOP" ? this.#logs.slice(1) : this.#logs;
    return {
      failed: outcome.status === 0,
      gas: Number(outcome.gasUsed),
      returnValue: returned === "0x" ? "" : returned,
      structLogs,
    };
  }

  #store(step: EngineStep): void {
    const slot = step.stack.at(-1);
    const value = step.stack.at(-2);
    if (step.opcode === SSTORE && slot !== undefined && value !== undefined) {
      this.#remember(step.address, slot, value);
    }
  }

  #finish(next: EngineStep): void {
    const previous = this.#previous;
    if (previous === null || next.depth !== previous.step.depth) {
      return;
    }
    const { step, log } = previous;
    const result = next.stack.at(-1);
    if (step.opcode === SLOAD && result !== undefined && log.storage !== undefined) {
      this.#remember(step.address, step.stack.at(-1) ?? 0n, result);
      log.storage = { ...this.#storage.get(step.address) };
    }
    const hasInitCode = step.stack.at(-3) !== 0n;
    if (CREATES.has(step.opcode) && !hasInitCode && result !== undefined && result !== 0n) {
      this.#logs.push(this.#emptyCreation(step));
    }
  }

  /** Stock's engine runs a STOP where a creation has no init code (a call to no code runs nothing). */
  #emptyCreation(step: EngineStep): StructLog {
    return this.#logOf({
      pc: 0,
      opcode: STOP,
      opcodeName: "STOP",
      gasLeft: gasHandedOn(step),
      gasCost: 0n,
      depth: step.depth + 1,
      stack: [],
      memory: new Uint8Array(0),
      // the new account, which no step can name: it has no storage
      address: NO_ADDRESS,
      gasRefund: step.gasRefund,
    });
  }

  #remember(address: Address, slot: bigint, value: bigint): void {
    const slots = this.#storage.get(address) ?? {};
    slots[word(slot)] = word(value);
    this.#storage.set(address, slots);
  }
}

function words(memory: Uint8Array): readonly string[] {
  const hex = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength).toString("hex");
  const result: string[] = [];
  for (let start = 0; start < hex.length; start += WORD * 2) {
    result.push(hex.slice(start, start + WORD * 2));
  }
  return result;
}

function word(value: bigint): string {
  return value.toString(16).padStart(WORD * 2, "0");
}
