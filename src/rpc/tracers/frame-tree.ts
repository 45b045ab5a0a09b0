/**
 * The frames of an execution as a tree, for the tracers of calls.
 *
 * Owns: the tree. Does not own: how a tracer shows it.
 */
import { invariant } from "../../errors/base-error";
import type { EnteredFrame, FrameObserver, LeftFrame } from "../../execution/engine/frame-observer";
import type { Log } from "../../execution/outcome";

export interface FrameNode {
  readonly frame: EnteredFrame;
  /** null while the frame is open */
  end: LeftFrame | null;
  readonly children: FrameNode[];
  readonly logs: {
    readonly log: Log;
    /** how many children the frame had by then */
    readonly position: number;
    /** how many logs there had been in the whole execution */
    readonly index: number;
  }[];
}

export class FrameTree implements FrameObserver {
  #root: FrameNode | null = null;
  readonly #open: FrameNode[] = [];
  #logCount = 0;

  /** The transaction's own frame. */
  get root(): FrameNode {
    invariant(this.#root !== null, "an execution has a frame");
    return this.#root;
  }

  enter(frame: EnteredFrame): void {
    const node: FrameNode = { frame, end: null, children: [], logs: [] };
    this.#open.at(-1)?.children.push(node);
    this.#root ??= node;
    this.#open.push(node);
  }

  exit(end: LeftFrame): void {
    const node = this.#open.pop();
    invariant(node !== undefined, "a frame is entered before it is left");
    node.end = end;
  }

  log(log: Log): void {
    const node = this.#open.at(-1);
    node?.logs.push({ log, position: node.children.length, index: this.#logCount });
    this.#logCount += 1;
  }
}

/** All frames, a frame before those that it makes; `stands`: neither it nor one around it failed. */
export function* framesOf(
  node: FrameNode,
  outerStands = true,
): Generator<{ readonly node: FrameNode; readonly stands: boolean }> {
  const stands = outerStands && node.end?.halt === undefined;
  yield { node, stands };
  for (const inner of node.children) {
    yield* framesOf(inner, stands);
  }
}
