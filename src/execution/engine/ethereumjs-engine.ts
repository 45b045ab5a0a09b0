/**
 * The engine over @ethereumjs/evm.
 *
 * Owns: EVM instances, one per set of rules and message in flight (an instance runs one message at a
 * time, and messages may interleave in one thread). Does not own: anything of a message.
 */
import { rulesKey } from "../fork-rules";
import type { StateView } from "../state-view";
import type { BlockEnvironment, ExecutionRules } from "../transaction";
import type { Engine, EngineHooks, Message, MessageResult } from "./engine";
import { ViewEvm } from "./view-evm";

/** The fork's numbers tabulated and its opcodes prepared cost a few ms: instances are kept. */
export class EthereumjsEngine implements Engine {
  readonly #idle = new Map<string, ViewEvm[]>();
  readonly #keys = new WeakMap<ExecutionRules, string>();

  async run(
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks?: EngineHooks,
  ): Promise<MessageResult> {
    const idle = this.#idleFor(environment.rules);
    const evm = idle.pop() ?? new ViewEvm(environment.rules);
    try {
      return await evm.runMessage(message, environment, view, hooks);
    } finally {
      idle.push(evm);
    }
  }

  #idleFor(rules: ExecutionRules): ViewEvm[] {
    let key = this.#keys.get(rules);
    if (key === undefined) {
      key = rulesKey(rules);
      this.#keys.set(rules, key);
    }
    let idle = this.#idle.get(key);
    if (idle === undefined) {
      idle = [];
      this.#idle.set(key, idle);
    }
    return idle;
  }
}
