/**
 * What the pool and a worker thread say to each other: one request per thread and block, one answer.
 *
 * Owns: the shapes. Failures inside a block cross as values (BlockReport), not as exceptions; an
 * exception means that the thread itself is broken.
 */
import type { BlockReport, BlockTask } from "../execution/block-joiner";
import type { Engine } from "../execution/engine/engine";
import type { EngineName } from "../execution/engine/engine-name";
import type { CodeDelivery, CodeReport } from "./code-exchange";

/** "Make your engine, and answer when a block could begin." */
export interface PrepareRequest {
  readonly block: null;
  readonly engine: EngineName;
  /** Path of an EngineModule to use instead of the named engine. */
  readonly engineModule: string | null;
  /** which codes are hot on any of the threads (createSharedHeat) */
  readonly heat: SharedArrayBuffer;
}

/** "Join this block, and leave when the scheduler says that it is done." */
export interface JoinRequest extends Omit<PrepareRequest, "block"> {
  readonly block: BlockTask;
  /** what threads may lack of what others have compiled */
  readonly codes: CodeDelivery;
}

export interface JoinAnswer {
  readonly block: BlockReport;
  /** null if the engine compiles nothing that others could run */
  readonly codes: CodeReport | null;
}

/** A module that makes an engine; loaded with `require` inside the thread. */
export interface EngineModule {
  createEngine(): Engine;
}
