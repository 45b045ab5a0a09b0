/**
 * What runs in a worker thread: piscina calls it once per block.
 *
 * Owns: the thread's engine. Does not own: anything of a block once the task has ended; nothing is
 * left running, because the thread then sleeps without serving its event loop.
 */
import { initialiseCrypto } from "../crypto/keccak256";
import type { Engine } from "../execution/engine/engine";
import { createEngine } from "../execution/engine/engine-choice";
import type { EngineName } from "../execution/engine/engine-name";
import { joinBlock } from "../execution/join-block";
import { openSharedState } from "../state/shared-state-store";
import type { EngineModule, JoinAnswer, JoinRequest } from "./protocol";

/** Engines prepare a set of rules once: kept for the thread's life. */
const engines = new Map<string, Engine>();

/**
 * The fast hash becomes ready on the event loop, which this thread serves only while a task waits
 * for it: without this wait the thread would hash slowly for ever. Without WebAssembly it does.
 */
const cryptoSettled = initialiseCrypto().catch(() => undefined);

export default async function join(request: JoinRequest): Promise<JoinAnswer> {
  await cryptoSettled;
  const { block, engine, engineModule } = request;
  return joinBlock(block, engineOf(engine, engineModule), openSharedState(block.state));
}

function engineOf(name: EngineName, modulePath: string | null): Engine {
  const key = modulePath ?? name;
  let engine = engines.get(key);
  if (engine === undefined) {
    engine =
      modulePath === null
        ? createEngine(name)
        : (require(modulePath) as EngineModule).createEngine(); // the option's contract
    engines.set(key, engine);
  }
  return engine;
}
