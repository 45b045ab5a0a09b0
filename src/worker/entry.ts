/**
 * What runs in a worker thread: piscina calls it once per block.
 *
 * Owns: the thread's engine. Does not own: anything of a block once the task has ended; nothing is
 * left running, because the thread then sleeps without serving its event loop.
 */
import type { Engine } from "../execution/engine/engine";
import { EthereumjsEngine } from "../execution/engine/ethereumjs-engine";
import { joinBlock } from "../execution/join-block";
import { openSharedState } from "../state/shared-state-store";
import type { EngineModule, JoinAnswer, JoinRequest } from "./protocol";

/** Engines prepare a set of rules once: kept for the thread's life. */
const engines = new Map<string | null, Engine>();

export default function join({ block, engineModule }: JoinRequest): Promise<JoinAnswer> {
  return joinBlock(block, engineOf(engineModule), openSharedState(block.state));
}

function engineOf(modulePath: string | null): Engine {
  let engine = engines.get(modulePath);
  if (engine === undefined) {
    engine =
      modulePath === null
        ? new EthereumjsEngine()
        : (require(modulePath) as EngineModule).createEngine(); // the option's contract
    engines.set(modulePath, engine);
  }
  return engine;
}
