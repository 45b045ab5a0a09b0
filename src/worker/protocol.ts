/**
 * What the pool and a worker thread say to each other: a request, one answer.
 *
 * Owns: the shapes. Failures inside a block cross as values (BlockReport), not as exceptions; an
 * exception means that the thread itself is broken.
 */
import type { BlockReport, BlockTask } from "../execution/block-joiner";
import type { Engine } from "../execution/engine/engine";
import type { EngineName } from "../execution/engine/engine-name";
import type { MeanwhileWork } from "../execution/made-meanwhile";
import type { CodeDelivery, CodeReport } from "./code-exchange";

/** The engine of a pool's threads. */
export interface EngineRequest {
  readonly engine: EngineName;
  /** Path of an EngineModule to use instead of the named engine. */
  readonly engineModule: string | null;
  /** which codes are hot on any of the threads (createSharedHeat) */
  readonly heat: SharedArrayBuffer;
}

/** "Make your engine, and answer when a block could begin." The answer is null. */
export interface PrepareRequest extends EngineRequest {
  readonly kind: "prepare";
}

/** "Join this block, and leave when the scheduler says that it is done." */
export interface JoinRequest extends EngineRequest {
  readonly kind: "join";
  readonly block: BlockTask;
  /** what threads may lack of what others have compiled */
  readonly codes: CodeDelivery;
}

export interface JoinAnswer {
  readonly block: BlockReport;
  /** null if the engine compiles nothing that others could run */
  readonly codes: CodeReport | null;
}

/** "Make this while a block runs elsewhere, unless somebody does." The answer is a MadeInThread. */
export interface MeanwhileRequest {
  readonly kind: "meanwhile";
  readonly work: MeanwhileWork;
}

export type ThreadRequest = PrepareRequest | JoinRequest | MeanwhileRequest;

/** A module that makes an engine; loaded with `require` inside the thread. */
export interface EngineModule {
  createEngine(): Engine;
}
