/**
 * The source of one function that runs a code's states.
 *
 *   function run(context, frame, state) {
 *     load the slots of `state` from the frame's stack
 *     for (;;) switch (state) { case 0: …; state = 3; continue; case 3: … }
 *   }
 *
 * A head is a state with a case of its own: the first, one with several predecessors, one after a call, a root.
 * Other states are written where their one predecessor ends. Between heads the stack is in slots s0, s1, …, each
 * in one representation per head, found by running the generator until nothing changes; known words are in
 * no slot. Within a head, items are constants of the function.
 *
 * An edge to a state found no later than the one it leaves looks at the gas, and pauses: ids rise on every other
 * edge, so that there is such an edge in every loop, and it leads to a head.
 *
 * What the source is made of: fixed text, and numbers (of the code's opcodes: places, words, prices) as digits.
 * No byte of a code is ever text, so no code can say what is generated but through the opcodes it has.
 */
import { invariant } from "../../../../../errors/base-error";
import type { BlockState, ControlFlow, Exit, Target } from "../control-flow";
import { CALLS } from "../opcode-facts";
import { runStep, type StackMachine } from "../walk-steps";
import { endOf, HALTS, isControl, leave, spill, writeCall } from "./exits";
import { headsOf } from "./heads";
import {
  asCondition,
  asNumber,
  asRepresentation,
  constantItem,
  type Item,
  joinRepresentations,
  type Representation,
  variableItem,
} from "./item";
import { writeOperation } from "./operations";
import { Writer } from "./writer";

/** States written into each other; deeper ones are heads, so that braces nest and names live shortly. */
const MAX_NESTED = 24;

/** How the slots of a head are represented, from the bottom; undefined: the slot's word is known. */
export type Slots = readonly (Representation | undefined)[];

export interface GeneratedFunction {
  /** the body of a function (context, frame, state) */
  readonly source: string;
  /** by id, for heads: the states that can be entered */
  readonly slots: ReadonlyMap<number, Slots>;
}

export function generateFunction(flow: ControlFlow, wide: ReadonlySet<number>): GeneratedFunction {
  return new Generator(flow, wide).run();
}

class Generator {
  readonly #flow: ControlFlow;
  readonly #wide: ReadonlySet<number>;
  readonly #slots = new Map<number, (Representation | undefined)[]>();
  /** heads whose code has to be written, or written anew */
  readonly #open = new Set<number>();
  readonly #heads = new Set<number>();
  readonly #codes = new Map<number, string>();

  constructor(flow: ControlFlow, wide: ReadonlySet<number>) {
    this.#flow = flow;
    this.#wide = wide;
  }

  run(): GeneratedFunction {
    for (const id of headsOf(this.#flow)) {
      this.#heads.add(id);
    }
    for (const id of this.#flow.roots) {
      const { height, known } = this.#state(id);
      this.#slots.set(
        id,
        Array.from({ length: height }, (_, place) => (known.has(place) ? undefined : "word")),
      );
      this.#open.add(id);
    }
    this.#writeOpenHeads();
    // Now that all slots have their representations.
    for (const id of this.#slots.keys()) {
      this.#open.add(id);
    }
    this.#writeOpenHeads();
    return { source: this.#source(), slots: this.#slots };
  }

  #writeOpenHeads(): void {
    for (const id of this.#open) {
      this.#open.delete(id); // before it is written: writing it may open it again
      const writer = new Writer(id);
      const stack = (this.#slots.get(id) ?? []).map((representation, place) =>
        representation === undefined
          ? constantItem(this.#knownAt(id, place))
          : variableItem(`s${place}`, representation),
      );
      this.#writeState(writer, this.#state(id), stack, 0);
      this.#codes.set(id, writer.text);
    }
  }

  #source(): string {
    const slots = Math.max(0, ...[...this.#slots.values()].map(({ length }) => length));
    const lines = ["const {stack,memory,pauseBelow}=frame;", "let gas=frame.gas;"];
    if (slots > 0) {
      lines.push(`let ${Array.from({ length: slots }, (_, place) => `s${place}=0n`).join(",")};`);
    }
    lines.push("switch(state){");
    for (const [id, representations] of this.#slots) {
      const loads = representations.map((representation, place) =>
        representation === undefined
          ? ""
          : `s${place}=${asRepresentation(variableItem(`stack[${place}]`, "word"), representation)};`,
      );
      lines.push(`case ${id}:${loads.join("")}break;`);
    }
    lines.push("}", "for(;;)switch(state){");
    for (const [id, code] of this.#codes) {
      lines.push(`case ${id}:{`, code, "}");
    }
    lines.push("}");
    return lines.join("\n");
  }

  #writeState(writer: Writer, state: BlockState, stack: Item[], nested: number): void {
    const { block, exit } = state;
    let last: readonly Item[] = [];
    let paid = 0; // gas already charged for the step that is written and later ones
    const machine: StackMachine<Item> = {
      constant: constantItem,
      operate: (step, inputs, below) => {
        last = inputs;
        const before = step.charge > 0 ? step.charge : paid;
        const place = {
          writer,
          codeLength: this.#flow.code.length,
          isWide: this.#wide.has(step.pc),
          leave: () =>
            `${spill([...below, ...inputs.toReversed()])}${leave(step.pc, below.length + inputs.length, before, "TOO_WIDE")}`,
        };
        if (CALLS.has(step.opcode)) {
          return writeCall(writer, step, inputs, below);
        }
        return isControl(step.opcode) ? constantItem(0n) : writeOperation(place, inputs, step);
      },
    };
    for (const step of block.steps) {
      if (step.charge > 0) {
        writer.line(`gas-=${step.charge};if(gas<0){throw OUT_OF_GAS;}`);
      }
      runStep(machine, stack, step);
      paid = step.prepaid;
    }
    this.#writeExit(writer, state, exit, stack, last, nested);
  }

  #writeExit(
    writer: Writer,
    { id, block }: BlockState,
    exit: Exit,
    stack: Item[],
    inputs: readonly Item[],
    nested: number,
  ): void {
    const [top, condition] = inputs;
    switch (exit.kind) {
      case "jump":
        this.#writeEdge(writer, id, exit.target, stack, top, nested);
        break;
      case "branch":
        invariant(condition !== undefined, "a branch has a condition");
        writer.line(`if(${asCondition(condition)}){`);
        this.#writeEdge(writer, id, exit.taken, stack, top, nested);
        writer.line("}");
        this.#writeEdge(writer, id, exit.next, stack, top, nested);
        break;
      case "call":
      case "fall":
        this.#writeEdge(writer, id, exit.next, stack, undefined, nested);
        break;
      case "end":
        writer.line(endOf(block.steps.at(-1), inputs));
        break;
      case "halt":
        writer.line(`throw ${HALTS[exit.reason]};`);
        break;
    }
  }

  /**
   * @param from id of the state that ends
   * @param stack is not changed
   */
  #writeEdge(
    writer: Writer,
    from: number,
    target: Target,
    stack: readonly Item[],
    destination: Item | undefined,
    nested: number,
  ): void {
    switch (target.kind) {
      case "state":
        if (nested >= MAX_NESTED) {
          this.#heads.add(target.id);
        }
        if (this.#heads.has(target.id)) {
          if (target.id <= from) {
            const pause = leave(this.#state(target.id).block.pc, stack.length, 0, "PAUSED");
            writer.line(`if(gas<pauseBelow){${spill(stack)}${pause}}`);
          }
          this.#writeEdgeToHead(writer, target.id, stack);
        } else {
          this.#writeState(writer, this.#state(target.id), [...stack], nested + 1);
        }
        break;
      case "leave":
        writer.line(
          `${spill(stack)}${leave(target.pc, stack.length, 0, target.reason === "notReached" ? "LEFT" : "BEYOND_LIMITS")}`,
        );
        break;
      case "invalid":
        writer.line("throw INVALID_JUMP;");
        break;
      case "dynamic": {
        invariant(destination !== undefined, "a jump has a destination");
        writer.line(`frame.pc=jump(frame.analysis.jumpDestinations,${asNumber(destination)});`);
        writer.line(`${spill(stack)}frame.sp=${stack.length};frame.gas=gas;return JUMPED;`);
        break;
      }
    }
  }

  #writeEdgeToHead(writer: Writer, id: number, stack: readonly Item[]): void {
    const { known } = this.#state(id);
    let slots = this.#slots.get(id);
    if (slots === undefined) {
      slots = stack.map(({ representation }, place) =>
        known.has(place) ? undefined : representation,
      );
      this.#slots.set(id, slots);
      this.#open.add(id);
    }
    const moves: { readonly place: number; readonly item: Item; readonly to: Representation }[] =
      [];
    for (const [place, item] of stack.entries()) {
      const before = slots[place];
      if (before === undefined) {
        continue;
      }
      const representation = joinRepresentations(before, item.representation);
      if (representation !== before) {
        slots[place] = representation;
        this.#open.add(id);
      }
      if (item.name !== `s${place}` || item.representation !== representation) {
        moves.push({ place, item, to: representation });
      }
    }
    // A slot that another one is made from must be read before it is overwritten.
    const read = new Map<string, string>();
    for (const { place, item } of moves) {
      const isOverwritten = moves.some(
        (move) => item.name === `s${move.place}` && move.place !== place,
      );
      if (isOverwritten && !read.has(item.name)) {
        read.set(item.name, writer.define(item.representation, item.name).name);
      }
    }
    const assignments = moves.map(
      ({ place, item, to }) =>
        `s${place}=${asRepresentation({ ...item, name: read.get(item.name) ?? item.name }, to)};`,
    );
    writer.line(`${assignments.join("")}state=${id};continue;`);
  }

  #state(id: number): BlockState {
    const state = this.#flow.states[id];
    invariant(state !== undefined, "a target is among the states");
    return state;
  }

  #knownAt(id: number, place: number): bigint {
    const word = this.#state(id).known.get(place);
    invariant(word !== undefined, "a slot without representation has a known word");
    return word;
  }
}
