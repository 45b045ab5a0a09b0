/**
 * What of its block's environment an execution can see, by the opcodes that its code can come to. A
 * replay need not be given what nobody looks at.
 *
 * Owns: the search for opcodes. Does not own: coinbase and gas limit, which count without any opcode
 * (the coinbase is warm, EIP-3651; a call may not have more gas than its block).
 */
import type { FailedExecution } from "../network";
import type { Hash } from "../state/hex";

export interface EnvironmentUse {
  /** NUMBER, and BLOCKHASH, which is relative to it */
  readonly number: boolean;
  readonly timestamp: boolean;
  readonly prevRandao: boolean;
}

export const WHOLE_ENVIRONMENT: EnvironmentUse = {
  number: true,
  timestamp: true,
  prevRandao: true,
};

/** What the code of an execution may do. */
export interface CodeUse extends EnvironmentUse {
  /** runs init code that is made as it runs, which may do anything */
  readonly creates: boolean;
}

const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const BLOCKHASH = 0x40;
const TIMESTAMP = 0x42;
const NUMBER = 0x43;
const PREVRANDAO = 0x44;
const CREATE = 0xf0;
const CREATE2 = 0xf5;
/** STOP, JUMP, RETURN, REVERT, INVALID, SELFDESTRUCT: what follows is come to by a jump alone. */
const ENDS: ReadonlySet<number> = new Set([0x00, 0x56, 0xf3, 0xfd, 0xfe, 0xff]);

/** Opcodes that the code may come to: every one that it does come to is in the set. */
export function reachableOpcodes(code: Uint8Array): ReadonlySet<number> {
  const opcodes = new Set<number>();
  let reachable = true;
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc] ?? 0;
    reachable ||= opcode === JUMPDEST;
    if (reachable) {
      opcodes.add(opcode);
      reachable = !ENDS.has(opcode);
    }
    if (opcode >= PUSH1 && opcode <= PUSH32) {
      pc += opcode - PUSH1 + 1;
    }
  }
  return opcodes;
}

/** code hashes that are kept; enough for any project */
const MAX_KNOWN = 10_000;

export class CodeUses {
  readonly #known = new Map<Hash, CodeUse>();

  /** What the code of the accounts that the execution read, and its own init code, may do. */
  of({ request, outcome, preState }: FailedExecution): CodeUse {
    let use = request.to === null ? useOf(request.data) : useOf(NO_CODE);
    for (const read of outcome.reads) {
      if (read.kind === "code") {
        use = either(
          use,
          this.#useOf(read.codeHash, () => preState.code(read.codeHash)),
        );
      }
    }
    return use;
  }

  #useOf(hash: Hash, code: () => Uint8Array): CodeUse {
    let use = this.#known.get(hash);
    if (use === undefined) {
      if (this.#known.size >= MAX_KNOWN) {
        this.#known.clear();
      }
      use = useOf(code());
      this.#known.set(hash, use);
    }
    return use;
  }
}

const NO_CODE = new Uint8Array(0);

function useOf(code: Uint8Array): CodeUse {
  const opcodes = reachableOpcodes(code);
  return opcodes.has(CREATE) || opcodes.has(CREATE2)
    ? { ...WHOLE_ENVIRONMENT, creates: true }
    : {
        number: opcodes.has(NUMBER) || opcodes.has(BLOCKHASH),
        timestamp: opcodes.has(TIMESTAMP),
        prevRandao: opcodes.has(PREVRANDAO),
        creates: false,
      };
}

function either(one: CodeUse, other: CodeUse): CodeUse {
  return {
    number: one.number || other.number,
    timestamp: one.timestamp || other.timestamp,
    prevRandao: one.prevRandao || other.prevRandao,
    creates: one.creates || other.creates,
  };
}
