/**
 * The synchronous engine: interprets a message with no await inside.
 *
 * What it cannot run (an asynchronous precompile, a call chain deeper than this thread's stack) goes
 * to the reference engine as a whole and is counted; both give the same result, so nobody else sees
 * which one ran.
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
import { NeedsReferenceEngine, Precompiles } from "./precompiles";
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
      const common = createChainCommon(rules);
      fork = { schedule: scheduleOf(common), precompiles: new Precompiles(common) };
      forks.set(key, fork);
    }
    return fork;
  };

  return {
    fallbacks,
    run(message, environment, view, hooks) {
      if (hooks?.onStep !== undefined) {
        return reference.run(message, environment, view, hooks);
      }
      view.checkpoint();
      try {
        const result = runMessage(
          forkOf(environment.rules),
          codes,
          message,
          environment,
          view,
          hooks,
        );
        view.commit();
        return result;
      } catch (error) {
        const reason = fallbackReason(error);
        if (reason === null) {
          throw error;
        }
        view.revert();
        fallbacks.set(reason, (fallbacks.get(reason) ?? 0) + 1);
        return reference.run(message, environment, view, hooks);
      }
    },
  };
}

function fallbackReason(error: unknown): string | null {
  if (error instanceof NeedsReferenceEngine) {
    return error.reason;
  }
  // V8's own limit: the thread's stack is too small for this chain of calls.
  if (error instanceof RangeError && error.message === "Maximum call stack size exceeded") {
    return "call depth";
  }
  return null;
}

function runMessage(
  fork: Fork,
  codes: CodeCache,
  message: Message,
  environment: BlockEnvironment,
  view: StateView,
  hooks: EngineHooks | undefined,
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
