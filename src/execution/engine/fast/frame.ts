/** One call frame of the interpreter. Owns: its registers. Does not own: what outlives it. */
import type { FrameKind } from "../../../access-log/block-record";
import type { Address } from "../../../state/hex";
import type { Calldata } from "./calldata";
import type { CodeAnalysis } from "./code-analysis";
import { OUT_OF_GAS } from "./halt";
import { MAX_MEMORY_BYTES, type Memory } from "./memory";
import type { FrameRegion } from "./wasm/linear-memory";
import type { Workspace } from "./workspace";

const NO_BYTES = new Uint8Array(0);

export class Frame {
  readonly kind: FrameKind;
  readonly analysis: CodeAnalysis;
  /** account whose storage and balance the frame acts on */
  readonly address: Address;
  readonly caller: Address;
  readonly value: bigint;
  readonly calldata: Calldata;
  readonly isStatic: boolean;
  readonly depth: number;
  /** gas the frame began with */
  readonly gasLimit: number;
  /** gas left */
  gas: number;
  /** gas taken off by `charge` so far: of what touches state and memory, not of opcodes alone */
  charged = 0;
  /** gas below which compiled code gives the frame back at its next jump backwards (PAUSED) */
  pauseBelow = Number.NEGATIVE_INFINITY;
  pc = 0;
  readonly workspace: Workspace;
  readonly stack: bigint[];
  /** number of items on the stack */
  sp = 0;
  readonly memory: Memory;
  /** RETURNDATA of the last inner call; the output of a frame that reverts */
  returnData: Uint8Array = NO_BYTES;
  /** Where in memory the output of the call that is running goes, in bytes. */
  outputStart = 0;
  outputLength = 0;
  /** where its memory and calldata lie for WebAssembly, once that has run it */
  region: FrameRegion | null = null;
  #addressWord: bigint | null = null;
  #callerWord: bigint | null = null;

  constructor(
    workspace: Workspace,
    kind: FrameKind,
    analysis: CodeAnalysis,
    address: Address,
    caller: Address,
    value: bigint,
    calldata: Calldata,
    gas: number,
    isStatic: boolean,
    depth: number,
  ) {
    this.workspace = workspace;
    this.stack = workspace.stack;
    this.memory = workspace.memory;
    this.kind = kind;
    this.analysis = analysis;
    this.address = address;
    this.caller = caller;
    this.value = value;
    this.calldata = calldata;
    this.gasLimit = gas;
    this.gas = gas;
    this.isStatic = isStatic;
    this.depth = depth;
  }

  /** ADDRESS */
  get addressWord(): bigint {
    this.#addressWord ??= BigInt(this.address);
    return this.#addressWord;
  }

  /** CALLER */
  get callerWord(): bigint {
    this.#callerWord ??= BigInt(this.caller);
    return this.#callerWord;
  }

  /** Takes gas off; throws OUT_OF_GAS. */
  charge(gas: number): void {
    this.charged += gas;
    this.gas -= gas;
    if (this.gas < 0) {
      throw OUT_OF_GAS;
    }
  }

  /** Pays for and activates a memory range; returns its offset as a number (0 for an empty range). */
  activate(offset: bigint, length: bigint): number {
    if (length === 0n) {
      return 0;
    }
    const end = offset + length;
    if (end > MAX_MEMORY_BYTES) {
      throw OUT_OF_GAS;
    }
    this.reach(Number(end));
    return Number(offset);
  }

  /** Pays for and activates memory up to `end` bytes, which may be inexact beyond 2^53. */
  reach(end: number): void {
    if (end <= this.memory.size) {
      return;
    }
    if (end > MAX_MEMORY_BYTES) {
      throw OUT_OF_GAS;
    }
    this.charge(this.memory.expansionGas(end));
    this.memory.expand(end);
  }

  /** gas to activate a memory range, Infinity beyond what can be paid; changes nothing */
  expansionGas(offset: bigint, length: bigint): number {
    if (length === 0n) {
      return 0;
    }
    const end = offset + length;
    return end > MAX_MEMORY_BYTES
      ? Number.POSITIVE_INFINITY
      : this.memory.expansionGas(Number(end));
  }

  /** Activates a memory range that has been paid for; returns its offset (0 for an empty range). */
  expand(offset: bigint, length: bigint): number {
    if (length === 0n) {
      return 0;
    }
    this.memory.expand(Number(offset + length));
    return Number(offset);
  }

  /** Charges `perWord` for every started word of `length`; throws OUT_OF_GAS. */
  chargeWords(length: bigint, perWord: number): void {
    if (length > MAX_MEMORY_BYTES) {
      throw OUT_OF_GAS;
    }
    this.charge(Math.ceil(Number(length) / 32) * perWord);
  }
}
