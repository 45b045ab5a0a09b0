/**
 * Runs a message's frames on a stack of their own instead of this thread's: a chain of calls may be
 * 1024 deep (yellow paper, section 9.4.2; before EIP-150 anybody could make it so).
 */
import { invariant } from "../../../errors/base-error";
import { resumeAfterCall } from "./calls";
import type { Context } from "./context";
import type { Frame } from "./frame";
import { exitFrame, type FrameResult, failed } from "./frames";
import { HaltSignal, REVERT } from "./halt";

/**
 * Runs the open frames to the end of the outermost one; `entered` is what entering that one gave.
 * Throws what a read throws, PrecompilePending and WebAssemblyExhausted; frames then stay open.
 */
export function runFrames(context: Context, entered: FrameResult | null): FrameResult {
  if (entered !== null) {
    return entered;
  }
  const { frames } = context;
  for (;;) {
    const frame = frames[frames.length - 1];
    invariant(frame !== undefined, "a message runs without an open frame");
    const ended = runCode(context, frame);
    if (ended === null) {
      continue;
    }
    frames.pop();
    const result = exitFrame(context, frame, ended);
    const caller = frames[frames.length - 1];
    if (caller === undefined) {
      return result;
    }
    resumeAfterCall(caller, frame, result);
  }
}

/** Returns null if the frame waits for an inner one, which is open now. */
function runCode(context: Context, frame: Frame): FrameResult | null {
  try {
    const output = context.tiers.run(context, frame);
    return output === null ? null : { halt: null, output, gasLeft: frame.gas };
  } catch (signal) {
    if (!(signal instanceof HaltSignal)) {
      throw signal;
    }
    return signal === REVERT
      ? { halt: signal.halt, output: frame.returnData, gasLeft: frame.gas }
      : failed(signal);
  }
}
