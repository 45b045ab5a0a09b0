/**
 * From the call frames of one transaction to the functions that were entered: whose storage, which
 * function, and which frames belong to it.
 *
 * An entry is where a call comes into a contract. Not an entry of its own:
 * - code that a proxy runs in its place (delegatecall with the same calldata): the proxy's entry
 *   takes the implementation's name;
 * - code of a library (delegatecall with other calldata): it belongs to the caller's function;
 * - an account without code (a plain transfer, a precompile) called by a contract.
 * A contract that delegatecalls itself (multicall) enters the inner function.
 *
 * Owns: this rule. Does not own: names (naming/), which locations an entry touched (workload.ts).
 */
import type { Frame } from "../access-log/block-record";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../state/hex";

export interface CallEntry {
  /** The frame that names the function: behind a proxy the implementation's. */
  readonly frame: Frame;
  /** Equal for two entries exactly if they run the same code at the same function. */
  readonly functionKey: string;
  readonly storageOwner: Address;
  /** gas of the frame and everything it called */
  readonly gas: number;
  /** Entries made from within this one are those up to here (exclusive), in order of entry. */
  readonly end: number;
  /** The transaction's message went to an account without code. */
  readonly plainTransfer: boolean;
}

export interface TransactionEntries {
  readonly entries: readonly CallEntry[];
  /** By frame: the entry it belongs to. */
  readonly entryOfFrame: readonly number[];
  /** By frame: the code whose storage layout applies (a library's frames use their caller's). */
  readonly layoutOfFrame: readonly Hash[];
}

function isDelegated(frame: Frame): boolean {
  return frame.kind === "delegatecall" || frame.kind === "callcode";
}

/** The function a frame enters, as far as calldata tells: constructor, receive, fallback, selector. */
function functionKeyOf(frame: Frame): string {
  const entered =
    frame.kind === "create" || frame.kind === "create2"
      ? "constructor"
      : frame.inputLength === 0
        ? "receive"
        : frame.inputLength < 4
          ? "fallback"
          : frame.input.slice(2, 10);
  return `${frame.codeHash}:${entered}`;
}

/** By frame: the frame that a proxy handed the whole call to, -1 for none. */
function proxyTargets(frames: readonly Frame[]): number[] {
  const targets = frames.map(() => -1);
  for (const [index, frame] of frames.entries()) {
    const parent = frames[frame.parent];
    if (
      parent !== undefined &&
      frame.kind === "delegatecall" &&
      frame.storageOwner === parent.storageOwner &&
      frame.inputLength === parent.inputLength &&
      frame.input === parent.input &&
      targets[frame.parent] === -1
    ) {
      targets[frame.parent] = index;
    }
  }
  return targets;
}

/** By frame: index after the last frame called from within it. Frames are in order of entry. */
function subtreeEnds(frames: readonly Frame[]): number[] {
  const ends = frames.map((_, index) => index + 1);
  for (let index = frames.length - 1; index > 0; index--) {
    const parent = frames[index]?.parent ?? -1;
    ends[parent] = Math.max(ends[parent] ?? 0, ends[index] ?? 0);
  }
  return ends;
}

/** Entries of one transaction, in order of entry; none if it was not traced. */
export function callEntries(frames: readonly Frame[]): TransactionEntries {
  const targets = proxyTargets(frames);
  const ends = subtreeEnds(frames);
  const entries: (Omit<CallEntry, "end"> & { frameEnd: number })[] = [];
  const entryOfFrame: number[] = [];
  const layoutOfFrame: Hash[] = [];
  for (const [index, frame] of frames.entries()) {
    const parent = frames[frame.parent];
    const standsForParent = parent !== undefined && targets[frame.parent] === index;
    const isOwnCode = parent !== undefined && frame.codeHash === parent.codeHash;
    const belongsToParent =
      parent !== undefined &&
      (frame.codeHash === EMPTY_CODE_HASH || standsForParent || (isDelegated(frame) && !isOwnCode));
    if (belongsToParent) {
      entryOfFrame.push(entryOfFrame[frame.parent] ?? 0);
      layoutOfFrame.push(
        standsForParent ? frame.codeHash : (layoutOfFrame[frame.parent] ?? frame.codeHash),
      );
      continue;
    }
    const named = lastTarget(frames, targets, index);
    entryOfFrame.push(entries.length);
    layoutOfFrame.push(frame.codeHash);
    entries.push({
      frame: named,
      functionKey: functionKeyOf(named),
      storageOwner: frame.storageOwner,
      gas: Number(frame.gasUsed),
      frameEnd: ends[index] ?? index + 1,
      plainTransfer: index === 0 && frame.codeHash === EMPTY_CODE_HASH,
    });
  }
  return { entries: withEnds(entries, entryOfFrame), entryOfFrame, layoutOfFrame };
}

/** Follows a chain of proxies from a frame to the code that does the work. */
function lastTarget(frames: readonly Frame[], targets: readonly number[], index: number): Frame {
  let at = index;
  for (let next = targets[at] ?? -1; next !== -1; next = targets[at] ?? -1) {
    at = next;
  }
  // `at` began as an index of `frames` and only moved to other indices of it
  return frames[at] as Frame;
}

function withEnds(
  entries: readonly (Omit<CallEntry, "end"> & { frameEnd: number })[],
  entryOfFrame: readonly number[],
): CallEntry[] {
  // first entry made at or after a frame, so that a range of frames becomes a range of entries
  const entriesBefore: number[] = [];
  let seen = 0;
  for (const entry of entryOfFrame) {
    entriesBefore.push(seen);
    seen = Math.max(seen, entry + 1);
  }
  return entries.map(({ frameEnd, ...entry }) => ({
    ...entry,
    end: entriesBefore[frameEnd] ?? entries.length,
  }));
}
