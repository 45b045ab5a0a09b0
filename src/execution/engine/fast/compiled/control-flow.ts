/**
 * Control flow of EVM code as compilers see it, whatever they compile to (types only).
 *
 *   BasicBlock   a run of opcodes without a jump in or out: what is in the code
 *   BlockState   a basic block as it is entered with a stack of one height and some known words on it:
 *                what is compiled. One basic block has several states where it is entered differently;
 *                this is how Solidity's return jumps get one known target each.
 *   Exit         how a state ends, with the states that follow it
 *
 * How to compile a state: walk `state.block.steps` with `runStep` (walk-steps.ts) over a symbolic stack of
 * `state.height` items, then follow `state.exit`.
 *
 * Gas. Static gas is charged in segments: before a step with `charge > 0`, take `charge` off, and halt with
 * OUT_OF_GAS if gas is negative then. This equals charging opcode by opcode, because within a segment only
 * the last opcode observes or changes anything that outlives a failed frame (reads of the state, inner
 * frames, preimages in a trace). An opcode that charges by itself or shows the gas must see what the
 * interpreter would: gas + step.prepaid. After its charge, `prepaid` goes off again, and if gas is negative
 * then the frame is out of gas too: it cannot reach the end of the segment.
 *
 * Stack limits are checked here: no step of a state lacks items or exceeds 1024; a state that would
 * ends with `halt` before that step.
 *
 * Leaving. Target `leave` and dynamic jumps give control back: the frame gets its stack, gas and pc, and whoever
 * runs frames goes on with the interpreter there, or enters the state that `findState` (find-state.ts) finds.
 * Every state may be entered so; none assumes more of its entry than pc, height and known words.
 */

export interface ControlFlow {
  readonly code: Uint8Array;
  /** Place in the list = id; the first is the beginning of the code with an empty stack. */
  readonly states: readonly BlockState[];
  /** ids of the states that have to be entered from outside: the first and those of Exploration.roots */
  readonly roots: readonly number[];
  /** ids of the states that begin at a pc */
  readonly statesAt: ReadonlyMap<number, readonly number[]>;
  /** steps of all states: what compiling them costs is proportional to this */
  readonly steps: number;
  readonly leftOut: LeftOut;
}

/** Edges that lead out of the states, by reason. */
export interface LeftOut {
  /** their jump target is known at run time only */
  readonly dynamic: number;
  /** have not been reached so far (see Exploration.isReached) */
  readonly notReached: number;
  /** beyond a limit on states, steps or the height of the stack */
  readonly overLimit: number;
}

export interface BasicBlock {
  /** of the first opcode */
  readonly pc: number;
  /** of what follows the last opcode */
  readonly end: number;
  readonly steps: readonly Step[];
  /** items that must be on the stack */
  readonly need: number;
  /** most items that are on it at any time beyond those at entry */
  readonly growth: number;
  readonly ending: Ending;
}

/**
 * jump, branch: the last step is JUMP or JUMPI. call: it is CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE or
 * CREATE2, and the block that follows begins with its result on the stack. end: STOP (also past the code's
 * end, then without a step), RETURN, REVERT or SELFDESTRUCT. fall: no opcode of its own ends it, a
 * JUMPDEST or the limit on steps follows. halt: the opcode at `end` halts the frame.
 */
export type Ending = "jump" | "branch" | "call" | "end" | "fall" | "halt";

export interface Step {
  readonly pc: number;
  readonly opcode: number;
  /** what a PUSH pushes, else null */
  readonly word: bigint | null;
  /** gas of the segment that begins with this step, charged before it; 0 within a segment */
  readonly charge: number;
  /** gas charged already for later steps of the segment */
  readonly prepaid: number;
}

export interface BlockState {
  readonly id: number;
  readonly block: BasicBlock;
  /** items on the stack at entry */
  readonly height: number;
  /** Words on the stack at entry that are known, by place from the bottom; all are jump destinations. */
  readonly known: ReadonlyMap<number, bigint>;
  readonly exit: Exit;
}

export type Exit =
  | { readonly kind: "jump"; readonly target: Target }
  /** `taken` if the condition is not zero */
  | { readonly kind: "branch"; readonly taken: Target; readonly next: Target }
  | { readonly kind: "call"; readonly next: Target }
  | { readonly kind: "fall"; readonly next: Target }
  | { readonly kind: "end" }
  | { readonly kind: "halt"; readonly reason: "opcode" | "underflow" | "overflow" };

export type Target =
  | { readonly kind: "state"; readonly id: number }
  /** not among the states: the interpreter goes on at `pc`, for good if `overLimit` */
  | { readonly kind: "leave"; readonly pc: number; readonly reason: "notReached" | "overLimit" }
  /** no JUMPDEST: the frame halts with INVALID_JUMP */
  | { readonly kind: "invalid" }
  /** The jump's operand says where at run time; it must be checked to be a JUMPDEST. */
  | { readonly kind: "dynamic" };
