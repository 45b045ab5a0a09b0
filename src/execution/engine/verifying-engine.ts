/**
 * Two engines as one: every message runs on both, and the first difference is an error.
 *
 * Compared: halt, gas, refund, return data, logs, created and self-destructed accounts, writes
 * and reads. Not compared: which of several reasons to halt is named (the engines check in different
 * orders), touched accounts, frames. Messages whose opcodes are observed run on the reference alone.
 *
 * Each run has a record of reads of its own, and both see the same versions, whatever lower transactions
 * write meanwhile. The order of reads counts as well: an executor validates the locations in the order in which
 * the first run asked for them. Hooks are told of the first run. The order of the two runs alternates.
 */
import { inspect, isDeepStrictEqual } from "node:util";
import { invariant, ParallelError } from "../../errors/base-error";
import { ERRORS } from "../../errors/catalogue";
import { bytesToHex } from "../../state/bytes";
import { decodeLogs } from "../encoded-logs";
import type { StateView } from "../state-view";
import type { BlockEnvironment } from "../transaction";
import type { Engine, EngineHooks, Message, MessageResult } from "./engine";

/** The engine's run throws ParallelError ENGINES_DIFFER. */
export function createVerifyingEngine(engine: Engine, reference: Engine): Engine {
  let referenceFirst = false;
  return {
    async run(message, environment, view, hooks) {
      if (hooks?.onStep !== undefined) {
        return reference.run(message, environment, view, hooks);
      }
      const order = referenceFirst ? [reference, engine] : [engine, reference];
      referenceFirst = !referenceFirst;
      return runBoth(order, message, environment, view, hooks);
    },
  };
}

async function runBoth(
  [first, second]: readonly Engine[],
  message: Message,
  environment: BlockEnvironment,
  view: StateView,
  hooks: EngineHooks | undefined,
): Promise<MessageResult> {
  invariant(first !== undefined && second !== undefined, "a pair of engines");
  const earlier = view.readSet();
  view.checkpoint();
  const before = await first.run(message, environment, view, hooks);
  const writes = view.writeSet();
  const reads = view.readSet();
  view.revert();
  view.restartFrames();
  view.rewindReads(earlier);
  const after = await second.run(message, environment, view);
  expectEqual(message, "result", comparable(before), comparable(after));
  expectEqual(message, "writes", writes, view.writeSet());
  expectEqual(message, "reads", reads, view.readSet());
  return after;
}

function comparable(result: MessageResult): Readonly<Record<string, unknown>> {
  return {
    ...result,
    halt: result.halt?.kind,
    returnData: bytesToHex(result.returnData),
    logs: decodeLogs(result.logs.list),
    touched: undefined,
  };
}

function expectEqual(message: Message, what: string, one: unknown, other: unknown): void {
  if (isDeepStrictEqual(one, other)) {
    return;
  }
  throw new ParallelError(ERRORS.ENGINES_DIFFER, {
    what,
    from: message.caller,
    to: message.to ?? "a new contract",
    one: firstDifference(one, other),
    other: firstDifference(other, one),
  });
}

/** The first entry of `one` that is not in `other`, as text. */
function firstDifference(one: unknown, other: unknown): string {
  for (const [key, value] of Object.entries(Object(one))) {
    const counterpart = Object.entries(Object(other)).find(([name]) => name === key)?.[1];
    if (!isDeepStrictEqual(value, counterpart)) {
      return Array.isArray(value) && Array.isArray(counterpart)
        ? `${key}: ${firstDifference(value, counterpart)}`
        : `${key}: ${inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY })}`;
    }
  }
  return "nothing more";
}
