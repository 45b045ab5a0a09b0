/**
 * What runs in a worker thread: piscina calls it once per block.
 *
 * Owns: the thread's engine. Does not own: anything of a block once the task has ended; nothing is
 * left running, because the thread then sleeps without serving its event loop.
 */
import { threadId } from "node:worker_threads";
import type { Engine } from "../execution/engine/engine";
import { createEngine } from "../execution/engine/engine-choice";
import { joinBlock } from "../execution/join-block";
import { type MadeInThread, makeMeanwhile } from "../execution/made-meanwhile";
import { openSharedState } from "../state/shared-state-store";
import { CodeReceiver } from "./code-exchange";
import { GuardedTasks } from "./guarded-tasks";
import { promptly } from "./prompt-answers";
import type { EngineModule, EngineRequest, JoinAnswer, ThreadRequest } from "./protocol";

interface PreparedEngine {
  readonly engine: Engine;
  readonly receiver: CodeReceiver | null;
}

/** Engines prepare a set of rules once: kept for the thread's life. */
const engines = new Map<string, PreparedEngine>();

const tasks = new GuardedTasks();

async function answerTo(request: ThreadRequest): Promise<JoinAnswer | MadeInThread | null> {
  if (request.kind === "meanwhile") {
    return makeMeanwhile(request.work);
  }
  const { engine, receiver } = engineOf(request);
  if (request.kind === "prepare") {
    return null;
  }
  const { block, codes } = request;
  receiver?.accept(codes);
  const report = await tasks.run(() => joinBlock(block, engine, openSharedState(block.state)));
  return { block: report, codes: receiver?.report() ?? null };
}

export default promptly(answerTo);

function engineOf({ engine: name, engineModule, heat }: EngineRequest): PreparedEngine {
  const key = engineModule ?? name;
  let prepared = engines.get(key);
  if (prepared === undefined) {
    const engine =
      engineModule === null
        ? createEngine(name, heat)
        : (require(engineModule) as EngineModule).createEngine(); // the option's contract
    const { codeShare } = engine;
    const receiver = codeShare === undefined ? null : new CodeReceiver(codeShare, threadId);
    prepared = { engine, receiver };
    engines.set(key, prepared);
  }
  return prepared;
}
