/**
 * The reference engine, with a count of the opcodes that it executes: those whose gas was paid and that
 * began. Opcodes that ended their frame before (no gas, no such opcode) do not count.
 */
import type { EVMResult, EVMRunCallOpts } from "@ethereumjs/evm";
import type {
  Engine,
  EngineHooks,
  Message,
  MessageResult,
} from "../../../src/execution/engine/engine";
import { ViewEvm } from "../../../src/execution/engine/view-evm";
import { rulesKey } from "../../../src/execution/fork-rules";
import type { StateView } from "../../../src/execution/state-view";
import type { BlockEnvironment, ExecutionRules } from "../../../src/execution/transaction";

type OpcodeMap = ViewEvm["_opcodeMap"];

export class CountingReference implements Engine {
  /** times that each opcode was executed */
  readonly counts = new Float64Array(256);
  /** A message that awaits something is not disturbed: each in flight has an instance of its own. */
  readonly #idle = new Map<string, CountingEvm[]>();

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  async run(
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks?: EngineHooks,
  ): Promise<MessageResult> {
    const key = rulesKey(environment.rules);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    const evm = idle.pop() ?? new CountingEvm(environment.rules, this.counts);
    try {
      return await evm.runMessage(message, environment, view, hooks);
    } finally {
      idle.push(evm);
    }
  }
}

class CountingEvm extends ViewEvm {
  readonly #counts: Float64Array;
  /** counted tables by the plain ones: traced messages have another one */
  readonly #counted = new Map<OpcodeMap, OpcodeMap>();

  constructor(rules: ExecutionRules, counts: Float64Array) {
    super(rules);
    this.#counts = counts;
  }

  /** A message has chosen its table of opcodes by now. Inner calls come by here too. */
  override runCall(options: EVMRunCallOpts): Promise<EVMResult> {
    if (options.message === undefined) {
      const plain = this._opcodeMap;
      const counted = this.#counted.get(plain) ?? this.#count(plain);
      this.#counted.set(plain, counted);
      this._opcodeMap = counted;
    }
    return super.runCall(options);
  }

  #count(plain: OpcodeMap): OpcodeMap {
    const counts = this.#counts;
    return plain.map((entry) => {
      const { opHandler, opcodeInfo } = entry;
      const { code } = opcodeInfo;
      const counting: typeof opHandler = (runState, common) => {
        counts[code] = (counts[code] ?? 0) + 1;
        return opHandler(runState, common);
      };
      return { ...entry, opHandler: counting };
    });
  }
}
