/**
 * Finds the states of a code: abstract interpretation from its beginning with every word on the stack
 * either known or not.
 *
 * From block to block only known words that are jump destinations are kept: return addresses. A counter that
 * is known at first does not make a state for each of its values.
 *
 * Hostile code: work is bounded by `limits`, whatever the code. A place that is entered in too many ways
 * is entered once more in the most general way (no word known), and its jumps are dynamic then; beyond that,
 * edges leave.
 */
import { type CodeAnalysis, isDestination } from "../code-analysis";
import { cutAtStackLimit, decodeBlock } from "./basic-block";
import type {
  BasicBlock,
  BlockState,
  ControlFlow,
  Exit,
  LeftOut,
  Step,
  Target,
} from "./control-flow";
import { foldConstant, runStep, type StackMachine } from "./walk-steps";

const STACK_LIMIT = 1024;

export interface ExplorationLimits {
  readonly states: number;
  /** of all states together */
  readonly steps: number;
  /** states of one basic block before its entries are generalised */
  readonly statesOfBlock: number;
  /** items on the stack at entry of a state */
  readonly height: number;
}

export interface Root {
  readonly pc: number;
  readonly height: number;
}

export interface Exploration {
  /** static gas by opcode, as Schedule.opcodeGas: of one set of rules */
  readonly opcodeGas: Int32Array;
  readonly limits: ExplorationLimits;
  /**
   * Is this side of a branch worth compiling? Others are left out. Absent: all are.
   * @param pc where the branch goes
   */
  readonly isReached?: (pc: number) => boolean;
  /** Where frames were that came from a dynamic jump: entered with nothing known of the stack. */
  readonly roots?: readonly Root[];
}

/** A state knows at most this many words, those nearest to the top: bounds the work per edge. */
const MAX_KNOWN = 32;

export function exploreControlFlow(analysis: CodeAnalysis, exploration: Exploration): ControlFlow {
  return new Explorer(analysis, exploration).run();
}

type Word = bigint | null;
type Known = ReadonlyMap<number, bigint>;

interface OpenState {
  readonly id: number;
  readonly pc: number;
  readonly height: number;
  readonly known: Known;
}

const CONSTANTS: StackMachine<Word> = {
  constant: (word) => word,
  operate: foldConstant,
};
const NOTHING_KNOWN: Known = new Map();

class Explorer {
  readonly #analysis: CodeAnalysis;
  readonly #exploration: Exploration;
  readonly #blocks = new Map<number, BasicBlock>();
  readonly #ids = new Map<string, number>();
  readonly #statesAt = new Map<number, number[]>();
  readonly #open: OpenState[] = [];
  #steps = 0;
  readonly #leftOut = { dynamic: 0, notReached: 0, overLimit: 0 } satisfies LeftOut;

  constructor(analysis: CodeAnalysis, exploration: Exploration) {
    this.#analysis = analysis;
    this.#exploration = exploration;
  }

  run(): ControlFlow {
    const entries = [{ pc: 0, height: 0 }, ...(this.#exploration.roots ?? [])];
    const roots = entries.flatMap(({ pc, height }) => {
      const id = this.#enter(pc, height, NOTHING_KNOWN);
      return id === null ? [] : [id];
    });
    const states: BlockState[] = [];
    // The list grows while states are found.
    for (const open of this.#open) {
      states.push(this.#explore(open));
    }
    return {
      code: this.#analysis.code,
      states,
      roots,
      statesAt: this.#statesAt,
      steps: this.#steps,
      leftOut: this.#leftOut,
    };
  }

  #explore({ id, pc, height, known }: OpenState): BlockState {
    const whole = this.#blockAt(pc);
    const fits = height >= whole.need && height + whole.growth <= STACK_LIMIT;
    const cut = fits ? null : cutAtStackLimit(whole, this.#exploration.opcodeGas, height);
    const block = cut?.block ?? whole;
    const stack = Array.from({ length: height }, (_, place): Word => known.get(place) ?? null);
    const last = block.steps.at(-1);
    for (const step of block.steps) {
      if (step !== last) {
        runStep(CONSTANTS, stack, step);
      }
    }
    const exit: Exit =
      cut === null ? this.#exitOf(block, stack, last) : { kind: "halt", reason: cut.reason };
    return { id, block, height, known, exit };
  }

  /** @param stack before the last step; changed */
  #exitOf(block: BasicBlock, stack: Word[], last: Step | undefined): Exit {
    const top = stack.at(-1) ?? null;
    const condition = stack.at(-2) ?? null;
    if (last !== undefined) {
      runStep(CONSTANTS, stack, last);
    }
    switch (block.ending) {
      case "jump":
        return { kind: "jump", target: this.#jump(top, stack, false) };
      case "branch":
        if (condition !== null) {
          return {
            kind: "jump",
            target:
              condition === 0n ? this.#follow(block.end, stack) : this.#jump(top, stack, false),
          };
        }
        return {
          kind: "branch",
          taken: this.#jump(top, stack, true),
          next: this.#isReached(block.end)
            ? this.#follow(block.end, stack)
            : this.#leave("notReached", block.end),
        };
      case "call":
        return { kind: "call", next: this.#follow(block.end, stack) };
      case "fall":
        return { kind: "fall", next: this.#follow(block.end, stack) };
      case "end":
        return { kind: "end" };
      case "halt":
        return { kind: "halt", reason: "opcode" };
    }
  }

  #jump(word: Word, stack: readonly Word[], conditional: boolean): Target {
    if (word === null) {
      this.#leftOut.dynamic++;
      return { kind: "dynamic" };
    }
    if (!this.#isDestination(word)) {
      return { kind: "invalid" };
    }
    const pc = Number(word);
    return conditional && !this.#isReached(pc)
      ? this.#leave("notReached", pc)
      : this.#follow(pc, stack);
  }

  #follow(pc: number, stack: readonly Word[]): Target {
    const known = new Map<number, bigint>();
    for (let place = stack.length - 1; place >= 0 && known.size < MAX_KNOWN; place--) {
      const word = stack[place];
      if (typeof word === "bigint" && this.#isDestination(word)) {
        known.set(place, word);
      }
    }
    const id = this.#enter(pc, stack.length, known);
    return id === null ? this.#leave("overLimit", pc) : { kind: "state", id };
  }

  /** The id of the state; null beyond a limit. */
  #enter(pc: number, height: number, known: Known): number | null {
    const { limits } = this.#exploration;
    const key = keyOf(pc, height, known);
    const same = this.#ids.get(key);
    if (same !== undefined) {
      return same;
    }
    const here = this.#statesAt.get(pc) ?? [];
    const general = known.size === 0;
    // Generalised entries differ in height alone; there are as many of them at most as of all others.
    if (here.length >= limits.statesOfBlock * (general ? 2 : 1)) {
      return general ? null : this.#enter(pc, height, NOTHING_KNOWN);
    }
    const steps = this.#steps + this.#blockAt(pc).steps.length;
    if (this.#open.length >= limits.states || steps > limits.steps || height > limits.height) {
      return null;
    }
    const id = this.#open.length;
    this.#steps = steps;
    this.#ids.set(key, id);
    this.#statesAt.set(pc, [...here, id]);
    this.#open.push({ id, pc, height, known });
    return id;
  }

  #leave(reason: "notReached" | "overLimit", pc: number): Target {
    this.#leftOut[reason]++;
    return { kind: "leave", pc, reason };
  }

  #isReached(pc: number): boolean {
    return this.#exploration.isReached?.(pc) ?? true;
  }

  #isDestination(word: bigint): boolean {
    return isDestination(this.#analysis.jumpDestinations, Number(word));
  }

  #blockAt(pc: number): BasicBlock {
    let block = this.#blocks.get(pc);
    if (block === undefined) {
      block = decodeBlock(this.#analysis, this.#exploration.opcodeGas, pc);
      this.#blocks.set(pc, block);
    }
    return block;
  }
}

function keyOf(pc: number, height: number, known: Known): string {
  const words = [...known].map(([place, word]) => `${place}=${word}`);
  return `${pc}:${height}:${words.join()}`;
}
