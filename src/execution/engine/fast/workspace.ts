/**
 * What a frame works on and leaves empty: its stack and memory, used again by later frames, because
 * fresh ones cost more than most frames do.
 *
 * Invariant: a workspace that is taken has zeroed memory of size 0; its stack's content is rubbish above
 * the frame's `sp`.
 */
import { Memory } from "./memory";

/** Frames nest rarely deeper; what is beyond is left to the garbage collector. */
const KEPT = 16;

export interface Workspace {
  readonly memory: Memory;
  readonly stack: bigint[];
}

export class Workspaces {
  readonly #free: Workspace[] = [];

  take(): Workspace {
    return this.#free.pop() ?? { memory: new Memory(), stack: [] };
  }

  /** Nobody may hold views of the memory any more. */
  giveBack(workspace: Workspace): void {
    workspace.memory.clear(); // also of one that is not kept: its bytes may lie among those of other frames
    if (this.#free.length < KEPT) {
      this.#free.push(workspace);
    }
  }
}
