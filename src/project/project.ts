/**
 * The project that runs in this process, as assertions and scenarios see it: its network and what
 * its compiler says. An adapter (hardhat2/) offers it; who needs it asks here and knows no Hardhat.
 *
 * Owns: which project is the current one. Does not own: what the project's parts do.
 */
import type { ContractMetadata } from "../analysis/contract-metadata";
import type { SlotHook } from "../analysis/naming/slot-hook";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Address } from "../state/hex";

export interface Project {
  /** Why there is no parallel network in the project, in words for the user; null = there is. */
  readonly unavailable: string | null;
  /** A JSON-RPC request to the project's network. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** What the compiler says of the project's contracts, layout files included. */
  contracts(): Promise<readonly ContractMetadata[]>;
  /** Labels of accounts, by lower-case address. */
  accounts(): ReadonlyMap<Address, string>;
  readonly slotResolver: SlotHook | null;
}

/**
 * Behind a global symbol and not a module variable: Hardhat drops its plugins' modules from the
 * require cache when a new environment is made, while a test file keeps the matchers that it loaded.
 */
const KEY = Symbol.for("hardhat-parallel/project");

interface Holder {
  [KEY]?: Project;
}

/** Makes a project the current one; the last one offered counts. */
export function offerProject(project: Project): void {
  (globalThis as Holder)[KEY] = project; // the global object has room for a symbol of ours
}

/** The current project. @throws ParallelError PROJECT_MISSING, PROJECT_NOT_PARALLEL */
export function currentProject(): Project {
  const project = (globalThis as Holder)[KEY];
  if (project === undefined) {
    throw new ParallelError(ERRORS.PROJECT_MISSING, {});
  }
  if (project.unavailable !== null) {
    throw new ParallelError(ERRORS.PROJECT_NOT_PARALLEL, { reason: project.unavailable });
  }
  return project;
}
