/**
 * The synchronous engine: interprets a message with no await inside.
 *
 * What the interpreter does not do (report opcodes one by one, experimental hardforks and EIPs, gas beyond
 * exact doubles) goes to the reference engine and is counted. Both engines give the same result, so
 * nobody else sees which one ran.
 */
import type { Address } from "../../../state/hex";
import { createAddress } from "../../contract-address";
import { LogBuffer } from "../../encoded-logs";
import { forkRules, rulesKey } from "../../fork-rules";
import { FINAL_EIPS, isExperimental } from "../../hardforks";
import type { StateView } from "../../state-view";
import type { BlockEnvironment, ExecutionRules } from "../../transaction";
import type { Engine, EngineHooks, Message, MessageResult } from "../engine";
import { BlockWords } from "./block-words";
import { Calldata } from "./calldata";
import { CodeCache } from "./code-analysis";
import { createTiers, type TierChoice } from "./compiled/tier-choice";
import type { TierCounters, Tiers } from "./compiled/tiers";
import type { Context } from "./context";
import { enterCall, enterCreate, type FrameResult } from "./frames";
import { MessageJournal } from "./message-journal";
import { MessageWords } from "./message-words";
import { Precompiles } from "./precompiles";
import { PrecompilePending } from "./precompiles/precompile";
import { runFrames } from "./run-frames";
import { type Schedule, scheduleOf } from "./schedule";
import { isRemoved } from "./state-opcodes";
import { CodeShare } from "./wasm/code-share";
import { NO_MEMORY, WebAssemblyExhausted } from "./wasm/exhausted";
import { Workspaces } from "./workspace";

/**
 * Bytes of contract code whose analysis is kept: all that one transaction can make warm (2^24 gas, EIP-7825, at
 * 2,600 for 24,576 bytes of code), so that calling them in turn does not analyse them each time. The code's bytes
 * are the state's own.
 */
const CODE_CACHE_BYTES = 160 * 1024 * 1024;

/** gas that doubles count exactly */
const MAX_GAS = BigInt(Number.MAX_SAFE_INTEGER);

/** What the engine keeps from message to message: nothing that a result depends on. */
interface Kept {
  readonly codes: CodeCache;
  readonly workspaces: Workspaces;
  readonly logs: LogBuffer;
  readonly tiers: Tiers;
}

interface Fork {
  readonly schedule: Schedule;
  readonly precompiles: Precompiles;
  /** why no message of the fork can be interpreted; null = it can */
  readonly fallback: string | null;
  /** that of the latest message */
  block: BlockWords | null;
}

export interface FastEngine extends Engine {
  /** messages that went to the reference engine, by reason */
  readonly fallbacks: ReadonlyMap<string, number>;
  readonly tierCounters: TierCounters;
}

/**
 * @param reference runs what the interpreter cannot
 * @param tier other than "auto" for tests and measurements
 * @param heat shared by the threads that run the same contracts (createSharedHeat)
 */
export function createFastEngine(
  reference: Engine,
  tier: TierChoice = "auto",
  heat: SharedArrayBuffer | null = null,
): FastEngine {
  const forks = new Map<string, Fork>();
  const forksByIdentity = new WeakMap<ExecutionRules, Fork>();
  const codeShare = new CodeShare();
  const tiers = createTiers(tier, codeShare, heat);
  const kept: Kept = {
    codes: new CodeCache(CODE_CACHE_BYTES),
    workspaces: new Workspaces(),
    logs: new LogBuffer(),
    tiers,
  };
  const interpreted: Kept = { ...kept, tiers: createTiers("interpreter", codeShare, null) };
  const fallbacks = new Map<string, number>();

  const forkOf = (rules: ExecutionRules): Fork => {
    const known = forksByIdentity.get(rules);
    if (known !== undefined) {
      return known;
    }
    const key = rulesKey(rules);
    let fork = forks.get(key);
    if (fork === undefined) {
      fork = {
        schedule: scheduleOf(forkRules(rules)),
        precompiles: new Precompiles(rules),
        fallback: reasonOfRules(rules),
        block: null,
      };
      forks.set(key, fork);
    }
    forksByIdentity.set(rules, fork);
    return fork;
  };

  const run = (
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks: EngineHooks | undefined,
    using: Kept = kept,
  ): MessageResult | Promise<MessageResult> => {
    const fork = forkOf(environment.rules);
    const journal = new MessageJournal(fork.precompiles, using.logs);
    const consoleLines: Uint8Array[] = [];
    let result: MessageResult;
    try {
      result = runMessage(fork, using, message, environment, view, journal, consoleLines);
    } catch (error) {
      const isExhausted = error instanceof WebAssemblyExhausted;
      if (!isExhausted && !(error instanceof PrecompilePending)) {
        throw error;
      }
      // The message begins again: a checkpoint of the view belongs to each of the journal.
      for (let open = journal.depth; open > 0; open--) {
        view.revert();
      }
      view.restartFrames();
      if (isExhausted) {
        tiers.fall(NO_MEMORY);
        return run(message, environment, view, hooks, interpreted);
      }
      return error.ready.then(() => run(message, environment, view, hooks, using));
    }
    for (const line of consoleLines) {
      hooks?.onConsoleLog?.(line);
    }
    return result;
  };

  return {
    fallbacks,
    tierCounters: tiers.counters,
    codeShare,
    run(message, environment, view, hooks) {
      const reason = reasonToFallBack(message, hooks) ?? forkOf(environment.rules).fallback;
      if (reason === null) {
        return run(message, environment, view, hooks);
      }
      fallbacks.set(reason, (fallbacks.get(reason) ?? 0) + 1);
      return reference.run(message, environment, view, hooks);
    },
  };
}

/** Why the interpreter cannot run the message; null = it can. */
function reasonToFallBack(message: Message, hooks: EngineHooks | undefined): string | null {
  if (hooks?.onStep !== undefined) {
    return "opcodes are observed";
  }
  if (hooks?.frames !== undefined) {
    return "frames are observed";
  }
  return message.gasLimit > MAX_GAS ? "gas limit" : null;
}

function reasonOfRules({ eips, hardfork }: ExecutionRules): string | null {
  if (isExperimental(hardfork)) {
    return "experimental hardfork";
  }
  return eips?.every((eip) => FINAL_EIPS.has(eip)) === false ? "experimental EIP" : null;
}

function runMessage(
  fork: Fork,
  kept: Kept,
  message: Message,
  environment: BlockEnvironment,
  view: StateView,
  journal: MessageJournal,
  consoleLines: Uint8Array[],
): MessageResult {
  const { schedule, precompiles } = fork;
  for (const address of message.warmAddresses) {
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
    block: blockWords(fork, environment),
    message,
    words: new MessageWords(message),
    codes: kept.codes,
    workspaces: kept.workspaces,
    tiers: kept.tiers,
    precompiles,
    consoleLines,
    tracing: view.tracing,
    unlimitedCodeSize: environment.rules.allowUnlimitedContractSize,
    frames: [],
  };
  const gas = Number(message.gasLimit);
  let createdAddress: Address | null = null;
  let entered: FrameResult | null;
  if (message.to === null) {
    createdAddress = createAddress(message.caller, message.callerNonce);
    entered = enterCreate(context, {
      kind: "create",
      caller: message.caller,
      address: createdAddress,
      value: message.value,
      initCode: message.data,
      gas,
      depth: 0,
    });
  } else {
    entered = enterCall(context, {
      kind: "call",
      caller: message.caller,
      address: message.to,
      codeAddress: message.to,
      value: message.value,
      calldata: Calldata.of(message.data),
      gas,
      isStatic: false,
      depth: 0,
    });
  }
  const result = runFrames(context, entered);
  const succeeded: MessageResult = {
    gasUsed: BigInt(gas - result.gasLeft),
    gasRefund: BigInt(journal.refund),
    returnData: result.output,
    logs: journal.logs.take(),
    createdAddress,
    selfDestructed: [...journal.selfDestructed].filter((address) => isRemoved(context, address)),
    touched: [...journal.touched],
  };
  return result.halt === null ? succeeded : { ...succeeded, halt: result.halt };
}

function blockWords(fork: Fork, environment: BlockEnvironment): BlockWords {
  if (fork.block?.environment !== environment) {
    fork.block = new BlockWords(environment, fork.schedule);
  }
  return fork.block;
}
