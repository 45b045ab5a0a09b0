/**
 * What one EVM instance knows about the message it runs: shared by the parts that stand in for
 * ethereumjs' state manager, journal, accounts and opcodes.
 *
 * Owns: nothing of the state; it points to the view. One context per EVM instance, one message at a
 * time.
 */
import type { FrameKind } from "../../access-log/block-record";
import { InvariantError } from "../../errors/base-error";
import type { ForkRules } from "../fork-rules";
import type { StateView } from "../state-view";
import type { EngineHooks, Message } from "./engine";

export class MessageContext {
  readonly rules: ForkRules;
  message: Message | null = null;
  hooks: EngineHooks | undefined = undefined;
  /**
   * Set while an opcode compares the balance of the running contract with an amount: the balance
   * getter then answers "enough" or "not enough" instead of reading the balance exactly.
   */
  balanceBound: bigint | null = null;
  /** How the next frame is entered; set by the opcode, only when tracing. */
  frameKind: FrameKind = "call";
  #view: StateView | null = null;

  constructor(rules: ForkRules) {
    this.rules = rules;
  }

  get view(): StateView {
    if (this.#view === null) {
      throw new InvariantError("the EVM reads state outside a message");
    }
    return this.#view;
  }

  begin(message: Message, view: StateView, hooks: EngineHooks | undefined): void {
    this.message = message;
    this.#view = view;
    this.hooks = hooks;
    this.balanceBound = null;
    this.frameKind = message.to === null ? "create" : "call";
  }

  end(): void {
    this.message = null;
    this.#view = null;
    this.hooks = undefined;
    this.balanceBound = null;
  }
}
