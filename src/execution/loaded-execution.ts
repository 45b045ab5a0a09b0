/**
 * Executes on a state that may not be loaded: what an execution misses is loaded, and it runs again
 * from its start, until nothing is missing.
 *
 * Owns: the repetition. An execution that missed something leaves nothing behind, and what it read is
 * what it reads again, so the last one is the only one that counts.
 */

import { invariant } from "../errors/base-error";
import type { Address } from "../state/hex";
import { type StateKey, stateKeyText } from "../state/missing";
import type { WriteSet } from "../state/write-set";
import type { StateLoader } from "./block-executor";
import type { StateView } from "./state-view";

/**
 * @param begin makes the view new and executes on it
 * @param load absent = the state has everything
 * @throws what the execution throws, and what loading throws
 */
export function executeLoaded<Result>(
  view: StateView,
  begin: () => Result | Promise<Result>,
  load: StateLoader | undefined,
): Result | Promise<Result> {
  return load === undefined ? begin() : repeatUntilLoaded(view, begin, load);
}

async function repeatUntilLoaded<Result>(
  view: StateView,
  begin: () => Result | Promise<Result>,
  load: StateLoader,
): Promise<Result> {
  for (let before: string | null = null; ; ) {
    const { missing, result } = await attempt(view, begin);
    if (missing === null) {
      return result();
    }
    const text = stateKeyText(missing);
    invariant(text !== before, `${text} was loaded and is missed again`);
    before = text;
    await load([missing]);
  }
}

async function attempt<Result>(
  view: StateView,
  begin: () => Result | Promise<Result>,
): Promise<{ readonly missing: StateKey | null; readonly result: () => Result }> {
  try {
    const value = await begin();
    // An engine may have swallowed the error: the result then means nothing.
    return { missing: view.missing, result: () => value };
  } catch (error) {
    return {
      missing: view.missing,
      result: () => {
        throw error;
      },
    };
  }
}

/**
 * What must be there before the writes can be applied.
 * @param begun accounts whose storage began with earlier writes of the block: no slot of theirs is the
 *   remote's. Those whose storage begins with these are added.
 */
export function keysOfWrites({ writes }: WriteSet, begun: Set<Address>): StateKey[] {
  for (const write of writes) {
    if (write.kind === "existence" && write.exists && write.clearsStorage) {
      begun.add(write.address);
    }
  }
  return writes.map((write) =>
    write.kind === "storage" && !begun.has(write.address)
      ? { kind: "slot", address: write.address, slot: write.slot, written: true }
      : { kind: "account", address: write.address },
  );
}
