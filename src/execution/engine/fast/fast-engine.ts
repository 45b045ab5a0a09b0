/**
 * The synchronous engine: interprets a message with no await inside.
 *
 * A chain of calls deeper than this thread's stack goes to the reference engine, as does stepping;
 * the first is counted. Both engines give the same result, so nobody else sees which one ran.
 */
import type { Address } from "../../../state/hex";
import { blobBaseFee } from "../../blob-gas";
import { createChainCommon } from "../../chain-common";
import { createAddress } from "../../contract-address";
import { forkRules, rulesKey } from "../../fork-rules";
import type { StateView } from "../../state-view";
import type { BlockEnvironment, ExecutionRules } from "../../transaction";
import type { Engine, EngineHooks, Message, MessageResult } from "../engine";
import { CodeCache } from "./code-analysis";
import type { Context } from "./context";
import { runCall, runCreate } from "./frames";
import { MessageJournal } from "./message-journal";
import { type PrecompileAnswers, PrecompilePending, Precompiles } from "./precompiles";
import { type Schedule, scheduleOf } from "./schedule";

/** bytes of contract code whose analysis is kept */
const CODE_CACHE_BYTES = 64 * 1024 * 1024;

interface Fork {
  readonly schedule: Schedule;
  readonly precompiles: Precompiles;
}

export interface FastEngine extends Engine {
  /** messages that went to the reference engine, by reason */
  readonly fallbacks: ReadonlyMap<string, number>;
}

/** @param reference runs what the interpreter cannot */
export function createFastEngine(reference: Engine): FastEngine {
  const forks = new Map<string, Fork>();
  const codes = new CodeCache(CODE_CACHE_BYTES);
  const fallbacks = new Map<string, number>();

  const forkOf = (rules: ExecutionRules): Fork => {
    const key = rulesKey(rules);
    let fork = forks.get(key);
    if (fork === undefined) {
      fork = {
        schedule: scheduleOf(createChainCommon(rules)),
        precompiles: new Precompiles(rules),
      };
      forks.set(key, fork);
    }
    return fork;
  };

  const run = (
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks: EngineHooks | undefined,
    answers: PrecompileAnswers,
  ): MessageResult | Promise<MessageResult> => {
    view.checkpoint();
    try {
      const fork = forkOf(environment.rules);
      const result = runMessage(fork, codes, message, environment, view, hooks, answers);
      view.commit();
      return result;
    } catch (error) {
      if (error instanceof PrecompilePending) {
        view.revert();
        view.restartFrames();
        return error.answer.then(() => run(message, environment, view, hooks, answers));
      }
      if (!isStackOverflow(error)) {
        throw error;
      }
      view.revert();
      view.restartFrames();
      fallbacks.set("call depth", (fallbacks.get("call depth") ?? 0) + 1);
      return reference.run(message, environment, view, hooks);
    }
  };

  return {
    fallbacks,
    run(message, environment, view, hooks) {
      return hooks?.onStep === undefined
        ? run(message, environment, view, hooks, new Map())
        : reference.run(message, environment, view, hooks);
    },
  };
}

/** V8's own limit: this thread's stack is too small for the chain of calls. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}

function runMessage(
  fork: Fork,
  codes: CodeCache,
  message: Message,
  environment: BlockEnvironment,
  view: StateView,
  hooks: EngineHooks | undefined,
  answers: PrecompileAnswers,
): MessageResult {
  const { schedule, precompiles } = fork;
  const journal = new MessageJournal();
  for (const address of message.warmAddresses) {
    journal.warmAddress(address);
  }
  for (const address of precompiles.addresses) {
    journal.warmAddress(address);
  }
  for (const { address, slots } of message.warmSlots) {
    journal.warmAddress(address);
    for (const slot of slots) {
      journal.warmSlot(address, slot);
    }
  }
  const context: Context = {
    schedule,
    view,
    journal,
    environment,
    message,
    codes,
    precompiles,
    answers,
    hooks,
    tracing: view.tracing,
    unlimitedCodeSize: environment.rules.allowUnlimitedContractSize,
    blobBaseFee: blobBaseFee(environment, forkRules(environment.rules)) ?? 0n,
  };
  const gas = Number(message.gasLimit);
  let createdAddress: Address | null = null;
  let result: ReturnType<typeof runCall>;
  if (message.to === null) {
    createdAddress = createAddress(message.caller, message.callerNonce);
    result = runCreate(context, {
      kind: "create",
      caller: message.caller,
      address: createdAddress,
      value: message.value,
      initCode: message.data,
      gas,
      depth: 0,
    });
  } else {
    result = runCall(context, {
      kind: "call",
      caller: message.caller,
      address: message.to,
      codeAddress: message.to,
      value: message.value,
      input: message.data,
      gas,
      isStatic: false,
      depth: 0,
    });
  }
  return {
    ...(result.halt === null ? {} : { halt: result.halt }),
    gasUsed: BigInt(gas - result.gasLeft),
    gasRefund: BigInt(journal.refund),
    returnData: result.output,
    logs: journal.logs,
    createdAddress,
    selfDestructed: [...journal.selfDestructed],
    touched: [...journal.touched],
  };
}
